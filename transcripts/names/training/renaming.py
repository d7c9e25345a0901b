"""Copies of a text in which other people are named: random surnames, many of them common words, inflected alike."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from random import Random
from typing import Any

from transcripts.names.lexicon import Slavic, lexicon
from transcripts.names.lists import surnames
from transcripts.names.training.samples import Sample, rewritten

_CYRILLIC = re.compile("[А-Яа-яЁё]{3,}")
_COMMON_WORDS = 0.12  # of the new surnames
_CONSONANTS = tuple("бвгджзклмнпрстфхцчшщь")


def renamed(sample: Sample, chance: Random) -> Sample:
    """The sample with a new surname for every Russian one that can be inflected, the same for the same person."""
    return rewritten(sample, _renamed(sample, chance))


def _renamed(sample: Sample, chance: Random) -> Iterator[tuple[int, int, str]]:
    called: dict[str, str] = {}
    for span in sample.spans:
        form = sample.text[span.start : span.end]
        if span.label != "surname" or not _CYRILLIC.fullmatch(form):
            continue
        parse = next((one for one in _parses(form.lower()) if "Surn" in one.tag and one.tag.case), None)
        if parse is not None:
            new = called.setdefault(parse.normal_form, drawn(chance))
            if word := inflected(new, parse.tag.case, parse.tag.gender, parse.tag.number):
                yield span.start, span.end, as_written(word, form)


def drawn(chance: Random) -> str:
    """A surname in the nominative, masculine."""
    return chance.choice(common_words() if chance.random() < _COMMON_WORDS else plain_surnames())


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
def common_words() -> Sequence[str]:
    """Surnames that are common words as well: animals, weather, things, adjectives."""
    russian = lexicon("ru")
    found = (name for name in surnames() if 3 <= len(name) <= 9 and russian.zipf(name) > 3)
    return sorted(name for name in found if _is_common(name))


def _is_common(name: str) -> bool:
    best = _parses(name)[0].tag
    kinds = {"Surn", "Name", "Patr", "Geox", "Abbr", "Fixd"}
    return (
        best.POS in ("NOUN", "ADJF") and best.case == "nomn" and not kinds & set(str(best).replace(" ", ",").split(","))
    )


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
