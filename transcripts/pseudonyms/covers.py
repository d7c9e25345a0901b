"""Cover names, put into the case, gender and number of what they stand for.

What a cover cannot be inflected to, it stays in the nominative: never the real name. Russian and Ukrainian by
pymorphy3, which also guesses unknown words by their endings; English gets its plural and possessive.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from transcripts.names.agreement import Here, forms_here
from transcripts.names.forms import CASES, FAMILY, MAN, WOMAN, FirstName, first_name, patronymic_whose, slavic
from transcripts.names.lexicon import CYRILLIC, facts, script_language
from transcripts.names.mention import IDENTIFIERS
from transcripts.names.people import Person
from transcripts.names.plain import plain

_WORD = re.compile(r"[^\W\d_]+(?:[-‑'’ʼ][^\W\d_]+)*")
_LAST_WORD = re.compile(r"[^\W\d_]+(?:[-‑'’ʼ\u0300-\u036f\u00ad][^\W\d_]+)*(?=\s+$)")
_POSSESSIVE = re.compile(r"['’]s$")
_GENDERS = {MAN: "masc", WOMAN: "femn", FAMILY: "plur"}
_ROMAN = {
    **dict(zip("абвгдеёзийклмнопрстуфыэіґ", "abvgdeeziyklmnoprstufyeig", strict=True)),
    **{"ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ь": "", "ю": "yu", "я": "ya"},
    **{"ї": "yi", "є": "ye"},
}


@dataclass(frozen=True, slots=True)
class Place:
    """Code points ``start`` to ``end`` of a text where ``person`` is concealed; before ``edge`` the text is taken."""

    text: str = field(repr=False)
    language: str
    start: int
    end: int
    person: Person = field(repr=False)
    edge: int = 0

    @property
    def words(self) -> list[str]:
        """The words that are concealed, as they are read."""
        return _WORD.findall(plain(self.text[self.start : self.end]).text)


@dataclass(frozen=True, slots=True)
class _Cover:
    """The words of a cover by what they are: first names, patronymics, and the rest."""

    first: tuple[str, ...]
    patronymic: tuple[str, ...]
    rest: tuple[str, ...]


def covered(cover: str, place: Place) -> tuple[int, str]:
    """Where the cover begins, and the cover as it stands there.

    A cover with a first name takes the place of the first name beside the surname, too.
    """
    if place.person.label in IDENTIFIERS or not place.words:
        return place.start, cover
    parts = _parts(cover, place.language)
    head, called = _first_name_before(place)
    chosen = _chosen(parts, place, has_first=called is not None)
    start = head if called and parts.first and set(chosen) & set(parts.first) else place.start
    if len(place.words[-1]) == 1:
        return start, _initial(parts, cover)
    if CYRILLIC.search(place.words[-1]):
        made = _declined(chosen, parts, place, called)
    else:
        made = [_in_latin(word) for word in chosen]
        made[-1] = _english(made[-1], place)
    return start, _in_case_of_text(" ".join(made), place)


def _parts(cover: str, language: str) -> _Cover:
    first, patronymic, rest = [], [], []
    words = cover.split()
    for n, word in enumerate(words):
        known = facts(word, language)
        if known.likely_patronymic and n:
            patronymic.append(word)
        elif known.first and (len(words) > 1) and n + 1 < len(words):
            first.append(word)
        else:
            rest.append(word)
    return _Cover(tuple(first), tuple(patronymic), tuple(rest))


def _first_name_before(place: Place) -> tuple[int, str | None]:
    """Where the person's own first name stands directly before the place, and that name."""
    before = _LAST_WORD.search(place.text, place.edge, place.start)
    called = place.person.first_name
    if before is None or called is None:
        return place.start, None
    name = plain(before.group()).text
    language = script_language(name.lower(), place.language)
    fulls = {full for one in called.split(", ") for full in first_name(one, "ru").fulls}
    own = first_name(name.lower(), language)
    return (before.start(), name) if own.fulls & fulls else (place.start, None)


def _chosen(parts: _Cover, place: Place, *, has_first: bool) -> Sequence[str]:
    """The words of the cover that stand for the words that are concealed here."""
    known = [facts(word, place.language) for word in place.words]
    has_patronymic = any(one.likely_patronymic for one in known)
    has_surname = any(not one.likely_patronymic and len(word) > 1 for one, word in zip(known, place.words, strict=True))
    first = parts.first if has_first else ()
    if has_surname:
        chosen = (*first, *(parts.patronymic if has_patronymic else ()), *parts.rest)
    else:
        chosen = (*first, *parts.patronymic)
    return chosen or parts.rest or (*parts.first, *parts.patronymic)


def _initial(parts: _Cover, cover: str) -> str:
    """One letter for one letter."""
    return (parts.patronymic or parts.rest or (cover,))[0][0].upper()


def _declined(chosen: Sequence[str], parts: _Cover, place: Place, called: str | None) -> list[str]:
    """The words in the case of the place; gender and number are the person's, or those of the cover's first name."""
    language = script_language(place.words[-1].lower(), place.language)
    first = first_name(called.lower(), language) if called else None
    if facts(place.words[-1], language).likely_patronymic:
        forms = _patronymic_forms(place.words[-1].lower(), first, language)
    else:
        forms = [(one.whose, one.case) for one in forms_here(_here(place), first)]
    forms.sort(key=lambda form: CASES.index(form[1]))
    whose = place.person.whose or forms[0][0]
    case = next((case for one, case in forms if one == whose), forms[0][1])
    if whose != FAMILY:
        whose = _whose(parts, language) or whose
    return [_inflected(word, case, whose, language) for word in chosen]


def _here(place: Place) -> Here:
    """The surname with the first name before it, if that is this person's."""
    last = re.split(r"\s", place.text[place.start : place.end])[-1]
    head, _ = _first_name_before(place)
    return Here(place.text, place.language, head, place.end - len(last), place.end)


def _patronymic_forms(word: str, first: FirstName | None, language: str) -> list[tuple[str, str]]:
    cases = {str(one.tag.case) for one in slavic(language).parses(word) if "Patr" in one.tag} & set(CASES)
    agreeing = cases & first.cases if first else cases
    return [(one, case) for one in patronymic_whose(word) for case in agreeing or cases or {"nomn"}]


def _whose(parts: _Cover, language: str) -> str:
    """Whose a cover is by its first name or patronymic; a surname alone goes by who it stands for."""
    if parts.patronymic:
        return next(iter(patronymic_whose(parts.patronymic[0])))
    whose = first_name(parts.first[0].lower(), language).whose if parts.first else frozenset()
    return next(iter(whose)) if len(whose) == 1 else ""


def _inflected(word: str, case: str, whose: str, language: str) -> str:
    """One word of a cover, typed in the nominative, in that case of his, hers or theirs."""
    if not CYRILLIC.search(word) or len(word.strip(".")) < 2:
        return word
    if "-" in word:
        return "-".join(_inflected(half, case, whose, language) for half in word.split("-"))
    parses = [one for one in slavic(language).parses(word.lower()) if one.tag.POS in ("NOUN", "ADJF")]
    own = min(parses, key=_says_name, default=None)
    made = _form_of(own, case, whose) if own is not None else None
    return _capitals_of(word, made or word)


def _says_name(parse: Any) -> tuple[bool, bool]:
    """A name in the nominative first."""
    return parse.tag.case != "nomn", not any(mark in parse.tag for mark in ("Surn", "Name", "Patr"))


def _form_of(parse: Any, case: str, whose: str) -> str | None:
    tag = parse.tag
    if tag.POS == "NOUN" and whose != FAMILY and not ("Surn" in tag or "Patr" in tag):
        if "Name" not in tag and whose == WOMAN and tag.gender == "masc":
            return None  # a woman called Коваль
        wanted = {case}
    elif whose == FAMILY and "Name" in tag:
        wanted = {case}
    else:
        wanted = {case, _GENDERS[whose]}
    made = parse.inflect(wanted)
    return None if made is None else str(made.word)


def _capitals_of(word: str, made: str) -> str:
    if word.isupper() and len(word) > 1:
        return made.upper()
    return made[0].upper() + made[1:] if word[0].isupper() else made


def _in_latin(word: str) -> str:
    """A Cyrillic cover in a passage in Latin letters."""
    if not CYRILLIC.search(word):
        return word
    return _capitals_of(word, "".join(_ROMAN.get(letter, letter) for letter in word.lower()))


def _english(word: str, place: Place) -> str:
    """Plural of a family, possessive."""
    ending = _POSSESSIVE.search(place.words[-1])
    if place.person.whose == FAMILY and not word.endswith(("s", "S")):
        word += "es" if word.lower().endswith(("x", "z", "ch", "sh")) else "s"
    return word + (ending.group() if ending else "")


def _in_case_of_text(made: str, place: Place) -> str:
    """Capitals as in the text: none where it has none, nothing but capitals where the name had them."""
    form = place.words[-1]
    if form.isupper() and len(form) > 1:
        return made.upper()
    return made.lower() if not any(char.isupper() for char in place.text) else made
