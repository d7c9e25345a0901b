"""Keys under which the forms, spellings and sound-alikes of one surname are equal. Letters only, no dictionary.

A key is the word without the endings of case, number and gender, folded by what recognizers and people confuse:
unstressed vowels, voiced and voiceless consonants, doubled letters, the soft sign. Latin letters are read as Cyrillic
first, so that a name has one key in both scripts.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache

from transcripts.names.schemes import cyrillic

_ENDING = re.compile(
    r"(?<=..)(?:ыми|ими|ами|ями|ого|его|ому|ему|ові|еві|ая|яя|ую|юю|ою|ею|єю|ой|ей|єй|ій|ым|им|їм|ых|их|їх"
    r"|ом|ем|єм|ам|ям|ах|ях|ий|ый|ії|ые|ие|а|я|у|ю|е|є|ы|и|і|ї|о|ь|й)$"
)
_FOLDED_LETTERS = str.maketrans(
    {"ё": "е", "э": "е", "є": "е", "й": "и", "ы": "и", "і": "и", "ї": "и", "ґ": "г", "щ": "ш", "я": "е", "ю": "у"}
)
_VOWELS = str.maketrans("ое", "аи")
_VOICELESS = str.maketrans("бвгджз", "пфктшс")
_MARKS = re.compile(r"[ьъ'’ʼ`\-‑]")
_AFFRICATES = re.compile("[тд]с")
_HUSHED = re.compile("(?<=[чшжц])о")  # “Горбачов”
_DOUBLED = re.compile(r"(.)\1+")
_HAS_LATIN = re.compile("[a-z]")
_APOSTROPHE = re.compile("['’]")
_PLURAL_OR_POSSESSIVE = re.compile("(?:['’]s|s['’]?)$")


@lru_cache(maxsize=65536)
def sound(letters: str) -> str:
    """What is left of lower-case Cyrillic letters once everything that is easily misheard is made equal."""
    folded = _MARKS.sub("", letters.translate(_FOLDED_LETTERS))
    folded = _HUSHED.sub("е", _AFFRICATES.sub("ц", folded)).translate(_VOWELS)
    return _DOUBLED.sub(r"\1", folded).translate(_VOICELESS)


def stem(word: str) -> str:
    """The lower-case word without one ending of case, number or gender; at least three letters stay."""
    lowered = word.lower().replace("ё", "е")
    shorter = _ENDING.sub("", lowered)
    return shorter if len(shorter) >= 3 else lowered


@lru_cache(maxsize=65536)
def key(word: str) -> str:
    """The key of one form of a name, as far as letters alone tell."""
    return sound(stem(cyrillic(word.lower())))


def spelled_keys(word: str) -> tuple[str, ...]:
    """The keys that the letters of a word allow: an English plural or possessive also has that of its base.

    A short word that ends in “s” is no plural (“Ross”), but an apostrophe is always one: “Li’s”.
    """
    lowered = word.lower()
    if not _HAS_LATIN.search(lowered):
        return (key(lowered),)
    base = _PLURAL_OR_POSSESSIVE.sub("", lowered)
    is_whole = base == lowered or (len(base) < 4 and not _APOSTROPHE.search(lowered))
    return (key(lowered),) if is_whole else (key(base), key(lowered))


def alike(one: str, other: str, shortest: int = 5) -> bool:
    """Whether two keys are equal or, both having ``shortest`` letters, one edit apart."""
    if one == other:
        return True
    if min(len(one), len(other)) < shortest or abs(len(one) - len(other)) > 1:
        return False
    at = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return one[at + 1 :] == other[at + 1 :] or one[at:] == other[at + 1 :] or one[at + 1 :] == other[at:]


class Alikes:
    """Keys among which those that are ``alike`` another one are found without comparing it with each.

    Two words one edit apart are equal once one letter of either, or of both, is left out.
    """

    def __init__(self, keys: Iterable[str], shortest: int = 5) -> None:
        self._keys = tuple(dict.fromkeys(keys))
        self._shortest = shortest
        self._lacking: defaultdict[str, list[int]] = defaultdict(list)
        for n, one in enumerate(self._keys):
            for part in self._parts(one):
                self._lacking[part].append(n)

    def of(self, *others: str) -> list[str]:
        """All keys that are alike one of ``others``, in the order in which they came."""
        near = {
            n
            for other in others
            for part in self._parts(other)
            for n in self._lacking.get(part, ())
            if alike(self._keys[n], other, self._shortest)
        }
        return [self._keys[n] for n in sorted(near)]

    def _parts(self, key: str) -> set[str]:
        if len(key) < self._shortest:
            return {key}
        return {key, *(key[:at] + key[at + 1 :] for at in range(len(key)))}
