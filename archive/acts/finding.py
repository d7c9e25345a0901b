"""Finding words in an interview that is being read: in any form, in what was said and in the translation beside it.

What is looked through is what the reader has before them, so nothing is found that they could not read there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from archive.acts import research
from archive.parts import Archive
from archive.policy import Principal
from archive.search import Query, parse
from transcripts.words import Segment

_QUOTES = str.maketrans(dict.fromkeys('"«»“”„', " "))


@dataclass(frozen=True, slots=True)
class Place:
    """Where the words stand: the turn's number, whether in its translation, and the code points of its text."""

    turn: int
    beside: bool
    start: int
    end: int


def find(house: Archive, who: Principal, id: UUID, words: str, beside: str = "") -> list[Place]:
    """Every place of these words in a row, in any of their forms, in the order of reading.

    Raises BadQuery, EnoughForToday, Refused, Unknown.
    """
    transcript, translation = research.read_on(house, who, id, beside)
    query = parse(in_a_row(words))
    rendered = translation.segments if translation else (None,) * len(transcript.segments)
    return [
        place
        for number, turn in enumerate(zip(transcript.segments, rendered, strict=True))
        for place in _places(house, query, number, turn)
    ]


def in_a_row(words: str) -> str:
    """The question for these words as they follow one another."""
    return f'"{words.translate(_QUOTES)}"'


def _places(house: Archive, query: Query, number: int, turn: tuple[Segment, Segment | None]) -> Iterator[Place]:
    for beside, segment in zip((False, True), turn, strict=True):
        if segment is not None:
            for start, end in house.engine.occurrences(query, segment.text, segment.language):
                yield Place(number, beside, start, end)
