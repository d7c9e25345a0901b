"""What a Russian word that no dictionary has may be instead of a name: misspelt, run together, a cry, letters."""

from __future__ import annotations

import re
from collections.abc import Iterator

from transcripts.names.frequency import Frequencies

_LETTERS = "абвгдежзийклмнопрстуфхцчшщъыьэюя"
_VOWEL = re.compile("[аеёиоуыэюя]")
_STRETCHED = re.compile(r"(.)\1\1")
USUAL = 3.2  # Zipf of what a word may be made of, or misspelt from
SHORTEST_PART = 4  # letters
_SHORTEST_MISSPELT, _LONGEST_MISSPELT = 5, 16


def strangeness(word: str, frequencies: Frequencies) -> Iterator[str]:
    """ "voweless", “кзж”; "stretched", “ураааа”; "run-together", “лучшийподарок”. The word is in lower case."""
    if not _VOWEL.search(word):
        yield "voweless"
    if _STRETCHED.search(word):
        yield "stretched"
    cuts = range(SHORTEST_PART, len(word) - SHORTEST_PART + 1)
    if any(min(frequencies.zipf(word[:cut]), frequencies.zipf(word[cut:])) > USUAL for cut in cuts):
        yield "run-together"


def may_be_misspelt(word: str) -> bool:
    """Whether a word is long enough to tell what it was to be, and no longer than words are."""
    return _SHORTEST_MISSPELT <= len(word) <= _LONGEST_MISSPELT


def most_like(word: str, frequencies: Frequencies) -> tuple[str, float]:
    """The most frequent word one letter away, and its Zipf frequency."""
    return frequencies.most_frequent(_one_letter_away(word))


def _one_letter_away(word: str) -> list[str]:
    """The word with one letter left out, exchanged or put in, or two of them swapped."""
    cuts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    return [
        *(left + right[1:] for left, right in cuts[:-1]),
        *(left + right[1] + right[0] + right[2:] for left, right in cuts[:-2]),
        *(left + letter + right[1:] for left, right in cuts[:-1] for letter in _LETTERS),
        *(left + letter + right for left, right in cuts for letter in _LETTERS),
    ]
