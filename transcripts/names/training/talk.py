"""Invented talk: sentences from the patterns in config/names/talk_*.toml about people who do not exist.

The same people come back in one text in other cases, and misheard in every second text; words that are somebody's
surname also stand for themselves.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from random import Random

from transcripts.names.lexicon import lexicon
from transcripts.names.training.hearing import misheard
from transcripts.names.training.renaming import (
    common_words,
    first_names_of,
    foreign_surnames,
    inflected,
    plain_surnames,
)
from transcripts.names.training.samples import Sample, Span
from transcripts.shipped import shipped

_SLOT = re.compile(r"\{([a-z])(\d?)(?::(\w+))?\}")
_LABELS = {"n": "name", "p": "patronymic", "c": "patronymic", "s": "surname", "f": "surname", "h": "surname"} | {
    "l": "surname", "j": "patronymic", "r": "name", "t": "surname", "e": "surname", "g": "name"
}  # fmt: skip
_SAME = 0.4  # of the common words are somebody's surname in the same text
_OFTEN = 0.75  # of the first names are ones that many people have
_FREQUENT = 3.3  # Zipf of these
_SENTENCES = (6, 14)  # of a text, from, to
_CONSONANTS = "бвгджзклмнпрстфхцчшйь"


@dataclass(frozen=True, slots=True)
class _Person:
    """Somebody invented: names in the nominative."""

    first: str
    patronymic: str
    surname: str
    gender: str


def invented(language: str, count: int, seed: int) -> list[Sample]:
    """So many texts, the same for the same seed."""
    chance = Random(f"{language} {seed}")  # noqa: S311  # no secret
    told = [_Teller(language, chance).sample(number) for number in range(count)]
    return [misheard(sample, chance) if number % 2 else sample for number, sample in enumerate(told)]


class _Teller:
    """One text: its people, and what is said of them."""

    def __init__(self, language: str, chance: Random) -> None:
        self._language = language
        self._chance = chance
        self._lists = _lists(language)
        self._people = [self._person() for _ in range(4)]

    def sample(self, number: int) -> Sample:
        text = ""
        spans: list[Span] = []
        for pattern in self._chance.sample(self._lists["patterns"], self._chance.randint(*_SENTENCES)):
            self._chance.shuffle(self._people)
            sentence, named = self._said(pattern)
            spans += [Span(one.start + len(text), one.end + len(text), one.label) for one in named]
            text += sentence + self._chance.choice((". ", ". ", ", ", ".\n", "... "))
        return Sample(f"talk-{number}", self._language, text, tuple(spans))

    def _said(self, pattern: str) -> tuple[str, list[Span]]:
        """The sentence, and what is named in it."""
        text = ""
        spans = []
        at = 0
        for slot in _SLOT.finditer(pattern):
            text += pattern[at : slot.start()]
            at = slot.end()
            kind, number, case = slot.groups()
            word = self._word(kind, self._people[int(number or 1) - 1], case or "nomn")
            if kind in _LABELS:
                spans.append(Span(len(text), len(text) + len(word), _LABELS[kind]))
            text += word
        text += pattern[at:]
        return text[:1].upper() + text[1:], spans

    def _word(self, kind: str, person: _Person, case: str) -> str:
        """What stands in a slot. A form that cannot be made is the nominative."""
        if kind in _MADE:
            return _MADE[kind](person)
        if kind == "f":
            return _written(self._inflected(person.surname, case, "masc", "plur"))
        if kind in _FIELDS:
            return _written(self._inflected(getattr(person, _FIELDS[kind]), case, person.gender))
        word = self._inflected(self._chance.choice(self._list(kind)), case, None)
        return word.title() if kind in "cxeg" else word

    def _list(self, kind: str) -> Sequence[str]:
        """Offices, relations, clipped patronymics; surnames of streets; common words, often those people have here."""
        own = [one.surname for one in self._people if one.surname in _common(self._language)]
        if kind == "w":
            return own if own and self._chance.random() < _SAME else _common(self._language)
        return _plain(self._language) if kind == "x" else self._lists[_LISTS[kind]]

    def _inflected(self, word: str, case: str, gender: str | None, number: str = "sing") -> str:
        return inflected(word, case, gender, number, self._language) or word

    def _person(self) -> _Person:
        gender = self._chance.choice(("masc", "femn"))
        often, seldom = _first_names(self._language, gender)
        first = self._chance.choice(often if self._chance.random() < _OFTEN else seldom)
        father = self._chance.choice(_fathers(self._language))
        return _Person(first, _patronymic(father, gender, self._language), self._surname(), gender)

    def _surname(self) -> str:
        lists = self._lists
        drawn = self._chance.random()
        if drawn < 0.6:
            return self._chance.choice(_plain(self._language))
        if drawn < 0.75:
            return self._chance.choice(_common(self._language))
        if drawn < 0.86:
            return self._chance.choice(lists["indeclinable"])
        if drawn < 0.95:
            return self._chance.choice(foreign_surnames())
        if drawn < 0.98:
            return f"{self._chance.choice(_plain(self._language))}-{self._chance.choice(foreign_surnames())}"
        return f"{self._chance.choice(lists['particles'])} {self._chance.choice(foreign_surnames())}"


_LISTS = {"o": "offices", "k": "relations", "c": "clipped", "e": "eastern", "g": "eastern_given"}
_FIELDS = {"n": "first", "p": "patronymic", "s": "surname"}


def _written(word: str) -> str:
    return "-".join(part.capitalize() for part in word.split("-")) if " " not in word else word.title()


_ROMAN = "a|b|v|g|d|e|e|zh|z|i|y|k|l|m|n|o|p|r|s|t|u|f|kh|ts|ch|sh|shch||y||e|yu|ya|i|yi|ye|g"
_LATIN = str.maketrans(dict(zip("абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґ", re.split("[|]", _ROMAN), strict=True)))
_MADE: Mapping[str, Callable[[_Person], str]] = {
    "i": lambda one: one.first[0].upper(),
    "j": lambda one: one.patronymic[0].upper(),
    "h": lambda one: one.surname[:3].title(),
    "l": lambda one: "-".join(one.surname.replace(" ", "").replace("-", "").upper()),
    "r": lambda one: one.first.translate(_LATIN).title(),
    "t": lambda one: one.surname.translate(_LATIN).title(),
}


def _patronymic(father: str, gender: str, language: str) -> str:
    """“Сергеевна” of Сергей; without the exceptions, which are among the clipped ones."""
    stem = father.rstrip("йь")
    soft = stem != father
    endings = {
        ("ru", "masc"): "евич" if soft else "ович",
        ("ru", "femn"): "евна" if soft else "овна",
        ("uk", "masc"): "йович" if soft else "ович",
        ("uk", "femn"): "ївна" if soft else "івна",
    }
    return stem + endings[language, gender]


@cache
def _lists(language: str) -> Mapping[str, list[str]]:
    found = tomllib.loads(shipped(f"names/talk_{language}.toml").read_text(encoding="utf-8"))
    return {
        name: text.strip().split("\n" if name in ("patterns", "eastern_given") else None)
        for name, text in found.items()
    }


@cache
def _common(language: str) -> Sequence[str]:
    """Surnames that are common words."""
    if language == "ru":
        return common_words()
    return [name for name in _lists(language)["surnames"] if lexicon(language).zipf(name) > 3]


@cache
def _plain(language: str) -> Sequence[str]:
    return plain_surnames() if language == "ru" else _lists(language)["surnames"]


@cache
def _first_names(language: str, gender: str) -> tuple[Sequence[str], Sequence[str]]:
    """First names that many people have, and others."""
    fitting, known = first_names_of(language, gender), lexicon(language)
    often = [name for name in fitting if known.zipf(name) > _FREQUENT]
    return often, [name for name in fitting if known.zipf(name) <= _FREQUENT]


@cache
def _fathers(language: str) -> Sequence[str]:
    return [name for name in _first_names(language, "masc")[0] if name[-1] in _CONSONANTS]
