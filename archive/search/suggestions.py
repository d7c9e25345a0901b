"""Words to offer instead of one that is nowhere, and words that begin as somebody has begun to type.

Only what stands in a passage that may be seen is offered, and how often it stands there decides; a concealed name, a
word of a hidden interview and one that does not exist are the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from heapq import heapify, heappop

import numpy as np

from archive.search.analysis import EXACT, exact_key
from archive.search.engine import Suggestion
from archive.search.evaluate import POSITION_BITS, Shelf
from archive.search.query import All, Either, Fuzzy, Leaf, Node, Phrase, Query, Word, terms_of
from archive.search.vocabulary import distances
from transcripts.language import folded, lemmas, surface

_MOST = 3
_SHORTEST = 4
_LONG = 7
_SHORTEST_START = 2


def better(query: Query, missing: Sequence[Leaf], shelves: Sequence[Shelf]) -> tuple[Suggestion, ...]:
    """For each word of the query that is nowhere, up to three that are and differ by a letter (two in long words)."""
    found = []
    for word in dict.fromkeys(_words(missing)):
        plain = surface(word.text)
        if len(plain) < _SHORTEST or plain.isnumeric() or _seen(exact_key(word.text), shelves):
            continue
        for form in _alike(plain, shelves)[:_MOST]:
            mended = replace(query, root=_with(query.root, word, replace(word, text=form)))
            found.append(Suggestion(instead_of=word.text, word=form, query=str(mended)))
    return tuple(found)


def beginning(start: str, shelves: Sequence[Shelf], most: int) -> tuple[str, ...]:
    """Words that begin so, those in most passages first, one form of each."""
    plain = folded(start.strip())
    if len(plain) < _SHORTEST_START or not plain.isalnum():
        return ()
    waiting = [(-often, form) for form, often in _seen_under(plain, shelves).items()]
    heapify(waiting)
    shown: list[str] = []
    known: set[str] = set()
    while waiting and len(shown) < most:
        _, form = heappop(waiting)
        keys = lemmas(form, None)
        if known.isdisjoint(keys):
            shown.append(form)
        known.update(keys)
    return tuple(shown)


def _words(leaves: Sequence[Leaf]) -> Iterator[Word]:
    for leaf in leaves:
        yield from (term for term in terms_of(leaf) if isinstance(term, Word))


def _alike(word: str, shelves: Sequence[Shelf]) -> list[str]:
    """Forms near a word: the nearest first, then those in most passages."""
    fuzzy = Fuzzy(word, 2 if len(word) >= _LONG else 1)
    keys = {key for shelf in shelves for key in shelf.postings.vocabulary.alike(fuzzy, forms_only=True)}
    counted = [(_seen(key, shelves), key.removeprefix(EXACT)) for key in keys]
    seen = [(-often, form) for often, form in counted if often]
    apart = distances(word, [form for _, form in seen]).tolist()
    return [form for _, (_, form) in sorted(zip(apart, seen, strict=True))]


def _seen(key: str, shelves: Sequence[Shelf]) -> int:
    """How many of the passages that may be seen have the key."""
    owners = [np.unique(shelf.postings.places(key) >> POSITION_BITS) for shelf in shelves]
    return sum(int(np.count_nonzero(shelf.seen[each])) for each, shelf in zip(owners, shelves, strict=True))


def _seen_under(start: str, shelves: Sequence[Shelf]) -> Counter[str]:
    """The forms that begin so, and how many of the passages that may be seen have each; none with none."""
    found: Counter[str] = Counter()
    for shelf in shelves:
        keys, counts = shelf.postings.counts(EXACT + start)
        owners = shelf.postings.under(EXACT + start) >> POSITION_BITS
        which = np.repeat(np.arange(len(keys)), counts)
        first = (np.diff(owners, prepend=-1) != 0) | (np.diff(which, prepend=-1) != 0)
        often = np.bincount(which[first & shelf.seen[owners]], minlength=len(keys))
        for place in np.flatnonzero(often).tolist():
            found[keys[place].removeprefix(EXACT)] += int(often[place])
    return found


def _with(node: Node, old: Word, new: Word) -> Node:
    """The tree with one word in another's place."""
    if node == old:
        return new
    if isinstance(node, All):
        return All(tuple(_with(part, old, new) for part in node.wanted), node.unwanted)
    if isinstance(node, Either):
        return Either(tuple(_with(part, old, new) for part in node.options))
    if isinstance(node, Phrase):
        return replace(node, terms=tuple(new if term == old else term for term in node.terms))
    return node
