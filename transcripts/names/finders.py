"""The finders of names: each looks at one kind of evidence. FINDERS is the list; a new finder is one more item.

Each yields mentions with the sureness of its evidence; the same word may be found by several. No finder knows another.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from transcripts.names.document import Document
from transcripts.names.english import ENGLISH_FINDERS
from transcripts.names.lexicon import Facts
from transcripts.names.mention import Label, Mention

_WORDS_TOO = ("да", "ла")  # particles that people also say for something else
_EASTERN_CASE = re.compile("(?:а|у|ом|ем|е|я|ю)$")
_SYLLABLE = 4  # letters: “Чен Ира”
_EASTERN_GIVEN = 10  # letters: “Цзиньтао”
_UNHEARD = 1.0  # Zipf: of this frequency a word is hardly one
Finder = Callable[[Document], Iterable[Mention]]

_SPELLED = re.compile(
    r"(?<!\w)(?:[^\W\d_](?:\s?[-–,]\s?[^\W\d_]){3,}|[а-яёіїєґ](?:\s[а-яёіїєґ]){3,})(?!\w)"
    r"(?:[-,]?\s*(?:мягкий|твёрдый|м[’']який) знак)?",
    re.IGNORECASE,
)


def patronymics(document: Document) -> Iterator[Mention]:
    """“Сергеевна”, “Михалычем”: by dictionary or ending."""
    for at in document.names:
        known = document.facts(at)
        if (
            known.patronymic
            and not (known.likely_surname and not known.likely_patronymic)
            and _may_be_name(document, at)
        ):
            yield document.mention(at, "patronymic", 0.7, Label.PATRONYMIC)


def tagged_persons(document: Document) -> Iterator[Mention]:
    """What the tagger calls a person and is no first name."""
    for at in document.names:
        token, known = document.tokens[at], document.facts(at)
        if token.tag != "PER" or known.function or known.first or known.likely_patronymic:
            continue
        if known.title and document.starts_sentence(at):
            continue
        if known.surname or known.patronymic:
            yield document.mention(at, "tagged-surname", 0.6)
        elif not known.known or document.facts(at - 1).first or document.facts(at + 1).first:
            if not _is_rare_first_name(document, at):
                yield document.mention(at, "tagged-beside-first-name", 0.5)
        elif token.cased and not known.place and not _is_acronym(token.text):
            yield document.mention(at, "tagged", 0.35)


def ends_of_names(document: Document) -> Iterator[Mention]:
    """The last word of several in a row that the tagger calls a person, be it a first name or a verb otherwise."""
    for at in document.names:
        if not at or not document.is_person(at) or document.facts(at).likely_patronymic:
            continue
        if document.is_person(at - 1) and not document.is_person(at + 1):
            yield document.mention(at, "end-of-name", 0.4)


def after_first_name(document: Document) -> Iterator[Mention]:
    """“Эдик Воробей”, “Григорий... ну... Полетаев”."""
    for at in document.names:
        known, token, before = document.facts(at), document.tokens[at], document.before_hesitation(at)
        if (
            before < 0
            or known.latin
            or known.likely_patronymic
            or not _is_free(known)
            or not document.is_first_name(before)
        ):
            continue
        gap = at - before > 1
        hesitated = gap and document.tokens[at - 1].text in ".…" and document.tokens[before].passage == token.passage
        if token.cased:
            if token.capital and (not gap or hesitated) and _is_surname_beside(document, at, gap):
                yield document.mention(at, "after-first-name", 0.5)
        elif not gap and not known.first and _may_be_surname(document, at, 5.0):
            yield document.mention(at, "after-first-name", 0.45)


def after_patronymic(document: Document) -> Iterator[Mention]:
    """“Лев Аркадьевич Полетаев”, “Пётр Петрович э-э Лутфий”."""
    for at in document.names:
        known, token, before = document.facts(at), document.tokens[at], document.before_hesitation(at)
        if before < 0 or not document.facts(before).likely_patronymic or not _follows(document, at, before):
            continue
        if known.first and not known.cases & document.facts(before).cases:
            continue
        if token.lower in document.words(at).fillers:
            continue
        if token.capital if token.cased else _may_be_surname(document, at, 5.0, before) and not known.function:
            yield document.mention(at, "after-patronymic", 0.6)


def second_first_name(document: Document) -> Iterator[Mention]:
    """“карлос симон”, in text without capitals: of two first names that agree the last is the surname."""
    for at in document.names:
        known = document.facts(at)
        if document.tokens[at].cased or not known.first or known.function or not document.is_first_name(at - 1):
            continue
        before, after = document.facts(at - 1), document.facts(at + 1)
        together = document.tokens[at - 1].passage == document.tokens[at].passage and known.cases & before.cases
        if together and not after.first and not after.likely_patronymic:
            yield document.mention(at, "second-first-name", 0.3)


def eastern(document: Document) -> Iterator[Mention]:
    """“Ху Цзиньтао”, “Ким Чен Ир”: a surname that stands first."""
    for at, token in enumerate(document.tokens):
        written = token.capital or not token.cased
        if not written or not _is_eastern(document, at) or document.is_first_name(at - 1):
            continue
        if _is_eastern_given(document, at + 1, alone=token.cased or not token.facts.function):
            yield document.mention(at, "eastern", 0.5)


def after_particle(document: Document) -> Iterator[Mention]:
    """“Массимо де Сантис”: a particle of surnames between a first name and a word that is no other."""
    for at in document.names:
        known, token, particle = document.facts(at), document.tokens[at], document.text(at - 1)
        led = particle in document.words(at).particles and particle not in _WORDS_TOO and document.is_first_name(at - 2)
        written = token.capital if token.cased else not known.known or (known.surname and not known.everyday)
        if led and written and not known.latin:
            yield document.mention(at, "after-particle", 0.5)


def before_first_name(document: Document) -> Iterator[Mention]:
    """“Тулупов Сергей Иванович”: official order."""
    for at in document.names:
        known, token = document.facts(at), document.tokens[at]
        if known.latin or known.first or known.function or not document.facts(at + 1).first:
            continue
        official = document.facts(at + 2).likely_patronymic or document.text(at + 1) == ","
        if official and (known.surname or (token.cased and token.capital and not known.known)):
            yield document.mention(at, "before-first-name", 0.4)


def by_morphology(document: Document) -> Iterator[Mention]:
    """A surname that is no ordinary word."""
    for at in document.names:
        known, token = document.facts(at), document.tokens[at]
        if not known.surname or known.ordinary or known.place or known.latin or known.first:
            continue
        if (token.cased and token.capital) or (not token.cased and known.likely_surname):
            yield document.mention(at, "surname", 0.4)


def after_title(document: Document) -> Iterator[Mention]:
    """“полковник Дударь”, “урождённая Брук”."""
    for at in document.names:
        known, token = document.facts(at), document.tokens[at]
        led = document.facts(at - 1)
        if known.latin or not (led.title or led.public_title or led.name_word) or known.first or not _is_free(known):
            continue
        plausible = _may_be_surname(document, at, 4.0)
        # An office has a country or a house behind it more often than a name: “президент Франции”.
        capital = token.capital and (plausible if led.public_title else not _begins_a_house(document, at))
        if not _is_acronym(token.text) and (capital if token.cased else plausible):
            yield document.mention(at, "after-title", 0.6)


def with_initials(document: Document) -> Iterator[Mention]:
    """“Е. Тюрина”, “Кобзарь Д. П.”."""
    for at in document.names:
        token, known = document.tokens[at], document.facts(at)
        if known.latin or not (token.cased and token.capital) or known.first:
            continue
        led, followed = document.is_initial(at - 2), document.is_initial(at + 1) and not known.function
        if led or (followed and known.surname):
            yield document.mention(at, "with-initials", 0.5)


def with_initials_said(document: Document) -> Iterator[Mention]:
    """“а ф гильфердинг”, in text without capitals: two letters, and a word that is no other."""
    for at in document.names:
        known, token = document.facts(at), document.tokens[at]
        if token.cased or known.latin or known.everyday or known.place or known.first:
            continue
        letters = document.text(at - 2) + document.text(at - 1)
        together = at > 1 and document.tokens[at - 2].passage == token.passage
        if together and len(letters) == 2 and letters.isalpha() and (known.surname or not known.known):
            yield document.mention(at, "with-initials-said", 0.4)


def spelled_out(document: Document) -> Iterator[Mention]:
    """“М-Я-Г-К-О-В”, “м я г к о в”."""
    for number, passage in enumerate(document.passages):
        for match in _SPELLED.finditer(passage.text):
            letters = "".join(char for char in match.group() if char.isalpha()).lower()
            yield Mention(number, *match.span(), Label.SURNAME, f"spelled:{letters}", "spelled-out", 0.6)


def _is_eastern(document: Document, at: int) -> bool:
    listed = document.words(at).eastern
    lower = document.tokens[at].lower
    return bool(listed) and (lower in listed or _EASTERN_CASE.sub("", lower) in listed)


def _is_eastern_given(document: Document, at: int, *, alone: bool) -> bool:
    """Whether a given name of one strange word or two short ones stands here; only of two unless ``alone``."""

    def is_syllable(n: int, longest: int) -> bool:
        token = document.tokens[n] if 0 <= n < len(document.tokens) else None
        if token is None or token.passage != document.tokens[at - 1].passage or not token.text.isalpha():
            return False
        return len(token.text) <= longest and (token.capital if token.cased else not token.facts.everyday or n == at)

    strange = not document.facts(at).known and not document.facts(at).latin
    if alone and strange and is_syllable(at, _EASTERN_GIVEN):
        return True
    if not is_syllable(at, _SYLLABLE) or not is_syllable(at + 1, _SYLLABLE):
        return False
    return document.tokens[at + 1].capital or not document.facts(at + 1).function  # “можно ли со мной”


def _follows(document: Document, at: int, before: int) -> bool:
    """Whether only hesitation, and more than a comma, stands between two words."""
    between = [document.tokens[n] for n in range(before + 1, at)]
    same = document.tokens[before].passage == document.tokens[at].passage
    return same and (not between or any(token.text not in "-–—," for token in between))


def _is_free(known: Facts) -> bool:
    """Whether a word beside a first name can be a surname: no verb, no title."""
    return (known.surname or not known.function) and not known.title


def _is_surname_beside(document: Document, at: int, gap: bool) -> bool:
    """Whether a capitalised word beside a first name is the surname; a second first name is, if nothing else can be."""
    known = document.facts(at)
    if not known.first:
        return not known.place or known.surname or (document.tokens[at].tag != "LOC" and document.agrees(at, at - 1))
    return not gap and not document.facts(at - 2).first and not document.is_name_like(at + 1)


def _may_be_surname(document: Document, at: int, zipf: float, before: int | None = None) -> bool:
    """Whether a word in lower-case text can be a surname: an ordinary one must agree and be rarer than ``zipf``.

    It agrees with the name or title at ``before``, the word before it if nothing else is said. What is hardly a word
    and ends like a surname need not: “абдувахидов” is taken for many of something.
    """
    known = document.facts(at)
    if known.surname or not known.known or (known.surname_like and known.zipf < _UNHEARD):
        return True
    return known.zipf < zipf and document.agrees(at, at - 1 if before is None else before)


def _begins_a_house(document: Document, at: int) -> bool:
    """Whether a capitalised word after a title is a place or the first word of an institution's name."""
    known, after = document.facts(at), document.facts(at + 1)
    if (known.place or document.tokens[at].tag in ("LOC", "ORG")) and not known.surname:
        return True
    return known.adjective and bool(known.cases & after.cases) and not document.is_name_like(at + 1)


def _is_acronym(text: str) -> bool:
    return text.isupper() and len(text) <= 5


def _is_rare_first_name(document: Document, at: int) -> bool:
    """Whether a word no dictionary knows stands before its surname: “Масахару Коно”."""
    known, after = document.facts(at), document.facts(at + 1)
    if known.surname or known.surname_like or at + 1 >= len(document.tokens) or document.facts(at - 1).first:
        return False
    follows = document.tokens[at + 1]
    return follows.tag == "PER" and follows.capital and not after.first and not after.likely_patronymic


def _may_be_name(document: Document, at: int) -> bool:
    token = document.tokens[at]
    return not token.cased or token.capital


FINDERS: tuple[Finder, ...] = (
    patronymics,
    tagged_persons,
    ends_of_names,
    after_first_name,
    after_patronymic,
    second_first_name,
    after_particle,
    eastern,
    before_first_name,
    by_morphology,
    after_title,
    with_initials,
    with_initials_said,
    *ENGLISH_FINDERS,
    spelled_out,
)
