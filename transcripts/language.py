"""Words for the search: where they stand in a text, and the dictionary forms that all their forms share.

Russian goes through pymorphy3's dictionary with its parse scores, Ukrainian through the Ukrainian one (which has no
scores, so all parses count), Latin letters through the Snowball stemmer for English. Both the index and the query go
through here; what two words have in common is that their ``lemmas`` meet. Nothing here finds names.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any

import pymorphy3
import Stemmer

_LETTER = r"[^\W_][\u0300-\u036f\u00ad]*"  # with stress marks and soft hyphens, which belong to the letter before
_PART = rf"(?:{_LETTER})+(?:['’ʼ`](?:{_LETTER})+)*"
_WORD = re.compile(rf"{_PART}(?:[-\u2010\u2011]{_PART})*")
_SINGLE = re.compile(_PART)
# What a hyphen joins to a word without changing it: endings of figures, foreign words and abbreviations ("1937-м",
# "Berlin-е", "ВЭФ-у"), and particles.
_ENDING = re.compile(
    r"(?P<base>.*[^\u0400-\u052f][\u0300\u0301\u00ad]*|[^\W\d_a-zа-яёіїєґ]{2,})-(?P<rest>[а-яёіїєґ]{1,3})"
)
_PARTICLE = re.compile(r"(?P<base>.*[\u0400-\u052f].*)-(?:то|ка|таки|де|с|тко|от|бо)", re.IGNORECASE)
_HYPHEN = re.compile("[\u2010\u2011]")
_HYPHENS = frozenset("-\u2010\u2011")
_CYRILLIC = re.compile(r"[\u0400-\u052f]")
_INVISIBLE = re.compile("[\u0300\u0301\u00ad]")
_SAME = str.maketrans({"ё": "е", "’": "'", "ʼ": "'", "`": "'", "\u2010": "-", "\u2011": "-"})
_LIKELY = 0.1
_ALSO = {
    "есть": "быть",
    "выше": "высокий",
    "старше": "старый",
    "рождусь": "родиться",
    "скажем": "сказать",
    "все": "весь",
    "нем": "он",
    **dict.fromkeys(("церквам", "церквами", "церквах"), "церковь"),
}
"""Common forms whose word the Russian dictionary gives another one, or too little weight."""
_LONGEST = 100
"""Characters of a word that are looked at: longer ones are no words, and guessing their forms would take long."""


@dataclass(frozen=True, slots=True)
class Token:
    """A word as it is written, and its code points ``start`` to ``end`` in the text."""

    text: str = field(repr=False)
    start: int
    end: int


def tokens(text: str) -> Iterator[Token]:
    """The words of a text in order.

    A hyphen divides, unless a dictionary knows the whole ("кто-нибудь") or what follows is no word of its own
    ("1937-м", "Berlin-е", "коммуналке-то").
    """
    for found in _WORD.finditer(text):
        whole = found.group()
        if _is_one_word(whole):
            yield Token(whole, found.start(), found.end())
            continue
        parts = list(_SINGLE.finditer(text, found.start(), found.end()))
        tail = whole[parts[-2].start() - found.start() :]
        joined = _without_tail(tail) != tail
        for part in parts[: -2 if joined else None]:
            yield Token(part.group(), part.start(), part.end())
        if joined:
            yield Token(tail, parts[-2].start(), found.end())


def folded(word: str) -> str:
    """A word as it is compared: composed, lower case, without stress marks, ё as е, one kind of apostrophe."""
    return _INVISIBLE.sub("", unicodedata.normalize("NFC", word)).lower().translate(_SAME)


def surface(word: str) -> str:
    """A word as it is looked for in this form alone: folded, without what a hyphen joins to it ("1937-м" as "1937")."""
    return folded(word if _is_one_word(word) else _without_tail(word))[:_LONGEST]


def lemmas(word: str, language: str | None) -> tuple[str, ...]:
    """The keys a word is found by: its likely dictionary forms, and its stem if no dictionary knows it.

    ``language`` is that of the text around it ("ru", "uk", "en", anything else reads Cyrillic as Russian); None means
    not known, as in a query, and takes both Russian and Ukrainian.
    """
    return _lemmas(surface(word), language)


def is_verb(infinitive: str, aspect: str) -> bool:
    """Whether the Russian dictionary has this infinitive, and with this aspect alone ("perf" or "impf")."""
    if not _morphology("ru").word_is_known(infinitive):
        return False
    # As text: what a tag knows of grammemes is that of the dictionary loaded last.
    tags = [str(parse.tag).replace(" ", ",").split(",") for parse in _morphology("ru").parse(infinitive)]
    aspects = {name for tag in tags if tag[0] == "INFN" for name in ("perf", "impf") if name in tag}
    return aspects == {aspect}


@lru_cache(maxsize=200_000)
def _lemmas(word: str, language: str | None) -> tuple[str, ...]:
    if not _CYRILLIC.search(word):
        return (Stemmer.Stemmer("english", 0).stemWord(word),)
    if language is None:
        return tuple(dict.fromkeys((*_lemmas(word, "ru"), *_lemmas(word, "uk"))))
    keys = _ukrainian(word) if language.startswith("uk") else _russian(word)
    return tuple(dict.fromkeys(key.translate(_SAME) for key in keys))


def _russian(word: str) -> list[str]:
    sureness: dict[str, float] = {}
    for parse in _morphology("ru").parse(word):
        sureness[parse.normal_form] = sureness.get(parse.normal_form, 0.0) + parse.score
    ranked = sorted(sureness, key=lambda key: -sureness[key])
    likely = ranked[:1] + [key for key in ranked[1:] if sureness[key] >= _LIKELY]
    likely += [_ALSO[word]] if word in _ALSO else []
    return likely if _morphology("ru").word_is_known(word) else [*likely, _stem(word)]


def _ukrainian(word: str) -> list[str]:
    known = _morphology("uk").word_is_known(word)
    found = [parse.normal_form for parse in _morphology("uk").parse(word) if known or parse.score >= _LIKELY]
    # There is no Ukrainian Snowball; the Russian one strips the endings the two languages share.
    return found if known else [*found, word, _stem(word)]


def _stem(word: str) -> str:
    # A stemmer is not safe to share between threads and costs a microsecond to make.
    stem: str = Stemmer.Stemmer("russian", 0).stemWord(word)
    return stem


def _without_tail(word: str) -> str:
    plain = _HYPHEN.sub("-", word)
    found = _ENDING.fullmatch(plain) or _PARTICLE.fullmatch(plain)
    return word[: found.end("base")] if found else word


def _is_one_word(whole: str) -> bool:
    if _HYPHENS.isdisjoint(whole):
        return True
    return len(whole) <= _LONGEST and not _ENDING.fullmatch(_HYPHEN.sub("-", whole)) and _in_dictionary(folded(whole))


@lru_cache(maxsize=20_000)
def _in_dictionary(word: str) -> bool:
    return any(_morphology(language).word_is_known(word) for language in ("ru", "uk"))


@cache
def _morphology(language: str) -> Any:
    """The dictionary: a tenth of a second and about 15 MB each, loaded when the first word asks for it."""
    return pymorphy3.MorphAnalyzer(lang=language)
