"""The keys of a shelf as they are looked for by their shape: alike to a word, or like a pattern."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any, Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

from archive.search.analysis import EXACT
from archive.search.query import Fuzzy, Pattern
from transcripts.language import folded, surface

_BATCH = 1 << 16  # keys whose letters are gathered at once
_FEW = 8  # words: up to so many are measured quicker one by one

_Letters: TypeAlias = NDArray[np.uint64]
"""The letters of a word as a set: six bits of each choose one of 64."""


class Vocabulary:
    """Keys in the order of their UTF-8 bytes, one after the other in ``text``; each ends at one of ``ends``.

    Takes some 50 ms for 300,000 keys, and some 30 bytes each besides the text.
    """

    def __init__(self, text: bytes, ends: NDArray[Any]) -> None:
        self._text = text
        self._ends = ends.astype(np.int64)
        self._starts = np.concatenate([np.zeros(min(len(ends), 1), np.int64), self._ends[:-1]])
        raw = np.frombuffer(text, np.uint8)
        self._is_form = raw[self._starts] == ord(EXACT)
        places = range(0, len(ends), _BATCH)
        parts = [self._gathered(raw, first, min(first + _BATCH, len(ends))) for first in places]
        self._letters = np.concatenate([np.zeros(0, np.uint64), *(letters for letters, _ in parts)])
        self._lengths = np.concatenate([np.zeros(0, np.int16), *(lengths for _, lengths in parts)])

    @classmethod
    def of(cls, keys: Iterable[str]) -> Self:
        """A vocabulary of these keys."""
        encoded = sorted(key.encode() for key in keys)
        return cls(b"".join(encoded), np.cumsum([len(key) for key in encoded], dtype=np.int64))

    def forms_like(self, pattern: Pattern) -> Iterator[str]:
        """The keys of written forms that fit the pattern, in order."""
        shape = Shape(pattern)
        needed = _letters(folded(pattern.text).replace("*", ""))
        maybe = np.flatnonzero(self._is_form & (self._letters & needed == needed))
        return (key for key in self._at(maybe) if shape.fits(key.removeprefix(EXACT)))

    def alike(self, fuzzy: Fuzzy, forms_only: bool = False) -> list[str]:
        """The keys at most ``fuzzy.edits`` away, in order."""
        word = surface(fuzzy.text)
        # An edit takes one letter away and brings one at most; letters that share a bit only make it look closer.
        apart = np.bitwise_count((self._letters | _letters(EXACT)) ^ (_letters(word) | _letters(EXACT)))
        maybe = (apart <= 2 * fuzzy.edits) & (np.abs(self._lengths - self._is_form - len(word)) <= fuzzy.edits)
        keys = list(self._at(np.flatnonzero(maybe & self._is_form if forms_only else maybe)))
        near = distances(word, [key.removeprefix(EXACT) for key in keys]) <= fuzzy.edits
        return [key for key, is_near in zip(keys, near.tolist(), strict=True) if is_near]

    def _gathered(self, raw: NDArray[np.uint8], first: int, past: int) -> tuple[_Letters, NDArray[np.int16]]:
        """The letters and lengths of some keys."""
        start, end = self._starts[first], self._ends[past - 1]
        part, edges = raw[start:end], self._starts[first:past] - start
        ends_letter = np.append((part[1:] & 0xC0) != 0x80, True)  # what no continuation byte follows
        bits = np.where(ends_letter, np.uint64(1) << (part & 63).astype(np.uint64), np.uint64(0))
        lengths = np.add.reduceat(ends_letter, edges, dtype=np.int16)
        return np.bitwise_or.reduceat(bits, edges), lengths

    def _at(self, places: NDArray[np.int64]) -> Iterator[str]:
        for start, end in zip(self._starts[places].tolist(), self._ends[places].tolist(), strict=True):
            yield self._text[start:end].decode()


class Shape:
    """What a written form, folded, must look like. No regular expression: many stars would take for ever."""

    def __init__(self, pattern: Pattern) -> None:
        self._pieces = folded(pattern.text).split("*")

    def fits(self, form: str) -> bool:
        """Whether the pieces between the stars stand in the form, one after the other, from its start to its end."""
        first, last = self._pieces[0], self._pieces[-1]
        if len(self._pieces) == 1:
            return form == first
        at, end = len(first), len(form) - len(last)
        if at > end or not (form.startswith(first) and form.endswith(last)):
            return False
        for piece in self._pieces[1:-1]:
            found = form.find(piece, at, end)
            if found < 0:
                return False
            at = found + len(piece)
        return True


def distances(word: str, others: list[str]) -> NDArray[np.int64]:
    """Letters added, left out or changed that make each of the others of the word (Levenshtein's distance).

    The table of the algorithm is filled for all of them at once, row by row, unless they are few.
    """
    if len(others) <= _FEW:
        return np.array([_distance(word, other) for other in others], np.int64)
    found = np.full(len(others), len(word), np.int64)
    lengths = np.array([len(other) for other in others])
    codes = np.zeros((len(others), int(lengths.max())), np.uint32)
    codes[np.arange(codes.shape[1]) < lengths[:, None]] = np.frombuffer("".join(others).encode("utf-32-le"), np.uint32)
    before = [np.full(len(others), place, np.int64) for place in range(len(word) + 1)]
    for row in range(codes.shape[1]):
        after = [before[0] + 1]
        for (kept, left_out), char in zip(pairwise(before), map(ord, word), strict=True):
            after.append(np.minimum(np.minimum(left_out, after[-1]) + 1, kept + (codes[:, row] != char)))
        ended = lengths == row + 1
        found[ended] = after[-1][ended]
        before = after
    return found


def _distance(word: str, other: str) -> int:
    before = list(range(len(word) + 1))
    for row, letter in enumerate(other, 1):
        after = [row]
        for place, char in enumerate(word):
            after.append(min(before[place] + (char != letter), before[place + 1] + 1, after[place] + 1))
        before = after
    return before[-1]


def _letters(text: str) -> np.uint64:
    found = 0
    for char in text:
        found |= 1 << (char.encode()[-1] & 63)
    return np.uint64(found)
