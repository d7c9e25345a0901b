"""A text as the index and the highlighter see it: words at their positions, each with the keys it is found by."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from transcripts.language import Token, folded, lemmas, surface, tokens

# "[имя 1]", "[name withheld]", "[laughs]": marks that stand for a person or a noise. None of them is testimony, and
# were they words, every concealment would answer to "имя".
_MARK = re.compile(r"\[[^\[\]]{1,60}\]")
_ENDED = re.compile(r"[0-9]{2}-[а-яі]{1,3}")

EXACT = "="
"""What the key of a written form begins with; the other keys are dictionary forms, stems and “93-м”."""


@dataclass(frozen=True, slots=True)
class Placed:
    """The word at a position (words count from 0; a mark takes one) and its keys: one of its form, then the others."""

    position: int
    token: Token
    keys: tuple[str, ...] = field(repr=False)

    @property
    def form(self) -> str:
        """The word as it is written, folded."""
        return self.keys[0].removeprefix(EXACT)


def exact_key(word: str) -> str:
    """The key that only words of this very form have."""
    return EXACT + surface(word)


def with_ending(word: str) -> str:
    """Two figures with the ending of an ordinal, "93-м", folded; "" for anything else. Only so they may say a year."""
    plain = folded(word)
    return plain if _ENDED.fullmatch(plain) else ""


@lru_cache(maxsize=1 << 17)
def _keys(word: str, language: str) -> tuple[str, ...]:
    """Of a word as it is written; running text says most of its words again and again."""
    ending = with_ending(word)
    return (exact_key(word), *lemmas(word, language), *((ending,) if ending else ()))


def placed(text: str, language: str) -> Iterator[Placed]:
    """The words of a text in order, marks in square brackets left out."""
    position = 0
    edge = 0
    for mark in (*_MARK.finditer(text), None):
        stop = mark.start() if mark else len(text)
        for token in tokens(text[edge:stop]):
            there = Token(token.text, token.start + edge, token.end + edge) if edge else token
            yield Placed(position, there, _keys(token.text, language))
            position += 1
        position += 1
        edge = mark.end() if mark else stop
