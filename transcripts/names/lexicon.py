"""What dictionaries know about one word, whatever its case: morphology, lists of names, frequency.

One ``Lexicon`` per language, read at first use and kept; the word lists are config/names/*.toml. Rules are elsewhere.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.util import find_spec
from math import log10
from pathlib import Path
from typing import Any

import pymorphy3
from wordfreq import get_frequency_dict

from transcripts.names.keys import sound, spelled_keys, stem
from transcripts.shipped import shipped

LANGUAGES = ("ru", "uk", "en")
CYRILLIC = re.compile("[а-яёіїєґ]", re.IGNORECASE)
LETTER = re.compile(r"[^\W\d_]")

_NAME_MARKS = ("Surn", "Name", "Patr", "Geox", "Orgn", "Init", "Abbr", "Trad")
_FUNCTION = ("VERB", "INFN", "PRTF", "PRTS", "GRND", "ADVB", "PREP", "CONJ", "PRCL", "NPRO", "PRED", "COMP", "INTJ")
_PATRONYMIC = re.compile(
    r"(?:(?:ович|евич|ьич|ыч|йович|їович)(?:а|у|ем|ом|е|и|і|ів|ей|ам|ами|ах|еві|ові)?"
    r"|(?:овн|евн|ичн|івн|ївн)(?:а|ы|и|е|і|у|ой|ою|ам))$"
)
_PATRONYMIC_LATIN = re.compile(r"(?:(?:ov|ev|yev)(?:ich|ych)|(?:ov|ev|yev)na|inichna)$")
_CASE_ENDING = "(?:а|у|ым|им|ой|ою|ом|ем|е|ы|ых|ыми|ам|ами|ах|ий|ого|ому|ая|ую|ие|их|ими|і|ові|еві|ий|ій)?$"
_BARE_ROOT = 4  # letters: shorter words end like surnames by chance
# Zipf: a known word this frequent is not made a first name by a list alone.
_FREQUENT = 4.0
# Zipf of the lemma from which an ordinary word without a capital is only that; more where it ends like a surname
# (“хмельницкая” is a region, but who knows).
_COMMON = 2.5
_COMMON_LOOKALIKE = 4.0


@dataclass(frozen=True, slots=True)
class Words:
    """The lists of config/names/LANGUAGE.toml."""

    titles: frozenset[str]
    public_titles: frozenset[str]
    name_words: frozenset[str]
    fillers: frozenset[str]
    memorials: frozenset[str]
    letters: frozenset[str]
    numbers: frozenset[str]
    multipliers: frozenset[str]
    endings: frozenset[str]
    particles: frozenset[str]
    places: frozenset[str]


@dataclass(frozen=True, slots=True)
class Facts:
    """About one word. ``keys``: under which it may be the form of a name, the likeliest first.

    ``surname``, ``place``: some parse says so; ``likely_…``: the best parse does. ``listed``: in a list of surnames.
    ``ordinary``: it is also a common word; ``function``: it is also a verb, adverb, pronoun or particle; ``everyday``:
    one of both, and so common that without a capital it is taken for that. ``cases``: the grammatical cases it may
    stand in as a noun or adjective of one person or thing. ``zipf``: log10 of uses in 10^9 words, 0 unseen.
    """

    keys: tuple[str, ...] = ()
    lemma: str = ""
    known: bool = False
    first: bool = False
    surname: bool = False
    likely_surname: bool = False
    listed: bool = False
    surname_like: bool = False
    patronymic: bool = False
    likely_patronymic: bool = False
    place: bool = False
    likely_place: bool = False
    ordinary: bool = False
    function: bool = False
    everyday: bool = False
    adjective: bool = False
    cases: frozenset[str] = frozenset()
    title: bool = False
    public_title: bool = False
    name_word: bool = False
    memorial: bool = False
    latin: bool = False
    zipf: float = 0.0


NO_WORD = Facts()


class Lexicon:
    """The dictionaries of one language."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.words = word_lists(language)
        self._frequencies = get_frequency_dict(language, "best")
        self._facts: dict[str, Facts] = {}

    def facts(self, word: str) -> Facts:
        """What is known of a lower-case word."""
        found = self._facts.get(word)
        if found is None:
            found = self._facts[word] = self._look_up(word)
        return found

    def zipf(self, word: str) -> float:
        """How frequent the word is: log10 of its uses in 10^9 words; 0 if it was never seen."""
        share = self._frequencies.get(word, 0.0)
        return max(0.0, log10(share) + 9) if share else 0.0

    def _look_up(self, word: str) -> Facts:
        raise NotImplementedError


class Slavic(Lexicon):
    """Russian or Ukrainian: pymorphy3, all parses."""

    def __init__(self, language: str) -> None:
        super().__init__(language)
        self.morphology = pymorphy3.MorphAnalyzer(lang=language)
        self._ending = re.compile(f"(?:{'|'.join(sorted(self.words.endings))}){_CASE_ENDING}")

    def parses(self, word: str) -> list[Any]:
        """Every parse of a word, the likeliest first."""
        parses: list[Any] = self.morphology.parse(word)
        return parses

    def _look_up(self, word: str) -> Facts:
        plain = self._as_one(word)
        parts = [part for part in re.split("[-‑]", word) if len(part) > 2 and part not in self.words.particles]
        if plain.known or len(parts) < 2:
            return plain
        # “Бельская-Крафт” is Бельская as well, “Полетаева-старшего” is Полетаев.
        halves = [self.facts(part) for part in parts]
        return replace(
            plain,
            keys=tuple(dict.fromkeys((*(half.keys[0] for half in halves), *plain.keys))),
            surname=plain.surname or any(half.surname and not half.ordinary for half in halves),
        )

    def _as_one(self, word: str) -> Facts:
        parses = self.parses(word)
        tags = [str(parse.tag) for parse in parses]
        known = bool(self.morphology.word_is_known(word))
        best, lemma = tags[0], parses[0].normal_form
        is_surname = any("Surn" in tag for tag in tags)
        odd_patronymic = not known and len(word) > 5 and bool(_PATRONYMIC.search(word))
        ordinary = known and not all(any(mark in tag for mark in _NAME_MARKS) for tag in tags)
        function = known and any(tag.startswith(_FUNCTION) for tag in tags)
        surname_like = len(word) > _BARE_ROOT and bool(self._ending.search(word))
        bar = _COMMON_LOOKALIKE if surname_like else _COMMON
        looks = surname_like and "Surn" in best  # “соколов” may be of falcons
        bases = {parse.normal_form for parse in parses} | {word}
        return Facts(
            keys=_keys(word, parses, known),
            lemma=lemma,
            known=known,
            first=self._is_first(word, parses, known),
            surname=is_surname,
            likely_surname="Surn" in best,
            listed=any(base in surnames() for base in bases if len(base) > 2),
            surname_like=surname_like,
            patronymic=any("Patr" in tag for tag in tags) or odd_patronymic,
            likely_patronymic="Patr" in best or odd_patronymic,
            place=any("Geox" in tag for tag in tags) or lemma in self.words.places,
            likely_place="Geox" in best or lemma in self.words.places,
            ordinary=ordinary,
            function=function,
            everyday=function or (ordinary and not looks and max(self.zipf(word), self.zipf(lemma)) >= bar),
            adjective=best.startswith(("ADJF", "ADJS", "PRTF")),
            cases=frozenset(p.tag.case for p in parses if p.tag.POS in ("NOUN", "ADJF") and p.tag.number != "plur"),
            title=self._is_in(self.words.titles, word, lemma),
            public_title=self._is_in(self.words.public_titles, word, lemma),
            name_word=self._is_in(self.words.name_words, word, lemma),
            memorial=self._is_in(self.words.memorials, word, lemma),
            zipf=self.zipf(word),
        )

    def _is_in(self, words: frozenset[str], word: str, lemma: str) -> bool:
        return word in words or lemma in words

    def _is_first(self, word: str, parses: list[Any], known: bool) -> bool:
        """pymorphy calls many unknown surnames first names, hence: known, and a first name rather than a surname."""
        # A plural is a family, not a first name: “Михайлов”, “Корнеев”.
        named = sum(parse.score for parse in parses if "Name" in parse.tag and "plur" not in parse.tag)
        surnamed = sum(parse.score for parse in parses if "Surn" in parse.tag)
        if known and named >= max(0.2, surnamed):
            return True
        if surnamed > 0.5 or (known and not named and self.zipf(word) > _FREQUENT):
            return False
        return any(base in first_names() for base in {parse.normal_form for parse in parses} | {word})


class English(Lexicon):
    """Latin letters: lists, frequency and the endings of transliterated surnames."""

    def __init__(self, language: str) -> None:
        super().__init__(language)
        self._ending = re.compile(f"(?:{'|'.join(sorted(self.words.endings))})s?$")

    def _look_up(self, word: str) -> Facts:
        zipf = self.zipf(word)
        base = word.removesuffix("'s").removesuffix("’s")
        first = base in latin_first_names()
        surname_like = len(word) > _BARE_ROOT and bool(self._ending.search(base))
        return Facts(
            keys=spelled_keys(word),
            lemma=base,
            known=zipf >= 3.5,
            first=first,
            surname=surname_like and zipf < 2.8,
            likely_surname=surname_like and zipf < 2.0,
            surname_like=surname_like,
            patronymic=len(word) > 6 and bool(_PATRONYMIC_LATIN.search(base)),
            likely_patronymic=len(word) > 6 and bool(_PATRONYMIC_LATIN.search(base)) and zipf < 2.5,
            ordinary=zipf >= 3.3 and not first,
            function=zipf >= 5.0 and not first,
            everyday=zipf >= 3.3 and not first,
            title=word in self.words.titles,
            public_title=word in self.words.public_titles,
            name_word=word in self.words.name_words,
            latin=True,
            zipf=zipf,
        )


def lexicon(language: str) -> Lexicon:
    """The dictionaries of a language, kept once they are read; English for a language without any."""
    return _made(language if language in LANGUAGES else "en")


def facts(word: str, language: str) -> Facts:
    """What is known of a word in a passage of ``language``: letters decide before language does."""
    lowered = word.lower()
    if not LETTER.search(lowered):
        return NO_WORD
    return lexicon(script_language(lowered, language)).facts(lowered)


def script_language(word: str, language: str) -> str:
    """The language whose dictionary can read these letters."""
    if not CYRILLIC.search(word):
        return "en"
    return language if language in ("ru", "uk") else "ru"


def guessed_language(text: str) -> str:
    """The language a text is most likely in, by its letters: "ru", "uk" or "en"; "ru" where nothing tells."""
    lowered = text.lower()
    cyrillic = len(CYRILLIC.findall(lowered))
    if len(LETTER.findall(lowered)) > 2 * cyrillic:
        return "en"
    ukrainian, russian = (sum(map(lowered.count, letters)) for letters in ("іїєґ", "ыэъё"))
    return "uk" if ukrainian > russian else "ru"


@cache
def word_lists(language: str) -> Words:
    """The lists of a language, without its dictionaries; English for a language without any."""
    name = language if language in LANGUAGES else "en"
    found = tomllib.loads(shipped(f"names/{name}.toml").read_text(encoding="utf-8"))
    return Words(**{key: frozenset(text.split()) for key, text in found.items()})


@cache
def _made(language: str) -> Lexicon:
    return English(language) if language == "en" else Slavic(language)


@cache
def surnames() -> frozenset[str]:
    """182,000 surnames in the nominative, from natasha's data."""
    return _natasha_list("last.txt")


@cache
def first_names() -> frozenset[str]:
    """7,700 first names and the everyday forms in diminutives.toml, in the nominative, Cyrillic."""
    return _natasha_list("first.txt") | frozenset(variants())


@cache
def variants() -> Mapping[str, frozenset[str]]:
    """Each first name and everyday form, with all that the same person may be called."""
    found = tomllib.loads(shipped("names/diminutives.toml").read_text(encoding="utf-8"))
    called: dict[str, set[str]] = {}
    for full, short in found.items():
        together = {full, *short.split()}
        for name in together:
            # “Саша” may be Александр or Александра; those two are not each other.
            called.setdefault(name, set()).update(together if name == full else {full, name})
    return {name: frozenset(others) for name, others in called.items()}


@cache
def latin_first_names() -> frozenset[str]:
    """First names in Latin letters: ours, and the Cyrillic ones transliterated in three ways."""
    lines = shipped("names/first_names_en.txt").read_text(encoding="utf-8").splitlines()
    ours = {name for line in lines if not line.startswith("#") for name in line.split()}
    spelled = (way for name in first_names() if len(name) > 2 and CYRILLIC.search(name) for way in _romanised(name))
    return frozenset(ours) | {way for way in spelled if len(way) > 2}


_ROMAN = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґ",
        re.split(" ", "a b v g d e yo zh z i y k l m n o p r s t u f kh ts ch sh shch  y  e yu ya i yi ye g"),
        strict=True,
    )
)
_ROMAN_ICAO = _ROMAN | {"й": "i", "ю": "iu", "я": "ia", "ё": "e"}


def _romanised(name: str) -> Iterable[str]:
    plain = "".join(_ROMAN.get(letter, letter) for letter in name)
    return plain, "".join(_ROMAN_ICAO.get(letter, letter) for letter in name), plain.replace("kh", "h")


def _natasha_list(name: str) -> frozenset[str]:
    spec = find_spec("natasha")
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError(name)
    path = Path(spec.submodule_search_locations[0]) / "data" / "dict" / name
    return frozenset(line.strip() for line in path.read_text(encoding="utf-8").splitlines())


def _keys(word: str, parses: list[Any], known: bool) -> tuple[str, ...]:
    """Keys of the lemmas that may be names, surnames first, then of the letters themselves."""
    surnames_first = sorted(parses, key=lambda parse: "Surn" not in parse.tag)
    lemmas = [
        parse.normal_form
        for parse in surnames_first
        if parse.tag.POS in ("NOUN", "ADJF") and (known or "Surn" in parse.tag or "plur" in parse.tag)
    ]
    bases = [word, *lemmas] if not known or not lemmas else [*lemmas, word]
    return tuple(dict.fromkeys(sound(stem(base)) for base in bases))
