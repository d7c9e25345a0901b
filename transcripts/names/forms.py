"""What grammar says about one form of a name: whose it may be (a man's, a woman's, a family's) and in which case.

Surnames by pymorphy3's parses, or by their endings where no dictionary knows them; first names also by the full names
they may be short for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any

from transcripts.names.keys import sound
from transcripts.names.lexicon import CYRILLIC, Slavic, lexicon, script_language
from transcripts.names.lists import full_names
from transcripts.names.schemes import cyrillic

MAN, WOMAN, FAMILY = "m", "f", "family"
ANYBODY = frozenset({MAN, WOMAN, FAMILY})
CASES = ("nomn", "gent", "datv", "accs", "ablt", "loct", "voct")

_SINGULAR = {"masc": (MAN,), "femn": (WOMAN,), "ms-f": (MAN, WOMAN)}
_SAME_CASE = {"gen2": "gent", "loc2": "loct", "acc2": "accs", "gen1": "gent"}
_INDECLINABLE = re.compile("(?:[оэ]|[ыиі]х|аго|яго)$")
_DECLINES_FOR_HER = re.compile("(?:[оеё]в|[иы]н|[иыо]й|ій)$")
_HERS_LATIN = re.compile("(?:ova|eva|yova|ina|yna|aya|aia)$")
_HIS_LATIN = re.compile("(?:ov|ev|yov|off|eff|in|yn|s[kc]y|s[kc]iy|s[kc]ii|skyi)$")
_FAMILY_LATIN = re.compile("(?:ov|ev|in|yn|sky|skiy|ko|uk|yan|a)s['’]?$")


@dataclass(frozen=True, slots=True)
class Form:
    """Whose a form may be (MAN, WOMAN, FAMILY) and its case: one of CASES."""

    whose: str
    case: str


@lru_cache(maxsize=20_000)
def surname_forms(word: str, language: str) -> frozenset[Form]:
    """All that a form of a surname may be. Never empty: what says nothing may be anything."""
    lowered = re.split("[-‑]", word.lower())[-1]
    if not CYRILLIC.search(lowered):
        return _latin_forms(lowered)
    if (len(lowered) < 4 or _INDECLINABLE.search(lowered)) and not _is_plural_of_a_surname(lowered, language):
        return _all_cases(ANYBODY)
    parses = slavic(script_language(lowered, language)).parses(lowered)
    surnames = [parse for parse in parses if "Surn" in parse.tag]
    nouns = [parse for parse in parses if parse.tag.POS in ("NOUN", "ADJF")]
    # Сорока is a man's surname as well, whatever the gender of the bird.
    found = {form for parse in surnames or nouns for form in _forms_of(parse, is_bird=not surnames)}
    # A woman called Коваль stays Коваль in every case; a man is Коваля, Ковалю.
    if Form(MAN, "nomn") in found and lowered[-1] not in "аяоеуюыи" and not _DECLINES_FOR_HER.search(lowered):
        found |= _all_cases({WOMAN})
    return frozenset(found) or _all_cases(ANYBODY)


@dataclass(frozen=True, slots=True)
class FirstName:
    """A first name as somebody is called. ``fulls``: keys of the full names it may stand for.

    ``lemmas``: what it may be in the nominative, and whose name that is; ``cases`` none: no dictionary knows it.
    """

    fulls: frozenset[str] = field(repr=False)
    lemmas: tuple[tuple[str, frozenset[str]], ...] = field(repr=False)
    whose: frozenset[str]
    cases: frozenset[str]

    def shown(self, whose: frozenset[str]) -> str:
        """The nominative, of him or her where the form may be of both."""
        return next((lemma for lemma, one in self.lemmas if one & whose), self.lemmas[0][0]).title()


@lru_cache(maxsize=20_000)
def first_name(word: str, language: str) -> FirstName:
    """“Свете” is Светлана, a woman, dative; “Sveta” is she, too."""
    lowered = cyrillic(word.lower())
    own = script_language(lowered, language)
    parses = [parse for parse in slavic(own).parses(lowered) if "Name" in parse.tag and parse.tag.number != "plur"]
    both = frozenset({MAN, WOMAN})
    lemmas = {parse.normal_form: frozenset(_SINGULAR.get(str(parse.tag.gender), both)) for parse in parses}
    lemmas = lemmas or {lowered: both}
    if lowered != word.lower():  # Latin stays as it is written
        lemmas = {word.lower(): frozenset().union(*lemmas.values())}
    fulls = frozenset(
        full for lemma in map(cyrillic, lemmas) for full in full_keys().get(sound(lemma), frozenset({sound(lemma)}))
    )
    whose: frozenset[str] = frozenset().union(*lemmas.values())
    cases = frozenset(_case(parse) for parse in parses if lowered == word.lower())
    return FirstName(fulls, tuple(lemmas.items()), whose, cases)


@cache
def full_keys() -> Mapping[str, frozenset[str]]:
    """The keys of first names and their everyday forms, with the keys of the full names each may stand for."""
    return {sound(name): frozenset(map(sound, fulls)) for name, fulls in full_names().items()}


@cache
def bearer(full: str) -> frozenset[str]:
    """Who bears the full name with this key: men, women, or nobody knows."""
    name = next((name for name in full_names() if sound(name) == full), "")
    parses = [parse for parse in slavic("ru").parses(name) if "Name" in parse.tag and parse.tag.case == "nomn"]
    whose = {one for parse in parses if parse.normal_form == name for one in _SINGULAR.get(str(parse.tag.gender), ())}
    return frozenset(whose or {MAN, WOMAN})


def patronymic_whose(word: str) -> frozenset[str]:
    """Whose patronymic: “-ович” a man's, “-овна” a woman's."""
    return frozenset({WOMAN} if re.search("(?:вн|чн|ївн|івн)", word.lower()[-6:]) else {MAN})


def slavic(language: str) -> Slavic:
    """The Russian or Ukrainian dictionary."""
    found = lexicon(language if language in ("ru", "uk") else "ru")
    assert isinstance(found, Slavic)
    return found


def _forms_of(parse: Any, *, is_bird: bool) -> Iterable[Form]:
    gender = "ms-f" if is_bird and parse.tag.POS == "NOUN" and parse.tag.gender == "femn" else str(parse.tag.gender)
    whose = (FAMILY,) if parse.tag.number == "plur" else _SINGULAR.get(gender, (MAN, WOMAN))
    return (Form(one, _case(parse)) for one in whose)


def _case(parse: Any) -> str:
    case = str(parse.tag.case)
    return _SAME_CASE.get(case, case if case in CASES else "nomn")


def _all_cases(whose: Iterable[str]) -> frozenset[Form]:
    return frozenset(Form(one, case) for one in whose for case in CASES)


def _is_plural_of_a_surname(word: str, language: str) -> bool:
    """“Лебедевых” and “Мягкие” are of Лебедев and Мягкий; “Черных” is nobody's plural."""
    parses = slavic(script_language(word, language)).parses(word)
    return any(parse.tag.number == "plur" and "Surn" in parse.tag for parse in parses) or word.endswith(("овы", "ины"))


def _latin_forms(word: str) -> frozenset[Form]:
    base = re.sub("['’]s?$", "", word)
    if base == word and _FAMILY_LATIN.search(word):
        return _all_cases({FAMILY})
    whose = {WOMAN} if _HERS_LATIN.search(base) else {MAN} if _HIS_LATIN.search(base) else {MAN, WOMAN}
    return _all_cases(whose)
