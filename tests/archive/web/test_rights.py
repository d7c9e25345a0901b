"""The table of rights, cell by cell over HTTP: ten standings, every situation of one interview, every resource.

The interview holds everything that could leak (papers, sounds, excerpts, a receipt) in every situation: only its row is
put from one stage or consent to the next. A write goes as far as the commit, which is then taken back.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from archive.acts import access, accounts, consents, excerpts, uploads
from archive.acts.excerpts import Wish
from archive.catalogue import Catalogue, Ledger
from archive.collection import MAIN
from archive.consent import Excerpts, Research, Voice
from archive.errors import ArchiveError
from archive.interview import Interview, Stage
from archive.policy import OPERATOR, TOUCHES, Act, Principal, Role
from archive.rights import CELLS, Access, Resource, Right, Situation, Standing
from archive.vault import one_time
from tests import make
from tests.browsing import Browser
from tests.rooms import PASSWORD, Rooms, archive_with_rooms, reading

pytestmark = pytest.mark.slow

WEB = [standing for standing in Standing if standing not in {Standing.MACHINE, Standing.OPERATOR}]
RIGHTS = [Right(resource, access) for resource in Resource for access in Access]
FAR = date(2999, 1, 1)

SITUATIONS: dict[Situation, tuple[dict[str, Any], ...]] = {
    Situation.RECEIVED: ({"stage": Stage.RECEIVED},),
    Situation.IN_REVIEW: ({"stage": Stage.IN_REVIEW},),
    Situation.APPROVED: ({"stage": Stage.VERIFIED},),
    Situation.RELEASED: ({"stage": Stage.RELEASED},),
    Situation.CLOSED: (
        {"stage": Stage.RELEASED, "embargo_until": FAR},
        {"stage": Stage.RELEASED, "research": Research.AFTER_DATE, "research_from": date(2020, 1, 1)},
    ),
    Situation.WITHDRAWN: ({"stage": Stage.WITHDRAWN},),
}
"""Which stages and terms each situation stands for."""


class Rehearsed(ArchiveError):
    """Everything was ready to be written."""

    code = "rehearsed"


@dataclass
class Rehearsal:
    """A catalogue that takes back whatever was about to be written, and says so."""

    real: Catalogue

    def reading(self) -> Any:
        """As the real one."""
        return self.real.reading()

    @contextmanager
    def writing(self) -> Iterator[Ledger]:
        """Raises Rehearsed where the real one would commit."""
        with self.real.writing() as ledger:
            yield ledger
            raise Rehearsed


@dataclass
class Everybody:
    """Everybody who can come, the interview that is asked about, and the ids that belong to it."""

    rooms: Rooms
    clients: dict[Standing, Browser]
    tokens: dict[Standing, str]
    interview: Interview
    ids: dict[str, UUID]
    unknown: dict[tuple[Standing, str], tuple[Any, ...]] = field(default_factory=dict)

    def put(self, **state: Any) -> None:
        """The interview in another stage or under other terms."""
        terms = {name: value for name, value in state.items() if name != "stage"}
        with self.rooms.house.catalogue.writing() as ledger:
            version = ledger.interviews.get(self.interview.id).version
            changed = replace(self.interview, stage=state["stage"], terms=replace(self.interview.terms, **terms))
            ledger.interviews.save(replace(changed, version=version))

    @contextmanager
    def rehearsing(self) -> Iterator[None]:
        """Within it nothing is written."""
        house = self.rooms.house
        real = house.catalogue
        house.catalogue = Rehearsal(real)  # type: ignore[assignment]
        try:
            yield
        finally:
            house.catalogue = real

    def ask(self, who: Standing, rule: Rule, id: UUID) -> TestResponse:
        """The route, about that thing, in somebody's name."""
        known = rule.rule.replace("<uuid:proof>", str(self.ids["none"])).replace("<what>", "text")
        path = re.sub(r"<[^>]+>", str(id), known)
        path = path.replace(f"requests/{id}", "requests/0")
        if "POST" not in (rule.methods or ()):
            return self.clients[who].client.get(path)
        return self.clients[who].client.post(path, data={**self.form(), "csrf_token": self.tokens[who]})

    def about(self, rule: Rule) -> UUID:
        """The id of what the route is about."""
        kinds = {"drafts": "draft", "public": "excerpt", "uploads": "upload", "narrator": "draft", "admin": "account"}
        special = {"access.take_grant_back": "grant", "own.accept_terms": "grant", "own.end_session": "none"}
        kind = special.get(rule.endpoint) or kinds.get(rule.endpoint.partition(".")[0], "interview")
        return self.ids[kind]

    def form(self) -> dict[str, str]:
        """One form that every route finds its fields in."""
        return {
            **{"sure": "yes", "read": "yes", "listened": "yes", "agreed_on": "2026-01-01", "answer": "yes"},
            **{"person": "x", "decision": "", "version": "0", "segment": "0", "text": "слово", "selection": "слово"},
            **{"from": "0:01", "to": "0:02", "key": "k", "start": "0:00", "end": "0:20", "voice": "text-only"},
            **{"collection": str(MAIN), "until": str(self.rooms.house.today()), "account": str(self.ids["account"])},
            **{"name": "Собрание", "role": "historian", "disabled": "yes", "invitation": "x", "language": "en"},
            **{
                "password": PASSWORD,
                "new_password": PASSWORD,
                "q": "чемодан",
                "find": "слово",
                "request": "слово",
                "title": "слово",
            },
            **{"naming": "no-name", "research": "no", "voice_for_research": "text-only", "excerpts": "never"},
            "voice_for_public": "text-only",
        }

    def seen(self, who: Standing) -> set[Act]:
        """The acts whose permission shows in the lists this visitor may open."""
        id, browser, found = str(self.interview.id), self.clients[who], set()
        if f"row-{id}" in browser.get("/interviews").text and id in browser.get("/interviews/progress").text:
            found.add(Act.WATCH)
        if f"draft-{self.ids['draft']}" in browser.get("/drafts").text:
            found.add(Act.SEE_EXCERPT_DRAFTS)
        if f"/interviews/{id}" in browser.post("/search", csrf_token=self.tokens[who], q="чемодан").text:
            found.add(Act.READ_RELEASED)
        if 'class="turn"' in browser.get("/narrator/page").text:
            found.add(Act.READ_OWN)
        return found


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Everybody]:
    """An archive with one interview that has everything, and somebody of each standing, signed in."""
    rooms = archive_with_rooms(tmp_path_factory.mktemp("rights") / "home", web={"second_factor_for": ["admin"]})
    made = _made(rooms)
    moment = rooms.house.now()
    rooms.house.now = lambda: moment
    yield made
    rooms.house.close()


def _made(rooms: Rooms) -> Everybody:
    house, archivist, owner = rooms.house, rooms.who[Role.ARCHIVIST], rooms.who[Role.INTERVIEWER]
    with house.catalogue.writing() as ledger:
        released = ledger.interviews.get(rooms.released)
        open_terms = replace(released.terms, excerpts=Excerpts.YES)
        released = ledger.interviews.save(replace(released, terms=open_terms))
        on = house.today().isoformat()
        facts = {"accession": "x", "on": on, "files": 1, "finished": None}
        ledger.marks.put("withdrawals", {str(released.id): facts})
    wish = Wish(0.0, 20.0, Voice.TEXT_ONLY, title="слово")
    draft, shown = (excerpts.propose(house, archivist, released.id, wish) for _ in range(2))
    excerpts.publish(house, archivist, shown.id)
    for name, role in (("stranger", Role.HISTORIAN), ("visitor", Role.INTERVIEWER), ("colleague", Role.INTERVIEWER)):
        rooms.who[name] = Principal(role, _account(rooms, name, role))  # type: ignore[index]
    reading(house, archivist, rooms.who["colleague"])  # type: ignore[index]
    _account(rooms, "newcomer", Role.ADMIN)
    grant = access.grant(house, archivist, rooms.who["stranger"].account, MAIN, house.today())  # type: ignore[index,arg-type]
    upload = uploads.begin(house, owner, uploads.Announcement(5))
    code = consents.issue_receipt(house, owner, released.id)
    clients = {
        Standing.ANYONE: rooms.client(),
        Standing.ENROLLING: _signed_in(rooms, "newcomer"),
        Standing.NARRATOR: _narrator(rooms, code),
        Standing.HISTORIAN: _signed_in(rooms, "stranger"),
        Standing.HISTORIAN_GRANTED: _signed_in(rooms, "historian"),
        Standing.INTERVIEWER: _signed_in(rooms, "visitor"),
        Standing.INTERVIEWER_GRANTED: _signed_in(rooms, "colleague"),
        Standing.OWNER: _signed_in(rooms, "interviewer"),
        Standing.ARCHIVIST: _signed_in(rooms, "archivist"),
        Standing.ADMIN: _admin(rooms),
    }
    pages = {Standing.ANYONE: "/sign-in", Standing.NARRATOR: "/narrator/page"}
    tokens = {who: browser.token(pages.get(who, "/account")) for who, browser in clients.items()}
    ids = {
        "interview": released.id, "draft": draft.id, "excerpt": shown.id, "grant": grant.id,
        "account": rooms.who["stranger"].account, "upload": upload.id, "none": uuid4(),
    }  # type: ignore[index]  # fmt: skip
    with house.catalogue.reading() as ledger:
        return Everybody(rooms, clients, tokens, ledger.interviews.get(released.id), ids)  # type: ignore[arg-type]


def _account(rooms: Rooms, name: str, role: Role) -> UUID:
    return accounts.accept(rooms.house, accounts.invite(rooms.house, OPERATOR, role), (name, PASSWORD), "en").id


def _signed_in(rooms: Rooms, name: str) -> Browser:
    browser: Browser = rooms.client()
    assert browser.post("/sign-in", on="/sign-in", name=name, password=PASSWORD).status_code == 303
    return browser


def _admin(rooms: Rooms) -> Browser:
    """The administrator, who has an app and shows its code."""
    secret = one_time.new_secret()
    with rooms.house.catalogue.writing() as ledger:
        account = ledger.accounts.get(rooms.who[Role.ADMIN].account)  # type: ignore[arg-type]
        ledger.accounts.save(replace(account, factors=replace(account.factors, totp=secret)))
    browser = _signed_in(rooms, "admin")
    code = one_time.code_at(secret, rooms.house.now())
    assert browser.post("/sign-in/code", on="/sign-in/code", code=code).headers["Location"] == "/admin"
    return browser


def _narrator(rooms: Rooms, code: str) -> Browser:
    browser: Browser = rooms.client()
    assert browser.post("/narrator", on="/narrator", code=code).headers["Location"] == "/narrator/page"
    return browser


def _rules(house: Everybody) -> list[Rule]:
    """Every route that pages are asked or forms are sent by; what only tus uses is tried where tus is."""
    rules = house.rooms.app.url_map.iter_rules()
    return [rule for rule in rules if {"GET", "POST"} & set(rule.methods or ()) and rule.endpoint != "static"]


def _act(house: Everybody, rule: Rule) -> Act:
    act: Act = house.rooms.app.view_functions[rule.endpoint].act  # type: ignore[attr-defined]
    return act


_ASKED_ELSEWHERE = {"drafts.drafts", "notebook.export", "search.lines", "uploads.discard", "uploads.finish"}
_OF_THE_HOUSE = {"own", "admin", "account", "access", "notebook"}


def _is_about_an_interview(rule: Rule) -> bool:
    if rule.endpoint == "access.place":
        return True
    room = rule.endpoint.partition(".")[0]
    if room == "narrator":
        return rule.endpoint not in {"narrator.enter", "narrator.enter_now", "narrator.leave"}
    return "<uuid" in rule.rule and room not in {*_OF_THE_HOUSE, "uploads"}


def _is_done(answer: TestResponse) -> bool:
    """Whether the visitor got further than the gate and policy: a page, a form’s complaint, a write taken back."""
    if answer.status_code == 303:
        return not re.fullmatch(r"(http://localhost)?/(sign-in|narrator)(\?.*)?", answer.headers["Location"])
    return answer.status_code not in {401, 404}


def _told(answer: TestResponse) -> tuple[int, bytes, str]:
    """All of an answer, to the byte, but the address to come back to after signing in: it is the one asked for."""
    data = re.sub(rb"[0-9a-f-]{36}", b"", answer.data) if answer.status_code == 303 else answer.data
    heads = {name: value for name, value in answer.headers.items() if name != "Location"}
    return answer.status_code, data, str(sorted({**heads, "Content-Length": len(data)}.items()))


def _wrong_cells(situation: Situation, done: dict[Standing, set[Act]]) -> list[str]:
    """Cells in which the pages do not say what the table says."""
    wrong = []
    for who in WEB:
        for right in RIGHTS:
            used = sorted(act for act in done[who] if right in TOUCHES[act])
            if bool(used) != ((who, situation, right) in CELLS):
                wrong.append(f"{who} | {situation} | {right.resource}:{right.access} | {used}")
    return wrong


def test_every_cell_of_the_house(house: Everybody) -> None:
    """What is about no interview: for every standing, each route that needs a right, and no other."""
    done: dict[Standing, set[Act]] = {who: set() for who in WEB}
    with house.rehearsing():
        for who in WEB:
            for rule in _rules(house):
                if not _is_about_an_interview(rule) and rule.endpoint not in _ASKED_ELSEWHERE:
                    answer = house.ask(who, rule, house.about(rule))
                    if _is_done(answer):
                        done[who].add(_act(house, rule))
    assert "\n".join(_wrong_cells(Situation.HOUSE, done)) == ""


@pytest.mark.parametrize("situation", SITUATIONS)
def test_every_cell_of_an_interview(house: Everybody, situation: Situation) -> None:
    """Every standing, every route: what is refused answers as an id that never was, to the byte."""
    done: dict[Standing, set[Act]] = {who: set() for who in WEB}
    for state in SITUATIONS[situation]:
        house.put(**state)
        for who in WEB:
            done[who] |= house.seen(who) | _tried(house, who)
            if situation is Situation.RECEIVED and who not in {Standing.INTERVIEWER, Standing.INTERVIEWER_GRANTED}:
                done[who] |= _sent(house, who)  # whoever sends one owns it: those two are not owners then
    assert "\n".join(_wrong_cells(situation, done)) == ""


def _tried(house: Everybody, who: Standing) -> set[Act]:
    """Asks every route about the interview: the acts whose answer is another than about an id that never was."""
    done = set()
    with house.rehearsing():
        for rule in filter(_is_about_an_interview, _rules(house)):
            answer = house.ask(who, rule, house.about(rule))
            if _told(answer) != _unknown(house, who, rule) if "<uuid" in rule.rule else _is_done(answer):
                done.add(_act(house, rule))
    return done


def _sent(house: Everybody, who: Standing) -> set[Act]:
    """A recording sent in one piece: it gets as far as its row."""
    sound = io.BytesIO(make.recording(stop=2.0))
    data = {**house.form(), "csrf_token": house.tokens[who], "language": "ru", "recording": (sound, "a.opus")}
    with house.rehearsing():
        answer = house.clients[who].client.post("/interviews/new", data=data)
    return {Act.RECEIVE} if answer.status_code == 500 else set()


def _unknown(house: Everybody, who: Standing, rule: Rule) -> tuple[Any, ...]:
    """The answer about an id that never was, which is the same in every situation."""
    place = who, rule.endpoint
    if place not in house.unknown:
        house.unknown[place] = _told(house.ask(who, rule, house.ids["none"]))
    return house.unknown[place]


def test_an_upload_under_way_is_its_senders_alone(house: Everybody) -> None:
    """What tus and our form ask for: the sender alone gets an answer, the others one about nothing."""
    tus = {"Tus-Resumable": "1.0.0"}
    for who in WEB:
        known, unknown = (
            house.clients[who].client.head(f"/uploads/{house.ids[id]}", headers=tus) for id in ("upload", "none")
        )
        assert _is_done(known) == (who is Standing.OWNER)
        assert who is Standing.OWNER or _told(known) == _told(unknown)
        if who is not Standing.OWNER:
            form = {"csrf_token": house.tokens[who]}
            sent = (
                house.clients[who].client.post(f"/uploads/{house.ids[id]}/discard", data=form)
                for id in ("upload", "none")
            )
            assert len({_told(one) for one in sent}) == 1
