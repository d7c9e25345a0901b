"""Review of a long interview, through the pages: 40,000 words, 60 people in 1,200 places. One JSON line.

python tests/bench/review.py [WORDS]: opening the page, decisions, corrections, turns cut and joined, as the page's
script sends them. CPU time of the request in this process, median and 95th percentile in milliseconds: what a server
takes from when it has read the request; what the browser adds is the same for any page of that size.
"""

from __future__ import annotations

import gc
import json
import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from archive.acts import review
from archive.catalogue import PaperKind
from archive.policy import Role
from tests.browsing import Browser
from tests.rooms import Rooms, archive_with_rooms, put
from transcripts.names import Label, Mention, Passage, group
from transcripts.names.training.renaming import plain_surnames
from transcripts.words import Segment, Transcript, Word

PEOPLE, PLACES, TURN = 60, 1200, 40
PLAIN = ("и", "мы", "тогда", "пошли", "к", "ним", "в", "дом", "потом", "был", "обед", "а", "вечером", "все", "пели")


def told(words: int) -> tuple[Transcript, list[Mention]]:
    """An interview of that many words, and where its people are named."""
    chance = random.Random(1)
    names = [name.title() for name in chance.sample(sorted(plain_surnames()), PEOPLE)]
    named = set(chance.sample(range(words), PLACES))
    segments, mentions, at = [], [], 0.0
    for first in range(0, words, TURN):
        row, edge = [], 0
        for n in range(first, first + TURN):
            text = chance.choice(names if n in named else PLAIN)
            if n in named:
                key = text.lower()
                mentions.append(Mention(len(segments), edge, edge + len(text), Label.SURNAME, key, "surname", 0.6))
            row.append(Word(text, at, at + 0.4))
            at, edge = at + 0.5, edge + len(text) + 1
        segments.append(Segment(tuple(row), "ru", f"S{len(segments) % 2 + 1}"))
    return Transcript("long", tuple(segments), at, "person"), mentions


def timed(times: int, ask: Callable[[int], None]) -> dict[str, float]:
    """The median and the 95th percentile of the CPU time, in ms."""
    took = []
    for n in range(times):
        began = time.process_time()
        ask(n)
        took.append(1000 * (time.process_time() - began))
    took.sort()
    return {"p50": round(took[len(took) // 2], 1), "p95": round(took[int(len(took) * 0.95)], 1)}


class Script:
    """The review page's script in a browser: what it posts, and the version it was told."""

    def __init__(self, rooms: Rooms) -> None:
        self.page = f"/interviews/{rooms.in_review}/review"
        self.browser: Browser = rooms.client(Role.INTERVIEWER)
        self.token = self.browser.token(self.page)
        self.told = self._json(self.browser.get(self.page, Accept="application/json"))

    def post(self, path: str, **fields: str | int) -> None:
        """One form, answered with JSON."""
        sent = {**fields, "version": self.told["version"], "csrf_token": self.token}
        answer = self.browser.client.post(
            self.page.replace("review", path), data=sent, headers={"Accept": "application/json"}
        )
        self.told = {**self.told, **self._json(answer)}

    def decide(self, n: int) -> None:
        """About the next person."""
        self.post("people", person=self.told["people"][n % PEOPLE]["key"], decision=("conceal", "keep")[n % 2])

    def correct(self, n: int) -> None:
        """A turn in the middle, typed in again and again."""
        self.post("change/text", turn="50", text=f"и мы тогда пошли к ним в дом {n}", token=f"t{n}", session="s")

    def cut(self, n: int) -> None:
        """Another turn each time."""
        self.post("change/split", turn=str(100 + n), at=7)

    def join(self, n: int) -> None:
        """A turn put behind the one before it."""
        self.post("change/join", turn=str(300 + 2 * n))

    def silence(self, n: int) -> None:
        """Marks a second of the sound."""
        self.post("silences", **{"from": str(n), "to": str(n + 1)})

    @staticmethod
    def _json(answer: object) -> dict[str, object]:
        assert answer.status_code == 200, answer.status  # type: ignore[attr-defined]
        return answer.get_json()  # type: ignore[attr-defined, no-any-return]


def main() -> None:
    words = int(sys.argv[1]) if len(sys.argv) > 1 else 40_000
    with tempfile.TemporaryDirectory(dir="/dev/shm") as folder:
        rooms = archive_with_rooms(Path(folder) / "home")
        transcript, mentions = told(words)
        passages = [Passage(segment.text, segment.language) for segment in transcript.segments]
        roster = group(mentions, passages)
        papers = {PaperKind.REVIEWED: transcript.as_json(), PaperKind.ROSTER: roster.as_json()}
        put(rooms.house, rooms.who[Role.INTERVIEWER], rooms.in_review, papers)
        script = Script(rooms)
        gc.freeze()  # as the server does
        figures = {
            "the page": timed(7, lambda _: script.browser.get(script.page)),
            "deciding a person": timed(60, script.decide),
            "a second silenced": timed(7, script.silence),
            "a turn corrected": timed(12, script.correct),
            "a turn cut": timed(12, script.cut),
            "two turns joined": timed(12, script.join),
        }
        left = review.read(rooms.house, rooms.who[Role.INTERVIEWER], rooms.in_review).left
        rooms.house.close()
    flat = {f"{name}, {figure}": value for name, row in figures.items() for figure, value in row.items()}
    print(json.dumps({"bench": "review", "unit": "CPU ms", "words": words, "people": len(roster.people), **flat}))
    assert left == len(roster.people) - min(60, len(roster.people))


if __name__ == "__main__":
    main()
