"""The port every search engine offers, and the values that cross it. How an engine does it is behind the port."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import UUID

from archive.search.passages import Passage


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


@dataclass(frozen=True, slots=True)
class Page:
    """Which hits to hand out: ``size`` of them; ``number`` counts from 1."""

    number: int = 1
    size: int = 20


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that answers the query: the ``number``-th of its interview. Scores compare within one answer only."""

    passage_id: str
    interview: UUID
    number: int
    score: float


@dataclass(frozen=True, slots=True)
class Answer:
    """What a query found among the visible interviews; nothing in it depends on the others.

    ``understood`` is the query as it was run, read back; ``repaired`` says that it is not quite what was typed;
    ``terms`` are the words looked for. ``total`` passages in ``interviews`` interviews; ``hits`` is one
    page, best first.
    """

    understood: str = field(repr=False)
    total: int
    interviews: int
    hits: tuple[Hit, ...]
    repaired: bool
    terms: tuple[str, ...] = field(repr=False)


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

    def alone(self) -> AbstractContextManager[None]:
        """Held by whoever changes what is released together with the index, so that the two cannot part.

        Waits for others, of any process; ends with its holder. Not to be asked for twice.
        """
        ...

    def sweep(self) -> None:
        """Deletes what killed writers left: half of a new index, or an old one that was replaced."""
        ...

    def search(self, query: str, visible: Collection[UUID], page: Page) -> Answer:
        """Answers from the visible interviews alone. Raises BadQuery, Tampered."""
        ...

    def highlights(self, query: str, text: str, language: str) -> list[tuple[int, int]]:
        """Where in a text (code points, in order) the words of the query stand. Raises BadQuery."""
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

    def close(self) -> None:
        """Lets go of the files."""
        ...
