"""A search engine that keeps its passages as they are, in memory: neither quick nor sealed, but true to the port."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from itertools import chain
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from archive.errors import Tampered
from archive.search import Answer, Hit, IndexState, Page, Passage, Query
from archive.search.analysis import placed
from archive.search.answers import Stock, best, nothing, told
from archive.search.evaluate import POSITION_BITS, Places, Shelf, evaluate
from archive.search.grammar import parse
from archive.search.highlight import highlights, occurrences
from archive.search.query import Field
from archive.search.similar import similar
from archive.search.suggestions import beginning, better
from archive.search.vocabulary import Vocabulary


@dataclass
class Kept:
    """What several engines share, as they would share a folder."""

    interviews: dict[UUID, list[Passage]] = field(default_factory=dict)
    state: IndexState | None = None
    lock: threading.RLock = field(default_factory=threading.RLock)


class EngineInMemory:
    """See SearchEngine."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept

    def replace(
        self, passages_by_interview: Mapping[UUID, Sequence[Passage]], after: IndexState | None = None
    ) -> IndexState:
        with self._kept.lock:
            self.check(after)
            changed = {id: list(passages) for id, passages in passages_by_interview.items()}
            state = self._kept.state
            return self._keep({**self._kept.interviews, **changed}, state.generation if state else 0, "first")

    def remove(
        self, interviews: Collection[UUID], rest: Iterable[Passage], after: IndexState | None = None
    ) -> IndexState:
        return self.rebuild([passage for passage in rest if passage.interview not in interviews], after)

    def rebuild(self, passages: Iterable[Passage], after: IndexState | None = None) -> IndexState:
        found: dict[UUID, list[Passage]] = {}
        for passage in passages:
            found.setdefault(passage.interview, []).append(passage)
        with self._kept.lock:
            before = [state.generation for state in (after, self._kept.state) if state]
            return self._keep(found, max(before, default=0), f"built after {max(before, default=0)}")

    def outdated(self, known: IndexState | None) -> bool:
        return known is not None and known.directory.startswith("v")

    def alone(self) -> AbstractContextManager[object]:
        return self._kept.lock

    def sweep(self) -> None:
        pass

    def search(self, query: Query | str, visible: Sequence[UUID], page: Page) -> Answer:
        read = _read(query)
        if self._kept.state is None:
            return nothing(read)
        shelves, stock = self._opened(visible)
        outcome = evaluate(read, shelves)
        words = better(read, outcome.missing, shelves)
        return replace(told(read, outcome, stock, visible, page), better=words)

    def highlights(self, query: Query | str, text: str, language: str) -> list[tuple[int, int]]:
        return highlights(_read(query), text, language)

    def occurrences(self, query: Query | str, text: str, language: str) -> list[tuple[int, int]]:
        return occurrences(_read(query), text, language)

    def similar(self, passage: Passage, visible: Collection[UUID], most: int) -> list[Hit]:
        shelves, stock = self._opened(visible)
        found = best(similar(passage, shelves), stock, most + 1)
        return [hit for hit in found if hit.passage_id != passage.id][:most]

    def beginning(self, start: str, visible: Collection[UUID], most: int) -> tuple[str, ...]:
        return beginning(start, self._opened(visible)[0], most)

    def state(self) -> IndexState | None:
        return self._kept.state

    def check(self, expected: IndexState | None) -> None:
        there = self._kept.state
        if expected is None:
            return
        if there is None or there.generation < expected.generation:
            raise Tampered("older")
        if there.generation == expected.generation and there != expected:
            raise Tampered("another")

    def verify(self) -> None:
        pass

    def close(self) -> None:
        pass

    def _keep(self, interviews: dict[UUID, list[Passage]], generation: int, directory: str) -> IndexState:
        digest = hashlib.sha256(repr((generation, sorted(interviews))).encode()).hexdigest()
        self._kept.interviews = {id: passages for id, passages in interviews.items() if passages}
        self._kept.state = IndexState(directory, generation + 1, digest)
        return self._kept.state

    def _opened(self, visible: Collection[UUID]) -> tuple[list[Shelf], Stock]:
        """Each interview is a shelf of its own."""
        interviews = sorted(self._kept.interviews.items())
        shelves = [Shelf(_Plain(all), np.full(len(all), id in visible)) for id, all in interviews]
        owners = [np.full(len(all), place, np.int64) for place, (_, all) in enumerate(interviews)]
        numbers = [np.array([passage.number for passage in all], np.int64) for _, all in interviews]
        return shelves, Stock([id for id, _ in interviews], owners, numbers)


class _Plain:
    """See evaluate.Postings."""

    def __init__(self, passages: list[Passage]) -> None:
        self.size = len(passages)
        self._passages = passages
        self._found: dict[str, list[int]] = {}
        for number, passage in enumerate(passages):
            for word in placed(passage.text, passage.language):
                for key in word.keys:
                    self._found.setdefault(key, []).append(number << POSITION_BITS | word.position)
        self.vocabulary = Vocabulary.of(self._found)

    def places(self, key: str) -> Places:
        return np.array(self._found.get(key, []), np.int64)

    def under(self, start: str) -> Places:
        found = chain.from_iterable(places for key, places in self._found.items() if key.startswith(start))
        return np.array(list(found), np.int64)

    def counts(self, start: str) -> tuple[list[str], NDArray[np.int64]]:
        keys = sorted(key for key in self._found if key.startswith(start))
        return keys, np.array([len(self._found[key]) for key in keys], np.int64)

    def column(self, field: Field) -> tuple[list[str], NDArray[np.int64]]:
        of_each = [(each.speaker or "") if field is Field.SPEAKER else each.language for each in self._passages]
        values = sorted(set(of_each))
        return values, np.array([values.index(value) for value in of_each], np.int64)


def _read(query: Query | str) -> Query:
    return parse(query) if isinstance(query, str) else query
