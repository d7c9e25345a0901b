"""Whether one word can be what a recognizer, a hurried hand or another alphabet made of a name. Letters alone.

Wider than the keys it builds on (transcripts/names/keys.py), and hence meant for names that are known to occur: the
narrator's protected list. What the words around a word say about it is asked elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from transcripts.names.keys import key
from transcripts.names.schemes import cyrillic, readings

_VOWELS = frozenset("аеиоуыэюяіїє")
# “Лужкого”, “Иваново”: heard for -ова; “Хмельницкаго”: for -ого. Written as the surname would be.
_AS_HEARD = (
    (re.compile(r"(?<=..)[оа](?:го|во|ва)$"), "ов"),
    (re.compile(r"(?<=..)[её](?:го|во|ва)$"), "ев"),
    (re.compile(r"(?<=.)[цс]к(?:аго|ава|ово|ова|ої|ойе)$"), "ский"),
    (re.compile(r"(?<=..)[иы]го$"), "ин"),
    (re.compile(r"(?<=..)[аи]му$"), "ому"),
)
_POSSESSIVE = re.compile("['’]?s$")
_BUDGETS = ((8, 2.0), (6, 1.5), (4, 1.0), (3, 0.5))
"""Letters that a key has at least, and what its misspellings may cost: one vowel for another a half, all else one."""


@lru_cache(maxsize=16384)
def spellings(word: str) -> frozenset[str]:
    """The keys of a lower-case word and of what it can have been before somebody wrote down what they heard."""
    made = {word}
    for pattern, written in _AS_HEARD:
        made.add(pattern.sub(written, word))
    if cyrillic(word) != word:
        made |= {way for one in (word, _POSSESSIVE.sub("", word)) for way in readings(one)}
    return frozenset(key(one) for one in made)


def cost(heard: str, meant: str, budget: float) -> float:
    """What the edits from one key to the other cost; more than ``budget`` as soon as that is sure."""
    if abs(len(heard) - len(meant)) > budget:
        return budget + 1
    row = [float(n) for n in range(len(meant) + 1)]
    for n, letter in enumerate(heard, start=1):
        above, row = row, [float(n)]
        for m, other in enumerate(meant, start=1):
            row.append(min(above[m] + 1, row[-1] + 1, above[m - 1] + _swapped(letter, other)))
        if min(row) > budget:
            return budget + 1
    return row[-1]


def sounds_like(heard: Iterable[str], meant: Iterable[str], share: float = 1.0) -> bool:
    """Whether one of the keys ``heard`` can be one of those ``meant``; ``share`` of the budget may be spent."""
    for one in meant:
        budget = share * next((cost for letters, cost in _BUDGETS if len(one) >= letters), 0.0)
        if any(cost(other, one, budget) <= budget for other in heard if len(other) > 2):
            return True
    return False


def _swapped(letter: str, other: str) -> float:
    if letter == other:
        return 0.0
    return 0.5 if letter in _VOWELS and other in _VOWELS else 1.0
