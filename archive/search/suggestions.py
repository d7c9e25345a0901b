"""Words to offer instead of one that is nowhere, and words that begin as somebody has begun to type.

Only what stands in a passage that may be seen is offered, and how often it stands there decides; a concealed name, a
word of a hidden interview and one that does not exist are the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

import numpy as np
from numpy.typing import NDArray

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
_MOST_TRIED = 5_000  # forms, should all of them be of one word
_MOST_SUMMED = 200_000


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
    shown: list[str] = []
    known: set[str] = set()
    for form in islice(_seen_under(plain, shelves), _MOST_TRIED):
        keys = lemmas(form, None)
        if known.isdisjoint(keys):
            shown.append(form)
        known.update(keys)
        if len(shown) == most:
            break
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


def _seen_under(start: str, shelves: Sequence[Shelf]) -> Iterator[str]:
    """The forms that begin so and may be seen: those in most passages first, equals as they are spelled.

    There may be a million of them, so none is read before its turn; where they lie on several shelves all are.
    """
    found = [_passages_under(EXACT + start, shelf) for shelf in shelves]
    keys, often = found[0] if len(found) == 1 else _summed(found)
    for place in map(int, np.argsort(-often, kind="stable")[: np.count_nonzero(often)]):
        yield keys[place].removeprefix(EXACT)


def _passages_under(start: str, shelf: Shelf) -> tuple[Sequence[str], NDArray[np.int64]]:
    """The keys that begin so, in order, and how many of the passages that may be seen have each."""
    keys, counts = shelf.postings.counts(start)
    owners = shelf.postings.under(start) >> POSITION_BITS
    which = np.repeat(np.arange(len(keys)), counts)
    first = (np.diff(owners, prepend=-1) != 0) | (np.diff(which, prepend=-1) != 0)
    return keys, np.bincount(which[first & shelf.seen[owners]], minlength=len(keys))


def _summed(found: Sequence[tuple[Sequence[str], NDArray[np.int64]]]) -> tuple[list[str], NDArray[np.int64]]:
    """The same of several shelves together, without what is rare on one that has more forms than any language."""
    sums: dict[str, int] = {}
    for keys, often in found:
        for place in np.argsort(-often, kind="stable")[:_MOST_SUMMED].tolist():
            key = keys[place]
            sums[key] = sums.get(key, 0) + int(often[place])
    forms = sorted(sums)
    return forms, np.fromiter(map(sums.__getitem__, forms), np.int64, len(forms))


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
