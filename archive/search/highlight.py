"""Where the words of a query stand in a text that is shown."""

from __future__ import annotations

from collections.abc import Iterator, KeysView, Sequence
from functools import lru_cache
from typing import NamedTuple

from archive.search.analysis import EXACT, Placed, placed
from archive.search.forms import Row, Slot, planned, rows
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


class _Plan:
    """A query made ready to be looked for in many texts.

    ``keys`` and ``starts`` are what a word answers by alone, ``alone`` the shapes that it may have; ``rows`` are those
    of several slots, with the distance within which their words may stand in any order, if they may.
    """

    def __init__(self, query: Query) -> None:
        keys: set[str] = set()
        starts: list[str] = []
        alone: list[Pattern | Fuzzy] = []
        self.rows: list[tuple[Row, int | None]] = []
        for leaf in wanted(planned(query)):
            for row in rows(leaf, query.pairs):
                slot = row[0]
                if len(row) > 1:
                    self.rows.append((row, leaf.within if isinstance(leaf, Phrase) else None))
                elif isinstance(slot, Prefix):
                    starts.append(slot.start)
                elif isinstance(slot, Pattern | Fuzzy):
                    alone.append(slot)
                else:
                    keys.update(slot)
        self.keys, self.starts = frozenset(keys), tuple(starts)
        self.alone = tuple(alone)
        slots = [*alone, *(slot for row, _ in self.rows for slot in row)]
        self._fit = {slot: _Fitting(slot) for slot in slots if isinstance(slot, Pattern | Fuzzy)}
        self._known: set[str] = set()

    def learn(self, found: KeysView[str]) -> None:
        """Works out which keys fit which shape; of each it is done once: texts say most words again and again."""
        if len(self._known) > _MOST_KNOWN:
            self._known = set()
        if self._fit and (new := found - self._known):
            forms = [(key, key.removeprefix(EXACT)) for key in new]
            keys = [_Key(key, form, len(form), _letters(form)) for key, form in forms]
            for each in self._fit.values():
                each.learn(keys)
            self._known |= new  # last: another thread that finds it known finds it fitting, too

    def fitting(self, slot: Pattern | Fuzzy) -> set[str]:
        """Those of the keys learned that fit."""
        return self._fit[slot].keys


class _Fitting:
    """The keys that fit a pattern or are so few letters away from a word, of those that were looked at."""

    def __init__(self, slot: Pattern | Fuzzy) -> None:
        self._slot = slot
        self.keys: set[str] = set()
        self._shape = Shape(slot) if isinstance(slot, Pattern) else None
        self._plain = surface(slot.text)
        self._length, self._letters = len(self._plain), _letters(self._plain)

    def learn(self, keys: Sequence[_Key]) -> None:
        """Takes in those that fit. A pattern is that of a written form."""
        if self._shape is not None:
            self.keys.update(each.key for each in keys if each.key != each.form and self._shape.fits(each.form))
        else:
            self.keys.update(self._near(keys, self._slot.edits if isinstance(self._slot, Fuzzy) else 0))

    def _near(self, keys: Sequence[_Key], edits: int) -> Iterator[str]:
        length, letters = self._length, self._letters
        maybe = [
            each
            for each in keys
            if -edits <= each.length - length <= edits and (each.letters ^ letters).bit_count() <= 2 * edits
        ]
        near = distances(self._plain, [each.form for each in maybe]) <= edits
        return (each.key for each, is_near in zip(maybe, near.tolist(), strict=True) if is_near)


class _Key(NamedTuple):
    """A key with its form, and how that looks."""

    key: str
    form: str
    length: int
    letters: int


def _letters(form: str) -> int:
    """Which letters it has, one bit each; letters that share one make no word look farther away than it is."""
    found = 0
    for char in form:
        found |= 1 << (ord(char) & 63)
    return found


_MOST_KNOWN = 100_000
_plan = lru_cache(maxsize=8)(_Plan)
"""A query is asked about each of the passages that are shown, and a concordance is made of a thousand."""


def _runs(query: Query, words: Sequence[Placed]) -> Iterator[tuple[int, ...]]:
    """The words of each place where a leaf is answered, as indexes."""
    plan = _plan(query)
    keys, starts = plan.keys, plan.starts
    for index, word in enumerate(words):
        if not keys.isdisjoint(word.keys) or (starts and word.form.startswith(starts)):
            yield (index,)
    if not plan.alone and not plan.rows:
        return
    text = _Text(words, plan)
    for slot in plan.alone:
        yield from ((index,) for index in text.fitting(slot))
    for row, within in plan.rows:
        fitting = [text.fitting(slot) for slot in row]
        if all(fitting):
            yield from _in_a_row(fitting, words) if within is None else _near(fitting, words, within)


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

    def __init__(self, words: Sequence[Placed], plan: _Plan) -> None:
        self._words, self._plan = words, plan
        self._by_key: dict[str, list[int]] = {}
        for index, word in enumerate(words):
            for key in word.keys:
                self._by_key.setdefault(key, []).append(index)
        plan.learn(self._by_key.keys())

    def fitting(self, slot: Slot) -> list[int]:
        """Which words fit the slot, ascending."""
        if isinstance(slot, Prefix):
            start = slot.start
            return [index for index, word in enumerate(self._words) if word.form.startswith(start)]
        keys = slot if isinstance(slot, tuple) else self._by_key.keys() & self._plan.fitting(slot)
        return sorted({index for key in keys for index in self._by_key.get(key, ())})
