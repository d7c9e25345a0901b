"""The search engine for one machine: Whoosh's segments over sealed files, answered from arrays."""

from __future__ import annotations

import hashlib
import itertools
import threading
from collections import deque
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field, replace
from functools import cached_property
from uuid import UUID

import numpy as np

from archive.errors import Tampered
from archive.search import writing
from archive.search.answers import Stock, best, nothing, told
from archive.search.engine import Answer, Hit, IndexState, Page
from archive.search.evaluate import Shelf, evaluate
from archive.search.grammar import parse
from archive.search.highlight import highlights, occurrences
from archive.search.passages import Passage
from archive.search.ports import SealedFiles
from archive.search.query import Query
from archive.search.shelves import ArrayShelf, Decoded
from archive.search.similar import similar
from archive.search.storage import SealedStorage
from archive.search.suggestions import beginning, better
from archive.search.writing import Commit

_DECODED_BYTES = 32 << 20
_ATTEMPTS = 5
_PIECE = 8 << 20
_READERS = 4  # whose visible passages are remembered


@dataclass(frozen=True)
class _Snapshot:
    """A commit, open for reading."""

    commit: Commit
    state: IndexState
    shelves: tuple[ArrayShelf, ...]
    stock: Stock

    _lately: deque[tuple[tuple[UUID, ...], list[Shelf]]] = field(default_factory=lambda: deque(maxlen=_READERS))

    def shown(self, visible: Collection[UUID]) -> list[Shelf]:
        """The shelves, with what may be seen of them.

        For a million passages that is most of what a query costs, and a reader may see today what they saw last time.
        """
        wanted = tuple(visible)
        for known, shelves in tuple(self._lately):
            if known == wanted:
                return shelves
        shelves = self._shown(wanted)
        self._lately.append((wanted, shelves))
        return shelves

    def _shown(self, visible: tuple[UUID, ...]) -> list[Shelf]:
        places = map(self._places.get, (interview.int for interview in visible), itertools.repeat(-1))
        seen = np.zeros(len(self.stock.interviews) + 1, bool)  # the last one stands for those that are not here
        seen[np.fromiter(places, np.int64)] = True
        return [Shelf(shelf, seen[owners]) for shelf, owners in zip(self.shelves, self.stock.owners, strict=True)]

    @cached_property
    def _places(self) -> dict[int, int]:
        """By their numbers: comparing thousands of UUIDs takes longer than answering."""
        return {interview.int: place for place, interview in enumerate(self.stock.interviews)}


class WhooshEngine:
    """See SearchEngine. Writing takes about ``spill_megabytes`` of memory, then sorts through sealed scratch files."""

    def __init__(self, files: SealedFiles, spill_megabytes: float = 128) -> None:
        self._files = files
        self._storage = SealedStorage(files)
        self._spill = spill_megabytes
        self._decoded = Decoded(_DECODED_BYTES)
        self._lock = threading.Lock()
        self._open: _Snapshot | None = None

    def replace(
        self, passages_by_interview: Mapping[UUID, Sequence[Passage]], after: IndexState | None = None
    ) -> IndexState:
        """See SearchEngine."""
        added = [passage for passages in passages_by_interview.values() for passage in passages]

        def write(before: Commit | None) -> Commit:
            if before is None:
                return writing.build(self._files, 1, added, self._spill)
            return writing.change(self._files, before, passages_by_interview.keys(), added, self._spill)

        with writing.one_at_a_time(self._files, "writing"):
            self.check(after)
            return self._commit(write)

    def remove(
        self, interviews: Collection[UUID], rest: Iterable[Passage], after: IndexState | None = None
    ) -> IndexState:
        """See SearchEngine."""
        return self.rebuild((passage for passage in rest if passage.interview not in interviews), after)

    def rebuild(self, passages: Iterable[Passage], after: IndexState | None = None) -> IndexState:
        """See SearchEngine."""
        least = after.generation if after else 0

        def write(before: Commit | None) -> Commit:
            generation = max(least, before.generation if before else 0) + 1
            return writing.build(self._files, generation, passages, self._spill)

        with writing.one_at_a_time(self._files, "writing"):
            return self._commit(write)

    def outdated(self, known: IndexState | None) -> bool:
        """See SearchEngine."""
        return known is not None and not writing.is_readable(known.directory)

    def alone(self) -> AbstractContextManager[None]:
        """See SearchEngine."""
        return writing.one_at_a_time(self._files, "releasing")

    def sweep(self) -> None:
        """See SearchEngine."""
        with writing.one_at_a_time(self._files, "writing"):
            commit = writing.latest(self._files)
            if commit is None or self._is_sound(commit):
                writing.sweep(self._files, commit)

    def search(self, query: Query | str, visible: Sequence[UUID], page: Page) -> Answer:
        """See SearchEngine."""
        read = _read(query)
        snapshot = self._snapshot()
        if snapshot is None:
            return nothing(read)
        shelves = snapshot.shown(visible)
        outcome = evaluate(read, shelves)
        words = better(read, outcome.missing, shelves)
        return replace(told(read, outcome, snapshot.stock, visible, page), better=words)

    def highlights(self, query: Query | str, text: str, language: str) -> list[tuple[int, int]]:
        """See SearchEngine."""
        return highlights(_read(query), text, language)

    def occurrences(self, query: Query | str, text: str, language: str) -> list[tuple[int, int]]:
        """See SearchEngine."""
        return occurrences(_read(query), text, language)

    def similar(self, passage: Passage, visible: Collection[UUID], most: int) -> list[Hit]:
        """See SearchEngine."""
        snapshot = self._snapshot()
        if snapshot is None:
            return []
        found = similar(passage, snapshot.shown(visible))
        return [hit for hit in best(found, snapshot.stock, most + 1) if hit.passage_id != passage.id][:most]

    def beginning(self, start: str, visible: Collection[UUID], most: int) -> tuple[str, ...]:
        """See SearchEngine."""
        snapshot = self._snapshot()
        return beginning(start, snapshot.shown(visible), most) if snapshot else ()

    def state(self) -> IndexState | None:
        """See SearchEngine."""
        snapshot = self._snapshot()
        return snapshot.state if snapshot else None

    def check(self, expected: IndexState | None) -> None:
        """See SearchEngine."""
        if expected is None:
            return
        there = self.state()
        if there is None or there.generation < expected.generation:
            raise Tampered("the index is older than the catalogue's note of it")
        if there.generation == expected.generation and there != expected:
            raise Tampered("the index is another one than the catalogue's note says")

    def verify(self) -> None:
        """See SearchEngine."""
        for name in self._files.names():
            with suppress(FileNotFoundError):  # a commit that came between
                file = self._files.open(name)
                pieces = -(-file.length // _PIECE)
                for piece in range(pieces):
                    size = -(-file.length // pieces)
                    file.read_at(piece * size, size)
                file.close()

    def close(self) -> None:
        """See SearchEngine."""
        with self._lock:
            self._open = None

    def _commit(self, write: Callable[[Commit | None], Commit]) -> IndexState:
        """Runs a writer under the lock held; whatever happens, only files of one commit remain."""
        before = writing.latest(self._files)
        try:
            after = write(before)
        except BaseException:
            # The old commit may be the damaged one that is being rebuilt: then there is nothing to tell apart yet.
            if before is not None and self._is_sound(before):
                writing.sweep(self._files, before)
            raise
        writing.sweep(self._files, after)
        return _state(self._files, after)

    def _is_sound(self, commit: Commit) -> bool:
        try:
            writing.contents(self._storage, commit)
        except (Tampered, FileNotFoundError):
            return False
        return True

    def _snapshot(self) -> _Snapshot | None:
        """The newest commit, opened. Who asks it goes on with it whatever is committed meanwhile.

        A commit may be swept away between its being seen and opened.
        """
        for _ in range(_ATTEMPTS):
            with self._lock:
                commit = writing.latest(self._files)
                if self._open is not None and self._open.commit == commit:
                    return self._open
                try:
                    self._open = self._opened(commit) if commit else None
                except FileNotFoundError:
                    continue
                return self._open
        raise Tampered("a file of the index is missing")

    def _opened(self, commit: Commit) -> _Snapshot:
        state = _state(self._files, commit)
        at_hand = {shelf.id: shelf for shelf in (self._open.shelves if self._open else ())}
        shelves = tuple(
            at_hand.get(segment.segment_id()) or ArrayShelf(self._storage, segment, self._decoded)
            for segment in writing.contents(self._storage, commit)
        )
        self._decoded.keep({shelf.id for shelf in shelves})
        interviews = tuple(sorted({interview for shelf in shelves for interview in shelf.interviews}))
        places = {interview: place for place, interview in enumerate(interviews)}
        owners = tuple(
            np.array([places[interview] for interview in shelf.interviews], np.int64)[shelf.owners] for shelf in shelves
        )
        return _Snapshot(commit, state, shelves, Stock(interviews, owners, [shelf.numbers for shelf in shelves]))


def _state(files: SealedFiles, commit: Commit) -> IndexState:
    """Segments have random names and are written once, so the list of their names stands for their content."""
    file = files.open(commit.contents)
    try:
        digest = hashlib.sha256(file.read_at(0, file.length)).hexdigest()
    finally:
        file.close()
    return IndexState(commit.directory, commit.generation, digest)


def _read(query: Query | str) -> Query:
    return parse(query) if isinstance(query, str) else query
