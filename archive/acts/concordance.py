"""A concordance: each hit on a line of its own with the words around it (keyword in context, KWIC)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

from archive.acts.answers import EACH, Question, Scope, log, scope_of
from archive.acts.exports.tables import as_csv
from archive.acts.research import opened_today, texts
from archive.errors import KeyGone, Refused, Tampered, Unknown
from archive.interview import Interview
from archive.parts import Archive
from archive.policy import Act, Principal, allows, only_in_part
from archive.search import Hit, Page, Query, Text, Texts
from transcripts.formats.clock import timecode

MOST = 1_000
"""Passages that lines are made of: the first ones of the answer's own order."""
AROUND = 8
"""Words on either side."""
_ON_A_PAGE = 50
_LEAD = 3.0  # seconds heard before the keyword


class Arrangement(StrEnum):
    """In which order the lines stand."""

    ANSWER = "answer"
    LEFT = "left"
    RIGHT = "right"
    SPEAKER = "speaker"
    DATE = "date"


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


@dataclass(frozen=True, slots=True)
class Concordance:
    """A page of lines, of ``lines`` in all; from the first ``used`` of the answer's ``total`` passages.

    ``in_part``: some of these passages are left out, of interviews that are to be opened first (see EACH).
    """

    query: Query
    shown: tuple[Line, ...]
    lines: int
    total: int
    used: int
    in_part: bool
    page: int
    pages: int


_AFTER = str.maketrans({"ё": "е", "є": "е\uffff", "ґ": "г\uffff", "і": "и\ufffe", "ї": "и\uffff"})
"""Code points follow the Russian alphabet; letters of the Ukrainian one come right after what they follow there."""


def _folded(text: str) -> list[str]:
    return [word.translate(_AFTER) for word in re.findall(r"[^\W_]+", text.lower())]


_KEYS: Mapping[Arrangement, Callable[[Line], Any]] = {
    Arrangement.LEFT: lambda line: (_folded(line.left)[::-1], _folded(line.keyword)),
    Arrangement.RIGHT: lambda line: (_folded(line.right), _folded(line.keyword)),
    Arrangement.SPEAKER: lambda line: (line.speaker == "", line.speaker, line.interview.accession, line.start),
    Arrangement.DATE: lambda line: (
        line.interview.recorded_on is None,
        line.interview.recorded_on,
        line.interview.accession,
        line.start,
    ),
}


def concordance(
    house: Archive, who: Principal, question: Question, arrangement: Arrangement, number: int = 1
) -> Concordance:
    """A page of lines; a number beyond the last page is the last. Raises BadQuery, Refused, Tampered."""
    scope = scope_of(house, who, question)
    made = _lines(house, who, scope, Act.READ_RELEASED)
    lines = made.lines
    log(house, who)
    _arrange(lines, arrangement)
    pages = max(1, -(-len(lines) // _ON_A_PAGE))
    page = min(max(1, number), pages)
    shown = tuple(lines[(page - 1) * _ON_A_PAGE : page * _ON_A_PAGE])
    return Concordance(scope.query, shown, len(lines), made.total, made.used, made.in_part, page, pages)


@dataclass(frozen=True, slots=True)
class Copy:
    """What a table says besides its lines: the address of each, and in words to what the question was narrowed."""

    address: Callable[[Line], str]
    narrowed: str = field(repr=False)


def export(house: Archive, who: Principal, question: Question, arrangement: Arrangement, copy: Copy) -> bytes:
    """All lines as CSV, of interviews that may be copied out; each of these is noted. Raises BadQuery, Refused.

    Every row tells what was asked, to what that was narrowed and of how much it is a part, as counts in a paper do.
    """
    scope = scope_of(house, who, question)
    made = _lines(house, who, scope, Act.EXPORT)
    lines = made.lines
    _arrange(lines, arrangement)
    with house.catalogue.writing() as ledger:
        for interview in dict.fromkeys(line.interview.id for line in lines):
            ledger.audit.append(Act.EXPORT, who.account, interview, house.now())
    rows = [
        (
            *(line.left, line.keyword, line.right, line.signs[0] + line.keyword + line.signs[1], line.speaker),
            *(line.interview.accession, str(line.interview.redaction)),
            line.interview.recorded_on.isoformat() if line.interview.recorded_on else "",
            *(timecode(line.start), line.language, copy.address(line)),
        )
        for line in lines
    ]
    about = {
        "question": str(scope.query),
        "aspect_pairs": _yes(question.pairs),
        "narrowed_to": copy.narrowed,
        "lines": str(len(lines)),
        "passages": str(made.used),
        "of_passages": str(made.total),
        "first_passages_only": _yes(made.in_part),
        "copy": f"{house.today().isoformat()} {who.account}",
    }
    return as_csv((*_HEAD, *about), [(*row, *about.values()) for row in rows])


_HEAD = (
    *("left", "keyword", "right", "as_written", "speaker", "interview", "version", "recorded", "time", "language"),
    "address",
)


def _yes(so: bool) -> str:
    return "yes" if so else "no"


def _arrange(lines: list[Line], arrangement: Arrangement) -> None:
    if key := _KEYS.get(arrangement):
        lines.sort(key=key)


@dataclass(frozen=True, slots=True)
class _Made:
    """All lines in the answer's order; see Concordance."""

    lines: list[Line]
    total: int
    used: int
    in_part: bool


def _lines(house: Archive, who: Principal, scope: Scope, act: Act) -> _Made:
    answer = house.engine.search(scope.query, scope.ids, Page(1, MOST, scope.order))
    by_interview: dict[UUID, list[Hit]] = {}
    for hit in answer.hits:
        by_interview.setdefault(hit.interview, []).append(hit)
    known = {one.id: one for one in scope.left}
    cut = _cut(house, who, scope.readable, [known[id] for id, hits in by_interview.items() if len(hits) > EACH])
    made: dict[str, list[Line]] = {}
    for id, hits in by_interview.items():
        shown = hits[:EACH] if id in cut else hits
        with suppress(Refused, KeyGone, Tampered, Unknown):  # not to be copied out, or “verify” names it
            made.update(_of_interview(house, who, known[id], (act, scope.query, shown)))
    lines = [line for hit in answer.hits for line in made.get(hit.passage_id, ())]
    return _Made(lines, answer.total, len(answer.hits), bool(cut))


def _cut(house: Archive, who: Principal, readable: int, interviews: list[Interview]) -> frozenset[UUID]:
    """Those of which there are lines of no more than EACH passages: else lines were a way round the day's limit."""
    if who.account is None:
        return frozenset()
    with house.catalogue.reading() as ledger:
        opened = opened_today(house, ledger, who.account)
    most = house.settings.reading.interviews_a_day
    return frozenset(one.id for one in interviews if only_in_part(house.case(who, one), opened, most, readable))


def _of_interview(
    house: Archive, who: Principal, interview: Interview, wanted: tuple[Act, Query, list[Hit]]
) -> Iterator[tuple[str, list[Line]]]:
    act, query, hits = wanted
    permit = house.require(act, who, interview)
    may_hear = allows(Act.HEAR_RELEASED, house.case(who, interview))
    with texts(house, permit) as file:
        for hit in hits:
            text = file.text(hit.number)
            if text is not None:
                passage = _Passage(file, text)
                found = house.engine.occurrences(query, passage.whole, text.segments[0].language)
                yield hit.passage_id, [passage.line(interview, place, may_hear) for place in found]


_SIGNS_BEFORE, _SIGNS_AFTER = re.compile(r"(?<!\S)[^\w\s]+\Z"), re.compile(r"[^\w\s]+(?!\S)")


class _Passage:
    """A passage between its neighbours, so that a keyword at its edge has something around it."""

    def __init__(self, file: Texts, text: Text) -> None:
        self._file, self._text = file, text
        self.whole = _joined(text)

    def line(self, interview: Interview, place: tuple[int, int], may_hear: bool) -> Line:
        """The line of a keyword at that place of the passage's text."""
        start, end = place
        second = self._second(start)
        first = self._text.segments[0]
        opening, closing = _SIGNS_BEFORE.search(self.whole[:start]), _SIGNS_AFTER.match(self.whole, end)
        signs = opening[0] if opening else "", closing[0] if closing else ""
        return Line(
            interview=interview,
            left=self._context(self.whole[: start - len(signs[0])].split(), -1),
            keyword=self.whole[start:end],
            right=self._context(self.whole[end + len(signs[1]) :].split(), 1),
            signs=signs,
            speaker=first.speaker or "",
            language=first.language,
            start=second,
            play_from=max(0.0, second - _LEAD),
            may_hear=may_hear,
        )

    def _context(self, words: list[str], step: int) -> str:
        """The nearest words on one side, from the neighbour where the passage ends; “/” where another speaks there."""
        if len(words) < AROUND:
            beside = self._file.text(self._text.number + step)
            if beside is not None:
                other = beside.segments[0].speaker != self._text.segments[0].speaker
                bar, more = (["/"] if other else []), _joined(beside).split()
                words = [*more, *bar, *words] if step < 0 else [*words, *bar, *more]
        return " ".join(words[-AROUND:] if step < 0 else words[:AROUND])

    def _second(self, offset: int) -> float:
        """When the word at an offset of the whole is heard."""
        for segment in self._text.segments:
            if offset <= len(segment.text):
                words = segment.words_in(offset, offset + 1)
                return segment.words[words.start if words else 0].start
            offset -= len(segment.text) + 1
        return self._text.start


def _joined(text: Text) -> str:
    return " ".join(segment.text for segment in text.segments)
