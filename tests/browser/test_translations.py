"""Translations in Chromium: typed and kept by themselves, read side by side, copied with their source."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect

from archive.acts import changes, review
from archive.acts.editing import Split
from archive.acts.translating import Render
from archive.policy import Role
from tests.browser.conftest import Visit
from tests.rooms import Rooms, in_review, translated

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Open = Callable[..., Visit]


@pytest.fixture
def interview(rooms: Rooms) -> UUID:
    """An interview in review, of which two turns are in English."""
    id = in_review(rooms.house, rooms.who[Role.INTERVIEWER])
    translated(rooms.house, rooms.who[Role.INTERVIEWER], id)
    return id


def kept(rooms: Rooms, id: UUID, turn: str) -> str:
    """The English of a turn, as it is stored."""
    found = review.read(rooms.house, rooms.who[Role.INTERVIEWER], id).renderings["en"]
    return found[turn][0] if turn in found else ""


def box(page: Page, turn: str) -> tuple[float, float]:
    """Where a turn's translation begins, from the left, and its text."""
    found = page.locator(f"#turn-{turn} .rendered").bounding_box()
    said = page.locator(f"#turn-{turn} .said").bounding_box()
    assert found is not None
    assert said is not None
    return found["x"], said["x"]


def test_what_is_typed_is_kept_by_itself(visit: Open, rooms: Rooms, interview: UUID) -> None:
    """Two seconds after the last key, and again; nothing is left to lose when the page is left."""
    made = visit(Role.INTERVIEWER)
    page = made.open(f"/interviews/{interview}/translations?into=en")
    for text in ("Today is May 14.", "Today is 14 May 2024."):
        page.fill("#text-0", text)
        expect(page.locator("[data-saved]")).to_contain_text("Saved", timeout=10_000)
        page.wait_for_function("() => /\\d/.test(document.querySelector('[data-saved]').textContent)")
        assert kept(rooms, interview, "0") == text
        page.evaluate("document.querySelector('[data-saved]').textContent = ''")
    page.fill("#text-1", "We record this in Yerevan.")
    page.click("form[data-translation] button")
    page.wait_for_url(lambda url: "into=en" in url)
    assert kept(rooms, interview, "1") == "We record this in Yerevan."


def test_two_who_type_in_one_field_see_both(visit: Open, rooms: Rooms, interview: UUID) -> None:
    """What was typed is not lost, and nobody's is written over."""
    made = visit(Role.INTERVIEWER)
    page = made.open(f"/interviews/{interview}/translations?into=en")
    on = review.read(rooms.house, rooms.who[Role.ARCHIVIST], interview).version
    changes.make(rooms.house, rooms.who[Role.ARCHIVIST], interview, Render("en", {"0": ("Theirs.", "")}), on)
    page.fill("#text-0", "Mine.")
    expect(page.locator("#turn-0 .problem")).to_contain_text("Theirs.", timeout=10_000)
    assert page.input_value("#text-0") == "Mine."
    assert kept(rooms, interview, "0") == "Theirs."
    page.click("form[data-translation] button")
    page.wait_for_url(lambda url: "into=en" in url)
    assert kept(rooms, interview, "0") == "Mine."
    made.complaints[:] = [one for one in made.complaints if "409" not in one]


def test_both_languages_stand_side_by_side_or_one_below_the_other(visit: Open, rooms: Rooms) -> None:
    """Two columns where there is room, one on a phone; found inside in both."""
    page = visit(Role.HISTORIAN).open(f"/interviews/{rooms.released}?beside=en")
    left, right = box(page, "5")[1], box(page, "5")[0]
    assert right > left + 200
    page.fill("#inside", "my name")
    expect(page.locator("[data-inside-count]")).to_have_text("1 of 1")
    phone = visit(Role.HISTORIAN, width=320)
    page = phone.open(f"/interviews/{rooms.released}?beside=en")
    assert abs(box(page, "5")[0] - box(page, "5")[1]) < 2
    assert phone.overflow() == 0


def test_what_is_copied_of_a_translation_says_that_it_is_one(visit: Open, rooms: Rooms) -> None:
    """With the source of the turn it stands beside."""
    made = visit(Role.HISTORIAN)
    made.page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=made.address)
    page = made.open(f"/interviews/{rooms.released}?beside=en")
    page.evaluate("getSelection().selectAllChildren(document.querySelector('#turn-2 .rendered'))")
    page.keyboard.press("Control+C")
    copied: str = page.evaluate("navigator.clipboard.readText()")
    assert "Hello Irina, thank you for agreeing to talk." in copied
    assert f"/interviews/{rooms.released}?v=1#t=" in copied
    assert "translation: English" in copied


def test_saving_takes_nothing_back_that_others_wrote_meanwhile(visit: Open, rooms: Rooms, interview: UUID) -> None:
    """Nor does it stop where somebody cut a turn; and nobody leaves with words unsaved without being asked."""
    who = rooms.who[Role.ARCHIVIST]
    made = visit(Role.INTERVIEWER)
    page = made.open(f"/interviews/{interview}/translations?into=en")
    meanwhile = (Render("en", {"7": ("Theirs.", "")}), Split("6", 2))
    for turn, operation in zip(("0", "1"), meanwhile, strict=True):
        changes.make(rooms.house, who, interview, operation, review.read(rooms.house, who, interview).version)
        page.fill(f"#text-{turn}", f"Mine, {turn}.")
        page.wait_for_function("() => /Saved \\d/.test(document.querySelector('[data-saved]').textContent)")
        page.evaluate("document.querySelector('[data-saved]').textContent = ''")
    assert [kept(rooms, interview, turn) for turn in ("0", "1", "7")] == ["Mine, 0.", "Mine, 1.", "Theirs."]

    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.locator("#text-3").press_sequentially("Unsaved")
    page.evaluate("setTimeout(() => location.assign('/interviews'), 0)")
    expect(page.locator("[data-saved]")).to_contain_text("Saved", timeout=10_000)
    assert asked == ["beforeunload"]
    assert kept(rooms, interview, "3") == "Unsaved"
