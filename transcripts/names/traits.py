"""Quasi-identifiers: what names nobody but narrows down who somebody is, alone or together. Marked, never concealed.

TRAIT_FINDERS is the list; each yields traits of one kind. What they add up to is in mosaic.py. Said numbers are read as
in the identifiers; a village needs its word (“деревня”, “село”, “village”), a town only its name.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import chain

from transcripts.names.forms import slavic
from transcripts.names.identifiers.speech import Find, Speech
from transcripts.names.identifiers.spoken import months, plain
from transcripts.names.lexicon import facts
from transcripts.names.mention import Label, Passage
from transcripts.shipped import shipped


class TraitKind(StrEnum):
    """What a trait is about."""

    VILLAGE = "village"
    TOWN = "town"
    EMPLOYER = "employer"
    SCHOOL = "school"
    UNIT = "unit"
    DATE = "date"
    OFFICE = "office"
    FAMILY = "family"


@dataclass(frozen=True, slots=True)
class Trait:
    """Code points ``start`` to ``end`` of passage number ``passage``. ``sureness`` (0 to 1) is how narrow it may be."""

    kind: TraitKind
    passage: int
    start: int
    end: int
    sureness: float


Found = Iterator[tuple[int, int, float]]

_WORD = r"[^\W\d_][\w’'ʼ-]*"
_NAME = r"(?:[А-ЯЁІЇЄҐA-Z][\w’'ʼ-]+(?:\s[А-ЯЁІЇЄҐA-Z][\w’'ʼ-]+){0,2})"
_QUOTED = r"(?:[«“\"„][^»”\"\n]{2,40}[»”\"])"
_VILLAGE = re.compile(
    r"(?<!\w)(?i:деревн|деревушк|пос[её]лок|пос[её]лк|сел(?=[оеауіі]\W)|хутор|станиц|аул(?!\w{3})|слобод|смт(?!\w)|селищ|хутір"
    r"|village|hamlet|settlement|shtetl)\w*\s+(?i:под\s+названием\s+|of\s+|called\s+)?"
    rf"(?P<it>{_NAME}|{_QUOTED}|{_WORD})"
)
_HOUSE = (
    r"(?:завод|фабрик|комбинат|шахт|институт|інститут|университет|університет|академи|академі|нии|кб|редакци|редакці"
    r"|газет|журнал|банк"
    r"|больниц|лікарн|клиник|поликлиник|музе|театр|библиотек|бібліотек|министерств|міністерств|администраци"
    r"|адміністраці|мэри|прокуратур"
    r"|колхоз|совхоз|колгосп|радгосп|компани|компані|фирм|фірм|фонд|издательств|телеканал|радио|радіо|депо|верф"
    r"|порт(?=[аеу]?\W)|ферм"
    r"|factory|plant|mill|newspaper|hospital|clinic|museum|theater|theatre|library|ministry|company|bank|mine"
    r"|shipyard|foundation)"
)
_EMPLOYER = (
    re.compile(
        rf"(?<!\w)(?:[Аа]виа|[Сс]таль)?{_HOUSE}\w*\s+(?:имени\s+|ім\.\s+|им\.\s+|of\s+)?(?:{_QUOTED}|{_NAME}|(?:№"
        rf"|номер)\s?\d+)"
    ),
    re.compile(rf"(?<!\w)[А-ЯЁІЇЄA-Z][\w-]+(?:ск|цьк|ськ)\w+\s+(?:\w+\s)?{_HOUSE}\w*", re.IGNORECASE),
    re.compile(
        r"(?<!\w)(?:работал\w*|трудил\w*|устроил\w*|уволил\w*|прац\w+|працював\w*|працювала|worked|works"
        r"|employed)\s+(?:\w+\s+){0,2}?(?:в|на|із|у|at|for)"
        rf"\s+(?P<it>(?:{_WORD}\s){{0,2}}?(?:{_QUOTED}|[А-ЯA-Z]{{3,}}|{_HOUSE}\w*))"
    ),
    re.compile(
        rf"{_NAME}\s(?:Factory|Plant|Newspaper|Hospital|Museum|Theat(?:er|re)|Library|Company|Bank|Mine"
        rf"|Shipyard)(?!\w)"
    ),
)
_SCHOOL = (
    re.compile(
        r"(?<!\w)(?:школ|гимнази|гімназі|лице[йяею]|ліце|техникум|технікум|училищ|колледж|коледж|интернат"
        r"|school)\w*\s*(?:номер|№|number|no\.?)?\s*\d+"
    ),
    re.compile(r"(?<!\w)\d+(?:-?[^\W\d]{1,3})?\s+(?:\w+\s)?(?:школ|гимнази|гімназі|лице[йяею]|ліце)\w*"),
    re.compile(
        r"(?<!\w)(?:факультет|кафедр)\w*\s+[^\W\d_]{4,}(?:\s[^\W\d_]{4,})?|(?<!\w)[^\W\d_]{4,}\s(?:факультет"
        r"|кафедр)\w*|(?<!\w)(?:faculty|department) of \w+"
    ),
    re.compile(
        r"(?<!\w)(?:учил\w+|училась|закончил\w*|окончил\w*|поступил\w*|навчав\w*|навчала\w*|закінчи\w+|studied"
        r"|graduated)\s+(?:\w+\s+){0,3}?(?:университет|університет|институт|інститут|академи|академі|мгу|спбгу|мгимо"
        r"|вшэ|university|college|institute)\w*"
    ),
)
_FORCE = (
    r"(?:полк|бригад|дивизи|дивізі|батальон|рот(?=[аеуыі]\W)|эскадр|дивизион|regiment|brigade|division|battalion"
    r"|squadron|company)"
)
_UNIT = (
    re.compile(rf"(?<!\w)\d+(?:-?[^\W\d]{{1,3}})?\s+(?:[^\W\d_]+\s){{0,3}}?{_FORCE}\w*"),
    re.compile(
        r"(?<!\w)(?:в\s?/\s?ч|войсков\w+ част\w+|воинск\w+ част\w+|військов\w+ частин\w+|military unit"
        r"|unit)\s*(?:номер|№|number)?\s*[а-я]?-?\d{3,}"
    ),
)
_KIN = (
    r"(?:доч\w+|сын\w*|реб[её]н\w+|дет(?:и|ей)|внук\w*|внучк\w*|брат\w*|сест[её]?р\w*|девочк\w+|мальчик\w*|дит\w+|діт\w+"
    r"|син\w*|доньк\w+|онук\w*|child(?:ren)?|son"
    r"|sons|daughters?|brothers?|sisters?|siblings|grand(?:son|daughter)s?|girls?|boys?)"
)
_IS_KIN = re.compile(_KIN)
_MANY = (
    r"(?:тро[её]|троих|четверо|четверых|пятеро|пятерых|шестеро|шестерых|семеро|семерых|восьмеро|девятеро|четверо"
    r"|п[’'ʼ]?ятеро|шестеро|семеро)"
)
_FAMILY = (
    re.compile(
        rf"(?<!\w)(?:единственн\w+|единствен|єдин\w+|only|младш\w+|старш\w+|молодш\w+|youngest|oldest"
        rf"|eldest)\s+(?:{_KIN}\s+)?(?:из|з|із|of)\s+(?:\w+|\d+)(?:\s{_KIN})?"
    ),
    re.compile(rf"(?<!\w)(?:единственн\w+|єдин\w+|only)\s{_KIN}(?!\w)"),
    re.compile(rf"(?<!\w)(?:{_MANY}|(?:[5-9]|1\d|9{{4,}}))\s{_KIN}(?!\w)"),
    re.compile(
        r"(?<!\w)(?:близнец\w*|близнюк\w*|двойняш\w*|тройняш\w*|twins?|triplets?|сирот\w*|при[её]мн\w+ (?:доч|сын"
        r"|дет|реб)\w*|adopted|orphan)(?!\w)"
    ),
)
_ONLY_ONE = re.compile(
    r"(?<!\w)(?:единственн\w+|перв(?:ая|ый) (?:женщина|в)|єдин\w+|the only|first woman"
    r"|first female)\s+(?:\w+\s)?(?P<it>[^\W\d_]{4,})"
)
_RESTS = frozenset(
    ("ребёнок", "ребенок", "дочь", "сын", "раз", "человек", "выход", "способ", "child", "thing", "time", "way", "one")
)


def villages(speech: Speech) -> Found:
    """“деревня Малая Крюковка”; in lower-case text the word after."""
    for match in _VILLAGE.finditer(speech.text):
        name = match["it"]
        if name[0].isupper() or not name[0].isalpha():
            yield *match.span(), 1.0
        elif not facts(name, "ru").function and not facts(name, "ru").everyday:
            yield *match.span(), 0.8


def towns(speech: Speech) -> Found:
    """Names of places, the large ones with little sureness; countries not at all."""
    for match in re.finditer(_WORD, speech.text):
        if not match.group()[0].isupper():
            continue
        known, lemmas = facts(match.group(), "ru"), _lemmas(match.group())
        listed = lemmas & (_list("towns") | _list("large_cities"))
        if (listed or (known.likely_place and not known.first)) and not lemmas & _list("countries"):
            yield *match.span(), 0.2 if lemmas & _list("large_cities") else 0.8


def employers(speech: Speech) -> Found:
    """A house with its name, or where somebody says to have worked."""
    for pattern in _EMPLOYER:
        for match in pattern.finditer(speech.text):
            yield *match.span("it" if "it" in pattern.groupindex else 0), 0.8


def schools(speech: Speech) -> Found:
    """A school with its number, a faculty, a university somebody went to."""
    for pattern in _SCHOOL:
        for match in pattern.finditer(speech.figures):
            yield *match.span(), 0.7


def units(speech: Speech) -> Found:
    """A regiment or other unit with its number."""
    for pattern in _UNIT:
        for match in pattern.finditer(speech.figures):
            yield *match.span(), 1.0


def dates(speech: Speech) -> Found:
    """Day and month, with a year or without."""
    month = months()
    pattern = (
        rf"(?<!\w)(?:\d+(?:-?[^\W\d]{{1,3}})?\s+(?:of\s+)?{month}(?:[\s,]+\d{{2,}})?|{month}\s+\d+(?:st|nd|rd"
        rf"|th)?(?:[\s,]+\d{{4,}})?|\d\d?\.\d\d\.\d{{2,4}})(?!\w)"
    )
    for match in re.finditer(pattern, speech.figures):
        yield *match.span(), 0.7 if len(re.findall(r"\d+", match.group())) > 1 else 0.5


def offices(speech: Speech) -> Found:
    """What few are, and whoever is the only one."""
    for match in re.finditer(_WORD, speech.lower):
        if {plain(match.group()), facts(match.group(), "ru").lemma.replace("ё", "е")} & _list("offices"):
            yield *match.span(), 0.5
    for match in _ONLY_ONE.finditer(speech.lower):
        if match["it"] not in _RESTS and not _IS_KIN.fullmatch(match["it"]):
            yield *match.span(), 1.0


def families(speech: Speech) -> Found:
    """“единственная дочь из пяти”, “семеро детей”, twins."""
    for pattern in _FAMILY:
        for match in pattern.finditer(speech.figures):
            yield *match.span(), 0.7


TRAIT_FINDERS: tuple[tuple[TraitKind, Callable[[Speech], Found]], ...] = (
    (TraitKind.VILLAGE, villages),
    (TraitKind.TOWN, towns),
    (TraitKind.EMPLOYER, employers),
    (TraitKind.SCHOOL, schools),
    (TraitKind.UNIT, units),
    (TraitKind.DATE, dates),
    (TraitKind.OFFICE, offices),
    (TraitKind.FAMILY, families),
)


def traits(passages: Sequence[Passage]) -> list[Trait]:
    """All traits in order, none inside another; marks of what is withheld are passed over."""
    speech = Speech(passages)
    found = [
        Trait(kind, *place, sureness)
        for kind, finder in TRAIT_FINDERS
        for start, end, sureness in finder(speech)
        for place in speech.split(Find(start, end, Label.ADDRESS))
    ]
    return list(_apart(sorted(found, key=lambda one: (one.passage, one.start, -one.end))))


def _apart(found: Iterable[Trait]) -> Iterator[Trait]:
    edge = (-1, 0)
    for one in found:
        if (one.passage, one.start) >= edge:
            edge = (one.passage, one.end)
            yield one


def _lemmas(word: str) -> frozenset[str]:
    """The word as it is and every nominative that it may have, in Russian and Ukrainian."""
    lowered = word.lower().replace("’", "'")
    parses = chain.from_iterable(slavic(language).parses(lowered) for language in ("ru", "uk"))
    return frozenset((plain(word), *(parse.normal_form.replace("ё", "е") for parse in parses)))


@cache
def _list(name: str) -> frozenset[str]:
    found = tomllib.loads(shipped("names/traits.toml").read_text(encoding="utf-8"))
    return frozenset(found[name].split())
