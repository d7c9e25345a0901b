"""What an engine found, put in order and told: the same for every engine that evaluates over arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from archive.search.engine import Answer, Hit, Order, Page, Tallies
from archive.search.evaluate import Outcome
from archive.search.query import Query


@dataclass(frozen=True, slots=True)
class Stock:
    """Whose passages the shelves hold: owners are indexes into ``interviews`` (in the order of their ids)."""

    interviews: Sequence[UUID]
    owners: Sequence[NDArray[np.int64]]
    numbers: Sequence[NDArray[np.int64]]


@dataclass(frozen=True, slots=True)
class _Hits:
    """All hits, in the order of interview and number, each with its score."""

    owners: NDArray[np.int64]
    numbers: NDArray[np.int64]
    scores: NDArray[np.float64]


def nothing(query: Query) -> Answer:
    """The answer of an archive without an index."""
    return Answer(query=query, total=0, by_interview=Tallies((), b"", ()), hits=())


def told(query: Query, outcome: Outcome, stock: Stock, visible: Sequence[UUID], page: Page) -> Answer:
    """One page of the hits, and how many each interview has.

    Equals in relevance stand in the order of interview and number, wherever they are stored.
    """
    hits = _all_hits(outcome, stock)
    order = _ordered(hits, stock, visible, page)
    first = _first(page)
    shown = order[first : first + page.size] if page.each is None else _of_interviews(hits, order, page)
    return Answer(
        query=query,
        total=len(hits.scores),
        by_interview=_tallied(hits, stock),
        hits=tuple(_told(hits, stock, place) for place in shown),
        cut=tuple(str(leaf) for leaf in outcome.cut),
    )


def best(outcome: Outcome, stock: Stock, most: int) -> list[Hit]:
    """The best hits, equals as in ``told``."""
    hits = _all_hits(outcome, stock)
    return [_told(hits, stock, place) for place in _ordered(hits, stock, (), Page())[:most]]


def _all_hits(outcome: Outcome, stock: Stock) -> _Hits:
    found = list(zip(outcome.found, stock.owners, stock.numbers, strict=True))
    none = np.empty(0, np.int64)
    owners = np.concatenate([none, *(owners[each.passages] for each, owners, _ in found)])
    numbers = np.concatenate([none, *(numbers[each.passages] for each, _, numbers in found)])
    scores = np.concatenate([np.empty(0), *(each.scores for each, _, _ in found)])
    places = owners << 32 | numbers
    if (places[1:] > places[:-1]).all():  # one shelf, as a rule
        return _Hits(owners, numbers, scores)
    order = np.argsort(places)
    return _Hits(owners[order], numbers[order], scores[order])


def _ordered(hits: _Hits, stock: Stock, visible: Sequence[UUID], page: Page) -> NDArray[np.int64]:
    if page.order is Order.RELEVANCE:
        return np.argsort(-hits.scores, kind="stable")
    rank = {interview: place for place, interview in enumerate(visible)}
    ranks = np.array([rank.get(interview, len(rank)) for interview in stock.interviews], np.int64)
    return np.argsort(ranks[hits.owners], kind="stable")


def _first(page: Page) -> int:
    return max(0, page.number - 1) * page.size


def _of_interviews(hits: _Hits, order: NDArray[np.int64], page: Page) -> NDArray[np.int64]:
    """The first hits of each of the interviews on the page; these come in the order of their first hits."""
    owners = hits.owners[order]
    interviews, leading = np.unique(owners, return_index=True)
    chosen = interviews[np.argsort(leading)][_first(page) : _first(page) + page.size]
    return np.concatenate([order[:0], *(order[np.flatnonzero(owners == owner)[: page.each]] for owner in chosen)])


def _tallied(hits: _Hits, stock: Stock) -> Tallies:
    starts, numbers = np.flatnonzero(np.diff(hits.owners, prepend=-1)), hits.numbers.astype("<u4")
    ends = np.append(starts[1:], len(numbers))[: len(starts)] * numbers.itemsize
    owners = hits.owners[starts].tolist()
    return Tallies([stock.interviews[owner] for owner in owners], numbers.tobytes(), ends.tolist())


def _told(hits: _Hits, stock: Stock, place: int) -> Hit:
    interview, number = stock.interviews[int(hits.owners[place])], int(hits.numbers[place])
    return Hit(f"{interview}:{number}", interview, number, float(hits.scores[place]))
