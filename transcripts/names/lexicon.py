"""What dictionaries know about one word, whatever its case: morphology, lists of names, frequency.

One ``Lexicon`` per language, read at first use and kept; the word lists are config/names/*.toml. Rules are elsewhere.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, replace
from functools import cache
from math import log10
from typing import Any

import pymorphy3
from pymorphy3.units import DictionaryAnalyzer

from transcripts.names.frequency import Frequencies
from transcripts.names.keys import sound, spelled_keys, stem
from transcripts.names.letters import likeness
from transcripts.names.lists import (
    census,
    first_names,
    is_slavic_first_name,
    latin_first_names,
    slavic_surname,
    surnames,
    world,
)
from transcripts.names.strange import USUAL, may_be_misspelt, most_like, strangeness
from transcripts.names.vectors import KINDS, kinds
from transcripts.shipped import shipped

LANGUAGES = ("ru", "uk", "en")
CYRILLIC = re.compile("[а-яёіїєґ]", re.IGNORECASE)
LETTER = re.compile(r"[^\W\d_]")

_SELDOM = 3.5  # Zipf: more frequent words are used in many ways, in news in others than in talk
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
# English. A word that is nothing but a name is about as frequent in writing as in the census: the logarithm of what it
# is used more often than it is borne (“johnson” 1.8, “baker” 2.0, “brown” 2.2, “young” 3.1, “law” 4.4).
_SURELY_A_NAME = 2.25
_MOSTLY_A_NAME = 2.6
_RARELY_A_NAME = 3.5
_CALLED = 6  # times as often as by surname people are called by first name
_FAMILIAR = 4.4  # Zipf below which what our list of first names has is one, “ahmed”
_FAMILIES = 4  # times as many bear it as a surname: “wilson” is no first name
_VOCABULARY = 3.3  # Zipf
_SLAVIC = 3.3  # Zipf below which transliteration tells more than English does
_POSSESSIVE = ("s", "")
_CLIPPED = ("t", "ll", "re", "ve", "d", "m", "all", "am", "em")  # “don't”, “y'all”
_PLURAL = re.compile("[^s]s$")
_REMEMBERED = 100_000  # words whose facts are kept, about 150 MB: texts may come without end


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
    endings: frozenset[str]
    particles: frozenset[str]
    places: frozenset[str]
    kin: frozenset[str] = frozenset()
    speech: frozenset[str] = frozenset()
    things: frozenset[str] = frozenset()
    eastern: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Facts:
    """About one word. ``keys``: under which it may be the form of a name, the likeliest first.

    ``surname``, ``place``: some parse says so; ``likely_…``: the best parse does. ``listed``: in a list of surnames.
    ``ordinary``: it is also a common word; ``function``: it is also a verb, adverb, pronoun or particle; ``everyday``:
    one of both, and so common that without a capital it is taken for that. ``cases``: the grammatical cases it may
    stand in as a noun or adjective of one person or thing. ``zipf``: log10 of uses in 10^9 words, 0 unseen;
    ``excess``: by how much it exceeds that of a word that is only that surname (Latin letters). ``marks``: what the
    parses say, for the learned finder.
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
    kin: bool = False
    memorial: bool = False
    latin: bool = False
    zipf: float = 0.0
    excess: float = 9.0
    marks: tuple[str, ...] = ()


NO_WORD = Facts()


class Lexicon:
    """The dictionaries of one language."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.words = word_lists(language)
        self._frequencies = Frequencies(language)
        self._facts: dict[str, Facts] = {}

    def facts(self, word: str) -> Facts:
        """What is known of a lower-case word."""
        found = self._facts.get(word)
        if found is None:
            if len(self._facts) >= _REMEMBERED:
                self._facts.clear()
            found = self._facts[word] = self._look_up(word)
        return found

    def zipf(self, word: str) -> float:
        """How frequent the word is: log10 of its uses in 10^9 words; 0 if it was never seen."""
        return self._frequencies.zipf(word)

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
        known = any(is_of_dictionary(parse) for parse in parses)
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
            marks=(
                *_marks(parses, tags, known, self._spelling(word)),
                *self._company(word),
                *self._strangeness(word, known),
            ),
        )

    def _spelling(self, word: str) -> int:
        """How much a Russian word is spelled like a surname, in quarters of a logarithm."""
        return round(4 * likeness(word)) if self.language == "ru" else 0

    def _strangeness(self, word: str, known: bool) -> tuple[str, ...]:
        """What else than a name a word that no dictionary has may be, and what kind of word it may be misspelt from."""
        if known or self.language != "ru" or not word.isalpha():
            return ()
        return (*strangeness(word, self._frequencies), *(self._misspelt(word) if may_be_misspelt(word) else ()))

    def _misspelt(self, word: str) -> tuple[str, ...]:
        other, zipf = most_like(word, self._frequencies)
        if zipf < _COMMON:
            return ("like=nothing",)
        tags = " ".join(str(parse.tag) for parse in self.parses(other) if is_of_dictionary(parse))
        name = next((mark for mark in _NAME_MARKS if mark in tags), "word" if tags else "unknown")
        return (f"like={name}", *((f"like={name}|usual",) if zipf > USUAL else ()))

    def _company(self, word: str) -> tuple[str, ...]:
        """What a Russian word that is seldom used is by the words it is used among, and how likely a name."""
        likely = kinds(word) if self.language == "ru" and self.zipf(word) < _SELDOM else None
        if likely is None:
            return ()
        each = dict(zip(KINDS, likely.tolist(), strict=True))
        person = each["surname"] + each["first"] + each["patronymic"]
        return (
            f"kind={max(each, key=each.__getitem__)}",
            f"by-use={_level(person)}",
            f"surname-by-use={_level(each['surname'])}",
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
        if known and not named and any("Geox" in str(parse.tag) for parse in parses):
            return False  # “в Самаре Анна”
        if surnamed > 0.5 or (known and not named and self.zipf(word) > _FREQUENT):
            return False
        return any(base in first_names() for base in {parse.normal_form for parse in parses} | {word})


class English(Lexicon):
    """Latin letters: shares of bearers, frequency, transliteration and the endings of transliterated surnames."""

    def __init__(self, language: str) -> None:
        super().__init__(language)
        self._ending = re.compile(f"(?:{'|'.join(sorted(self.words.endings))})$")

    def _look_up(self, word: str) -> Facts:
        base, apostrophe, tail = word.replace("’", "'").partition("'")
        if apostrophe and tail in _CLIPPED:
            clipped = self.facts(base + tail)
            return replace(clipped, known=True, first=False, ordinary=True, function=True, everyday=True, zipf=6.0)
        if apostrophe and tail in _POSSESSIVE and len(base) > 1:
            return replace(self.facts(base), keys=spelled_keys(word))
        parts = re.split("[-‑]", word)
        if len(parts) > 1 and word not in self._frequencies:
            return self._compound(word, [self.facts(part) for part in parts if part])
        return self._as_one(word)

    def _compound(self, word: str, halves: list[Facts]) -> Facts:
        """“Weber-Lang” is Biden and Harris, “long-term” is as common as its rarer part."""
        words = [half for half in halves if len(half.lemma) > 2] or halves
        ordinary = all(half.ordinary for half in words)
        return Facts(
            keys=tuple(dict.fromkeys((*(half.keys[0] for half in words), *spelled_keys(word)))),
            lemma=word,
            known=all(half.known for half in words),
            first=all(half.first for half in words),
            surname=not ordinary and all(half.surname for half in words),
            likely_surname=not any(half.ordinary for half in words) and any(half.likely_surname for half in words),
            listed=all(half.listed for half in words),
            surname_like=not ordinary and words[-1].surname_like,
            place=any(half.place for half in words),
            ordinary=ordinary,
            function=ordinary and any(half.function for half in words),
            everyday=all(half.everyday for half in words),
            latin=True,
            zipf=min(half.zipf for half in words),
        )

    def _as_one(self, word: str) -> Facts:
        zipf = self.zipf(word)
        slavic = slavic_surname(word) if zipf < _SLAVIC and len(word) > 2 else None
        singular = self.facts(word[:-1]) if zipf < _SLAVIC and slavic is None and _PLURAL.search(word) else NO_WORD
        plain = word.replace("'", "").replace("’", "")  # “O'Brien”
        first, last = census("first_names").get(plain, 0), census("surnames").get(plain, 0)
        excess = _excess(zipf, _CALLED * first + last)
        is_first = self._is_first(word, zipf, excess)
        vocabulary = zipf >= _VOCABULARY and not (is_first and word in latin_first_names() and zipf < _FAMILIAR)
        surname_like = len(word) > _BARE_ROOT and bool(self._ending.search(word))
        patronymic = len(word) > 6 and bool(_PATRONYMIC_LATIN.search(word))
        mostly = _excess(zipf, last) <= _MOSTLY_A_NAME and last > first / 2
        families = singular.listed and singular.likely_surname
        keys = (sound(stem(slavic)),) if slavic else singular.keys[:1] if families else ()
        return Facts(
            keys=tuple(dict.fromkeys((*keys, *spelled_keys(word)))),
            lemma=word,
            known=zipf >= 3.5,
            first=is_first,
            surname=last > 0 or slavic is not None or (surname_like and zipf < 2.8) or families,
            likely_surname=mostly or (surname_like and zipf < (2.8 if slavic else 2.0)) or families,
            listed=last > 0 or slavic is not None,
            surname_like=surname_like,
            patronymic=patronymic,
            likely_patronymic=patronymic and zipf < 2.5,
            place=word in world() or word in self.words.places,
            likely_place=word in world() or word in self.words.places,
            ordinary=vocabulary and excess > _MOSTLY_A_NAME,
            function=zipf >= 5.0 and excess > _MOSTLY_A_NAME,
            everyday=vocabulary and excess > _SURELY_A_NAME,
            title=word in self.words.titles or word in self.words.kin or word.removesuffix("s") in self.words.titles,
            public_title=word in self.words.public_titles,
            kin=word in self.words.kin,
            name_word=word in self.words.name_words,
            memorial=word in self.words.memorials,
            latin=True,
            zipf=zipf,
            excess=_excess(zipf, last or int(slavic is not None)),
        )

    def _is_first(self, word: str, zipf: float, excess: float) -> bool:
        if zipf >= 5.0 and excess > _RARELY_A_NAME:  # “will”, “may”
            return False
        borne = census("first_names").get(word, 0)
        if word in latin_first_names() or borne * _FAMILIES > census("surnames").get(word, 0):
            return True
        return zipf < _FREQUENT and len(word) > 2 and is_slavic_first_name(word)


def _excess(zipf: float, share: int) -> float:
    """How much more frequent a word is than the bearers of that name (in 100,000) are, as a logarithm."""
    return zipf - log10(share) if share else 9.0


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


def _marks(parses: list[Any], tags: list[str], known: bool, spelling: int) -> tuple[str, ...]:
    """Part of speech and what kinds of name some parse, or the best one, allows; “k”: by dictionary, “u”: by guess."""
    best = parses[0].tag
    source = "k" if known else "u"
    surnamed = sum(parse.score for parse in parses if "Surn" in parse.tag)
    return (
        f"pos={best.POS}",
        f"surnamed={int(surnamed * 3.99)}",
        f"letters{source}={spelling}",
        *(f"{mark}{source}" for mark in _NAME_MARKS if any(mark in tag for tag in tags)),
        *(f"top{mark}{source}" for mark in _NAME_MARKS if mark in tags[0]),
        *(mark for mark in ("anim", "plur", "femn") if mark in tags[0]),
    )


def _level(likely: float) -> int:
    """A probability in seven steps, finer towards both ends."""
    return round(max(-3.0, min(3.0, log10((likely + 1e-4) / (1 - likely + 1e-4)) * 1.5)))


def is_of_dictionary(parse: Any) -> bool:
    """Whether a parse is no guess by ending, prefix or hyphen; asking the dictionary again takes as long as parsing."""
    return len(parse.methods_stack) == 1 and isinstance(parse.methods_stack[0][0], DictionaryAnalyzer)
