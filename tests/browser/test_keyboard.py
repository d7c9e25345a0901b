"""Every task by keyboard alone: Tab to what is needed, Enter or Space, letters. The mouse is not touched.

What a system's own dialogs ask for (which file) is given to the field; deciding people by keys is test_review's.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from archive import worker
from archive.acts import consents
from archive.policy import Role
from tests import make
from tests.browser.conftest import Visit
from tests.rooms import PASSWORD, Rooms, in_review

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Open = Callable[..., Visit]
_STOPS = 400  # presses after which nobody goes on looking


def to(page: Page, wanted: str) -> None:
    """Tab until the focus is on what the selector names, and that can be seen."""
    for _ in range(_STOPS):
        if page.evaluate(f"document.activeElement.matches({wanted!r})"):
            outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert outline != "none" or page.evaluate("document.activeElement.type") == "file", wanted
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not reach {wanted}")


def press(page: Page, wanted: str, key: str = "Enter") -> None:
    to(page, wanted)
    page.keyboard.press(key)


def write(page: Page, wanted: str, text: str) -> None:
    to(page, wanted)
    page.keyboard.type(text)


def sign_in(visit: Open, role: Role) -> Page:
    """By keyboard, from the first page."""
    page = visit().open("/")
    press(page, "a[href='/sign-in']")
    page.wait_for_url(re.compile("/sign-in"))
    write(page, "[name=name]", role.value)
    write(page, "[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/sign-in" not in url)
    return page


def test_an_interviewer_sends_reviews_and_approves(visit: Open, rooms: Rooms, tmp_path: Path) -> None:
    """From signing in to approval, with a consent that is chosen by arrow keys."""
    id = in_review(rooms.house, rooms.who[Role.INTERVIEWER])
    page = sign_in(visit, Role.INTERVIEWER)
    press(page, "a[href='/interviews/new']")
    page.wait_for_url(re.compile("/interviews/new"))
    to(page, "[name=research]")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.locator("[name=research][value=yes]")).to_be_checked()
    write(page, "[name=protected_names]", "Лебедева")
    to(page, "input[type=file]")
    sound = tmp_path / "recording.opus"
    sound.write_bytes(make.recording(stop=2))
    page.set_input_files("input[type=file]", sound)
    press(page, "form button.act")
    expect(page.get_by_text(re.compile(r"\d{4}-\d{4}")).first).to_be_visible(timeout=30_000)
    page.goto(re.sub(r"(//[^/]+)/.*", rf"\1/interviews/{id}/review", page.url))
    while page.locator('.person[data-decision=""]').count():
        page.keyboard.press("n")
        page.keyboard.press("k")
        page.wait_for_timeout(300)
    press(page, f"a[href='/interviews/{id}/preview']")
    page.wait_for_url(re.compile("/preview"))
    press(page, "[name=read]", "Space")
    press(page, "form.approve button.act")
    page.wait_for_url(re.compile("/interviews$|/desk"))
    worker.work(rooms.house)
    assert make.stage(rooms.house, id).value == "released"


def test_a_historian_searches_reads_hears_and_proposes(visit: Open, rooms: Rooms) -> None:
    """The box, the hit, the sound at the hit, the interview, the form of a proposal."""
    page = sign_in(visit, Role.HISTORIAN)
    write(page, "[name=q]", "самара")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/search/"))
    press(page, "[data-hear]")
    page.wait_for_timeout(500)
    assert page.evaluate("[...document.querySelectorAll('audio')].some((one) => !one.paused)")
    press(page, "article h2 a")
    page.wait_for_url(re.compile("/interviews/"))
    write(page, "[name=start]", "0:19")
    write(page, "[name=end]", "0:24")
    write(page, "[name=title]", "Самара по клавишам")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/drafts"))
    expect(page.locator("article", has_text="Самара по клавишам")).to_contain_text("Proposed")


def test_an_archivist_agrees_publishes_and_takes_back(visit: Open, rooms: Rooms) -> None:
    """The narrator's yes, the public page, and off it again."""
    page = sign_in(visit, Role.HISTORIAN)
    page.goto(re.sub(r"(//[^/]+)/.*", rf"\1/interviews/{rooms.released}", page.url))
    write(page, "[name=start]", "0:12")
    write(page, "[name=end]", "0:18")
    write(page, "[name=title]", "Для всех")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/drafts"))
    page = sign_in(visit, Role.ARCHIVIST)
    press(page, "a[href='/drafts']")
    page.wait_for_url(re.compile("/drafts"))
    draft = page.locator("article", has_text="Для всех")
    here = f"#{draft.get_attribute('id')}"
    press(page, f"{here} form[action$=agreement] button")
    expect(draft).to_contain_text("narrator agreed")
    press(page, f"{here} form[action$=publish] button")
    expect(draft).to_contain_text("Published")
    press(page, f"{here} form[action$=take-back] button")
    expect(draft).to_have_count(0)


def test_a_newer_consent_and_a_receipt(visit: Open, rooms: Rooms) -> None:
    """Recorded from the desk; the receipt's code is on the page."""
    id = in_review(rooms.house, rooms.who[Role.INTERVIEWER])
    page = sign_in(visit, Role.INTERVIEWER)
    page.goto(re.sub(r"(//[^/]+)/.*", rf"\1/interviews/{id}/consent", page.url))
    press(page, "details.newer summary")
    to(page, "details.newer [name=excerpts]")
    page.keyboard.press("ArrowUp")
    press(page, "details.newer button.act")
    expect(page.locator(".versions .now")).to_contain_text("Version 2")
    press(page, "form[action$=receipt] button")
    expect(page.locator(".code")).to_have_text(re.compile(r"(\d{4} ){3}\d{4}"))


def test_a_narrator_answers_and_closes(visit: Open, rooms: Rooms) -> None:
    """The code, a wish, and everything closed."""
    id = in_review(rooms.house, rooms.who[Role.INTERVIEWER])
    page = visit().open("/")
    press(page, "a[href='/narrator']")
    page.wait_for_url(re.compile("/narrator"))
    write(page, "[name=code]", consents.issue_receipt(rooms.house, rooms.who[Role.INTERVIEWER], id))
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/narrator/page"))
    write(page, "[name=request]", "Уберите про завод")
    press(page, "#ask button")
    expect(page.locator("[role=status]")).to_contain_text("1 request")
    press(page, "a[href='/narrator/stop']")
    page.wait_for_url(re.compile("/narrator/stop"))
    press(page, "[name=withdraw]", "Space")
    press(page, "button.act")
    expect(page.locator("[role=status]")).to_contain_text("2 requests")


def test_an_admin_invites(visit: Open, rooms: Rooms) -> None:
    """The role by arrow keys, the link on the page."""
    page = sign_in(visit, Role.ADMIN)
    to(page, "[name=role]")
    page.keyboard.press("ArrowDown")
    press(page, "form.sheet button.act")
    expect(page.locator("#link")).to_have_value(re.compile("/invitation#"))
