"""Copies of a text in which other people are named: random surnames, many of them common words, inflected alike."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from random import Random
from typing import Any

from transcripts.names.lexicon import Slavic, lexicon
from transcripts.names.lists import first_names, surnames
from transcripts.names.training.samples import Sample, rewritten

_CYRILLIC = re.compile("[А-Яа-яЁё]{3,}")
_COMMON_WORDS = 0.12  # of the new surnames
_FOREIGN = 0.2
_UNUSUAL = 2.0  # Zipf
_AS_WORD = 0.05  # how likely a common word is one, out of context
_OTHER_FIRST_NAME = 0.4  # of the people
_MARKS = {"surname": "Surn", "name": "Name"}
_CONSONANTS = tuple("бвгджзклмнпрстфхцчшщь")


def renamed(sample: Sample, chance: Random) -> Sample:
    """The sample with a new surname, and now and then first name, for every Russian one that can be inflected.

    The same person has the same new name everywhere.
    """
    return rewritten(sample, _renamed(sample, chance))


def _renamed(sample: Sample, chance: Random) -> Iterator[tuple[int, int, str]]:
    called: dict[str, str] = {}
    for span in sample.spans:
        form = sample.text[span.start : span.end]
        mark = _MARKS.get(span.label)
        if mark is None or not _CYRILLIC.fullmatch(form):
            continue
        parse = next((one for one in _parses(form.lower()) if mark in one.tag and one.tag.case), None)
        if parse is not None:
            tag = parse.tag
            new = drawn(chance) if mark == "Surn" else _drawn_first(parse.normal_form, tag.gender, chance)
            new = called.setdefault(parse.normal_form, new)
            yield span.start, span.end, as_written(inflected(new, tag.case, tag.gender, tag.number) or new, form)


def drawn(chance: Random) -> str:
    """A surname in the nominative, masculine."""
    kind = chance.random()
    if kind < _COMMON_WORDS:
        return chance.choice(common_words())
    return chance.choice(foreign_surnames() if kind < _COMMON_WORDS + _FOREIGN else plain_surnames())


def _drawn_first(name: str, gender: str | None, chance: Random) -> str:
    """Mostly the name itself; else any that this gender has, most of which are foreign and rare."""
    others = first_names_of("ru", gender) if gender in ("masc", "femn") else []
    return chance.choice(others) if others and chance.random() < _OTHER_FIRST_NAME else name


def inflected(surname: str, case: str, gender: str | None, number: str | None, language: str = "ru") -> str | None:
    """The form of a surname, which may also be a common word; None if there is none."""
    base = feminine(surname) if gender == "femn" else surname
    named = [one for one in _parses(base, language) if one.tag.case == "nomn" and one.tag.number != "plur"]
    fitting = [one for one in named if "Surn" in one.tag] or [one for one in named if one.tag.POS in ("NOUN", "ADJF")]
    fitting.sort(key=lambda one: one.tag.gender != gender)
    if gender == "femn" and surname.endswith(_CONSONANTS) and not (fitting and fitting[0].tag.gender == "femn"):
        return surname  # a woman called Мороз is that in every case
    found = fitting[0].inflect({case, *([number] if number else [])}) if fitting else None
    return str(found.word) if found else None


def as_written(word: str, form: str) -> str:
    """The word in the case of letters that ``form`` has."""
    return word.upper() if form.isupper() and len(form) > 1 else word.title() if form[:1].isupper() else word


@cache
def plain_surnames() -> Sequence[str]:
    """Surnames that the dictionary can inflect."""
    return sorted(name for name in surnames() if _CYRILLIC.fullmatch(name) and name.endswith(("в", "н", "й", "о", "к")))


@cache
def foreign_surnames() -> Sequence[str]:
    """Surnames that no Russian ending gives away, and that are no words: the list has “without” among them."""
    plain, russian = frozenset(plain_surnames()), lexicon("ru")
    found = (name for name in surnames() if name not in plain and name.isalpha() and 3 <= len(name) <= 10)
    return sorted(name for name in found if russian.zipf(name) < _UNUSUAL or not russian.facts(name).ordinary)


@cache
def first_names_of(language: str, gender: str) -> Sequence[str]:
    """First names that the dictionary takes for those of a gender."""
    marks = {"Name", gender}
    names = [name for name in sorted(first_names()) if name.isalpha() and len(name) > 2]
    return [name for name in names if any(marks <= set(one.tag.grammemes) for one in _parses(name, language)[:1])]


@cache
def common_words() -> Sequence[str]:
    """Surnames that are common words as well: animals, weather, things, adjectives."""
    russian = lexicon("ru")
    found = (name for name in surnames() if 3 <= len(name) <= 9 and russian.zipf(name) > 3)
    return sorted(name for name in found if _is_common(name))


def _is_common(name: str) -> bool:
    """Whether a word is no name, or “мороз”, as often the word as the name."""
    kinds = {"Surn", "Name", "Patr", "Geox", "Abbr", "Fixd"}
    words = [one for one in _parses(name) if not kinds & set(str(one.tag).replace(" ", ",").split(","))]
    return any(one.tag.POS in ("NOUN", "ADJF") and one.tag.case == "nomn" and one.score >= _AS_WORD for one in words)


def feminine(surname: str) -> str:
    if surname.endswith(("ов", "ев", "ёв", "ин", "ын")):
        return f"{surname}а"
    if surname.endswith(("ський", "цький")):
        return f"{surname[:-2]}а"
    return re.sub("(?:ий|ый|ой)$", "ая", surname)


def _parses(word: str, language: str = "ru") -> list[Any]:
    slavic = lexicon(language)
    assert isinstance(slavic, Slavic)
    return slavic.parses(word)
