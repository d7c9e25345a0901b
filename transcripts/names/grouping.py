"""Mentions put together into persons: across forms and spellings, apart where first name, patronymic or gender tell.

A naming is what stands together in one place (first name, patronymic, surname, initials). Namings of one surname are of
one person unless something says otherwise; one that fits two people is its own row, because unsure means concealed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from transcripts.names.agreement import Here, any_form, forms_here
from transcripts.names.figures import PUBLIC_FIGURE
from transcripts.names.forms import ANYBODY, FAMILY, MAN, WOMAN, FirstName, bearer, first_name, patronymic_whose
from transcripts.names.keys import Alikes
from transcripts.names.lexicon import facts, script_language
from transcripts.names.mention import IDENTIFIERS, Label, Mention, Passage
from transcripts.names.people import CONCEAL_ABOVE, Decision, Person, Roster
from transcripts.names.plain import plain
from transcripts.names.relations import relation

_BESIDE = ("initial", "particle")  # whys of what belongs to the surname beside it
_NEAR = 300  # characters on both sides of a name in which all that tells about it stands


@dataclass(frozen=True, slots=True)
class _Naming:
    """One place where somebody is named. ``whose`` is all that the form may be of; ``first`` None: no first name.

    ``listed``: dictionaries know the surname, so that it is no misspelling of another.
    """

    mentions: tuple[Mention, ...] = field(repr=False)
    surname: str = field(repr=False)
    patronymic: str = field(repr=False)
    first: FirstName | None = field(repr=False)
    whose: frozenset[str]
    relation: str
    listed: bool

    @property
    def fulls(self) -> frozenset[str]:
        """The full names it may be of, those of the other gender left out."""
        fulls = self.first.fulls if self.first else frozenset()
        return frozenset(full for full in fulls if bearer(full) & self.whose) or fulls


@dataclass(slots=True)
class _Somebody:
    """A person who is being put together."""

    tail: str
    namings: list[_Naming] = field(default_factory=list, repr=False)
    fulls: frozenset[str] = field(default=frozenset(), repr=False)
    patronymic: str = field(default="", repr=False)
    whose: frozenset[str] = ANYBODY

    def may_be(self, naming: _Naming) -> bool:
        """Whether nothing speaks against its being the same person."""
        return (
            bool(self.whose & naming.whose)
            and not (self.patronymic and naming.patronymic and self.patronymic != naming.patronymic)
            and not (self.fulls and naming.first and not self.fulls & naming.fulls)
        )

    def add(self, naming: _Naming) -> None:
        """Takes it in; what both know narrows down who it is."""
        self.namings.append(naming)
        self.whose = self.whose & naming.whose or self.whose
        self.patronymic = self.patronymic or naming.patronymic
        if naming.first:
            self.fulls = self.fulls & naming.fulls or self.fulls or naming.fulls


def group(mentions: Sequence[Mention], passages: Sequence[Passage], conceal_above: float = CONCEAL_ABOVE) -> Roster:
    """The people behind the mentions, numbered by first appearance. Below ``conceal_above`` a proposal is ASK."""
    namings = [_naming(unit, passages) for unit in _units(mentions, passages)]
    spelled = {one.surname for one in namings if one.surname and ":" not in one.surname}
    people = _all_people([_as_known(one, spelled) for one in namings])
    for somebody in people:
        somebody.namings.sort(key=lambda one: one.mentions[0].place)
    in_order = sorted(people, key=lambda one: one.namings[0].mentions[0].place)
    return Roster(tuple(_person(n, one, passages, conceal_above) for n, one in enumerate(in_order, start=1)))


def may_be_same(one: Person, other: Person) -> bool:
    """Whether nothing speaks against two people of two texts being one: a name in common, no other first name."""
    if not set(one.names) & set(other.names) or (FAMILY in (one.whose, other.whose) and one.whose != other.whose):
        return False
    called = [
        [first_name(name, "ru").fulls for name in (each.first_name or "").split(", ") if name] for each in (one, other)
    ]
    if all(called):
        return any(left & right for left in called[0] for right in called[1])
    return not (one.whose and other.whose) or one.whose == other.whose


def _fulls(called: str) -> list[frozenset[str]]:
    return [first_name(name, "ru").fulls for name in called.split(", ")]


def _all_people(namings: Sequence[_Naming]) -> list[_Somebody]:
    by_surname: dict[str, list[_Naming]] = defaultdict(list)
    for one in namings:
        by_surname[one.surname].append(one)
    without = by_surname.pop("", [])
    people = {surname: _of_one_surname(surname, found) for surname, found in by_surname.items()}
    _join_misspelt(people)
    everybody = [one for found in people.values() for one in found]
    everybody += _without_surname(without, everybody)
    return everybody


def _of_one_surname(surname: str, namings: Sequence[_Naming]) -> list[_Somebody]:
    """The people who bear it: by first name and patronymic, then by gender, the family apart."""
    if ":" in surname and not surname.startswith("public:"):
        return [_made(surname, namings)]
    people: list[_Somebody] = []
    telling = sorted((one for one in namings if one.first or one.patronymic), key=_says_most)
    for one in telling:
        # A form that may be his or hers (“Александра”) joins neither.
        unclear = len(one.fulls) > 1 and {MAN, WOMAN} <= one.whose
        fitting = [somebody for somebody in people if somebody.may_be(one) and _shares(somebody, one)]
        fitting = [somebody for somebody in fitting if not unclear or somebody.fulls == one.fulls]
        _put(people, fitting, one, f"{surname}/{_tail(one)}")
    bare = sorted((one for one in namings if not (one.first or one.patronymic)), key=lambda one: len(one.whose))
    family: list[_Somebody] = []
    for one in bare:
        single = one.whose - {FAMILY}
        fitting = [somebody for somebody in people if somebody.may_be(one)]
        if not single or (not fitting and family and FAMILY in one.whose):
            _put(family, family, one, f"{surname}/+")
        else:
            tail = "".join(sorted(single)) if len(single) == 1 else ""
            _put(people, fitting, one, f"{surname}/{tail}" if tail else surname)
    return [*people, *family]


def _put(people: list[_Somebody], fitting: Sequence[_Somebody], naming: _Naming, key: str) -> None:
    """With the one person it fits; with several or none, a row of its own (with others that are as unclear)."""
    same = [one for one in people if one.tail == key]
    chosen = fitting[0] if len(fitting) == 1 else same[0] if same and not naming.first else None
    if chosen is None:
        taken = {one.tail for one in people}
        free = next(one for n in range(len(taken) + 1) if (one := f"{key}{n or ''}") not in taken)
        chosen = _Somebody(free)
        people.append(chosen)
    chosen.add(naming)


def _shares(somebody: _Somebody, naming: _Naming) -> bool:
    """Whether something they both have says that they are one: a first name, a patronymic."""
    return bool(somebody.fulls & naming.fulls) or bool(naming.patronymic and somebody.patronymic == naming.patronymic)


def _says_most(naming: _Naming) -> tuple[bool, int, tuple[int, int, int]]:
    """What says most comes first, so that “Саша” finds Александр and Александра there."""
    return not naming.patronymic, len(naming.fulls), naming.mentions[0].place


def _tail(naming: _Naming) -> str:
    return "|".join(sorted(naming.fulls)) or naming.patronymic


def _made(key: str, namings: Sequence[_Naming]) -> _Somebody:
    made = _Somebody(key)
    for one in namings:
        made.add(one)
    return made


def _join_misspelt(people: Mapping[str, list[_Somebody]]) -> None:
    """A misspelling one edit away from a surname, with the same first name: one person. Петров is no Ветров."""
    keys = sorted((key for key in people if len(key) >= 5 and ":" not in key), key=lambda key: -len(people[key]))
    places = {key: n for n, key in enumerate(keys)}
    near = Alikes(keys)
    for one in keys:
        for other in near.of(one):
            if places[other] > places[one]:
                _join(people[one], people[other])


def _join(here: list[_Somebody], there: list[_Somebody]) -> None:
    for somebody in list(there):
        same = [one for one in here if one.fulls & somebody.fulls and one.whose & somebody.whose]
        same = [one for one in same if not (_is_listed(one) and _is_listed(somebody))]
        same = [one for one in same if not (one.patronymic and somebody.patronymic not in ("", one.patronymic))]
        if len(same) == 1:
            there.remove(somebody)
            for naming in sorted(somebody.namings, key=lambda one: one.mentions[0].place):
                same[0].add(naming)


def _is_listed(somebody: _Somebody) -> bool:
    return any(naming.listed for naming in somebody.namings)


def _without_surname(namings: Sequence[_Naming], everybody: Sequence[_Somebody]) -> list[_Somebody]:
    """“Ирина Сергеевна” is whoever has that name in full; a first name on the narrator's list is its only bearer."""
    named: dict[str, dict[int, _Somebody]] = defaultdict(dict)  # by the keys of what they are called
    for n, somebody in enumerate(everybody):
        for key in _called(somebody.namings):
            named[key][n] = somebody
    people: dict[str, list[_Naming]] = defaultdict(list)
    for one in namings:
        near = {n: found for key in _called([one]) for n, found in named[key].items()}
        known = [n for n in sorted(near) if near[n].may_be(one) and _is_called(near[n], one)]
        if len(known) == 1:
            near[known[0]].add(one)
            for key in _called([one]):
                named[key][known[0]] = near[known[0]]
        else:
            tail = f"/{_tail(one)}" if one.patronymic and one.first else ""
            people[one.mentions[0].key + tail].append(one)
    return [_made(key, found) for key, found in people.items()]


def _called(namings: Sequence[_Naming]) -> set[str]:
    """The keys of patronymics and of all else that stands in names."""
    return {key for one in namings for key in (one.patronymic, *(each.key for each in one.mentions)) if key}


def _is_called(somebody: _Somebody, naming: _Naming) -> bool:
    protected = any(one.why == "protected" for one in naming.mentions)
    if naming.patronymic:
        return somebody.patronymic == naming.patronymic and (
            protected or bool(naming.first and somebody.fulls & naming.fulls)
        )
    own = {one.key for one in naming.mentions}
    return protected and any(one.key in own for each in somebody.namings for one in each.mentions)


def _units(mentions: Sequence[Mention], passages: Sequence[Passage]) -> Iterator[list[Mention]]:
    """Mentions that stand together as one name."""
    unit: list[Mention] = []
    for one in sorted(mentions, key=lambda each: each.place):
        if unit and not _together(unit, one, passages):
            yield unit
            unit = []
        unit.append(one)
    if unit:
        yield unit


def _together(unit: Sequence[Mention], one: Mention, passages: Sequence[Passage]) -> bool:
    last = unit[-1]
    if last.passage != one.passage or {last.label, one.label} & IDENTIFIERS:
        return False
    if (last.why == PUBLIC_FIGURE) != (one.why == PUBLIC_FIGURE):
        return False
    gap = passages[one.passage].text[last.end : one.start]
    if last.end - last.start > 1 and "." in gap[:1]:
        return False
    gap = gap.strip(" .\n\t")
    has_surname = any(not _is_part(each) for each in unit)
    if _is_part(one) and not has_surname:
        return not gap
    if gap:  # “Лебедева Ирина Сергеевна”, “Лебедев А. С.”
        between = gap.lower() == (last.first_name or "") or len(gap) == 1
        return has_surname and between and (one.key == last.key or one.key.startswith("patronymic:"))
    return _is_part(last) or _is_part(one) or one.key == last.key


def _is_part(one: Mention) -> bool:
    return one.key.startswith(("patronymic:", "first:")) or one.why in _BESIDE


def _naming(unit: Sequence[Mention], passages: Sequence[Passage]) -> _Naming:
    passage, near = _nearby(unit, passages[unit[0].passage])
    surname = next((one for one in near if one.label is Label.SURNAME and not _is_part(one)), None)
    other = next((one for one in near if one.label in IDENTIFIERS), None)
    patronymic = next((one for one in near if one.key.startswith("patronymic:")), None)
    called = next((one.first_name for one in near if one.first_name), None)
    first = first_name(called, _language(called, passage)) if called else None
    head = surname or patronymic or near[0]
    key = surname.key if surname else other.key if other else near[0].key if near[0].why in _BESIDE else ""
    start = _head(near, passage)
    here = Here(passage.text, passage.language, start, head.start, head.end)
    forms = forms_here(here, first) if surname else any_form(first)
    if patronymic:
        whose = patronymic_whose(_text(patronymic, passage))
        forms = frozenset(one for one in forms if one.whose in whose) or forms
    else:
        whose = frozenset(one.whose for one in forms)
    return _Naming(
        tuple(unit),
        key,
        patronymic.key if patronymic else "",
        first,
        whose,
        "" if other else _relation(near, passage, start, frozenset(one.case for one in forms)),
        surname is not None and facts(_text(surname, passage), _language(_text(surname, passage), passage)).listed,
    )


def _nearby(unit: Sequence[Mention], passage: Passage) -> tuple[Passage, list[Mention]]:
    """What stands around a name, and the name in there: a passage may be a book."""
    first = max(0, unit[0].start - _NEAR)
    text = passage.text[first : unit[-1].end + _NEAR]
    return Passage(text, passage.language), [replace(one, start=one.start - first, end=one.end - first) for one in unit]


def _head(unit: Sequence[Mention], passage: Passage) -> int:
    """Where the name begins, the first name included."""
    start = unit[0].start
    called = next((one.first_name for one in unit if one.first_name), None)
    before = passage.text[:start].rstrip()
    return len(before) - len(called) if called and before.lower().endswith(called) else start


def _relation(unit: Sequence[Mention], passage: Passage, start: int, cases: frozenset[str]) -> str:
    return relation(passage.text[:start].rstrip(), passage.text[unit[-1].end :], passage.language, cases)


def _as_known(naming: _Naming, surnames: set[str]) -> _Naming:
    """Somebody spelled out letter by letter is who is named elsewhere."""
    if not naming.surname.startswith("spelled:"):
        return naming
    letters = naming.surname.removeprefix("spelled:")
    key = next((key for key in facts(letters, "ru").keys if key in surnames), None)
    return replace(naming, surname=key) if key else naming


def _person(number: int, made: _Somebody, passages: Sequence[Passage], conceal_above: float) -> Person:
    mentions = [one for naming in made.namings for one in naming.mentions]
    surest = max(mentions, key=lambda one: (one.why == "protected", one.label is Label.SURNAME, one.sureness))
    proposal = Decision.CONCEAL if surest.sureness > conceal_above else Decision.ASK
    called = [
        naming.first.shown(naming.whose & made.whose)
        for naming in made.namings
        if naming.first and naming.mentions[0].label not in IDENTIFIERS
    ]
    family = made.tail.endswith("/+")
    return Person(
        number=number,
        key=made.tail,
        names=tuple(dict.fromkeys(one.key for one in mentions)),
        label=Label.SURNAME if any(one.label is Label.SURNAME for one in mentions) else surest.label,
        forms=tuple(dict.fromkeys(_text(one, passages[one.passage]).lower() for one in mentions)),
        first_name=", ".join(dict.fromkeys(called)) or None,
        whose=FAMILY if family else _told(made.whose),
        relation=next((naming.relation for naming in made.namings if naming.relation), ""),
        mentions=tuple(mentions),
        proposal=Decision.PUBLIC_FIGURE if surest.why == PUBLIC_FIGURE else proposal,
        sureness=surest.sureness,
        why=surest.why,
        protected=surest.why == "protected",
    )


def _told(whose: frozenset[str]) -> str:
    single = whose - {FAMILY}
    return next(iter(single)) if len(single) == 1 else ""


def _text(one: Mention, passage: Passage) -> str:
    return plain(passage.text[one.start : one.end]).text


def _language(word: str, passage: Passage) -> str:
    return script_language(word.lower(), passage.language)
