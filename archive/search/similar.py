"""Passages like a given one: those that share its rarest words, as far as they may be seen."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from archive.search.analysis import placed
from archive.search.evaluate import Found, Outcome, Shelf, rarity, tallied, visible, weighed
from archive.search.passages import Passage

_RAREST = 12


def similar(passage: Passage, shelves: Sequence[Shelf]) -> Outcome:
    """Passages with any of its rarest words that stand somewhere else, too. The passage itself is among them."""
    words = dict.fromkeys(word.keys[1:] for word in placed(passage.text, passage.language))
    counts = {keys: tallied(keys, shelves) for keys in words}
    shared = {keys: sum(len(each.passages) for each in found) for keys, found in counts.items()}
    rarest = sorted((often, keys) for keys, often in shared.items() if often > 1)[:_RAREST]
    shown = visible(shelves)
    found = []
    for number, shelf in enumerate(shelves):
        scores = np.zeros(shelf.postings.size)
        for often, keys in rarest:
            scores[counts[keys][number].passages] += weighed(counts[keys][number], rarity(shown, often))
        passages = np.flatnonzero(scores)
        found.append(Found(passages, scores[passages]))
    return Outcome(found, (), ())
