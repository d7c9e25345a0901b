"""The review in Chromium: typing, cutting, joining, undoing, two reviewers at once; every task by keyboard alone."""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect

from archive.acts import changes, review
from archive.acts.editing import Reword
from archive.catalogue import PaperKind
from archive.policy import Role
from tests.browser.conftest import Visit
from tests.rooms import Rooms, in_review, put
from transcripts.names import Choice, Decision, Label, Mention, Passage, group
from transcripts.words import Segment, Transcript, Word

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Open = Callable[..., Visit]
SURNAMES = (
    "Каноничевский", "Борзунов", "Верхотуров", "Голомазов", "Дерябин", "Жигарев",
    "Зыкунов", "Кондаурин", "Лопатухин", "Мезенцов", "Наговицын", "Оглоблин",
)  # fmt: skip
SAVED = re.compile(r"Saved \d\d:\d\d:\d\d")


def twelve(rooms: Rooms, times: int = 1) -> UUID:
    """An interview in review in which twelve people are named, each in so many turns."""
    id = in_review(rooms.house, rooms.who[Role.INTERVIEWER])
    segments, mentions = [], []
    for n, surname in enumerate(SURNAMES * times):
        texts = ["Потом", "пришёл", "к", "нам", surname]
        start = len(" ".join(texts[:-1])) + 1
        mentions.append(Mention(n, start, start + len(surname), Label.SURNAME, surname.lower(), "tagged-surname", 0.6))
        words = (Word(text, 2.0 * n + at * 0.35, 2.0 * n + at * 0.35 + 0.3, 0.9) for at, text in enumerate(texts))
        segments.append(Segment(tuple(words), "ru", f"S{n % 2 + 1}"))
    said = Transcript("t", tuple(segments), 30.0 * times, "machine")
    people = group(mentions, [Passage(one.text, "ru") for one in segments])
    put(rooms.house, rooms.who[Role.INTERVIEWER], id, {
        PaperKind.REVIEWED: said.as_json(), PaperKind.ROSTER: people.as_json(),
    })  # fmt: skip
    return id


def texts(rooms: Rooms, id: UUID) -> list[str]:
    """The turns as they are stored."""
    return [one.text for one in review.read(rooms.house, rooms.who[Role.INTERVIEWER], id).transcript.segments]


def saved(page: Page) -> None:
    """Until the server has acknowledged it."""
    expect(page.locator("[data-saved]")).to_have_text(SAVED, timeout=15_000)


def test_twelve_people_are_decided_with_forty_keys_or_fewer(visit: Open, rooms: Rooms) -> None:
    """From opening the page to an approved release without the mouse; each key is counted."""
    id = twelve(rooms)
    page = visit(Role.INTERVIEWER).open(f"/interviews/{id}/review")
    left = page.locator("[data-left-words]")
    expect(left).to_have_text("12 of 12 left")
    pressed = 0
    for n in range(len(SURNAMES)):
        for key in ("kcf"[n % 3], "n"):
            page.keyboard.press(key)
            pressed += 1
    expect(left).to_have_text("All decided", timeout=20_000)
    saved(page)
    assert pressed <= 40
    page.keyboard.press("v")
    page.wait_for_url(re.compile("/preview"))
    page.locator("[name=read]").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/interviews/?$"))
    decided = review.read(rooms.house, rooms.who[Role.INTERVIEWER], id).decisions.choices
    assert len(decided) == len(SURNAMES)


def test_a_turn_is_cut_joined_and_given_a_speaker_by_keys_and_all_of_it_undone(visit: Open, rooms: Rooms) -> None:
    """E, Enter, Backspace, Ctrl+2; after a reload U takes each back."""
    id = twelve(rooms)
    before = texts(rooms, id)
    page = visit(Role.INTERVIEWER).open(f"/interviews/{id}/review")
    page.keyboard.press("e")
    field = page.locator(".editor textarea")
    expect(field).to_be_focused()
    field.evaluate("field => field.setSelectionRange(13, 13)")
    page.keyboard.press("Enter")
    expect(page.locator(".turn")).to_have_count(len(before) + 1, timeout=15_000)
    expect(field).to_be_focused()
    page.keyboard.press("Control+2")
    expect(page.locator(".turn.editing")).to_have_attribute("data-speaker", "S2", timeout=15_000)
    page.keyboard.press("Backspace")
    expect(page.locator(".turn")).to_have_count(len(before), timeout=15_000)
    page.keyboard.press("Escape")
    saved(page)
    assert texts(rooms, id) == before
    page.reload()
    for count in (len(before) + 1, len(before) + 1, len(before)):
        page.keyboard.press("u")
        expect(page.locator(".turn")).to_have_count(count, timeout=15_000)
        page.wait_for_timeout(300)
    page.keyboard.press("Shift+U")
    expect(page.locator(".turn")).to_have_count(len(before) + 1, timeout=15_000)


def test_turns_that_are_drawn_apart_are_joined_and_cut_like_others(visit: Open, rooms: Rooms) -> None:
    """In a long interview forty turns each lie in an element of their own; keys know nothing of that."""
    id = twelve(rooms, times=4)
    before = texts(rooms, id)
    page = visit(Role.INTERVIEWER).open(f"/interviews/{id}/review")
    expect(page.locator(".stretch")).to_have_count(2)
    first = page.locator(".stretch").nth(1).locator(".turn").first
    first.locator(".said").dblclick()
    field = page.locator(".editor textarea")
    field.evaluate("field => field.setSelectionRange(0, 0)")
    page.keyboard.press("Backspace")
    expect(page.locator(".turn")).to_have_count(len(before) - 1, timeout=15_000)
    expect(field).to_be_focused()
    expect(page.locator(".turn.editing")).to_have_attribute("data-turn", "39")
    expect(field).to_have_value(f"{before[39]} {before[40]}")
    page.keyboard.press("Enter")
    expect(page.locator(".turn")).to_have_count(len(before), timeout=15_000)
    expect(field).to_have_value(before[40])
    page.keyboard.press("Escape")
    saved(page)
    assert texts(rooms, id) == before
    assert [who.is_visible() for who in page.locator(".turn .who").all()] == [True] * 40 + [False, False] + [True] * 6


def test_what_is_typed_is_kept_beside_what_somebody_else_wrote(visit: Open, rooms: Rooms) -> None:
    """The other's text stands there, nothing is overwritten, and either of the two can be taken."""
    id = twelve(rooms)
    made = visit(Role.INTERVIEWER)
    page = made.open(f"/interviews/{id}/review")
    turn = page.locator(".turn").first
    turn.locator(".said").dblclick()
    current = review.read(rooms.house, rooms.who[Role.ARCHIVIST], id)
    changes.make(rooms.house, rooms.who[Role.ARCHIVIST], id, Reword("0", "Чужая правка тут."), current.version)
    turn.locator("textarea").fill("Моя правка тут.")
    expect(turn.locator("[data-theirs-text]")).to_have_text("Чужая правка тут.", timeout=15_000)
    expect(turn.locator("textarea")).to_have_value("Моя правка тут.")
    assert texts(rooms, id)[0] == "Чужая правка тут."
    made.complaints.clear()  # Chromium notes every 409 on its console
    turn.locator("[data-keep-mine]").click()
    expect(turn.locator("[data-theirs]")).to_be_hidden(timeout=15_000)
    saved(page)
    assert texts(rooms, id)[0] == "Моя правка тут."


def test_find_and_replace_shows_how_many_and_is_one_step_to_undo(visit: Open, rooms: Rooms) -> None:
    """R, two words, Enter; U."""
    id = twelve(rooms)
    before = texts(rooms, id)
    page = visit(Role.INTERVIEWER).open(f"/interviews/{id}/review")
    page.keyboard.press("r")
    page.keyboard.type("пришёл")
    expect(page.locator("[data-count-words]")).to_have_text("Found: 12", timeout=15_000)
    page.keyboard.press("Tab")
    page.keyboard.type("приехал")
    page.keyboard.press("Enter")
    expect(page.locator(".said", has_text="приехал")).to_have_count(12, timeout=15_000)
    page.keyboard.press("Escape")
    page.keyboard.press("u")
    expect(page.locator(".said", has_text="пришёл")).to_have_count(12, timeout=15_000)
    assert texts(rooms, id) == before


def test_the_page_comes_back_to_the_line_where_it_was_and_keeps_no_text(visit: Open, rooms: Rooms) -> None:
    """Numbers only in the browser's storage."""
    id = twelve(rooms)
    page = visit(Role.INTERVIEWER).open(f"/interviews/{id}/review")
    for _ in range(4):
        page.keyboard.press("n")
    chosen = page.locator(".person[aria-current]").get_attribute("data-n")
    page.reload()
    expect(page.locator(".person[aria-current]")).to_have_attribute("data-n", chosen or "")
    kept = page.evaluate("JSON.stringify([Object.entries(sessionStorage), Object.entries(localStorage)])")
    assert not re.search("[а-яё]", kept, re.IGNORECASE)


@pytest.mark.parametrize("language", ["en", "ru"])
def test_preview_compares_before_and_after_on_a_phone(visit: Open, rooms: Rooms, language: str) -> None:
    """One box shows the text as it was said; nothing scrolls sideways."""
    id = twelve(rooms)
    made = visit(Role.INTERVIEWER, 320, locale=language)
    page = made.open(f"/interviews/{id}/preview")
    shown = page.locator(".compared .turn").first
    expect(shown.locator(".after")).to_be_visible()
    expect(shown.locator(".before")).to_be_hidden()
    page.check("#as-said")
    expect(shown.locator(".before")).to_contain_text("Каноничевский")
    expect(shown.locator(".after")).to_be_hidden()
    assert made.overflow() == 0
    made.open(f"/interviews/{id}/review")
    assert made.overflow() == 0


def test_an_undo_that_others_stand_in_the_way_of_says_so_and_takes_the_one_before(visit: Open, rooms: Rooms) -> None:
    """U after somebody else decided the same person: theirs stays, one's own earlier decision goes."""
    id = twelve(rooms)
    page = visit(Role.INTERVIEWER).open(f"/interviews/{id}/review")
    for key in "cncn":
        page.keyboard.press(key)
    expect(page.locator("[data-left-words]")).to_have_text("10 of 12 left", timeout=15_000)
    saved(page)
    current = review.read(rooms.house, rooms.who[Role.ARCHIVIST], id)
    newest = page.locator(".person[data-decision=conceal]").nth(1).get_attribute("data-key") or ""
    choice = {newest: Choice(Decision.KEEP)}
    review.decide(rooms.house, rooms.who[Role.ARCHIVIST], id, choice, current.version)
    page.keyboard.press("u")
    expect(page.locator("[data-saved]")).to_contain_text("so it stays. The one before it was undone.", timeout=15_000)
    expect(page.locator("[data-left-words]")).to_have_text("11 of 12 left")
    assert review.read(rooms.house, rooms.who[Role.ARCHIVIST], id).decisions.choices == choice
