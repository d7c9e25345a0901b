"""Answers a query from postings, whoever keeps them: sets and scores as arrays over the passages of a shelf.

A passage that may not be seen counts for nothing: not in totals, not in the rarity of a word, not in the order. So the
answer is the one an index of the visible passages alone would give.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from archive.search.query import All, Either, Leaf, Node, Phrase, Prefix, Query, Word

Places: TypeAlias = NDArray[np.int64]
"""Where something stands, ascending: passage number << 16 | position of the word in the passage."""

POSITION_BITS = 16
_POSITION = (1 << POSITION_BITS) - 1
_SATURATION = 1.2  # BM25's k1. Its b is 0: passages are cut to one length, so there is nothing to make up for.


class Postings(Protocol):
    """One shelf of the index; its passages are numbered from 0 to ``size`` - 1."""

    @property
    def size(self) -> int: ...

    def places(self, key: str) -> Places:
        """Where words with that key stand; empty if nowhere."""
        ...

    def keys(self, start: str) -> Iterable[str]:
        """The keys that begin so."""
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


def evaluate(query: Query, shelves: Sequence[Shelf]) -> list[Found]:
    """What answers the query, shelf by shelf. Scores are BM25 over the passages that may be seen."""
    leaves = list(dict.fromkeys(_leaves(query.root)))
    counts = [{leaf: _counted(leaf, shelf) for leaf in leaves} for shelf in shelves]
    visible = sum(int(np.count_nonzero(shelf.seen)) for shelf in shelves)
    weights = {
        leaf: _rarity(visible, sum(int(np.count_nonzero(each[leaf])) for each in counts)) for leaf in query.wanted()
    }
    found = []
    for each in counts:
        passages = np.flatnonzero(_matching(query.root, each))
        scores = np.zeros(len(passages))
        for leaf, weight in weights.items():
            often = each[leaf][passages]
            scores += weight * often * (_SATURATION + 1) / (often + _SATURATION)
        found.append(Found(passages, scores))
    return found


def _leaves(node: Node) -> Iterable[Leaf]:
    if isinstance(node, All):
        for part in (*node.wanted, *node.unwanted):
            yield from _leaves(part)
    elif isinstance(node, Either):
        for part in node.options:
            yield from _leaves(part)
    else:
        yield node


def _matching(node: Node, counts: dict[Leaf, NDArray[np.int64]]) -> NDArray[np.bool_]:
    if isinstance(node, All):
        wanted = [_matching(part, counts) for part in node.wanted]
        unwanted = [~_matching(part, counts) for part in node.unwanted]
        return reduce(np.logical_and, wanted + unwanted)
    if isinstance(node, Either):
        return reduce(np.logical_or, [_matching(part, counts) for part in node.options])
    return counts[node] > 0


def _counted(leaf: Leaf, shelf: Shelf) -> NDArray[np.int64]:
    """How often a leaf stands in each passage; 0 in those that may not be seen."""
    often = np.bincount(_places(leaf, shelf.postings) >> POSITION_BITS, minlength=shelf.postings.size)
    return np.where(shelf.seen, often, 0)


def _places(leaf: Leaf, postings: Postings) -> Places:
    if isinstance(leaf, Word):
        return _together(postings, leaf.keys)
    if isinstance(leaf, Prefix):
        return _together(postings, {*postings.keys(leaf.start), *leaf.keys})
    assert isinstance(leaf, Phrase)
    # A word k places on, moved back by k, stands where the phrase starts.
    starts = _together(postings, leaf.words[0].keys)
    for step, word in enumerate(leaf.words[1:], 1):
        if not len(starts):
            break
        later = _together(postings, word.keys)
        starts = np.intersect1d(starts, later[(later & _POSITION) >= step] - step, assume_unique=True)
    return starts


def _together(postings: Postings, keys: Iterable[str]) -> Places:
    """The places of all these keys; a word that has two of them stands there once."""
    found = [places for places in map(postings.places, keys) if len(places)]
    if len(found) == 1:
        return found[0]
    return np.unique(np.concatenate(found)) if found else np.empty(0, np.int64)


def _rarity(visible: int, passages: int) -> float:
    return float(np.log1p((visible - passages + 0.5) / (passages + 0.5)))
