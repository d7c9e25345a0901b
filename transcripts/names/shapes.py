"""How a word is written, in the words that Slovnet's network was trained with."""

from __future__ import annotations

import re

_SIGNS = frozenset("!#$%&()[]\\/*+,.:;<=>?@^_{|}~-‐−‒⁃–—―'`\"«»„“ʼʻ”№…")
_KIND = re.compile(
    "(?P<RU>[а-яё]+)|(?P<EN>[a-z]+)|(?P<NUM>[+-]?[0-9]+)|(?P<PUNCT>[" + re.escape("".join(sorted(_SIGNS))) + "]+)",
    re.IGNORECASE,
)


def shape(word: str) -> str:
    """ "RU_Xx" for “Иван”, "PUNCT_." for a full stop, "NUM", "OTHER"; "<pad>" for nothing."""
    if not word:
        return "<pad>"
    match = _KIND.match(word)
    kind = match.lastgroup if match else None
    if kind == "PUNCT":
        return f"PUNCT_{word}" if word in _SIGNS else "PUNCT_OTHER"
    return f"{kind}_{_outline(word)}" if kind in ("RU", "EN") else kind or "OTHER"


def _outline(word: str) -> str:
    if len(word) == 1:
        return "X" if word.isupper() else "x"
    if word.isupper():
        return "XX"
    if word.islower():
        return "xx"
    halves = word.split("-", 1)
    if all(len(half) > 1 and half[0].isupper() and half[1:].islower() for half in halves):
        return "Xx" if len(halves) == 1 else "Xx-Xx"
    return "OTHER"
