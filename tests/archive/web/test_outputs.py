"""Every way out of the archive, walked: pages, exports, search answers, sound. No concealed name comes through any."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from html import unescape
from uuid import UUID

import pytest
from werkzeug.test import TestResponse

from archive import worker
from archive.acts import answers, approval, excerpts, research, review
from archive.cli.reading import as_object, as_text
from archive.consent import Voice
from archive.interview import Stage
from archive.policy import Role
from tests import make
from tests.archive.web.test_gate import address, rules
from tests.archive.web.test_review_people import name
from tests.rooms import Rooms, in_review
from transcripts.formats import WRITERS
from transcripts.names import Choice, Decision
from transcripts.names.plain import plain

# What a historian or a stranger can open: a new page is written down here, and is walked below with the others.
PAGES = {
    None: {
        *("public.start", "public.consent", "public.promises", "public.terms", "public.excerpt", "public.clip"),
        *("account.sign_in", "account.invitation", "account.new_password", "narrator.enter"),
    },
    Role.HISTORIAN: {
        *("public.start", "public.consent", "public.promises", "public.excerpt", "public.clip"),
        *("account.invitation", "account.new_password", "own.page", "own.app", "public.terms", "narrator.enter"),
        *("search.page", "search.again", "search.lines", "search.similar"),
        *("reading.read", "reading.cite", "reading.hear", "reading.peaks"),
        *("notebook.page", "drafts.drafts"),
    },
}
FORMATS = {"json", "srt", "txt", "vtt"}
TURNS = (
    "Меня зовут Ирина Сергеевна Лебедева, родилась в Самаре.",
    "У Лебедевых, у ЛЕБЕДЕВЫХ и у лебеде\u0301вых в Самаре был чемодан.",
    "Пришла Зоя Мороз, звонила Зое Моро\u200bз, а потом Lebedeva.",
    "Лебе-дева, Лебе дева, вчераЛебедева, Л-Е-Б-Е-Д-Е-В-А, Лeбeдевa.",
)
SECRET = re.compile("лебе.{0,3}дев|lebedev|сергеевн|мороз|липити|марас|серкии", re.IGNORECASE)


@dataclass
class Told:
    """A released interview in which people are named in many ways, and an excerpt of it that was published."""

    rooms: Rooms
    id: UUID
    excerpt: UUID


@pytest.fixture(scope="module")
def told(rooms: Rooms) -> Told:
    """Names at every door: title, file name, notes, speakers, text, the excerpt's title and context."""
    house, who = rooms.house, rooms.who[Role.INTERVIEWER]
    id = in_review(house, who, title="Чемодан Лебедевой", notes="Мороз", file_name="Лебедева.opus")
    name(rooms, id, TURNS, speaker="Лебедева")
    people = review.read(house, who, id)
    covers = {one.key: "Анна Лесная" if "мороз" in one.forms else "" for one in people.roster.people}
    choices = {key: Choice(Decision.CONCEAL, cover) for key, cover in covers.items()}
    approval.approve(house, who, id, review.decide(house, who, id, choices, people.version))
    worker.work(house)
    assert make.stage(house, id) is Stage.RELEASED
    wish = excerpts.Wish(0.0, 20.0, Voice.OWN, title="Лебедева о Зое Мороз", context="Мороз и Лебедевы, Самара")
    made = excerpts.propose(house, rooms.who[Role.HISTORIAN], id, wish)
    excerpts.record_agreement(house, who, made.id, house.today())
    excerpts.publish(house, rooms.who[Role.ARCHIVIST], made.id)
    return Told(rooms, id, made.id)


def said(text: str) -> str:
    """A text as people read it: markup, escapes and disguises undone."""
    return plain(unescape(re.sub(r"\\u([0-9a-f]{4})", lambda code: chr(int(code[1], 16)), text))).text


def leaks(answer: TestResponse) -> list[str]:
    """The concealed names in a page, its headers, or the bytes of a sound."""
    texts = [answer.data.decode("utf-8", "ignore"), answer.data.decode("utf-16-le", "ignore"), str(answer.headers)]
    return [found for text in texts for found in SECRET.findall(said(text))]


@pytest.mark.parametrize("role", PAGES)
def test_no_page_that_others_may_open_names_anybody(told: Told, role: Role | None) -> None:
    """Every route, for a stranger and for a historian; each page that opens is written down above."""
    browser = told.rooms.client(role)
    asked = "x"
    if role is not None:
        found = browser.post("/search", on="/search", q="Самара")
        asked = re.search(r"/search/([\w-]+)", found.headers.get("Location", "") + found.text)[1]  # type: ignore[index]
        assert leaks(found) == []
    opened = set()
    for rule in rules(browser.app, "GET"):
        for id in (told.id, told.excerpt, asked):
            answer = browser.get(address(rule, id))
            if answer.status_code in (200, 206):
                opened.add(rule.endpoint)
                assert leaks(answer) == [], rule.rule
    assert opened == PAGES[role]


def test_no_export_names_anybody(told: Told) -> None:
    """Each format of the released transcript, written down above."""
    transcript = research.export(told.rooms.house, told.rooms.who[Role.ARCHIVIST], told.id)

    assert set(WRITERS) == FORMATS
    for write in WRITERS.values():
        written = write(transcript)
        assert "Самаре" in said(written)
        assert SECRET.findall(said(written)) == []


def test_no_search_answer_names_anybody(told: Told) -> None:
    """On the command line as a text and as JSON; what is concealed is found under no spelling."""
    house, who = told.rooms.house, told.rooms.who[Role.HISTORIAN]
    found = answers.search(house, who, "Самара")

    assert found.total
    assert SECRET.findall(said(as_text(found) + json.dumps(as_object(found), ensure_ascii=False))) == []
    nonsense = answers.search(house, who, "ъъщъ").total
    assert all(answers.search(house, who, word).total == nonsense for word in ("Лебедева", "Lebedeva", "Мороз"))


def test_an_excerpt_and_its_interview_say_what_they_may(told: Told) -> None:
    """Titles and context keep what is no name: the door lets through what may pass."""
    shown = excerpts.shown(told.rooms.house, told.excerpt)
    interview = research.read(told.rooms.house, told.rooms.who[Role.HISTORIAN], told.id).interview

    assert "Самара" in shown.excerpt.context
    assert "Чемодан" in interview.title
    assert SECRET.findall(said(shown.excerpt.title + shown.excerpt.context + interview.title)) == []
    assert SECRET.findall(said(repr(shown) + repr(interview))) == []
