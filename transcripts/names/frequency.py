"""How frequent words are, from wordfreq's lists, in a few bytes a word: as a dictionary they would take 80 MB."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

import numpy as np
from wordfreq import available_languages, read_cBpack


class Frequencies:
    """The words of one language by their hash."""

    def __init__(self, language: str) -> None:
        # The list at n is of the words that are used 10 ** (-n / 100) times in all words.
        lists = read_cBpack(available_languages("best")[language])
        sizes = [len(words) for words in lists]
        hashes = np.fromiter(map(hash, chain.from_iterable(lists)), np.int64, sum(sizes))
        order = hashes.argsort(kind="stable")
        self._hashes = hashes[order]
        self._rarity = np.repeat(np.arange(len(lists), dtype=np.int16), sizes)[order]

    def zipf(self, word: str) -> float:
        """log10 of the word's uses in 10^9 words; 0 if it was never seen."""
        at = self._place(word)
        return 0.0 if at is None else max(0.0, 9 - int(self._rarity[at]) / 100)

    def most_frequent(self, words: Sequence[str]) -> tuple[str, float]:
        """The most frequent of several words, and how frequent it is."""
        hashes = np.fromiter(map(hash, words), np.int64, len(words))
        at = np.minimum(np.searchsorted(self._hashes, hashes), len(self._hashes) - 1)
        rarity = np.where(self._hashes[at] == hashes, self._rarity[at], 900)
        best = int(rarity.argmin())
        return words[best], 9 - int(rarity[best]) / 100

    def __contains__(self, word: str) -> bool:
        return self._place(word) is not None

    def _place(self, word: str) -> int | None:
        at = int(np.searchsorted(self._hashes, hash(word), side="right")) - 1
        return at if at >= 0 and self._hashes[at] == hash(word) else None
