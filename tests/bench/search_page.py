"""The search page of a large archive in Chromium: from the key that asks to the first result on the screen.

    python tests/bench/search_page.py [PASSAGES]

So many passages (200,000) of sixty words, forty to an interview, released; asked by a historian who may read them all.
``first result`` is wall time, of questions that were not asked before; ``memory`` the largest resident set of the web
process. Real server, real catalogue, real index. One JSON line; the load of the machine stands in the table's title.
"""

from __future__ import annotations

import json
import random
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

import wordfreq
from playwright.sync_api import Page, sync_playwright

from archive.catalogue import Blob, Kind
from archive.interview import Interview, Stage
from archive.parts import Archive
from archive.policy import MACHINE, Act, Layer, Role
from archive.search import Passage, packed, passages
from tests import make
from tests.bench.web import Watch
from tests.conftest import CHROMIUM
from tests.rooms import PASSWORD, archive_with_rooms
from transcripts.words import Segment, Transcript, Word

WORDS = 60
PER_INTERVIEW = 40
BATCH = 100
QUESTIONS = 40


def filled(house: Archive, interviews: int) -> None:
    """Released interviews with rows, keys and texts; and the index of all of them."""
    chance = random.Random(1)
    words = wordfreq.top_n_list("ru", 40_000)
    often = [wordfreq.word_frequency(word, "ru") for word in words]
    cut: list[Passage] = []
    for first in range(0, interviews, BATCH):
        made = [interview(number) for number in range(first, min(first + BATCH, interviews))]
        for one in made:
            house.vault.keeper.make_interview_keys(one.id)
        with house.catalogue.writing() as ledger:
            for one in made:
                ledger.interviews.add(one)
        texts = [transcript(iter(chance.choices(words, often, k=WORDS * PER_INTERVIEW))) for _ in made]
        blobs = [blob for one, text in zip(made, texts, strict=True) for blob in stored(house, one, text)]
        with house.catalogue.writing() as ledger:
            for blob in blobs:
                ledger.blobs.add(blob)
        cut += [p for one, text in zip(made, texts, strict=True) for p in passages(one.id, text, one.recorded_on)]
    with house.engine.alone():
        house.keep_index_state(house.engine.rebuild(cut, house.index_state()))


def interview(number: int) -> Interview:
    """One that was released once."""
    day = date(2022, 3, 1) + timedelta(days=number % 1_500)
    return Interview(
        uuid4(),
        f"{day.year}-{number:05d}",
        Stage.RELEASED,
        make.INTERVIEWER.account,
        day,
        make.OPEN_TERMS,
        title="Чемодан",
        recorded_on=day,
        seconds=1_000.0,
        redaction=1,
        places=(("Ереван", "Тбилиси", "Рига")[number % 3],),
        left_in=2022 + number % 4,
    )


def transcript(words: Iterator[str], turns: int = PER_INTERVIEW) -> Transcript:
    """Two people in turns of sixty words."""
    segments = []
    for turn in range(turns):
        start = turn * WORDS * 0.4
        said = [Word(next(words), start + n * 0.4, start + n * 0.4 + 0.3) for n in range(WORDS)]
        segments.append(Segment(tuple(said), "ru", f"S{turn % 2 + 1}"))
    return Transcript("bench", tuple(segments), turns * WORDS * 0.4, "machine")


def stored(house: Archive, one: Interview, text: Transcript) -> Iterator[Blob]:
    """What a release keeps of the text."""
    permit = house.require(Act.PROCESS, MACHINE, one)
    whole = json.dumps(text.as_json(), ensure_ascii=False, separators=(",", ":")).encode()
    kinds = {Kind.RELEASED_TRANSCRIPT: whole, Kind.PASSAGES: packed(text)}
    for kind, content in kinds.items():
        with house.vault.write(permit, one.id, Layer.RELEASED) as out:
            out.write(content)
        yield Blob.of(out.blob, one.id, kind, "application/json", {"redaction": one.redaction})


def questions() -> Iterator[str]:
    """Words, pairs, phrases and beginnings of words, from common to rare."""
    chance = random.Random(3)
    words = [word for word in wordfreq.top_n_list("ru", 6_000) if len(word) > 4]
    for number in range(QUESTIONS):
        one, other = chance.sample(words, 2)
        yield (one, f"{one} {other}", f'"{one} {other}" OR {one}', f"{one[:4]}*")[number % 4]


def asked(page: Page, address: str, question: str) -> float:
    """Milliseconds from the key to the frame with the first result."""
    page.goto(f"{address}/search")
    page.fill("[name=q]", question)
    page.evaluate("sessionStorage.setItem('began', String(Date.now()))")
    page.press("[name=q]", "Enter")
    page.wait_for_selector("article.hit, .empty")
    took: float = page.evaluate(
        "new Promise((done) => requestAnimationFrame(() => done(Date.now() - Number(sessionStorage.getItem('began')))))"
    )
    return took


def measured(address: str) -> dict[str, float]:
    """The figures, as a historian."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.goto(f"{address}/sign-in")
        page.fill("[name=name]", Role.HISTORIAN.value)
        page.fill("[name=password]", PASSWORD)
        page.click("form.sheet button")
        page.wait_for_url(lambda url: "/sign-in" not in url)
        first, *took = [asked(page, address, question) for question in questions()]
        browser.close()
    return {
        "the very first": round(first),
        "first result, median": round(statistics.median(took)),
        "first result, p95": round(statistics.quantiles(took, n=20)[18]),
        "first result, longest": round(max(took)),
    }


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    with tempfile.TemporaryDirectory() as folder:
        rooms = archive_with_rooms(Path(folder) / "home")
        filled(rooms.house, -(-count // PER_INTERVIEW))
        home = rooms.house.settings.home
        rooms.house.close()
        command = [sys.executable, "-m", "tests.rooms", str(home)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
            try:
                assert server.stdout is not None
                address = server.stdout.readline().strip()
                watch = Watch(server.pid)
                found = measured(address) | {"memory, MB": round(watch.most)}
            finally:
                server.terminate()
    print(json.dumps({"bench": "search in Chromium", "unit": "ms unless said", "passages": count, **found}))


if __name__ == "__main__":
    main()
