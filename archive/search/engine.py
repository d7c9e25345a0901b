"""The port every search engine offers, and the values that cross it. How an engine does it is behind the port."""

from __future__ import annotations

import struct
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol, overload
from uuid import UUID

from archive.search.passages import Passage
from archive.search.query import Query


@dataclass(frozen=True, slots=True)
class IndexState:
    """Which index is the current one: its directory (a build from nothing), generation (grows with every commit and
    is never used twice) and a SHA-256 over its list of segments, in hex. Kept in the catalogue, see ``check``.
    """

    directory: str
    generation: int
    digest: str

    def as_json(self) -> dict[str, Any]:
        """Keyword arguments of this class."""
        return {"directory": self.directory, "generation": self.generation, "digest": self.digest}


class Order(StrEnum):
    """How hits are put in order."""

    RELEVANCE = "relevance"
    """Best first."""

    AS_GIVEN = "as-given"
    """Interviews as ``visible`` lists them (by day of recording, by place, ...), passages as they were said."""


@dataclass(frozen=True, slots=True)
class Page:
    """Which hits to hand out: ``size`` of them; ``number`` counts from 1.

    With ``each`` a page is of ``size`` interviews, the one with the first hit first, and has the first ``each`` hits
    of every one of them.
    """

    number: int = 1
    size: int = 20
    order: Order = Order.RELEVANCE
    each: int | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that answers the query: the ``number``-th of its interview. Scores compare within one answer only."""

    passage_id: str
    interview: UUID
    number: int
    score: float


@dataclass(frozen=True, slots=True)
class Tally:
    """An interview that was hit, and all its passages that were."""

    interview: UUID
    packed: bytes = field(repr=False)

    def __len__(self) -> int:
        return len(self.packed) // 4

    @property
    def numbers(self) -> tuple[int, ...]:
        """The numbers of the passages, ascending."""
        return struct.unpack(f"<{len(self)}I", self.packed)


class Tallies(Sequence[Tally]):
    """Tallies, each made when it is looked at: a common word stands in thousands of interviews."""

    def __init__(self, interviews: Sequence[UUID], packed: bytes, ends: Sequence[int]) -> None:
        """``packed`` has the numbers of the first interview's passages up to the first of ``ends``, and so on."""
        self._interviews, self._packed, self._ends = interviews, packed, ends

    def __len__(self) -> int:
        return len(self._interviews)

    @overload
    def __getitem__(self, index: int) -> Tally: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Tally]: ...
    def __getitem__(self, index: int | slice) -> Tally | Sequence[Tally]:
        if isinstance(index, slice):
            return tuple(self)[index]
        place = range(len(self))[index]
        return Tally(self._interviews[place], self._packed[self._ends[place - 1] if place else 0 : self._ends[place]])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Tallies) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return repr(tuple(self))


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A word of released text in place of one that is nowhere; ``query`` is the whole query with it."""

    instead_of: str = field(repr=False)
    word: str = field(repr=False)
    query: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a query found among the visible interviews; nothing in it depends on the others.

    ``total`` passages; ``by_interview`` has every interview that was hit, in the order of ids; ``hits`` is one page.
    ``cut`` are terms that stand for too many words: not all of these were looked for. ``better`` are words to offer
    for those that are nowhere.
    """

    query: Query
    total: int
    by_interview: Tallies
    hits: tuple[Hit, ...]
    cut: tuple[str, ...] = field(default=(), repr=False)
    better: tuple[Suggestion, ...] = ()

    @property
    def interviews(self) -> int:
        """How many interviews were hit."""
        return len(self.by_interview)

    @property
    def understood(self) -> str:
        """The query as it was run, in the query language; ``query.reading()`` has it for saying it in words."""
        return str(self.query)

    @property
    def repaired(self) -> bool:
        """Whether that is not quite what was typed; ``query.repairs`` says why."""
        return bool(self.query.repairs)


class SearchEngine(Protocol):
    """A full-text index over released passages. One process writes, any number read; safe to share between threads.

    ``after`` is the state the catalogue knows: a writer given one raises Tampered rather than build upon anything
    older, and numbers what it makes beyond it.
    """

    def replace(
        self, passages_by_interview: Mapping[UUID, Sequence[Passage]], after: IndexState | None = None
    ) -> IndexState:
        """Puts these interviews in, in place of what was indexed of them, in one commit.

        Of the passages replaced, no word stays behind in the index's files. Raises Tampered, OutOfSpace.
        """
        ...

    def remove(
        self, interviews: Collection[UUID], rest: Iterable[Passage], after: IndexState | None = None
    ) -> IndexState:
        """A new index of ``rest`` without these interviews; every file of the old one is gone when it returns."""
        ...

    def rebuild(self, passages: Iterable[Passage], after: IndexState | None = None) -> IndexState:
        """A new index of these passages (each interview's in order), whatever lay there before, damaged or not.

        The old one answers until the new one is complete. Raises OutOfSpace.
        """
        ...

    def outdated(self, known: IndexState | None) -> bool:
        """Whether the index that the catalogue knows is of another version of this engine, which does not read it."""
        ...

    def alone(self) -> AbstractContextManager[None]:
        """Held by whoever changes what is released together with the index, so that the two cannot part.

        Waits for others, of any process; ends with its holder. Not to be asked for twice.
        """
        ...

    def sweep(self) -> None:
        """Deletes what killed writers left: half of a new index, or an old one that was replaced."""
        ...

    def search(self, query: Query | str, visible: Sequence[UUID], page: Page) -> Answer:
        """Answers from the visible interviews alone; of the query's filters, speaker and language are heeded.

        Filters that speak of the interview (place, year, theme) are for whoever knows interviews to apply to
        ``visible``. Raises BadQuery, Tampered.
        """
        ...

    def highlights(self, query: Query | str, text: str, language: str) -> list[tuple[int, int]]:
        """Where in a text (code points, in order) the words of the query stand, word by word. Raises BadQuery."""
        ...

    def occurrences(self, query: Query | str, text: str, language: str) -> list[tuple[int, int]]:
        """The same, but a phrase is one place from its first word to its last: the lines of a concordance."""
        ...

    def similar(self, passage: Passage, visible: Collection[UUID], most: int) -> list[Hit]:
        """Visible passages that share the rarest words with this one, best first, without itself. Raises Tampered."""
        ...

    def beginning(self, start: str, visible: Collection[UUID], most: int) -> tuple[str, ...]:
        """Words of visible passages that begin so, the commonest first. Raises Tampered."""
        ...

    def state(self) -> IndexState | None:
        """What lies on the disk now; None if there is no index. Raises Tampered."""
        ...

    def check(self, expected: IndexState | None) -> None:
        """Raises Tampered if what lies on the disk is gone, older than ``expected`` or another one of its number.

        Something newer is allowed: a commit comes before the catalogue's note of it, and a newer generation than
        the noted one can only have been written with the key.
        """
        ...

    def verify(self) -> None:
        """Reads all that the index holds; otherwise a damaged part is noticed by who asks for it. Raises Tampered."""
        ...

    def close(self) -> None:
        """Lets go of the files."""
        ...
