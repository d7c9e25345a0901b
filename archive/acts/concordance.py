"""A concordance: each hit on a line of its own with the words around it.

Where the words stand and in which order their lines come is kept in memory as numbers, under the account, the question
and the very passages, with their releases, that this account's lines are made of today: whatever changes what the index
holds, what the reader may see or the day's limit changes these. The words of a line are read anew for each page, and
policy is asked each time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from struct import Struct
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from archive.acts.answers import EACH, Question, Scope, log, scope_of
from archive.acts.exports.tables import as_csv
from archive.acts.keywords import Line, Place, lines, places
from archive.acts.ordering import alphabetical
from archive.acts.research import opened_today
from archive.interview import Interview
from archive.parts import Archive
from archive.policy import Act, Principal, allows, only_in_part
from archive.search import Hit, Page, Query
from transcripts.formats.clock import timecode

MOST = 1_000
"""Passages that lines are made of: the first ones of the answer's own order."""
_ON_A_PAGE = 50


class Arrangement(StrEnum):
    """In which order the lines stand."""

    ANSWER = "answer"
    LEFT = "left"
    RIGHT = "right"
    SPEAKER = "speaker"
    DATE = "date"


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


_KEYS: Mapping[Arrangement, Callable[[Line], Any]] = {
    Arrangement.LEFT: lambda line: (alphabetical(line.left)[::-1], alphabetical(line.keyword)),
    Arrangement.RIGHT: lambda line: (alphabetical(line.right), alphabetical(line.keyword)),
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
    taken = _taken(house, who, scope, Act.READ_RELEASED)
    log(house, who)
    made = _Made(house, who, taken, arrangement)
    pages = max(1, -(-made.count // _ON_A_PAGE))
    page = min(max(1, number), pages)
    shown = made.lines((page - 1) * _ON_A_PAGE, page * _ON_A_PAGE)
    return Concordance(scope.query, tuple(shown), made.count, taken.total, taken.used, taken.in_part, page, pages)


@dataclass(frozen=True, slots=True)
class Copy:
    """What a table says besides its lines: each interview's address, and in words to what the question was narrowed."""

    address: Callable[[Interview], str]
    narrowed: str = field(repr=False)


def export(house: Archive, who: Principal, question: Question, arrangement: Arrangement, copy: Copy) -> bytes:
    """All lines as CSV, of interviews that may be copied out; each of these is noted. Raises BadQuery, Refused.

    Every row tells what was asked, to what that was narrowed and of how much it is a part, as counts in a paper do.
    """
    scope = scope_of(house, who, question)
    taken = _taken(house, who, scope, Act.EXPORT)
    made = _Made(house, who, taken, arrangement)
    found = made.lines(0, made.count)
    with house.catalogue.writing() as ledger:
        for interview in dict.fromkeys(line.interview.id for line in found):
            ledger.audit.append(Act.EXPORT, who.account, interview, house.now())
    addresses = {one.id: copy.address(one) for one in {line.interview.id: line.interview for line in found}.values()}
    rows = [(*_cells(line), f"{addresses[line.interview.id]}#t={line.start:.2f}") for line in found]
    about = {
        "question": str(scope.query),
        "aspect_pairs": _yes(question.pairs),
        "narrowed_to": copy.narrowed,
        "lines": str(len(found)),
        "passages": str(len(taken.passages)),
        "of_passages": str(taken.total),
        "first_passages_only": _yes(taken.in_part),
        "copy": f"{house.today().isoformat()} {who.account}",
    }
    return as_csv((*_HEAD, *about), rows, tuple(about.values()))


_HEAD = (
    *("left", "keyword", "right", "as_written", "speaker", "interview", "version", "recorded", "time", "language"),
    "address",
)


def _yes(so: bool) -> str:
    return "yes" if so else "no"


def _cells(line: Line) -> tuple[str, ...]:
    interview = line.interview
    return (
        *(line.left, line.keyword, line.right, line.signs[0] + line.keyword + line.signs[1], line.speaker),
        *(interview.accession, str(interview.redaction)),
        interview.recorded_on.isoformat() if interview.recorded_on else "",
        *(timecode(line.start), line.language),
    )


@dataclass(frozen=True, slots=True)
class _Taken:
    """The passages that lines are made of, in the answer's order; see Concordance."""

    act: Act
    query: Query
    passages: list[tuple[Interview, int]]
    total: int
    used: int
    in_part: bool


def _taken(house: Archive, who: Principal, scope: Scope, act: Act) -> _Taken:
    answer = house.engine.search(scope.query, scope.ids, Page(1, MOST, scope.order))
    by_interview: dict[UUID, list[Hit]] = {}
    for hit in answer.hits:
        by_interview.setdefault(hit.interview, []).append(hit)
    known = {one.id: one for one in scope.left if one.id in by_interview}
    cut = _cut(house, who, scope.readable, [known[id] for id, hits in by_interview.items() if len(hits) > EACH])
    left_out = {hit for id in cut for hit in by_interview[id][EACH:]}
    closed = {id for id, one in known.items() if not allows(act, house.case(who, one))}  # not to be copied out
    taken = [(known[hit.interview], hit.number) for hit in answer.hits if hit not in left_out]
    passages = [(one, number) for one, number in taken if one.id not in closed]
    return _Taken(act, scope.query, passages, answer.total, len(answer.hits), bool(cut))


@dataclass(slots=True)
class _Kept:
    """What is remembered of a question: rows of passage (index), start and end; and orders of these rows."""

    rows: NDArray[np.int32]
    orders: dict[Arrangement, NDArray[np.int32]] = field(default_factory=dict)


_OF_RELEASE = Struct("<II")


class _Made:
    """The lines of a question in one order, each made when it is asked for."""

    def __init__(self, house: Archive, who: Principal, taken: _Taken, arrangement: Arrangement) -> None:
        self._house, self._who, self._taken, self._arrangement = house, who, taken, arrangement
        passages = b"".join(one.id.bytes + _OF_RELEASE.pack(one.redaction, number) for one, number in taken.passages)
        self._key = who.account, taken.query, passages
        self._kept: _Kept = house.lines.get(self._key) or self._found()

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self._kept.rows)

    def lines(self, first: int, until: int) -> list[Line]:
        """Those from one to another."""
        found = self._read(self._order()[first:until])
        if None in found:  # was damaged since: it is not to be counted either
            self._kept = self._found()
            found = self._read(self._order()[first:until])
        return [line for line in found if line is not None]

    def _read(self, order: NDArray[np.int32]) -> list[Line | None]:
        passages = self._taken.passages
        rows = self._kept.rows[order].tolist()
        wanted = [Place(passages[index][0], passages[index][1], start, end) for index, start, end in rows]
        return lines(self._house, self._who, self._taken.act, wanted)

    def _found(self) -> _Kept:
        taken = self._taken
        found, whole = places(self._house, self._who, taken.act, taken.query, taken.passages)
        index = {(one.id, number): place for place, (one, number) in enumerate(taken.passages)}
        rows = [(index[each.interview.id, each.passage], each.start, each.end) for each in found]
        kept = _Kept(np.array(rows, np.int32).reshape(-1, 3))
        if whole:
            self._house.lines.put(self._key, kept, len(rows) + len(taken.passages))
        return kept

    def _order(self) -> NDArray[np.int32]:
        key, orders = _KEYS.get(self._arrangement), self._kept.orders
        if key is None:
            return np.arange(self.count, dtype=np.int32)
        if self._arrangement not in orders:
            made = self._read(np.arange(self.count, dtype=np.int32))
            keys = {index: key(line) for index, line in enumerate(made) if line is not None}
            missing = [index for index, line in enumerate(made) if line is None]
            order = [*sorted(keys, key=keys.__getitem__), *missing]
            if missing:
                return np.array(order, np.int32)
            orders[self._arrangement] = np.array(order, np.int32)
        return orders[self._arrangement]


def _cut(house: Archive, who: Principal, readable: int, interviews: list[Interview]) -> frozenset[UUID]:
    """Those of which there are lines of no more than EACH passages: else lines were a way round the day's limit."""
    if who.account is None:
        return frozenset()
    with house.catalogue.reading() as ledger:
        opened = opened_today(house, ledger, who.account)
    most = house.settings.reading.interviews_a_day
    return frozenset(one.id for one in interviews if only_in_part(house.case(who, one), opened, most, readable))
