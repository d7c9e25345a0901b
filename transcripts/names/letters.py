"""How much the letters of a Russian word look like those of a surname rather than of any other word.

Most words that no dictionary knows are typing errors and fashions, some are names; their groups of three letters tell.
The table is config/names/letters.npy, made by ``python -m transcripts.names.training``.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import numpy as np
from numpy.typing import NDArray

from transcripts.names.keys import stem
from transcripts.shipped import shipped

FILE = "letters.npy"
ALPHABET = {letter: n for n, letter in enumerate("^абвгдежзийклмнопрстуфхцчшщъыьэюя")}
SIZE = len(ALPHABET)
STEP = 16  # of the table in a natural logarithm


def groups(word: str) -> Iterator[int]:
    """The places in the table of a lower-case word's groups of three letters; its ending and other signs left out."""
    places = [ALPHABET["^"], *(ALPHABET[letter] for letter in stem(word) if letter in ALPHABET)]
    for one, two, three in zip(places, places[1:], places[2:], strict=False):
        yield (one * SIZE + two) * SIZE + three


def likeness(word: str) -> float:
    """The mean logarithm of how much more often surnames have these letters than words have; 0 says nothing."""
    table = _table()
    found = [int(table[place]) for place in groups(word)]
    return sum(found) / len(found) / STEP if found else 0.0


@cache
def _table() -> NDArray[np.int8]:
    path = shipped("names") / FILE
    # without a table, which has to be learnt once, all letters say nothing
    table: NDArray[np.int8] = np.load(path) if path.is_file() else np.zeros(SIZE**3, np.int8)
    return table
