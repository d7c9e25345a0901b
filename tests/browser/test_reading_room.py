"""The reading room in Chromium: choosing words, quoting, keeping, citing, printing; and by keyboard alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from archive.consent import Terms
from archive.policy import Role
from tests.browser.conftest import Visit
from tests.browser.test_axe import settled, violations
from tests.browser.test_keyboard import press, sign_in, write
from tests.rooms import PASSWORD, Rooms

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Open = Callable[..., Visit]

_SELECT = """(([turn, from, to]) => {
    const text = document.querySelectorAll(".said")[turn];
    const nodes = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
    const node = nodes.nextNode();
    getSelection().setBaseAndExtent(node, from, node, Math.min(to, node.length));
})"""


def choose(page: Page, turn: int, start: int = 0, end: int = 60) -> str:
    """Selects letters of a turn as a mouse would; what is selected."""
    page.locator(".turn").nth(turn).scroll_into_view_if_needed()
    page.evaluate(f"{_SELECT}([{turn}, {start}, {end}])")
    expect(page.locator("[data-chosen]")).to_be_visible()
    text: str = page.evaluate("getSelection().toString()")
    return text


def test_chosen_words_are_copied_with_their_source(visit: Open, rooms: Rooms) -> None:
    """The button and Ctrl+C copy the same: the words, then whose they are, where, in which version."""
    made = visit(Role.HISTORIAN)
    made.page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=made.address)
    page = made.open(f"/interviews/{rooms.released}")
    text = choose(page, 6)
    page.click("[data-copy-chosen]")
    expect(page.locator("[data-chosen] [role=status]")).to_have_text("Copied with its source.")
    copied: str = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(f"«{text.strip()}»\n")
    assert re.search(
        rf"Interview \d{{4}}-\d{{4}}.+version 1, 0:\d\d–0:\d\d.+/interviews/{rooms.released}\?v=1#t=", copied
    )
    page.evaluate("navigator.clipboard.writeText('')")
    page.keyboard.press("Control+C")
    assert page.evaluate("navigator.clipboard.readText()") == copied


def test_a_copied_address_leads_to_the_words(visit: Open, rooms: Rooms) -> None:
    """In another window: the turn is in view and the words are marked; beyond the end nothing breaks."""
    made = visit(Role.HISTORIAN)
    page = made.open(f"/interviews/{rooms.released}")
    choose(page, 6)
    seconds = [page.input_value(f".choosing [name={name}]") for name in ("from", "to")]
    start, end = (60 * int(one.partition(":")[0]) + float(one.partition(":")[2]) for one in seconds)
    page = made.open(f"/interviews/{rooms.released}?v=1#t={start:.2f},{end:.2f}")
    expect(page.locator(".turn").nth(6)).to_be_in_viewport()
    assert page.evaluate("CSS.highlights.get('cited')?.size") == 1
    for odd in ("#t=99999,999999", "#t=5,1", "#t=", "#t=abc", "#t=1e9,2e9"):
        page = made.open(f"/interviews/{rooms.released}?v=1{odd}")
        expect(page.locator(".turn").first).to_be_attached()


def test_a_citation_clicked_with_its_full_stop_leads_there_through_the_door(visit: Open, rooms: Rooms) -> None:
    """Signed out, with a wrong password first: the same page, version and seconds, and the words are marked."""
    made = visit()
    page = made.open(f"/interviews/{rooms.released}?v=3.#t=19.00,24.00.")
    page.fill("[name=name]", Role.HISTORIAN.value)
    page.fill("[name=password]", "wrong")
    page.click("form.sheet button.act")
    page.fill("[name=password]", PASSWORD)
    page.click("form.sheet button.act")
    page.wait_for_url(re.compile(rf"/interviews/{rooms.released}\?v=3#t=19"))
    expect(page.locator(".warning")).to_contain_text("There is no version 3")
    assert page.evaluate("CSS.highlights.get('cited')?.size") == 1
    assert "401" in made.complaints.pop()  # the browser complains of the status, which is meant
    for after in (".", ").", "%2E", "]", ";"):
        page = made.open(f"/search#{after}")
        page = made.open(f"/interviews/{rooms.released}?v=1{after}#t=19.00%2C24.00{after}")
        assert page.evaluate("CSS.highlights.get('cited')?.size") == 1
        expect(page.locator(".turn.heard")).to_be_in_viewport()


@pytest.mark.parametrize("script", [True, False])
def test_seconds_lead_to_their_turn_without_a_script(visit: Open, rooms: Rooms, script: bool) -> None:
    """Signed out, with the seconds as a parameter; with a script the words are marked as ever."""
    page = visit(java_script_enabled=script).open(f"/interviews/{rooms.released}?v=1&t=24.00,28.00.")
    page.set_viewport_size({"width": 500, "height": 400})
    page.fill("[name=name]", Role.HISTORIAN.value)
    page.fill("[name=password]", PASSWORD)
    page.click("form.sheet button.act")
    page.wait_for_url(re.compile(rf"/interviews/{rooms.released}\?v=1&passage=24.00,28.00#passage"))
    expect(page.locator("#turn-6")).to_be_in_viewport()
    expect(page.locator("#turn-0")).not_to_be_in_viewport()
    if script:
        assert page.evaluate("CSS.highlights.get('cited')?.size") == 1


def test_no_word_is_marked_before_something_is_heard_and_none_on_paper(visit: Open, rooms: Rooms) -> None:
    """Nor is its turn's time; once a place was chosen the word is marked, but not printed."""
    page = visit(Role.HISTORIAN).open(f"/interviews/{rooms.released}")
    page.evaluate(
        """new Promise((done) => {
            const audio = document.querySelector("audio")
            audio.addEventListener("timeupdate", done, { once: true })
            audio.currentTime = 20 // the browser's own doing: nobody chose it
        })"""
    )
    marked = "[CSS.highlights.get('now')?.size ?? 0, document.querySelectorAll('.turn.heard').length]"
    assert page.evaluate(marked) == [0, 0]
    page.locator(".said").nth(2).click()
    assert page.evaluate(marked) == [1, 1]
    page.emulate_media(media="print")
    look = """(() => {
        const [word, time] = [getComputedStyle(document.querySelector('.turn.heard .said'), '::highlight(now)'),
            (one) => getComputedStyle(one.querySelector('.time'))]
        const [heard, other] = ['.turn.heard', '.turn:not(.heard)'].map((one) => time(document.querySelector(one)))
        const same = ['color', 'fontWeight'].every((name) => heard[name] === other[name])
        return [word.textDecorationLine, word.backgroundColor, same]
    })()"""
    assert page.evaluate(look) == ["none", "rgba(0, 0, 0, 0)", True]


def test_chosen_words_are_kept_and_cited(visit: Open, rooms: Rooms) -> None:
    """One button saves and says so; the other leads to the page of citations, and from there with a note."""
    made = visit(Role.HISTORIAN)
    page = made.open(f"/interviews/{rooms.released}")
    choose(page, 6)
    page.locator("[data-chosen] button", has_text="Save to notebook").click()
    expect(page.locator("[data-chosen] [role=status]")).to_have_text("Saved in your notebook.")
    text = choose(page, 5).split()[0]
    page.click("[data-cite-chosen]")
    page.wait_for_url(re.compile(r"/cite\?from="))
    expect(page.locator(".quoted")).to_contain_text(text)
    for name in ("chicago", "gost", "bibtex", "ris"):
        expect(page.locator(f"#cite-{name}")).to_contain_text(f"/interviews/{rooms.released}?v=1#t=")
    page.fill("[name=note]", "О чемодане")
    page.locator("form.sheet button").click()
    page.wait_for_url(re.compile("/notebook"))
    expect(page.locator(".kept").first).to_contain_text("О чемодане")
    expect(page.locator(".kept")).to_have_count(2)
    for _ in range(2):
        page.locator(".kept").first.get_by_role("button", name="Remove").click()
    expect(page.locator(".kept")).to_have_count(0)


def test_a_historian_keeps_and_notes_by_keyboard(visit: Open, rooms: Rooms) -> None:
    """Times typed, a note, the notebook, a copy as a file, and the passage removed again."""
    page = sign_in(visit, Role.HISTORIAN)
    page.goto(re.sub(r"(//[^/]+)/.*", rf"\1/interviews/{rooms.released}", page.url))
    write(page, ".choosing [name=from]", "0:19")
    write(page, ".choosing [name=to]", "0:24")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/cite"))
    write(page, "[name=note]", "по клавишам")
    press(page, "form.sheet button")
    page.wait_for_url(re.compile("/notebook"))
    expect(page.locator(".kept .note")).to_have_text("по клавишам")
    with page.expect_download() as download:
        press(page, "a[href='/notebook/files/docx']")
    assert download.value.suggested_filename == "notebook.docx"
    press(page, "form[action$='/remove'] button")
    expect(page.locator(".kept")).to_have_count(0)


def test_print_shows_the_words_and_their_source_alone(visit: Open, rooms: Rooms) -> None:
    """On paper: the citation, every turn, the marks of withheld names; neither forms nor the player."""
    page = visit(Role.HISTORIAN).open(f"/interviews/{rooms.released}")
    page.emulate_media(media="print")
    expect(page.locator(".printed-only")).to_be_visible()
    expect(page.locator(".printed-only")).to_contain_text("Interview")
    for hidden in ("aside", ".player", ".mast"):
        expect(page.locator(hidden).first).to_be_hidden()
    assert page.evaluate(
        "[...document.querySelectorAll('.said')].every((one) => one.getBoundingClientRect().height > 0)"
    )
    assert page.pdf()[:5] == b"%PDF-"


def test_every_form_is_found_inside(visit: Open, rooms: Rooms) -> None:
    """What is typed at once, letter by letter; its forms a moment later; without them if nobody wants them."""
    made = visit(Role.HISTORIAN)
    page = made.open(f"/interviews/{rooms.released}?beside=en")
    here, count = page.url, page.locator("[data-inside-count]")
    marked = "[...(CSS.highlights.get('inside') ?? [])].map(String)"
    page.fill("#inside", "школой")
    expect(count).to_have_text("1 of 1")
    assert page.evaluate(marked) == ["школе"]
    expect(page.locator("#turn-7")).to_be_in_viewport()
    page.uncheck("[data-inside-forms] input")
    expect(count).to_have_text("not found")
    assert page.evaluate(marked) == []
    page.check("[data-inside-forms] input")
    expect(count).to_have_text("1 of 1")
    page.fill("#inside", "names")
    expect(count).to_have_text("1 of 1")
    assert page.evaluate(marked) == ["name"], "in the translation, too"
    page.fill("#inside", "ра")
    page.keyboard.press("Enter")
    expect(count).to_have_text(re.compile(r"2 of \d"))
    page.wait_for_timeout(1000)
    expect(count).to_have_text(re.compile(r"2 of \d"))
    assert page.url == here


def test_letters_are_found_inside_where_the_archive_does_not_answer(visit: Open, rooms: Rooms) -> None:
    """And it is said that other forms could not be looked for."""
    made = visit(Role.HISTORIAN)
    page = made.open(f"/interviews/{rooms.released}")
    page.route("**/inside*", lambda route: route.abort())
    page.fill("#inside", "работа")
    expect(page.locator("[data-inside-count]")).to_contain_text("the other forms could not be looked for")
    assert page.evaluate("[...CSS.highlights.get('inside')].map(String)") == ["работа"]
    made.complaints[:] = [one for one in made.complaints if "ERR_FAILED" not in one]


def asked(made: Visit, question: str) -> Page:
    """The answer to a question, and the address it stands under."""
    page = made.open("/search")
    page.fill("[name=q]", question)
    page.press("[name=q]", "Enter")
    page.wait_for_url(re.compile(r"/search/[\w-]+"))
    return page


def heard(page: Page) -> None:
    """Waits until something is heard."""
    for _ in range(200):
        if page.evaluate("[...document.querySelectorAll('audio')].some((one) => !one.paused && one.currentTime > 1)"):
            return
        page.wait_for_timeout(50)
    raise AssertionError("nothing is heard")


def test_the_voice_is_two_keys_or_two_clicks_from_the_box(visit: Open) -> None:
    """With the words typed: Enter and Ctrl+Space; or the button of the box and the one beside the hit."""
    presses: list[str] = []
    page = visit(Role.HISTORIAN).open("/search")
    page.keyboard.type("самара")  # the box has the focus
    for key in ("Enter", "Control+Space"):
        presses.append(key)
        page.keyboard.press(key)
        page.wait_for_url(re.compile(r"/search/[\w-]+"))
    heard(page)
    assert len(presses) == 2
    page = visit(Role.HISTORIAN).open("/search")
    page.fill("[name=q]", "самара")
    clicks = 0
    for button in ("form.ask button", "[data-hear]"):
        page.locator(button).first.click()
        clicks += 1
    heard(page)
    assert clicks == 2


def test_a_line_of_the_concordance_is_heard_from_a_little_before(visit: Open) -> None:
    """Three seconds before the keyword; without leaving the page."""
    made = visit(Role.HISTORIAN)
    page = asked(made, "самара")
    page.goto(page.url.partition("?")[0] + "?view=lines")
    line = page.locator("tr[data-play-from]").first
    start = float(line.get_attribute("data-play-from") or 0)
    line.locator("[data-hear]").click()
    heard(page)
    assert start <= page.evaluate("document.querySelector('audio').currentTime") < start + 3
    expect(line).to_have_class("heard")


@contextmanager
def closed(rooms: Rooms) -> Iterator[None]:
    """Within it nobody may read the released interview."""
    catalogue = rooms.house.catalogue
    with catalogue.reading() as ledger:
        terms = ledger.interviews.get(rooms.released).terms

    def put(terms: Terms) -> None:
        with catalogue.writing() as ledger:
            ledger.interviews.save(replace(ledger.interviews.get(rooms.released), terms=terms))

    put(replace(terms, embargo_until=date(2999, 1, 1)))
    try:
        yield
    finally:
        put(terms)


@pytest.mark.npm
@pytest.mark.parametrize(
    ("language", "scheme", "width"), [("ru", "dark", 320), ("en", "light", 1280), ("ru", "light", 320)]
)
def test_answers_and_notebook_please_axe_and_fit_a_phone(
    visit: Open, rooms: Rooms, language: str, scheme: str, width: int
) -> None:
    """With something in them: hits, lines, similar passages, nothing found, a citation, saved passages and searches."""
    made = visit(Role.HISTORIAN, width, color_scheme=scheme, locale=language)
    settled(made, language)
    page = asked(made, "самара OR чемодан")
    answer = page.url.partition("?")[0]
    similar = page.get_attribute("a[href*=similar]", "href")
    page.locator("form[action='/notebook/searches'] button").click()
    page = made.open(f"/interviews/{rooms.released}/cite?from=19&to=24")
    page.fill("[name=note]", "О чемодане")
    page.locator("form.sheet button").click()
    page.wait_for_url(re.compile("/notebook"))
    nothing = asked(made, "самора").url
    cite = f"/interviews/{rooms.released}/cite?from=19&to=24"
    wrong = {}
    for path in (answer, f"{answer}?year=1900", f"{answer}?view=lines", nothing, f"{similar}", cite, "/notebook"):
        page = made.open(path.removeprefix(made.address))
        found = violations(page) + ([f"wider by {made.overflow()}"] if made.overflow() else [])
        if found:
            wrong[path] = found
    with closed(rooms):
        tombstone = made.open(f"/interviews/{rooms.released}")
        assert tombstone.locator("main a[href='/notebook']").count() == 1
        assert (violations(tombstone), made.overflow()) == ([], 0)
        assert "410" in made.complaints.pop()  # the browser complains of the status, which is meant
    assert wrong == {}
    page = made.open("/notebook")
    while page.locator("form[action$='/remove'] button").count():
        page.locator("form[action$='/remove'] button").first.click()


@pytest.mark.npm
@pytest.mark.parametrize(("scheme", "width"), [("dark", 320), ("light", 1280)])
def test_wrong_times_please_axe_and_are_put_right(visit: Open, rooms: Rooms, scheme: str, width: int) -> None:
    """What was typed stands in the form, the wrong field has the focus, and the right time leads to the words."""
    made = visit(Role.HISTORIAN, width, color_scheme=scheme)
    page = made.open(f"/interviews/{rooms.released}/cite?from=25&to=24")
    assert (violations(page), made.overflow()) == ([], 0)
    assert "400" in made.complaints.pop()  # the browser complains of the status, which is meant
    expect(page.locator("#to")).to_have_value("24")
    expect(page.locator("#from")).to_be_focused()
    page.fill("#from", "0:19")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("from=0"))
    expect(page.locator(".quoted .said").first).to_be_visible()


@pytest.mark.parametrize("width", [320, 1280])
def test_what_can_be_done_with_chosen_words_stays_in_view(visit: Open, rooms: Rooms, width: int) -> None:
    """Whichever turn is selected, above or below the fold; Escape puts it away."""
    page = visit(Role.HISTORIAN, width).open(f"/interviews/{rooms.released}")
    for turn in (0, 3, 7):
        page.evaluate(f"{_SELECT}([{turn}, 0, 60])")
        expect(page.locator("[data-chosen]")).to_be_in_viewport(ratio=1)
    page.keyboard.press("Escape")
    expect(page.locator("[data-chosen]")).to_be_hidden()


def test_the_player_says_why_there_is_no_sound(visit: Open) -> None:
    """In the server's words; see test_search_pages.py for what these are."""
    made = visit(Role.HISTORIAN)
    page = made.open("/search")
    page.route("**/sound", lambda route: route.fulfill(status=429, json={"says": "Open this one to hear it."}))
    page.fill("[name=q]", "бухгалтер")
    page.press("[name=q]", "Enter")
    page.locator("[data-hear]").first.click()
    expect(page.locator(".player [role=status]")).to_have_text("Open this one to hear it.")
    assert all("429" in complaint for complaint in made.complaints)
    made.complaints.clear()


@pytest.mark.npm
@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("ru", "dark")])
def test_a_narrowed_answer_is_seen_to_be_one_on_a_narrow_screen(
    visit: Open, rooms: Rooms, language: str, scheme: str
) -> None:
    """Above the hits, the lines and the list; what was chosen is taken away there; nothing is wider than the screen."""
    made = visit(Role.HISTORIAN, color_scheme=scheme, locale=language)
    settled(made, language)
    page = made.open("/search")
    page.set_viewport_size({"width": 320, "height": 640})
    page.fill("[name=q]", "чемодан OR интервью")
    page.press("[name=q]", "Enter")
    page.wait_for_url(re.compile(r"/search/[\w-]{16}"))  # the script's, a moment after the answer
    answer = page.url.partition("?")[0]
    for path in (f"{answer}?", f"{answer}?view=lines&", f"{made.address}/search/all?"):
        page.goto(f"{path}language=ru&voice=own&from=1990&to=2030&year=")
        expect(page.locator(".filters li")).to_have_count(4)
        top = page.locator(".filters").evaluate("(one) => one.getBoundingClientRect().top")
        assert top < page.locator("article.hit, .kwic, .empty").first.evaluate(
            "(one) => one.getBoundingClientRect().top"
        )
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        assert violations(page) == []
        page.locator(".filters li a").first.click()
        expect(page.locator(".filters li")).to_have_count(3)
