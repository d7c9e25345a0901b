"""Where the words of a query stand in a text that is shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from archive.search.analysis import EXACT, Placed, placed
from archive.search.forms import Slot, planned, rows
from archive.search.query import Fuzzy, Pattern, Phrase, Prefix, Query, wanted
from archive.search.vocabulary import Shape, distances
from transcripts.language import surface


def highlights(query: Query, text: str, language: str) -> list[tuple[int, int]]:
    """The code points of every word that the query may have been answered by, in order; unwanted words are not."""
    words = list(placed(text, language))
    marked = {index for run in _runs(query, words) for index in run}
    return [(words[index].token.start, words[index].token.end) for index in sorted(marked)]


def occurrences(query: Query, text: str, language: str) -> list[tuple[int, int]]:
    """The same with each phrase in one piece; where places overlap, the first and longest stays."""
    words = list(placed(text, language))
    found: list[tuple[int, int]] = []
    for run in sorted(set(_runs(query, words)), key=lambda run: (run[0], -run[-1])):
        start, end = words[run[0]].token.start, words[run[-1]].token.end
        if not found or start >= found[-1][1]:
            found.append((start, end))
    return found


def _runs(query: Query, words: Sequence[Placed]) -> Iterator[tuple[int, ...]]:
    """The words of each place where a leaf is answered, as indexes."""
    text = _Text(words)
    for leaf in wanted(planned(query)):
        for row in _rows(leaf, query.pairs):
            fitting = [text.fitting(slot) for slot in row]
            if not all(fitting):
                continue
            if not isinstance(leaf, Phrase) or leaf.within is None:
                yield from _in_a_row(fitting, words)
            else:
                yield from _near(fitting, words, leaf.within)


_rows = lru_cache(maxsize=256)(rows)
"""A query is asked about each of the turns that are shown."""


def _in_a_row(fitting: Sequence[Sequence[int]], words: Sequence[Placed]) -> Iterator[tuple[int, ...]]:
    first, *others = fitting
    following = [frozenset(each) for each in others]
    for index in first:
        run = range(index, index + len(fitting))
        in_a_row = run[-1] < len(words) and words[run[-1]].position - words[index].position == len(others)
        if in_a_row and all(place in each for place, each in zip(run[1:], following, strict=True)):
            yield tuple(run)


def _near(fitting: Sequence[Sequence[int]], words: Sequence[Placed], within: int) -> Iterator[tuple[int, ...]]:
    for start in sorted({index for each in fitting for index in each}):
        last = words[start].position + within + 1
        there = [next((index for index in each if index >= start), None) for each in fitting]
        run = tuple(sorted({index for index in there if index is not None and words[index].position <= last}))
        if None not in there and all(words[index or 0].position <= last for index in there):
            yield run


class _Text:
    """The words of a text by their keys."""

    def __init__(self, words: Sequence[Placed]) -> None:
        self._words = words
        self._by_key: dict[str, list[int]] = {}
        for index, word in enumerate(words):
            for key in word.keys:
                self._by_key.setdefault(key, []).append(index)

    def fitting(self, slot: Slot) -> list[int]:
        """Which words fit the slot, ascending."""
        if isinstance(slot, Prefix):
            start = slot.start
            return [index for index, word in enumerate(self._words) if word.form.startswith(start)]
        if isinstance(slot, Pattern):
            shape = Shape(slot)
            return [index for index, word in enumerate(self._words) if shape.fits(word.form)]
        keys = self._alike(slot) if isinstance(slot, Fuzzy) else slot
        return sorted({index for key in keys for index in self._by_key.get(key, ())})

    def _alike(self, slot: Fuzzy) -> list[str]:
        plain, edits = surface(slot.text), slot.edits
        letters, least, most = set(plain), len(plain) - edits, len(plain) + edits
        of_length = [(key, form) for key in self._by_key if least <= len(form := key.removeprefix(EXACT)) <= most]
        maybe = [(key, form) for key, form in of_length if len(letters.symmetric_difference(form)) <= 2 * edits]
        near = distances(plain, [form for _, form in maybe]) <= edits
        return [key for (key, _), is_near in zip(maybe, near.tolist(), strict=True) if is_near]
