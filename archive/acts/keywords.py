"""Keywords in their passages: where they stand, and the line that is made of each (keyword in context, KWIC)."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import accumulate, groupby
from typing import NamedTuple
from uuid import UUID

from archive.acts.research import texts
from archive.errors import KeyGone, Refused, Tampered, Unknown
from archive.interview import Interview
from archive.parts import Archive
from archive.policy import Act, Principal, allows
from archive.search import Query, Texts

AROUND = 8
"""Words on either side."""
_LEAD = 3.0  # seconds heard before the keyword
_SIGNS = re.compile(r"[^\w\s]*")


class Place(NamedTuple):
    """Where a keyword stands: code points of the text of a passage."""

    interview: Interview
    passage: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Line:
    """A keyword, what stands before and after it, and the second at which it is heard; ``play_from`` is before that.

    ``signs`` are written to the keyword without a space, on its left and on its right; they are no words of either.
    """

    interview: Interview
    left: str = field(repr=False)
    keyword: str = field(repr=False)
    right: str = field(repr=False)
    signs: tuple[str, str] = field(repr=False)
    speaker: str = field(repr=False)
    language: str
    start: float
    play_from: float
    may_hear: bool


def places(
    house: Archive, who: Principal, act: Act, query: Query, passages: Iterable[tuple[Interview, int]]
) -> tuple[list[Place], bool]:
    """Where the query's words stand, in the order of the passages; and whether the text of all of these opens.

    One that does not is left out (“verify” names it).
    """
    wanted = list(dict.fromkeys(passages))
    found: dict[tuple[UUID, int], list[Place]] = {}
    whole = True
    for interview, numbers in _by_interview(wanted):
        opens = False
        with suppress(Refused, KeyGone, Tampered, Unknown), texts(house, house.require(act, who, interview)) as file:
            passages_of = _Passages(file)
            for number in numbers:
                if (passage := passages_of.get(number)) is not None:
                    spans = house.engine.occurrences(query, passage.whole, passage.language)
                    found[interview.id, number] = [Place(interview, number, *span) for span in spans]
            opens = True
        whole = whole and opens
    return [place for interview, number in wanted for place in found.get((interview.id, number), ())], whole


def lines(house: Archive, who: Principal, act: Act, places: Sequence[Place]) -> list[Line | None]:
    """The line of each place, in order; None where the text does not open. Policy is asked about each interview."""
    made: list[Line | None] = [None] * len(places)
    order = sorted(range(len(places)), key=lambda index: places[index].interview.id.int)
    for _, indexes in groupby(order, key=lambda index: places[index].interview.id):
        here = list(indexes)
        interview = places[here[0]].interview
        with suppress(Refused, KeyGone, Tampered, Unknown), texts(house, house.require(act, who, interview)) as file:
            passages = _Passages(file)
            may_hear = allows(Act.HEAR_RELEASED, house.case(who, interview))
            for index in here:
                made[index] = passages.line(places[index], may_hear)
    return made


def _by_interview(passages: Sequence[tuple[Interview, int]]) -> Iterator[tuple[Interview, list[int]]]:
    numbers: dict[UUID, list[int]] = {}
    known = {interview.id: interview for interview, _ in passages}
    for interview, number in passages:
        numbers.setdefault(interview.id, []).append(number)
    return ((known[id], found) for id, found in numbers.items())


@dataclass(frozen=True, slots=True)
class _Passage:
    """A passage ready for any number of lines: where each of its words begins in ``whole``, and when it is heard."""

    whole: str = field(repr=False)
    speaker: str
    language: str
    words: list[str] = field(repr=False)
    offsets: list[int] = field(repr=False)
    seconds: list[float] = field(repr=False)


class _Passages:
    """An interview's passages, each read once, between their neighbours: a keyword at an edge has something around."""

    def __init__(self, file: Texts) -> None:
        self._file = file
        self._read: dict[int, _Passage | None] = {}

    def get(self, number: int) -> _Passage | None:
        """One of them; None beyond the first and the last."""
        if number not in self._read:
            self._read[number] = self._made(number)
        return self._read[number]

    def line(self, place: Place, may_hear: bool) -> Line | None:
        """The line of a keyword."""
        passage = self.get(place.passage)
        if passage is None:
            return None
        whole, words, offsets = passage.whole, passage.words, passage.offsets
        first = bisect_right(offsets, place.start) - 1  # the word that the keyword begins in
        last = bisect_right(offsets, place.end - 1) - 1
        before = whole[offsets[first] : place.start]
        after = whole[place.end : offsets[last] + len(words[last])]
        opening = before if _SIGNS.fullmatch(before) else ""
        closing = after if _SIGNS.fullmatch(after) else ""
        second = passage.seconds[first]
        return Line(
            interview=place.interview,
            left=self._left(passage, place.passage, first, before if not opening else ""),
            keyword=whole[place.start : place.end],
            right=self._right(passage, place.passage, last + 1, after if not closing else ""),
            signs=(opening, closing),
            speaker=passage.speaker,
            language=passage.language,
            start=second,
            play_from=max(0.0, second - _LEAD),
            may_hear=may_hear,
        )

    def _left(self, passage: _Passage, number: int, until: int, rest: str) -> str:
        """The nearest words before, from the neighbour where the passage begins; “/” where another speaks there."""
        words = [*passage.words[max(0, until - AROUND) : until], *([rest] if rest else [])]
        if len(words) < AROUND and (beside := self.get(number - 1)) is not None:
            bar = [] if beside.speaker == passage.speaker else ["/"]
            words = [*beside.words[-AROUND:], *bar, *words]
        return " ".join(words[-AROUND:])

    def _right(self, passage: _Passage, number: int, start: int, rest: str) -> str:
        words = [*([rest] if rest else []), *passage.words[start : start + AROUND]]
        if len(words) < AROUND and (beside := self.get(number + 1)) is not None:
            bar = [] if beside.speaker == passage.speaker else ["/"]
            words = [*words, *bar, *beside.words[:AROUND]]
        return " ".join(words[:AROUND])

    def _made(self, number: int) -> _Passage | None:
        text = self._file.text(number)
        if text is None:
            return None
        whole = " ".join(segment.text for segment in text.segments)
        words = [word for segment in text.segments for word in segment.words]
        return _Passage(
            whole=whole,
            speaker=text.segments[0].speaker or "",
            language=text.segments[0].language,
            words=[word.text for word in words],
            offsets=list(accumulate((len(word.text) + 1 for word in words[:-1]), initial=0)),
            seconds=[word.start for word in words],
        )
