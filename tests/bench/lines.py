"""What a concordance costs the web process, and a reading page with its hits marked: three long interviews.

    python tests/bench/lines.py [WORDS]

Interviews of so many words (28,000: four hours), released, asked by a historian who may read them all, each view once
and in this order. ``one word`` is хлеб; ``sixty`` are sixty common words with OR; ``mixed`` 64 words, sixteen of them
two letters away; ``patterns`` the same with sixteen patterns. CPU of the process, in milliseconds; one JSON line.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import wordfreq

from archive.parts import Memory
from archive.policy import Role
from archive.search import passages
from tests.bench.search_page import interview, stored, transcript
from tests.browsing import Browser
from tests.rooms import Rooms, archive_with_rooms

INTERVIEWS = 3
VIEWS = (
    ("first page", "?view=lines"),
    ("second page", "?view=lines&page=2"),
    ("by left", "?view=lines&by=left"),
    ("by left, second page", "?view=lines&by=left&page=2"),
    ("by right", "?view=lines&by=right"),
    ("CSV", "/lines.csv"),
)


def filled(rooms: Rooms, words: int) -> list[str]:
    """The ids of the interviews."""
    house, chance = rooms.house, random.Random(1)
    known = wordfreq.top_n_list("ru", 40_000)
    often = [wordfreq.word_frequency(word, "ru") for word in known]
    made = [replace(interview(number), seconds=words * 0.4) for number in range(INTERVIEWS)]
    texts = [transcript(iter(chance.choices(known, often, k=words)), words // 60) for _ in made]
    for one in made:
        house.vault.keeper.make_interview_keys(one.id)
    with house.catalogue.writing() as ledger:
        for one in made:
            ledger.interviews.add(one)
    blobs = [blob for one, text in zip(made, texts, strict=True) for blob in stored(house, one, text)]
    with house.catalogue.writing() as ledger:
        for blob in blobs:
            ledger.blobs.add(blob)
    cut = [p for one, text in zip(made, texts, strict=True) for p in passages(one.id, text, one.recorded_on)]
    with house.engine.alone():
        house.keep_index_state(house.engine.rebuild(cut, house.index_state()))
    return [str(one.id) for one in made]


def questions() -> Iterator[tuple[str, str]]:
    """Their names, and what is asked."""
    common = wordfreq.top_n_list("ru", 60)
    long = [word for word in wordfreq.top_n_list("ru", 3_000) if len(word) >= 7]
    yield "one word", "хлеб"
    yield "sixty", " OR ".join(common)
    yield "patterns", " OR ".join([*common[:48], *(f"*{word[1:5]}*" for word in long[:16])])
    yield "mixed", " OR ".join([*common[:48], *(f"{word}~2" for word in long[:16])])


def took(browser: Browser, address: str) -> int:
    """Milliseconds of CPU until the page is there."""
    began = time.process_time()
    answer = browser.get(address)
    assert answer.status_code == 200, answer.status_code
    assert answer.data
    return round((time.process_time() - began) * 1_000)


def measured(rooms: Rooms, ids: list[str]) -> Iterator[tuple[str, int]]:
    """Each figure."""
    browser = rooms.client(Role.HISTORIAN)
    account, memory = rooms.who[Role.HISTORIAN].account, rooms.app.extensions["golosa-questions"]
    for id in ids:
        took(browser, f"/interviews/{id}")  # opened: lines of all that they say
    for name, question in questions():
        asked = memory.remember(account, question)
        for view, address in VIEWS:
            yield f"{name}, {view}", took(browser, f"/search/{asked}{address}")
        rooms.house.lines, remembered = Memory(0), rooms.house.lines
        yield f"{name}, CSV without a page before", took(browser, f"/search/{asked}/lines.csv")
        rooms.house.lines = remembered
        yield f"{name}, reading page with hits", took(browser, f"/interviews/{ids[0]}?asked={asked}")
    yield "reading page without", took(browser, f"/interviews/{ids[0]}")


def main() -> None:
    words = int(sys.argv[1]) if len(sys.argv) > 1 else 28_000
    with tempfile.TemporaryDirectory(dir="/dev/shm") as folder:
        rooms = archive_with_rooms(Path(folder) / "home")
        found = dict(measured(rooms, filled(rooms, words)))
        rooms.house.close()
    print(json.dumps({"bench": "concordances", "unit": "ms of CPU", "words": INTERVIEWS * words, **found}))


if __name__ == "__main__":
    main()
