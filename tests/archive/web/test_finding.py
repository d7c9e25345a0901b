"""Finding words in an interview that is read: every form, both languages, nothing that is not on the page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from werkzeug.test import TestResponse

from archive.acts import research
from archive.policy import Act, Role
from tests.browsing import Browser, text_of
from tests.rooms import Rooms, fresh_reader

JSON = {"Accept": "application/json"}


@pytest.fixture
def reader(rooms: Rooms) -> Browser:
    """A historian of one's own, who may read the main collection."""
    return fresh_reader(rooms)


def sent(browser: Browser, id: UUID, words: str, query: str = "", **headers: str) -> TestResponse:
    return browser.post(f"/interviews/{id}/inside{query}", on="/account", headers=headers, q=words)


def found(browser: Browser, id: UUID, words: str, query: str = "") -> list[tuple[int, bool]]:
    """Turns, and whether the place is in the translation."""
    answer = sent(browser, id, words, query, **JSON)
    assert answer.json is not None
    assert len(answer.data) % 4096 == 0, "the length tells little of what was typed"
    return [(turn, beside) for turn, beside, _, _ in answer.json["places"]]


@pytest.mark.parametrize(
    ("words", "places"),
    [
        ("школой", [(7, False)]),
        ("«школами»", [(7, False)]),
        ("работаю бухгалтеры", [(7, False)]),
        ("бухгалтеры работаю", []),
        ("names", []),
        ("слона", []),
    ],
)
def test_every_form_is_found_and_words_in_a_row(
    rooms: Rooms, reader: Browser, words: str, places: list[tuple[int, bool]]
) -> None:
    """Whatever form is typed."""
    assert found(reader, rooms.released, words) == places


def test_a_place_is_told_by_letters_of_its_turn(rooms: Rooms, reader: Browser) -> None:
    """A phrase is one place."""
    answer = sent(reader, rooms.released, "работаю бухгалтером", **JSON).json
    assert answer is not None
    ((turn, _, start, end),) = answer["places"]
    text = research.read(rooms.house, rooms.who[Role.HISTORIAN], rooms.released).transcript.segments[turn].text
    assert text[start:end] == "работала бухгалтером"


def test_the_translation_is_looked_through_in_its_language_where_it_is_read(rooms: Rooms, reader: Browser) -> None:
    """Only if it stands beside."""
    assert found(reader, rooms.released, "names", "?beside=en") == [(5, True)]
    assert found(reader, rooms.released, "names", "?beside=uk") == []


def test_a_concealed_name_is_not_found_in_any_spelling(rooms: Rooms, reader: Browser) -> None:
    """What is looked through is what is read."""
    for words in ("Лебедева", "Лебедев", "Lebedeva", "лебедев~"):
        assert found(reader, rooms.released, words, "?beside=en") == []


def test_only_who_may_read_finds(rooms: Rooms) -> None:
    """Unknown, unreleased and forbidden answer alike, to the byte."""
    historian, administrator = rooms.client(Role.HISTORIAN), rooms.client(Role.ADMIN)
    nothing = sent(historian, uuid4(), "школа", **JSON)
    assert nothing.status_code == 404
    for browser, id in ((historian, rooms.in_review), (administrator, rooms.released)):
        answer = sent(browser, id, "школа", **JSON)
        assert (answer.status_code, answer.data) == (404, nothing.data)
    assert rooms.client().post(f"/interviews/{rooms.released}/inside", q="школа").status_code == 401


@pytest.fixture
def one_a_day(rooms: Rooms) -> Iterator[None]:
    """A grant's reader opens one interview a day."""
    settings = rooms.house.settings
    rooms.house.settings = replace(settings, reading=replace(settings.reading, interviews_a_day=1))
    yield
    rooms.house.settings = settings


@pytest.mark.usefixtures("one_a_day")
def test_finding_is_reading(rooms: Rooms) -> None:
    """It opens an interview that was not, which is noted and counted once, however much is looked for in it."""
    browser, house = fresh_reader(rooms), rooms.house

    def noted() -> int:
        with house.catalogue.reading() as ledger:
            return sum(one.act == Act.READ_RELEASED for one in ledger.audit.all())

    before = noted()
    for words in ("школа", "школы", "школ"):
        assert found(browser, rooms.released, words) == [(7, False)]
    assert noted() == before + 1


def test_without_a_script_the_page_comes_back_with_marks(rooms: Rooms, reader: Browser) -> None:
    """At the first place, beside the same translation; the words stand in no address. What is not there is said."""
    page = f"/interviews/{rooms.released}?v=1&beside=en"
    action = re.search(r'action="([^"]+/inside[^"]*)"', reader.get(page).text)
    assert action is not None
    back = reader.post(action[1].replace("&amp;", "&"), on=page, q="школой").headers["Location"]
    assert re.fullmatch(rf"/interviews/{rooms.released}\?asked=[\w-]+&v=1&beside=en#turn-7", back)
    shown = reader.get(back)
    assert "<mark>школе</mark>" in shown.text
    assert "1 word is marked" in text_of(shown)
    for words in ("слона", "", "***"):
        back = reader.post(f"/interviews/{rooms.released}/inside", on=page, q=words).headers["Location"]
        assert "not found" in text_of(reader.get(back))
        assert back.endswith("#inside")
    assert "word is marked" not in text_of(reader.get(page))


def test_what_cannot_be_looked_for_is_said_to_a_script(rooms: Rooms, reader: Browser) -> None:
    """It keeps what it found by itself."""
    for words in ("", "...", "с*", "слово " * 100):
        answer = sent(reader, rooms.released, words, **JSON)
        assert answer.status_code == 400
        assert answer.json
        assert answer.json["says"]
