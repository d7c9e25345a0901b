"""A text as it is read, whatever its code points: stress marks, invisible characters and look-alike letters undone.

“Соро́ка”, “Со\u00adрока” and “Cорока” with a Latin C all read as Сорока; each keeps its place in the text it came from.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache

_INVISIBLE = "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe00-\ufe0f\ufeff"
_WIDE = "\uff00-\uffef\U0001d400-\U0001d7ff\ufb00-\ufb06"
_LATIN, _CYRILLIC = "A-Za-zÀ-ɏ", "Ѐ-ӿ"
_ODD = re.compile(f"[\u0300-\u036fѐѝ{_INVISIBLE}{_WIDE}]|[{_LATIN}0-9][{_CYRILLIC}]|[{_CYRILLIC}][{_LATIN}0-9]")
_CLUSTER = re.compile(f"[^\u0300-\u036f{_INVISIBLE}][\u0300-\u036f{_INVISIBLE}]*", re.DOTALL)
_UNSEEN = re.compile(f"[{_INVISIBLE}]")
_WORD = re.compile(r"[^\W_]+")
_LOOK_ALIKE = str.maketrans("aceopxyikmtABCEHIKMOPTXYëïË03ѐѝ", "асеорхуікмтАВСЕНІКМОРТХУёїЁозеи")
_DOUBLES = f"[aceopxyikmtABCEHIKMOPTXYëïË{_CYRILLIC}]+"
_AS_CYRILLIC = re.compile(f"{_DOUBLES}(?:[03]{_DOUBLES})*")  # “дом 30а” is no word
_HAS_CYRILLIC = re.compile(f"[{_CYRILLIC}]")


@dataclass(frozen=True, slots=True)
class Plain:
    """``text`` as it is read; ``places``: where each of its characters begins in the original, and where that ends."""

    text: str = field(repr=False)
    places: tuple[int, ...] | None = None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where the characters ``start`` to ``end`` stand in the original, with all marks that belong to them."""
        if self.places is None:
            return start, end
        while self.places[end] == self.places[end - 1]:  # in the middle of a ligature
            end += 1
        return self.places[start], self.places[end]


@lru_cache(maxsize=4096)
def plain(text: str) -> Plain:
    """The text as it is read. A text without oddities comes back as it is."""
    if not _ODD.search(text):
        return Plain(text)
    letters: list[str] = []
    places: list[int] = []
    for match in _CLUSTER.finditer(text):
        read = _read(match.group())
        letters.append(read)
        places += [match.start()] * len(read)
    joined = _WORD.sub(lambda word: as_cyrillic(word.group()), "".join(letters))
    return Plain(joined, (*places, len(text)))


def as_cyrillic(word: str) -> str:
    """A word of two scripts in Cyrillic, if each Latin letter of it looks like a Cyrillic one."""
    mixed = _HAS_CYRILLIC.search(word) and _AS_CYRILLIC.fullmatch(word)
    return word.translate(_LOOK_ALIKE) if mixed else word


def looks_cyrillic(word: str) -> str:
    """What a Latin word looks like in Cyrillic; "" if some letter has no double: “Copoka”, not “Lebedev”."""
    return word.translate(_LOOK_ALIKE) if _AS_CYRILLIC.fullmatch(word) else ""


def _read(cluster: str) -> str:
    """One character with its marks as it is read: й stays й however it is written, a stressed vowel is the vowel."""
    made = unicodedata.normalize("NFC", _UNSEEN.sub("", cluster))[0]
    if re.match(f"[{_WIDE}]", made):
        return unicodedata.normalize("NFKC", made)
    return made.translate(_LOOK_ALIKE) if made in "ѐѝ" else made
