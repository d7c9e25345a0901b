"""Answers a query from postings, whoever keeps them: sets and scores as arrays over the passages of a shelf.

A passage that may not be seen counts for nothing: not in totals, not in the rarity of a word, not in the order, not in
what a pattern stands for. So the answer is the one an index of the visible passages alone would give.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from heapq import merge
from itertools import groupby, islice
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from archive.search.analysis import EXACT
from archive.search.forms import Row, Slot, planned, rows
from archive.search.query import All, Either, Field, Filter, Fuzzy, Leaf, Node, Pattern, Phrase, Prefix, Query
from archive.search.query import leaves as leaves_of
from archive.search.query import wanted as wanted_of
from archive.search.vocabulary import Vocabulary
from archive.search.years import Keys
from transcripts.language import folded

Places: TypeAlias = NDArray[np.int64]
"""Where something stands, ascending: passage number << 16 | position of the word in the passage."""

POSITION_BITS = 16
_POSITION = (1 << POSITION_BITS) - 1
_ROLES = {
    **dict.fromkeys(("r", "narrator", "рассказчик", "рассказчица", "оповідач", "оповідачка"), "n"),
    **dict.fromkeys(("interviewer", "интервьюер", "інтервʼюер"), "i"),
}
_SATURATION = 1.2  # BM25's k1. Its b is 0: passages are cut to one length, so there is nothing to make up for.
_RUNS = 9  # Fewer sorted ones are merged quicker than all of it is sorted.
MOST_KEYS = 2_000
"""What a pattern or a fuzzy word may stand for, of what may be seen; more is cut, and said."""


class Postings(Protocol):
    """One shelf of the index; its passages are numbered from 0 to ``size`` - 1. Never changes."""

    @property
    def size(self) -> int: ...

    def places(self, key: str) -> Places:
        """Where words with that key stand; empty if nowhere."""
        ...

    def under(self, start: str) -> Places:
        """Where words with keys that begin so stand, key by key."""
        ...

    def counts(self, start: str) -> tuple[Sequence[str], NDArray[np.int64]]:
        """The keys that begin so, in order, and how many places each has."""
        ...

    @property
    def vocabulary(self) -> Vocabulary:
        """All keys; made at first use and kept."""
        ...

    def column(self, field: Field) -> tuple[Sequence[str], NDArray[np.int64]]:
        """The distinct values of Field.SPEAKER or LANGUAGE ("" for none), and for each passage which of them it has."""
        ...


@dataclass(frozen=True, slots=True)
class Shelf:
    """Postings, and which of their passages may be seen: one boolean each."""

    postings: Postings
    seen: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Found:
    """The passages of one shelf that answer the query, ascending, and their scores."""

    passages: NDArray[np.int64]
    scores: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What answers a query, shelf by shelf; ``cut`` are the terms that stand for too much, ``missing`` those that
    stand nowhere that may be seen.
    """

    found: list[Found]
    cut: tuple[Leaf, ...]
    missing: tuple[Leaf, ...]


@dataclass(frozen=True, slots=True)
class Count:
    """How often a leaf stands in the passages of a shelf that may be seen: ascending, without those with none."""

    passages: NDArray[np.int64]
    often: NDArray[np.int64]


def evaluate(query: Query, shelves: Sequence[Shelf]) -> Outcome:
    """What answers the query. Scores are BM25 over the passages that may be seen and that the filters let through."""
    shelves = [Shelf(shelf.postings, _let_through(query.filters, shelf)) for shelf in shelves]
    root = planned(query)
    expanded = _Expanded(shelves)
    counts = {leaf: expanded.counted(leaf, rows(leaf, query.pairs)) for leaf in dict.fromkeys(leaves_of(root))}
    shown = visible(shelves)
    totals = {leaf: sum(len(each.passages) for each in found) for leaf, found in counts.items()}
    weights = {leaf: rarity(shown, totals[leaf]) for leaf in wanted_of(root)}
    found = []
    for number, shelf in enumerate(shelves):
        here = {leaf: each[number] for leaf, each in counts.items()}
        found.append(_scored(np.flatnonzero(_matching(root, here, shelf)), here, weights, shelf))
    return Outcome(found, tuple(expanded.cut), tuple(leaf for leaf in query.wanted() if not totals.get(leaf)))


def tallied(keys: Keys, shelves: Sequence[Shelf]) -> list[Count]:
    """How often words with any of these keys stand in each passage, shelf by shelf."""
    return [_counted(_joined(map(shelf.postings.places, keys)), shelf) for shelf in shelves]


def weighed(count: Count, rarity: float) -> NDArray[np.float64]:
    """What a leaf of that rarity adds to the score of each passage it stands in."""
    return rarity * count.often * (_SATURATION + 1) / (count.often + _SATURATION)


def visible(shelves: Sequence[Shelf]) -> int:
    """How many passages may be seen."""
    return sum(int(np.count_nonzero(shelf.seen)) for shelf in shelves)


def rarity(visible: int, passages: int) -> float:
    """How much a word says that stands in so many of the visible passages."""
    return float(np.log1p((visible - passages + 0.5) / (passages + 0.5)))


def _scored(passages: NDArray[np.int64], counts: dict[Leaf, Count], weights: dict[Leaf, float], shelf: Shelf) -> Found:
    scores = np.zeros(shelf.postings.size)
    for leaf, weight in weights.items():
        scores[counts[leaf].passages] += weighed(counts[leaf], weight)
    return Found(passages, scores[passages])


def _matching(node: Node, counts: dict[Leaf, Count], shelf: Shelf) -> NDArray[np.bool_]:
    if isinstance(node, All):
        wanted = [_matching(part, counts, shelf) for part in node.wanted]
        unwanted = [~_matching(part, counts, shelf) for part in node.unwanted]
        return reduce(np.logical_and, wanted + unwanted)
    if isinstance(node, Either):
        return reduce(np.logical_or, [_matching(part, counts, shelf) for part in node.options])
    found = np.zeros(shelf.postings.size, bool)
    found[counts[node].passages] = True
    return found


class _Expanded:
    """What terms stand for on these shelves together; the shelves of an index say nothing about its answers."""

    def __init__(self, shelves: Sequence[Shelf]) -> None:
        self.cut: dict[Leaf, None] = {}
        self._shelves = shelves
        self._keys: dict[Slot, tuple[str, ...]] = {}
        self._stand: dict[tuple[Slot, int], Places] = {}

    def counted(self, leaf: Leaf, ways: Sequence[Row]) -> list[Count]:
        """How often the leaf stands in each passage, shelf by shelf."""
        within = leaf.within if isinstance(leaf, Phrase) else None
        found = [[self._standing(row, within, shelf) for row in ways] for shelf in self._shelves]
        self.cut |= dict.fromkeys([leaf] if any(slot in self.cut for row in ways for slot in row) else [])
        return [_counted(_joined(each), shelf) for each, shelf in zip(found, self._shelves, strict=True)]

    def _standing(self, row: Row, within: int | None, shelf: Shelf) -> Places:
        """Where a row begins."""
        if len(row) == 1:
            return self._places(row[0], shelf)
        places: list[Places] = []
        for slot in reversed(row):  # a preposition comes first, and is long
            places.insert(0, self._places(slot, shelf))
            if not len(places[0]):
                return places[0]
        return _in_a_row(places) if within is None else _near(places, within)

    def _places(self, slot: Slot, shelf: Shelf) -> Places:
        """Where words that fit the slot stand; looked up once, however many rows have it."""
        known = (slot, id(shelf))
        if known not in self._stand:
            self._stand[known] = self._looked_up(slot, shelf)
        return self._stand[known]

    def _looked_up(self, slot: Slot, shelf: Shelf) -> Places:
        if isinstance(slot, Prefix):
            return np.sort(shelf.postings.under(EXACT + slot.start))
        keys = self._standing_for(slot) if isinstance(slot, Pattern | Fuzzy) else slot
        return _joined([shelf.postings.places(key) for key in keys])

    def _standing_for(self, slot: Pattern | Fuzzy) -> tuple[str, ...]:
        """Keys of that shape that stand where it may be seen: those alone count, for the cut as for the answer."""
        if slot not in self._keys:
            # All vocabularies are in one order; what comes after enough of them is not even looked at.
            found = merge(*(_shaped(slot, shelf.postings.vocabulary) for shelf in self._shelves))
            seen = list(islice(filter(self._is_seen, (key for key, _ in groupby(found))), MOST_KEYS + 1))
            if len(seen) > MOST_KEYS:
                self.cut[slot] = None
            self._keys[slot] = tuple(seen[:MOST_KEYS])
        return self._keys[slot]

    def _is_seen(self, key: str) -> bool:
        return any(shelf.seen[shelf.postings.places(key) >> POSITION_BITS].any() for shelf in self._shelves)


def _shaped(slot: Pattern | Fuzzy, vocabulary: Vocabulary) -> Iterable[str]:
    return vocabulary.forms_like(slot) if isinstance(slot, Pattern) else vocabulary.alike(slot)


def _in_a_row(places: Sequence[Places]) -> Places:
    """Where the first stands, if the others follow one by one. The rarest is walked, the others are looked up."""
    rarest, *others = sorted(range(len(places)), key=lambda step: len(places[step]))
    within = places[rarest] & _POSITION
    starts = places[rarest][(within >= rarest) & (within <= _POSITION - len(places) + 1 + rarest)] - rarest
    for step in others:
        starts = starts[_are_in(starts + step, places[step])]
    return starts


def _near(places: Sequence[Places], within: int) -> Places:
    """Where one of them stands and all others there or after it, at most ``within`` words between the ends."""
    starts = _distinct(places)
    last = np.minimum(starts + within + 1, starts | _POSITION)
    for each in places:
        following = np.searchsorted(each, starts)
        there = each[np.minimum(following, len(each) - 1)]
        keep = (following < len(each)) & (there <= last)
        starts, last = starts[keep], last[keep]
    return starts


def _are_in(some: Places, many: Places) -> NDArray[np.bool_]:
    if not len(many):
        return np.zeros(len(some), bool)
    found: NDArray[np.bool_] = many[np.minimum(np.searchsorted(many, some), len(many) - 1)] == some
    return found


def _joined(found: Iterable[Places]) -> Places:
    """The places of all of them; a word that is found twice stands there once."""
    some = [places for places in found if len(places)]
    if len(some) == 1:
        return some[0]
    return _distinct(some) if some else np.empty(0, np.int64)


def _distinct(some: Sequence[Places]) -> Places:
    """What np.unique gives, which hashes where these are sorted already: thirty times slower."""
    together = np.sort(np.concatenate(some), kind="stable" if len(some) < _RUNS else None)
    return together[np.flatnonzero(np.diff(together, prepend=-1))]


def _counted(places: Places, shelf: Shelf) -> Count:
    owners = places >> POSITION_BITS
    owners = owners[shelf.seen[owners]]
    edges = np.flatnonzero(np.diff(owners, prepend=-1))
    return Count(owners[edges], np.diff(edges, append=len(owners)))


def _let_through(filters: Sequence[Filter], shelf: Shelf) -> NDArray[np.bool_]:
    seen = shelf.seen
    for name in (Field.SPEAKER, Field.LANGUAGE):
        of_name = [each for each in filters if each.name is name]
        if of_name:
            values, which = shelf.postings.column(name)
            fitting = np.array([_fits(of_name, _plain(value)) for value in values], bool)
            seen = seen & fitting[which]
    return seen


def _fits(filters: Sequence[Filter], value: str) -> bool:
    """Any of the wanted values will do; none of the unwanted ones."""
    wanted = [_plain(each.value) for each in filters if not each.unwanted]
    unwanted = [_plain(each.value) for each in filters if each.unwanted]
    return value not in unwanted and (not wanted or value in wanted)


def _plain(value: str) -> str:
    """A speaker or language as it is compared: who tells is called N or R, who asks I, and both by their role."""
    plain = folded(value)
    return _ROLES.get(plain, plain)
