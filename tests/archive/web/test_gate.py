"""Who gets in: every route of the app, walked through for every kind of visitor."""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections.abc import Collection
from contextlib import closing
from datetime import timedelta
from html import unescape
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from archive.acts import accounts, own_account, signing_in
from archive.acts.own_account import Proof
from archive.policy import OPERATOR, Act, Role
from archive.vault import one_time
from archive.web import door, gate, headers, make_app
from archive.web.sessions import COOKIE
from tests.browsing import Browser, text_of
from tests.rooms import PASSWORD, Rooms

PUBLIC = {
    "public.start",
    "public.consent",
    "public.promises",
    "public.terms",
    "account.sign_in",
    "account.invitation",
    "account.new_password",
    "narrator.enter",
}
_ADMINS = {"admin.accounts_page", "admin.health_page", "admin.log_page", "own.page", "own.app"}
MAY: dict[Role, set[str]] = {
    Role.HISTORIAN: {"search.page", "notebook.page", "drafts.drafts", "own.page", "own.app"},
    Role.INTERVIEWER: {
        "search.page", "notebook.page", "drafts.drafts", "own.page", "own.app", "interviews.index",
        "interviews.progress", "interviews.new", "consents.field_card",
    },
    Role.ARCHIVIST: {
        "search.page", "notebook.page", "drafts.drafts", "access.page", "own.page", "own.app", "interviews.index",
        "interviews.progress", "interviews.new", "consents.field_card",
    },
    Role.ADMIN: _ADMINS,
}  # fmt: skip
"""Pages without an id that each role opens; everything else that has no id is refused."""
_REVIEW = {"review.page", "review.about", "review.preview", "review.original", "translations.page"}
MAY_IN_REVIEW: dict[Role, set[str]] = {
    Role.INTERVIEWER: {*_REVIEW, "consents.consent"},
    Role.ARCHIVIST: {*_REVIEW, "consents.consent", "interviews.before_withdrawal"},
    Role.HISTORIAN: set(),
    Role.ADMIN: set(),
}  # fmt: skip
_READ = {"search.similar", "reading.read", "reading.cite", "reading.hear", "reading.peaks"}
MAY_RELEASED: dict[Role, set[str]] = {
    Role.INTERVIEWER: {*_READ, "consents.consent"},
    Role.ARCHIVIST: {*_READ, "consents.consent", "interviews.before_withdrawal"},
    Role.HISTORIAN: _READ,
    Role.ADMIN: set(),
}


def rules(app: Flask, method: str) -> list[Rule]:
    """The app's routes of that method, static files aside."""
    return [rule for rule in app.url_map.iter_rules() if method in (rule.methods or ()) and rule.endpoint != "static"]


def address(rule: Rule, id: object) -> str:
    """The route's address, with ``id`` wherever it wants one."""
    return re.sub(r"<[^>]+>", str(id), re.sub(r"<int:\w+>", "0", rule.rule))


def test_an_app_with_a_nameless_view_is_refused(rooms: Rooms) -> None:
    """A view that names no act cannot be served."""
    app = make_app(rooms.house)
    app.view_functions["public.start"] = lambda: "hello"
    with pytest.raises(LookupError, match=r"public\.start"):
        gate.check(app)


@pytest.mark.parametrize("role", MAY)
def test_each_role_opens_exactly_its_pages(rooms: Rooms, role: Role) -> None:
    """Every page without an id, for every role, against a list written by hand."""
    browser = rooms.client(role)
    opened = {
        rule.endpoint
        for rule in rules(browser.app, "GET")
        if "<" not in rule.rule and browser.get(rule.rule).status_code == 200
    }
    assert opened - PUBLIC == MAY[role]


@pytest.mark.parametrize("role", MAY)
def test_each_role_opens_exactly_the_pages_of_an_interview(rooms: Rooms, role: Role) -> None:
    """Every page with an id, for every role, for an interview in review and a released one."""
    browser = rooms.client(role)
    for id, expected in ((rooms.in_review, MAY_IN_REVIEW), (rooms.released, MAY_RELEASED)):
        opened = {
            rule.endpoint
            for rule in rules(browser.app, "GET")
            if "uuid" in rule.rule and browser.get(address(rule, id)).status_code in {200, 206}
        }
        assert opened == expected[role]


def test_a_refused_page_is_an_unknown_page_to_the_byte(rooms: Rooms) -> None:
    """What a role may not open answers as an id that does not exist: status, headers and body."""
    for role in MAY:
        browser = rooms.client(role)
        for rule in rules(browser.app, "GET"):
            if "uuid" not in rule.rule:
                continue
            unknown = browser.get(address(rule, uuid4()))
            assert unknown.status_code == 404
            for id in (rooms.in_review, rooms.released):
                answer = browser.get(address(rule, id))
                if answer.status_code not in {200, 206}:  # sound is sent in pieces
                    assert answer.status_code == 404
                    assert answer.data == unknown.data
                    assert dict(answer.headers) == dict(unknown.headers)


def test_a_refused_change_is_an_unknown_change(rooms: Rooms) -> None:
    """A historian's forms about an interview in review answer as about one that does not exist."""
    browser = rooms.client(Role.HISTORIAN)
    for rule in rules(browser.app, "POST"):
        if "uuid" in rule.rule and not rule.endpoint.startswith("admin"):
            answers = [
                browser.post(address(rule, id), on="/account", sure="yes", read="yes", decision="conceal")
                for id in (rooms.in_review, uuid4())
            ]
            if rule.endpoint == "interviews.withdraw_now":
                assert {answer.status_code for answer in answers} == {404}
            assert answers[0].status_code == answers[1].status_code
            assert answers[0].data == answers[1].data


def test_strangers_are_sent_to_the_door_whatever_the_id(rooms: Rooms) -> None:
    """Without a session every page but the public ones leads to signing in, known id or not; forms get 401."""
    browser = rooms.client()
    for rule in rules(browser.app, "GET"):
        act = getattr(browser.app.view_functions[rule.endpoint], "act")  # noqa: B009
        if act in {Act.SEE_PUBLIC_PAGES, Act.SIGN_IN, Act.READ_EXCERPT}:
            continue
        for id in (rooms.released, uuid4()):
            answer = browser.get(address(rule, id))
            door = "/narrator" if rule.endpoint.startswith("narrator.") else "/sign-in"
            assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (303, door), rule
    for rule in rules(browser.app, "POST"):
        if rule.endpoint in ("narrator.enter_now", "narrator.leave"):  # at the door, where tokens are asked for first
            assert browser.post(address(rule, rooms.released)).status_code == 400, rule
        elif rule.endpoint.startswith("narrator."):
            assert browser.post(address(rule, rooms.released)).headers["Location"] == "/narrator"
        elif not rule.endpoint.startswith(("account.", "narrator.")):
            assert browser.post(address(rule, rooms.in_review)).status_code == 401, rule


@pytest.mark.parametrize("role", [None, *MAY])
def test_every_answer_has_exactly_our_headers(rooms: Rooms, role: Role | None) -> None:
    """Every GET route, every role, found or not: the policy, no sniffing, no referrer, and nothing is kept."""
    browser = rooms.client(role)
    for rule in rules(browser.app, "GET"):
        for id in (rooms.released, uuid4()):
            answer = browser.get(address(rule, id))
            assert headers.ALWAYS.items() <= dict(answer.headers).items()
            public = role is None and rule.endpoint.startswith("public.") and answer.status_code == 200
            assert answer.headers["Cache-Control"] == ("no-cache" if public else "no-store"), rule
            assert ("X-Robots-Tag" in answer.headers) is not public


def test_no_page_holds_inline_script_or_style(rooms: Rooms) -> None:
    """What the policy forbids does not stand in a page either, and nothing comes from elsewhere."""
    browser = rooms.client(Role.ARCHIVIST)
    for rule in rules(browser.app, "GET"):
        for id in (rooms.in_review, rooms.released):
            answer = browser.get(address(rule, id))
            if answer.mimetype != "text/html":
                continue
            assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=|javascript:", answer.text), rule
            assert not re.search(r'(?:src|href|action)="(?:https?:)?//(?!localhost)', answer.text), rule


@pytest.mark.parametrize("role", MAY)
def test_a_form_needs_the_token_of_its_own_session(rooms: Rooms, role: Role) -> None:
    """Every route that changes anything: without a token, with another session's, asked for by another site.

    All are refused before they act: nothing that the catalogue holds is another afterwards, and no file.
    """
    browser, other = rooms.client(role), rooms.client(Role.ADMIN if role is not Role.ADMIN else Role.HISTORIAN)
    theirs, before = other.token("/account"), _digest(rooms)
    own = browser.token("/account")
    changing = [rule for rule in browser.app.url_map.iter_rules() if {"POST", "PUT", "PATCH", "DELETE"} & rule.methods]
    assert len(changing) > 40
    for rule in changing:
        for method in {"POST", "PUT", "PATCH", "DELETE"} & rule.methods:
            path = address(rule, rooms.in_review)
            for sent, heads in (
                ({}, {}),
                ({"csrf_token": theirs}, {"X-CSRFToken": theirs}),
                ({"csrf_token": own}, {"X-CSRFToken": own, "Sec-Fetch-Site": "cross-site"}),
                ({"csrf_token": own}, {"X-CSRFToken": own, "Sec-Fetch-Site": "same-site"}),
            ):
                tus = {"Tus-Resumable": "1.0.0", **heads}
                answer = browser.client.open(path, method=method, data={**EVERYTHING, **sent}, headers=tus)
                assert answer.status_code in {400, 404}, (rule, method, sent, answer.status)
    assert _digest(rooms) == before


def test_nothing_changes_by_looking(rooms: Rooms) -> None:
    """No GET writes anything but that it was read: rows of the audit log and its mark."""
    browser = rooms.client(Role.ARCHIVIST)
    before = _digest(rooms, but={"audit", "marks", "register", "sessions"})
    for rule in rules(browser.app, "GET"):
        for id in (rooms.in_review, rooms.released):
            browser.get(address(rule, id))
    assert _digest(rooms, but={"audit", "marks", "register", "sessions"}) == before


EVERYTHING = {
    **{"sure": "yes", "read": "yes", "listened": "yes", "decision": "keep", "person": "x", "version": "1"},
    **{"name": "Другое", "role": "historian", "disabled": "yes", "language": "ru", "password": PASSWORD},
    **{"selection": "слово", "text": "слово", "segment": "0", "from": "0:01", "to": "0:02", "request": "слово"},
}


def _digest(rooms: Rooms, but: Collection[str] = ()) -> str:
    """Over every row of the catalogue, and the names and sizes of the files beside it."""
    home, found = rooms.house.settings.home, hashlib.sha256()
    with closing(sqlite3.connect(home / "catalogue.db")) as raw:
        tables = [name for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in sorted(set(tables) - set(but)):
            found.update(repr((table, raw.execute(f"SELECT * FROM {table} ORDER BY 1").fetchall())).encode())
    for folder in ("store", "keys", "index"):
        files = sorted(path for path in (home / folder).rglob("*") if path.is_file())
        found.update(repr([(str(path), path.stat().st_size) for path in files]).encode())
    return found.hexdigest()


def test_the_cookie_is_bound_to_the_host_and_new_at_sign_in(rooms: Rooms) -> None:
    """__Host-, Secure, HttpOnly, SameSite=Strict, no Domain, no lifetime; another token than the form's."""
    browser = rooms.client()
    before = browser.get("/sign-in").headers["Set-Cookie"]
    after = browser.post("/sign-in", on="/sign-in", name="historian", password=PASSWORD).headers["Set-Cookie"]
    for cookie in (before, after):
        name, _, rest = cookie.partition("=")
        assert name == COOKIE
        assert sorted(rest.split("; ")[1:]) == ["HttpOnly", "Path=/", "SameSite=Strict", "Secure"]
    assert before.split(";")[0] != after.split(";")[0]


def test_public_pages_set_no_cookie(rooms: Rooms) -> None:
    """Strangers who only read are not numbered."""
    browser = rooms.client()
    for path in ("/", "/consent", "/promises", "/nothing", "/?l=ru"):
        assert "Set-Cookie" not in browser.get(path).headers


def test_signing_out_ends_the_session_on_both_sides(rooms: Rooms) -> None:
    """A token that was copied before is worth nothing after."""
    browser = rooms.client(Role.HISTORIAN)
    token = browser.client.get_cookie(COOKIE)
    assert token is not None
    browser.post("/sign-out", on="/account")
    assert browser.client.get_cookie(COOKIE) is None
    thief = rooms.client()
    thief.client.set_cookie(COOKIE, token.value)
    assert thief.get("/search").status_code == 303


def test_wrong_sign_ins_are_told_apart_from_nothing(rooms: Rooms) -> None:
    """An unknown name and a wrong password get the same page and status."""
    pages = []
    for name in ("archivist", "nobody here"):
        browser = rooms.client()
        answer = browser.post("/sign-in", on="/sign-in", name=name, password="wrong")
        pages.append((answer.status_code, text_of(answer)))
    assert pages[0] == pages[1]
    assert pages[0][0] == 401


@pytest.mark.parametrize(
    "to",
    ["//evil.example", "/\\evil.example", "https://evil.example", "", "/\t/evil.example", "\t//evil.example", "/",
     "evil", "///evil.example/?v=1", "javascript:alert(1)", "/ /evil.example", "?v=1", "#t=1", "//evil.example#t=1,2"],
)  # fmt: skip
def test_signing_in_leads_nowhere_else(rooms: Rooms, to: str) -> None:
    """The page to go on to is one of ours."""
    browser = rooms.client()
    answer = browser.post("/sign-in", on="/sign-in", name="historian", password=PASSWORD, to=to)
    assert answer.headers["Location"] == "/search"


@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        ("/interviews/{id}?v=3", "/interviews/{id}?v=3"),
        ("/interviews/{id}?v=3.&beside=en&asked=x", "/interviews/{id}?v=3&beside=en"),
        ("/interviews/{id}?v=3&t=6.63%2C9.92", "/interviews/{id}?v=3&t=6.63,9.92"),
        ("/interviews/{id}/cite?from=3&to=0:09.5", "/interviews/{id}/cite?from=3&to=0:09.5"),
        ("/notebook?page=2", "/notebook?page=2"),
        ("/notebook?page=%D0%B4%D0%BE%D0%BC&q=%D0%B4%D0%BE%D0%BC", "/notebook"),
    ],
)
def test_whoever_signs_in_comes_to_what_they_asked_for(rooms: Rooms, asked: str, kept: str) -> None:
    """Version, seconds and page too, but no words; through a wrong password as well, and with a passage behind a #."""
    asked, kept = asked.format(id=rooms.released), kept.format(id=rooms.released)
    browser = rooms.client()
    door = browser.get(asked).headers["Location"]
    assert "%D0" not in door
    to = _hidden(browser.get(door))
    assert to == kept
    wrong = browser.post("/sign-in", on=door, name="historian", password="wrong", to=f"{to}#t=6.63,9.92")
    assert _hidden(wrong) == f"{kept}#t=6.63,9.92"
    answer = browser.post("/sign-in", on=door, name="historian", password=PASSWORD, to=_hidden(wrong))
    assert answer.headers["Location"] == f"{kept}#t=6.63,9.92"
    assert browser.get(door).headers["Location"] == kept  # in a second window, where one is inside already


def test_the_second_step_leads_to_what_was_asked_for(rooms: Rooms) -> None:
    """Also for whom took too long over it, and in another language; words are in none of the addresses."""
    browser, kept = rooms.client(), f"/interviews/{rooms.released}?v=3#t=6.63,9.92"
    late = browser.get(f"/sign-in/code?{urlencode({'to': kept})}").headers["Location"]
    assert _hidden(browser.get(late)) == kept
    late = browser.post("/sign-in/code", on="/sign-in", code="123456", to=f"{kept}").headers["Location"]
    assert _hidden(browser.get(late)) == kept
    other = re.search(r'<a href="([^"]+)" lang="ru"', browser.get(late).text)
    assert other is not None
    assert _hidden(browser.get(unescape(other[1]))) == kept


def test_both_steps_keep_the_passage(rooms: Rooms) -> None:
    """The password leads to the second step with it, a wrong code stays there with it, a right one leads to it."""
    house, name, kept = rooms.house, f"Вера {uuid4().hex}", "/notebook?page=2#t=6.63,9.92"
    accounts.accept(house, accounts.invite(house, OPERATOR, Role.HISTORIAN), (name, PASSWORD), "en")
    here = signing_in.signed_in(house, signing_in.sign_in(house, name, PASSWORD).token)
    assert here is not None
    secret = one_time.new_secret()
    shown = (secret, one_time.code_at(secret, house.now()))
    recovery = own_account.take_app(house, here.principal, Proof(PASSWORD, here.session.id), shown)
    browser = rooms.client()
    step = browser.post("/sign-in", on="/sign-in", name=name, password=PASSWORD, to=kept).headers["Location"]
    assert _hidden(browser.get(step)) == kept
    assert _hidden(browser.post("/sign-in/code", on=step, code="wrong", to=kept)) == kept
    assert browser.post("/sign-in/code", on=step, code=recovery[0], to=kept).headers["Location"] == kept


def test_a_session_that_slept_leads_back_to_the_passage(rooms: Rooms, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next page is the door, which knows what was asked for."""
    browser, asked = rooms.client(Role.HISTORIAN), f"/interviews/{rooms.released}/cite?from=19.00&to=24.00"
    assert browser.get(asked).status_code == 200
    later = rooms.house.now() + timedelta(minutes=rooms.house.settings.web.idle_minutes + 1)
    monkeypatch.setattr(rooms.house, "now", lambda: later)
    door = browser.get(asked).headers["Location"]
    assert _hidden(browser.get(door)) == asked
    answer = browser.post("/sign-in", on=door, name="historian", password=PASSWORD, to=asked)
    assert answer.headers["Location"] == asked


def _hidden(page: TestResponse) -> str:
    """Where the door's form leads."""
    found = re.search(r'name="to"[^>]* value="([^"]*)"', page.text)
    assert found is not None
    return unescape(found[1])


def test_seconds_and_version_are_read_from_the_end_of_a_sentence(rooms: Rooms) -> None:
    """A citation's address is often followed by its full stop; without a script its seconds come as a parameter."""
    browser, page = rooms.client(Role.HISTORIAN), f"/interviews/{rooms.released}"
    for after in (".", ").", ";", "]", "»,"):
        assert "There is no version 3" in text_of(browser.get(f"{page}?v=3{after}"))
        assert browser.get(f"{page}{after}").headers["Location"] == page
        leads = browser.get(f"{page}?v=3&t=6.63,9.92{after}").headers["Location"]
        assert leads == f"{page}?v=3&passage=6.63,9.92#passage"
        shown = browser.get(leads)
        assert re.search(r'<a id="passage"></a>\s*<div class="turn" id="turn-1"', shown.text)
    assert browser.get(f"{page}?t=abc").status_code == 200
    assert browser.client.open(environ_overrides={"PATH_INFO": "//evil.example."}).location == "/evil.example"


@pytest.mark.parametrize(
    ("peer", "forwarded", "counted"),
    [
        ("203.0.113.7", "", "203.0.113.0/24"),
        ("203.0.113.7", "198.51.100.9", "203.0.113.0/24"),  # what a stranger says of themselves counts for nothing
        ("127.0.0.1", "198.51.100.9", "198.51.100.0/24"),
        ("127.0.0.1", "198.51.100.9, 203.0.113.7", "203.0.113.0/24"),
        ("::1", "2001:db8:1:2::3", "2001:db8:1::/48"),
        ("127.0.0.1", "", ""),  # an onion service: all of its visitors come from here
        ("127.0.0.1", "127.0.0.1", ""),  # one behind a proxy
        ("127.0.0.1", "nonsense", "unknown"),
    ],
)
def test_tries_are_counted_for_a_network_that_is_not_everybodys(
    rooms: Rooms, peer: str, forwarded: str, counted: str
) -> None:
    """The proxy on this machine is believed; an address that all visitors share counts for nobody."""
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    app = make_app(rooms.house)
    with app.test_request_context("/sign-in", environ_base={"REMOTE_ADDR": peer}, headers=headers):
        assert door.network() == counted


@pytest.mark.slow
def test_narrators_behind_one_address_do_not_lock_each_other_out(rooms: Rooms) -> None:
    """Wrong codes of a network are limited, those of an onion service are not: a guess is slow and hopeless enough."""
    wrong = {"code": "1" * 16}
    for sent, most in (({"X-Forwarded-For": "198.51.100.9"}, 10), ({}, 12)):
        guest = rooms.client()
        answers = [guest.post("/narrator", on="/narrator", headers=sent, **wrong).status_code for _ in range(12)]
        assert answers == [404] * most + [429] * (12 - most)


def test_a_forgotten_password_is_set_anew_with_a_link(rooms: Rooms) -> None:
    """The link is shown once, the code typed beside a new password; then one is inside, and the code is used up."""
    admin, guest = rooms.client(Role.ADMIN), rooms.client()
    id = accounts.accept(
        rooms.house, accounts.invite(rooms.house, OPERATOR, Role.HISTORIAN), ("Вера", PASSWORD), "en"
    ).id
    page = admin.post(f"/admin/accounts/{id}/password", on="/admin").text
    code = re.search(r"/new-password#([\w-]+)", page)
    assert code is not None
    assert code[1] not in admin.get("/admin").text
    sent = {"reset": code[1], "password": "long enough, and new"}
    assert "at least 12" in text_of(guest.post("/new-password", on="/new-password", **{**sent, "password": "x"}))
    assert guest.post("/new-password", on="/new-password", **sent).headers["Location"] == "/search"
    assert guest.get("/account").status_code == 200
    again = rooms.client().post("/new-password", on="/new-password", **sent)
    assert (again.status_code, "used already" in text_of(again)) == (404, True)
    assert admin.post(f"/admin/accounts/{id}/password/taken-back", on="/admin").status_code == 404


def test_an_invitation_makes_one_account_of_its_role(rooms: Rooms) -> None:
    """The link holds its code behind the #; it works once, and the new person is signed in."""
    admin = rooms.client(Role.ADMIN)
    page = admin.post("/admin/invitations", on="/admin", role="historian").text
    code = re.search(r"/invitation#([\w-]+)", page)
    assert code is not None
    guest = rooms.client()
    person = {"invitation": code[1], "name": "Ольга", "password": "long enough, yes"}
    assert guest.post("/invitation", on="/invitation", **person).headers["Location"] == "/search"
    again = rooms.client().post("/invitation", on="/invitation", **{**person, "name": "Пётр"})
    assert again.status_code == 404
    assert "used already" in text_of(again)


def test_closing_an_account_ends_its_session_at_once(rooms: Rooms) -> None:
    """The next request of somebody whose account was closed is a stranger's."""
    admin, guest = rooms.client(Role.ADMIN), rooms.client()
    page = admin.post("/admin/invitations", on="/admin", role="historian").text
    code = re.search(r"/invitation#([\w-]+)", page)
    assert code is not None
    guest.post("/invitation", on="/invitation", invitation=code[1], name="brief", password="long enough, yes")
    assert guest.get("/search").status_code == 200
    row = re.search(r"<td>brief</td>.*?/admin/accounts/([\w-]+)", admin.get("/admin").text, re.DOTALL)
    assert row is not None
    admin.post(f"/admin/accounts/{row[1]}", on="/admin", disabled="yes")
    assert guest.get("/search").status_code == 303
    assert (
        Browser(rooms.house).post("/sign-in", on="/sign-in", name="brief", password="long enough, yes").status_code
        == 401
    )


def test_a_crash_says_nothing_of_what_was_sent(rooms: Rooms, capsys: pytest.CaptureFixture[str]) -> None:
    """An unforeseen error is one line with a class and a place, and a page without details."""
    browser = Browser(rooms.house).signed_in(Role.HISTORIAN)  # an app that may be broken

    def broken() -> str:
        raise ZeroDivisionError("Лебедева")

    browser.app.view_functions["search.page"] = gate.names(Act.SEARCH)(broken)
    answer = browser.get("/search")
    assert answer.status_code == 500
    said = capsys.readouterr()
    assert "Лебедева" not in answer.text + said.out + said.err
    assert "ZeroDivisionError" in said.err
    assert len(said.err.splitlines()) == 1
