"""Lists of names: Cyrillic ones from natasha's data and ours, Latin ones from the census, ours and the Cyrillic lists.

Read at first use and kept. What they mean for one word is decided in lexicon.py.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import pairwise

from babel import Locale
from babel.core import get_global

from transcripts.names.schemes import fold, readings
from transcripts.names.vectors import natasha_data
from transcripts.shipped import shipped

_FEMININE = (
    ("ова", "ов"),
    ("ева", "ев"),
    ("ина", "ин"),
    ("ска", "ски"),
    ("цка", "цки"),
    ("скаиа", "ски"),
    ("цкаиа", "цки"),
)


@cache
def surnames() -> frozenset[str]:
    """182,000 surnames in the nominative, from natasha's data."""
    return _natasha_list("last.txt")


@cache
def first_names() -> frozenset[str]:
    """7,700 first names and the everyday forms in diminutives.toml, in the nominative, Cyrillic."""
    return _natasha_list("first.txt") | frozenset(variants())


@cache
def full_names() -> Mapping[str, frozenset[str]]:
    """Each first name and everyday form of config/names/diminutives.toml, with the full names it may stand for."""
    found = tomllib.loads(shipped("names/diminutives.toml").read_text(encoding="utf-8"))
    stands_for: dict[str, set[str]] = {}
    for full, short in found.items():
        for name in (full, *short.split()):
            stands_for.setdefault(name, set()).add(full)
    return {name: frozenset(fulls) for name, fulls in stands_for.items()}


@cache
def variants() -> Mapping[str, frozenset[str]]:
    """Each first name and everyday form, with all that the same person may be called."""
    # “Саша” may be Александр or Александра; those two are not each other.
    called: dict[str, set[str]] = {}
    for name, fulls in full_names().items():
        called.setdefault(name, set()).update({name, *fulls})
        for full in fulls:
            called.setdefault(full, set()).add(name)
    return {name: frozenset(others) for name, others in called.items()}


@cache
def latin_first_names() -> frozenset[str]:
    """Our list of first names in Latin letters."""
    return frozenset(name for line in _lines("first_names_en.txt") for name in line.split())


@cache
def census(kind: str) -> Mapping[str, int]:
    """Bearers in 100,000 people of each of the "surnames" or "first_names" in the United States, lower case."""
    rows = (line.split() for line in _lines(f"census_{kind}.txt"))
    return {name: int(share) for share, *names in rows for name in names}


def slavic_surname(word: str) -> str | None:
    """The Cyrillic surname that lower-case Latin letters stand for, in the first way of writing that gives one."""
    listed = _folded_surnames()
    return next((read for read in readings(word) if any(one in listed for one in _masculine(fold(read)))), None)


def is_slavic_first_name(word: str) -> bool:
    """Whether lower-case Latin letters stand for a Russian or Ukrainian first name, or for an everyday form."""
    return any(fold(read) in _folded_first_names() for read in readings(word))


@cache
def world() -> frozenset[str]:
    """Countries, languages, towns that give a time zone its name, months, days and currencies in English (CLDR)."""
    words = " ".join(_geography()).lower().split()
    # “Marshall Islands”, “Cook”: who is named so is a person first
    return frozenset(word for word in words if word.isalpha() and not _is_mostly_a_name(word)) - {"and", "of", "the"}


@cache
def phrases() -> frozenset[str]:
    """Two words in a row of what ``world`` is made of: “hong kong”."""
    rows = (entry.lower().split() for entry in _geography())
    return frozenset(" ".join(pair) for row in rows for pair in pairwise(row))


def _geography() -> Iterator[str]:
    english = Locale("en")
    yield from english.months["format"]["wide"].values()
    yield from english.days["format"]["wide"].values()
    yield from english.territories.values()
    yield from english.languages.values()
    yield from english.currencies.values()
    for zone in get_global("zone_territories"):
        if not zone.startswith("Antarctica"):
            yield zone.split("/")[-1].replace("_", " ")


def _is_mostly_a_name(word: str) -> bool:
    return census("surnames").get(word, 0) > 3 or census("first_names").get(word, 0) > 3


def _masculine(folded: str) -> Iterator[str]:
    yield folded
    for feminine, masculine in _FEMININE:
        if folded.endswith(feminine):
            yield folded.removesuffix(feminine) + masculine


@cache
def _folded_surnames() -> frozenset[str]:
    return frozenset(fold("\n".join(surnames())).split("\n"))


@cache
def _folded_first_names() -> frozenset[str]:
    return frozenset(fold("\n".join(name for name in first_names() if len(name) > 2)).split("\n"))


def _lines(name: str) -> list[str]:
    lines = shipped(f"names/{name}").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if not line.startswith("#")]


def _natasha_list(name: str) -> frozenset[str]:
    path = natasha_data() / "dict" / name
    return frozenset(line.strip() for line in path.read_text(encoding="utf-8").splitlines())
