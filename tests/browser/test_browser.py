"""The pages in Chromium: what needs scripts, sound, a width or a keyboard."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from archive.acts import consents, review
from archive.policy import Role
from tests.browser.conftest import Visit
from tests.rooms import Rooms, in_review

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Open = Callable[..., Visit]


_FOCUSED = """(() => {
    const here = document.activeElement;
    const name = here.name || here.id || here.className || here.tagName;
    return { name, outline: getComputedStyle(here).outlineStyle };
})()"""


_HELD_BACK = """(() => {
    const leaving = new Event("beforeunload", { cancelable: true });
    dispatchEvent(leaving);
    return leaving.defaultPrevented;
})()"""


def playing(page: Page) -> bool:
    """Whether sound is heard now."""
    heard: bool = page.evaluate(
        "(() => { const a = document.querySelector('audio'); return !a.paused && !a.ended; })()"
    )
    return heard


def until(page: Page, condition: str) -> None:
    """Waits for ``condition`` about ``audio``. Playwright's own waiting evaluates strings, which our policy forbids."""
    for _ in range(200):
        if page.evaluate(f"(() => {{ const audio = document.querySelector('audio'); return {condition}; }})()"):
            return
        page.wait_for_timeout(50)
    raise AssertionError(condition)


def test_the_secure_cookie_holds_on_plain_loopback(visit: Open) -> None:
    """Chromium keeps a __Host- cookie of http://127.0.0.1, and scripts cannot see it."""
    made = visit(Role.HISTORIAN)
    cookies = made.page.context.cookies()
    assert [(one["name"], one["secure"], one["httpOnly"], one["sameSite"]) for one in cookies] == [
        ("__Host-golosa", True, True, "Strict")
    ]
    assert made.page.evaluate("document.cookie") == ""


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_is_wider_than_a_small_phone(visit: Open, rooms: Rooms, language: str, scheme: str) -> None:
    """At 320 CSS pixels nothing scrolls sideways, in both languages, light and dark, and no browser complains."""
    paths = {
        None: ["/", "/consent", "/promises", "/sign-in", "/invitation", "/new-password", "/narrator"],
        Role.ARCHIVIST: [
            "/interviews", "/interviews/new", "/search", "/notebook", "/drafts", "/account", "/field-card",
            f"/interviews/{rooms.in_review}/consent", f"/interviews/{rooms.released}/consent",
            f"/interviews/{rooms.in_review}/review", f"/interviews/{rooms.in_review}/preview",
            f"/interviews/{rooms.in_review}/about",
            f"/interviews/{rooms.released}", f"/interviews/{rooms.released}/withdraw",
        ],
        Role.ADMIN: ["/admin", "/admin/health"],
    }  # fmt: skip
    for role, pages in paths.items():
        made = visit(role, 320, color_scheme=scheme, locale=language)
        if role is not None:
            made.open("/account").select_option("#language", language)
            made.page.click("form[action*=language] button")
        for path in pages:
            made.open(path)
            assert made.page.get_attribute("html", "lang") == language
            assert made.overflow() == 0, path


def test_the_narrators_page_needs_no_script_and_fits_a_phone(visit: Open, rooms: Rooms) -> None:
    """In a browser without scripts, 320 pixels wide: the code, the text, the sound, a wish, the way out."""
    code = consents.issue_receipt(rooms.house, rooms.who[Role.INTERVIEWER], rooms.released)
    for scheme, language in (("light", "en"), ("dark", "ru")):
        made = visit(None, 320, java_script_enabled=False, color_scheme=scheme, locale=language)
        page = made.open("/narrator")
        page.fill("[name=code]", code)
        page.click("form.sheet button")
        expect(page.locator(".large .turn")).not_to_have_count(0)
        expect(page.locator("audio")).to_have_count(1)
        assert page.get_attribute("html", "lang") == language
        box = page.locator("main").bounding_box()
        assert box is not None
        assert box["width"] <= 320
        page.click("a[href*=stop]")
        expect(page.locator("[name=withdraw]")).not_to_be_checked()
        page.go_back()
        page.fill("[name=request]", "Уберите про завод")
        page.click("#ask button")
        expect(page.locator("[role=status]")).to_have_count(1)
        page.click("form[action*=leave] button")


def test_everything_can_be_reached_by_keyboard(visit: Open, rooms: Rooms) -> None:
    """Tab visits links and fields in order, each one visibly; the first stop leads past the navigation."""
    made = visit(Role.HISTORIAN)
    page = made.open(f"/interviews/{rooms.released}")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("Tab")
    seen = set()
    while (stop := page.evaluate(_FOCUSED))["name"] not in {"BODY", "speed"}:
        seen.add(stop["name"])
        assert stop["outline"] != "none", stop["name"]
        page.keyboard.press("Tab")
    assert {"time", "start", "end", "title"} <= seen


def test_sound_is_played_from_a_click_on_a_word_and_followed(visit: Open, rooms: Rooms) -> None:
    """A click on a word moves the sound to its second; while it plays the turn and the word are marked."""
    page = visit(Role.HISTORIAN).open(f"/interviews/{rooms.released}")
    until(page, "audio.readyState > 0")
    turn = page.locator(".turn").nth(6)
    start, said = float(turn.get_attribute("data-start") or 0), turn.locator(".said")
    said.click(position={"x": 5, "y": 12})
    until(page, f"Math.abs(audio.currentTime - {start}) < 0.2")
    page.click("[data-play]")
    until(page, "audio.currentTime > 0 && !audio.paused")
    expect(page.locator(".turn.heard")).to_have_count(1)
    assert page.evaluate("CSS.highlights.get('now')?.size") == 1
    page.keyboard.press("Control+Space")
    assert not playing(page)


def test_a_link_with_seconds_leads_to_its_words(visit: Open, rooms: Rooms) -> None:
    """#t=a,b scrolls to the turn, marks exactly the words between, and sets the player there."""
    page = visit(Role.HISTORIAN).open(f"/interviews/{rooms.released}#t=19.00,24.00")
    marked = page.evaluate("[...CSS.highlights.get('cited')].map(range => range.toString()).join(' ')")
    assert marked == "Я родилась в Самаре в 1986 году."
    until(page, "Math.abs(audio.currentTime - 19) < 0.2")
    page.click("[data-play]")
    until(page, "!audio.paused")
    assert page.evaluate("document.querySelector('audio').currentTime") >= 19, "it begins before the words it names"


def test_a_hit_is_heard_without_leaving_the_answer(visit: Open) -> None:
    """The button plays at the hit in a bar of the same page; Back and Reload find the answer again."""
    made = visit(Role.HISTORIAN)
    page = made.open("/search")
    page.fill("[name=q]", "самара")
    page.press("[name=q]", "Enter")
    page.wait_for_url(re.compile(r"/search/[\w-]+\?page=1"))
    assert "самара" not in page.url
    page.locator("[data-hear]").first.click()
    until(page, "!audio.paused && audio.currentTime > 15")
    page.locator("article h2 a").first.click()
    page.wait_for_url(re.compile(r"/interviews/"))
    page.go_back()
    expect(page.locator("mark").first).to_have_text(re.compile("Самар"))
    page.reload()
    expect(page.locator("mark").first).to_be_visible()


def test_review_by_keys_alone(visit: Open, rooms: Rooms) -> None:
    """C, K, F decide and N goes on, in any layout; U goes back to undecided; bar and text follow."""
    id = in_review(rooms.house, rooms.who[Role.INTERVIEWER])
    page = visit(Role.INTERVIEWER).open(f"/interviews/{id}/review")
    left = page.locator("[data-left-words]")
    expect(left).to_have_text("1 of 2 left")
    current = page.locator(".person[aria-current]")
    number = current.get_attribute("data-n")
    page.keyboard.press("KeyF")
    expect(left).to_have_text("All decided")
    expect(page.locator(f'.said .name[data-n="{number}"]').first).to_have_attribute("data-decision", "public-figure")
    page.keyboard.press("u")
    expect(left).to_have_text("1 of 2 left")
    page.keyboard.press("k")
    expect(left).to_have_text("All decided")
    expect(page.locator("[data-saved]")).to_have_text(re.compile(r"Saved \d\d:\d\d:\d\d"))
    page.keyboard.press("p")
    until(page, "!audio.paused")
    page.keyboard.press("Shift+Slash")
    expect(page.locator("#help")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#help")).to_be_hidden()
    decided = review.read(rooms.house, rooms.who[Role.INTERVIEWER], id)
    assert [choice.decision for choice in decided.decisions.choices.values()] == ["keep"]


def test_a_cover_name_that_gives_somebody_away_is_refused_beside_its_field(visit: Open, rooms: Rooms) -> None:
    """What was typed stays, the reason stands beside it; another cover is taken."""
    id = in_review(rooms.house, rooms.who[Role.INTERVIEWER])
    made = visit(Role.INTERVIEWER)
    page = made.open(f"/interviews/{id}/review")
    page.keyboard.press("g")
    field = page.locator(".person[aria-current] input[name=cover]")
    field.fill("Лебедева")
    field.press("Enter")
    problem = page.locator(".person[aria-current] [data-problem]")
    expect(problem).to_contain_text("sounds like")
    expect(field).to_have_value("Лебедева")
    expect(page.locator("[data-left-words]")).to_have_text("1 of 2 left")
    made.complaints.clear()  # Chromium notes every 400 on its console
    field.fill("Анна Лесная")
    field.press("Enter")
    expect(page.locator("[data-left-words]")).to_have_text("All decided")
    expect(problem).to_be_hidden()


def test_two_rows_are_put_together_and_taken_apart_by_undo(visit: Open, rooms: Rooms) -> None:
    """The list is one shorter, and as it was after U."""
    id = in_review(rooms.house, rooms.who[Role.INTERVIEWER])
    page = visit(Role.INTERVIEWER, 320).open(f"/interviews/{id}/review")
    rows = page.locator(".person")
    before = rows.count()
    row = page.locator(".person[aria-current]")
    row.locator(".regroup summary").click()
    row.locator("select[name=other]").select_option(index=1)
    row.locator(".regroup button", has_text="Apply").click()
    expect(rows).to_have_count(before - 1)
    page.keyboard.press("u")
    expect(rows).to_have_count(before)


def test_a_selected_name_is_concealed_everywhere(visit: Open, rooms: Rooms) -> None:
    """Select, press the button beside the selection: every form of it becomes a person, protected, at once."""
    id = in_review(rooms.house, rooms.who[Role.INTERVIEWER])
    page = visit(Role.INTERVIEWER).open(f"/interviews/{id}/review")
    word = page.locator(".said", has_text="родилась в Самаре")
    word.evaluate(
        """said => { const at = said.firstChild.data.indexOf("Самаре"); const range = document.createRange();
        range.setStart(said.firstChild, at); range.setEnd(said.firstChild, at + 6);
        getSelection().removeAllRanges(); getSelection().addRange(range); }"""
    )
    button = page.locator("[data-float]")
    expect(button).to_have_text("Conceal “Самаре” everywhere")
    button.click()
    expect(page.locator(".said .name", has_text="Самаре").first).to_have_attribute("data-decision", "conceal")


def test_a_turn_is_corrected_and_saved_by_itself(visit: Open, rooms: Rooms) -> None:
    """Double-click, type, wait two seconds: saved; the names in the new text are found and drawn when one is done."""
    id = in_review(rooms.house, rooms.who[Role.INTERVIEWER])
    page = visit(Role.INTERVIEWER).open(f"/interviews/{id}/review")
    turn = page.locator(".turn", has_text="Я родилась")
    turn.locator(".said").dblclick()
    turn.locator("textarea").fill("Я родилась в Самаре, как Лебедевы.")
    assert page.evaluate(_HELD_BACK), "a preview opened now would lack the last words"
    expect(page.locator("[data-saved]")).to_have_text(re.compile("Saved"), timeout=8000)
    assert not page.evaluate(_HELD_BACK)
    turn.locator("textarea").press("Enter")
    expect(turn.locator(".name")).to_have_text("Лебедевы")
    stored = review.read(rooms.house, rooms.who[Role.INTERVIEWER], id).transcript
    assert "Я родилась в Самаре, как Лебедевы." in [segment.text for segment in stored.segments]


def test_a_selection_fills_the_proposal(visit: Open, rooms: Rooms) -> None:
    """The times of the selected words stand in the form; the proposal is there after sending it."""
    page = visit(Role.HISTORIAN).open(f"/interviews/{rooms.released}")
    page.locator(".said", has_text="Я родилась").evaluate("said => getSelection().selectAllChildren(said)")
    expect(page.locator("[name=start]")).to_have_value(re.compile(r"^0:19\."))
    page.fill("[name=title]", "Самара")
    page.click("#propose button.button")
    page.wait_for_url(re.compile("/drafts"))
    expect(page.locator("article", has_text="Самара").first).to_contain_text("Proposed")


def test_a_refused_proposal_is_shown_again_where_it_was_written(visit: Open, rooms: Rooms) -> None:
    """On a phone the form is far down the page: the answer leads back to it, with what was typed still there."""
    made = visit(Role.HISTORIAN, 320)
    page = made.open(f"/interviews/{rooms.released}")
    page.fill("[name=start]", "0:19")
    page.fill("[name=end]", "soon")
    page.click("#propose button.button")
    expect(page.locator("[data-problem=end]")).to_be_in_viewport()
    expect(page.locator("[name=end]")).to_have_value("soon")
    made.complaints.clear()  # Chromium notes every 400 on its console


def test_the_code_of_an_invitation_leaves_the_address(visit: Open) -> None:
    """It goes from behind the # into the form; the address is clean again."""
    page = visit().open("/invitation#secret-code")
    expect(page.locator("[name=invitation]")).to_have_value("secret-code")
    assert "secret" not in page.url


def test_pages_work_without_scripts(visit: Open, rooms: Rooms) -> None:
    """Signing in, searching, reading and hearing need none; the player is the browser's own."""
    made = visit(Role.HISTORIAN, java_script_enabled=False)
    page = made.open("/search")
    page.fill("[name=q]", "самара")
    page.press("[name=q]", "Enter")
    expect(page.locator("mark").first).to_be_visible()
    page.locator("article h2 a").first.click()
    expect(page.locator("audio[controls]")).to_be_visible()
