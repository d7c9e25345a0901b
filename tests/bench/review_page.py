"""The review of a long interview in Chromium: 40,000 words, 60 people. Milliseconds as a reviewer has them.

    python tests/bench/review_page.py [WORDS]

``open``: from the click to a page whose keys work (navigation start to the end of DOMContentLoaded, scripts run).
``key``: from a key in a turn to the frame that shows its letter, 95th percentile. ``decide``, ``save``, ``split`` (a
turn cut with Enter): from the request to the answer that acknowledges it, median. Real server, real catalogue; names
come from a short list, since finding them anew is not part of any of these. One JSON line; the load of the machine
stands in the table's title.
"""

from __future__ import annotations

import json
import random
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from uuid import UUID

from playwright.sync_api import Page, sync_playwright

from archive.catalogue import PaperKind
from archive.policy import Role
from tests.conftest import CHROMIUM
from tests.rooms import PASSWORD, Rooms, archive_with_rooms, in_review, put
from transcripts.names import Label, Mention, Passage, group
from transcripts.words import Segment, Transcript, Word

_STEMS = (
    *("Кор", "Бар", "Сем", "Пан", "Вол", "Гал", "Дуб", "Жил", "Зуб", "Лом", "Мар", "Нос"),
    *("Пет", "Руб", "Тар", "Бел", "Гор", "Кул", "Мил", "Сол", "Фед", "Рыж", "Хар", "Лук"),
)
SURNAMES = [stem + ending for stem in _STEMS for ending in ("анов", "енков", "ицын")]
FILLER = ("вот", "тогда", "мы", "пошли", "домой", "долго", "говорили", "обо", "всём", "что", "было", "потом")
_FRAMES = """(field) => {
    globalThis.took = [];
    field.addEventListener("keydown", () => {
        const began = performance.now();
        requestAnimationFrame(() => { setTimeout(() => { globalThis.took.push(performance.now() - began); }); });
    }, true);
}"""


def long_interview(rooms: Rooms, words: int) -> UUID:
    """An interview of so many words in which every surname is said, most of them often."""
    draw = random.Random(7)
    segments, mentions, at, said = [], [], 0.0, 0
    while said < words:
        texts = draw.choices(FILLER, k=draw.randint(6, 15))
        if draw.random() < 0.3:
            surname = draw.choice(SURNAMES)
            start = len(" ".join(texts)) + 1
            texts.append(surname)
            mentions.append(Mention(len(segments), start, start + len(surname), Label.SURNAME, surname.lower(),
                                    "tagged-surname", 0.6))  # fmt: skip
        made = [Word(text, round(at + n * 0.35, 2), round(at + n * 0.35 + 0.3, 2), 0.9) for n, text in enumerate(texts)]
        segments.append(Segment(tuple(made), "ru", f"S{len(segments) % 2 + 1}"))
        at, said = made[-1].end + 0.2, said + len(made)
    transcript = Transcript("bench", tuple(segments), at + 1, "machine")
    id = in_review(rooms.house, rooms.who[Role.INTERVIEWER])
    roster = group(mentions, [Passage(segment.text, "ru") for segment in segments])
    papers = {PaperKind.REVIEWED: transcript.as_json(), PaperKind.ROSTER: roster.as_json()}
    put(rooms.house, rooms.who[Role.INTERVIEWER], id, papers)
    return id


def signed_in(page: Page, address: str) -> None:
    """As the interviewer."""
    page.goto(f"{address}/sign-in")
    page.fill("[name=name]", Role.INTERVIEWER.value)
    page.fill("[name=password]", PASSWORD)
    page.click("form.sheet button")
    page.wait_for_url(lambda url: "/sign-in" not in url)


def opened(page: Page, path: str) -> float:
    """Milliseconds until the page can be used."""
    page.goto(path, wait_until="domcontentloaded")
    page.wait_for_selector(".person[aria-current]")
    took: float = page.evaluate("performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd")
    return took


def answers(page: Page, what: str) -> list[float]:
    """Milliseconds of each request that ended so."""
    found: list[float] = page.evaluate(
        "(what) => performance.getEntriesByType('resource').filter((one) => one.name.endsWith(what))"
        ".map((one) => one.responseEnd - one.startTime)",
        what,
    )
    return found


def quiet(page: Page) -> None:
    """Until everything is acknowledged."""
    page.wait_for_timeout(100)
    for _ in range(200):
        if page.inner_text("[data-saved]").startswith("Saved"):
            return
        page.wait_for_timeout(50)


def typed(page: Page, keys: int) -> float:
    """The 95th percentile of a key's way to its letter, in the middle of the interview."""
    middle = page.locator(".turn").nth(page.locator(".turn").count() // 2)
    middle.evaluate("turn => turn.querySelector('.said').dispatchEvent(new MouseEvent('dblclick', { bubbles: true }))")
    field = middle.locator("textarea")
    field.evaluate(_FRAMES)
    field.press("End")
    for letter in ("slovo " * keys)[:keys]:
        page.keyboard.press("Space" if letter == " " else letter)
        page.wait_for_timeout(60)
    page.wait_for_timeout(2500)
    quiet(page)
    took: list[float] = page.evaluate("globalThis.took")
    return statistics.quantiles(took, n=20)[18]


def measure(page: Page, url: str) -> dict[str, float]:
    """The figures."""
    found = {"open": statistics.median(opened(page, url) for _ in range(3))}
    for key in ("c", "n", "k", "n", "f", "n", "c", "n", "c", "n", "k", "n"):
        page.keyboard.press(key)
        quiet(page)
    found["decide"] = statistics.median(answers(page, "/people"))
    found["key"] = typed(page, 120)
    for _ in range(4):
        page.keyboard.press("x")
        page.wait_for_timeout(2300)
        quiet(page)
    found["save"] = statistics.median(answers(page, "/change/text"))
    for _ in range(5):
        page.locator(".editor textarea").evaluate("field => field.setSelectionRange(6, 6)")
        page.keyboard.press("Enter")
        page.wait_for_timeout(1000)
        quiet(page)
    found["split"] = statistics.median(answers(page, "/change/split"))
    return found


def main() -> None:
    words = int(sys.argv[1]) if len(sys.argv) > 1 else 40_000
    with tempfile.TemporaryDirectory() as folder:
        rooms = archive_with_rooms(Path(folder) / "home")
        id = long_interview(rooms, words)
        home = rooms.house.settings.home
        rooms.house.close()
        command = [sys.executable, "-m", "tests.rooms", str(home)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server, sync_playwright() as playwright:
            try:
                assert server.stdout is not None
                address = server.stdout.readline().strip()
                browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
                page = browser.new_page(viewport={"width": 1280, "height": 800})
                signed_in(page, address)
                found = measure(page, f"{address}/interviews/{id}/review")
                browser.close()
            finally:
                server.terminate()
    print(
        json.dumps(
            {"bench": "review in Chromium", "unit": "ms", **{name: round(value) for name, value in found.items()}}
        )
    )


if __name__ == "__main__":
    main()
