"""Public figures: which mentions are of them and which are of a private namesake.

Unsure means private. What is kept stays a mention, with why="public-figure", so that a reviewer sees it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from functools import cache
from pathlib import Path
from typing import Any, Self

from transcripts.names.document import Document
from transcripts.names.figure_list import Figure, name_key, read, surname_key
from transcripts.names.keys import key
from transcripts.names.lexicon import Facts, Slavic, lexicon, script_language
from transcripts.names.mention import IDENTIFIERS, Label, Mention
from transcripts.shipped import shipped

PUBLIC_FIGURE = "public-figure"
_BREATH = 6  # tokens within which one figure vouches for another
_ROW = 12  # tokens within which “улица …” makes “на Вавилова” a street as well
# Said to everybody, to figures too.
_HONORIFICS = frozenset(
    map(key, ["господин", "госпожа", "товарищ", "гражданин", "пан", "пани", "mr", "mrs", "ms", "comrade"])
)
_WOMAN = re.compile(r"(?:ов|ев|ин|ын)(?:ой|ою|у)$|(?:ск|цк)(?:ая|ую|ою)$")


class _Says(Enum):
    PRIVATE = auto()
    UNSURE = auto()
    FIGURE = auto()
    STREET = auto()
    NOTHING = auto()


@dataclass(frozen=True, slots=True)
class _Place:
    """A mention that may be of a figure: its token, where the name begins, which figures, and who it can be of."""

    at: int
    head: int
    mention: Mention
    key: str
    gender: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class PublicFigures:
    """Figures by the key of their surname."""

    by_key: Mapping[str, tuple[Figure, ...]]

    @classmethod
    def load(cls, path: Path) -> Self:
        """Reads the list. Raises BadFigures, which names the line."""
        return cls(read(path))

    def kept(self, document: Document, mentions: Sequence[Mention]) -> list[Mention]:
        """The mentions, those of a figure under a key and a ``why`` of their own."""
        places = self._places(document, mentions)
        says = {place.at: _says(document, place) for place in places}
        sure = {place.at for place in places if says[place.at] in (_Says.FIGURE, _Says.STREET)}
        private = _same_people([place for place in places if says[place.at] is _Says.PRIVATE])
        named = {place.key for place in places if says[place.at] is _Says.FIGURE}
        kept = set(sure)
        for place in places:
            if says[place.at] is _Says.NOTHING and not all(figure.street for figure in place.figures):
                company = any(0 < abs(place.at - other) <= _BREATH for other in sure)
                alone = place.key in named or self.is_rare(place.key)
                if (company or alone) and not any(_may_be(place, other, company) for other in private):
                    kept.add(place.at)
        # Who is known by the surname alone vouches for those beside: “Путин, Медведев”.
        kept |= {
            place.at
            for place in places
            if says[place.at] is _Says.NOTHING
            and not all(figure.street for figure in place.figures)
            and any(0 < abs(place.at - other) <= _BREATH for other in kept)
            and not any(_may_be(place, other, company=True) for other in private)
        }
        return list(_marked(document, mentions, [place for place in places if place.at in kept]))

    def is_rare(self, surname: str) -> bool:
        """Whether the surname alone says who is meant."""
        return any(not figure.common and not figure.street for figure in self.by_key[surname])

    def _places(self, document: Document, mentions: Iterable[Mention]) -> list[_Place]:
        tokens = {(token.passage, token.start): at for at, token in enumerate(document.tokens)}
        found = []
        for mention in mentions:
            at = tokens.get((mention.passage, mention.start))
            if at is None or mention.why == "protected" or mention.label in IDENTIFIERS:
                continue
            # “Абрамович” and “Алексиевич” are taken for patronymics.
            own = mention.label is Label.PATRONYMIC or re.search("[-‑]", document.tokens[at].text)
            surname = surname_key(document.text(at)) if own else mention.key
            if surname in self.by_key:
                figures = self.by_key[surname]
                head = _head(document, at, figures)
                found.append(_Place(at, head, mention, surname, _gender(document, at, head), figures))
        return found


def well_known(document: Document) -> Iterator[Mention]:
    """Surnames that a whole country knows: found even bare, “Gorbachev”, whoever bears them and whether kept or not."""
    known = _shipped()
    for at in document.names:
        token = document.tokens[at]
        named = token.capital if token.cased else not token.facts.everyday
        named = named and not (token.facts.latin and token.facts.first)  # “Gary”
        if named and token.facts.keys[0] in known.by_key and known.is_rare(token.facts.keys[0]):
            yield document.mention(at, "well-known", 0.4)


@cache
def _shipped() -> PublicFigures:
    return PublicFigures.load(shipped("public_figures.toml"))


def _same_people(private: Sequence[_Place]) -> list[_Place]:
    """The private bearers, those whose gender nothing tells (“Яну”) taken for the others of their name."""
    known = {(one.key, one.gender) for one in private if one.gender}
    others = {one.key: [gender for name, gender in known if name == one.key] for one in private}
    return [
        replace(one, gender=others[one.key][0]) if not one.gender and len(others[one.key]) == 1 else one
        for one in private
    ]


def _may_be(place: _Place, bearer: _Place, company: bool) -> bool:
    """Whether a bare surname can be of a private bearer: named before, or later and nobody vouches for the figure."""
    if place.key != bearer.key:
        return False
    differ = bool(place.gender and bearer.gender and place.gender != bearer.gender)
    if bearer.at < place.at:
        return not differ
    public = {figure.gender for figure in place.figures if not figure.street}
    return not (differ or company or (bearer.gender and bearer.gender not in public))


def _says(document: Document, place: _Place) -> _Says:
    """What stands beside the surname says about who is meant: the first of the judges that says anything."""
    judges = (_street, _called, _titled, _beside, _gendered)
    return next((said for judge in judges if (said := judge(document, place)) is not _Says.NOTHING), _Says.NOTHING)


def _street(document: Document, place: _Place) -> _Says:
    """“улица Маршала Жукова”, “имени Гайдара”, “Sakharov Prize”, “на Вавилова” after a street; “калашников”."""
    token, known, head = document.tokens[place.at], document.facts(place.at), place.head
    if known.latin:
        return _Says.STREET if document.facts(place.at + 1).memorial and token.capital else _Says.NOTHING
    if token.cased and token.text.islower() and any(figure.street for figure in place.figures):
        return _Says.STREET
    # “на улице Медведев встретил” is no street.
    if known.cases and "gent" not in known.cases and not known.adjective:
        return _Says.NOTHING
    before = head - 1 - document.facts(head - 1).public_title
    led = document.facts(before)
    if led.memorial or (led.name_word and document.text(before) in ("имени", "им", "імені")):
        return _Says.STREET
    row = range(max(0, place.at - _ROW), place.at)
    bare = head == place.at and document.text(head - 1) in ("на", "в", "до", "по")
    return _Says.STREET if bare and any(document.facts(n).memorial for n in row) else _Says.NOTHING


def _called(document: Document, place: _Place) -> _Says:
    """First name, patronymic and initials beside the surname."""
    before, after = range(place.head, place.at), _official(document, place.at)
    if not before and not after:
        return _Says.NOTHING
    if _is_kin(document, place.head) and not _holds(place, document.facts(place.head - 1)):
        return _Says.PRIVATE  # “мой тесть, Леонид Кравчук” as well
    parts = before or after
    if any(_fits(document, parts, figure) for figure in place.figures if not figure.street):
        return _Says.FIGURE
    loose = not before and document.text(place.at + 1) == ","
    return _Says.UNSURE if loose else _Says.PRIVATE


def _titled(document: Document, place: _Place) -> _Says:
    """“мой сосед Медведев”, “наш участковый Лавров”, “президент Медведев”, “министр обороны Грачёв”."""
    led = document.facts(place.head - 1)
    if not (led.title or led.public_title or led.name_word) and "gent" in led.cases:
        led = document.facts(place.head - 2)
    if key(led.lemma) in _HONORIFICS:
        return _Says.NOTHING
    if led.public_title and (led.latin or _holds(place, led) or not all(figure.common for figure in place.figures)):
        return _Says.FIGURE
    if _holds(place, led) and not _is_kin(document, place.head):
        return _Says.FIGURE
    return _Says.PRIVATE if led.title or led.name_word or _is_kin(document, place.head) else _Says.NOTHING


def _holds(place: _Place, led: Facts) -> bool:
    """Whether the list gives a figure that office."""
    return bool(led.lemma) and any(key(led.lemma) in figure.roles for figure in place.figures)


def _beside(document: Document, place: _Place) -> _Says:
    """“Волков, мой сосед, …”."""
    if document.text(place.at + 1) not in (",", "—", "–", "-"):
        return _Says.NOTHING
    # “for Trump, our mother Dora …” begins somebody else.
    titled = any(
        document.facts(n).title
        and not _holds(place, document.facts(n))
        and not (document.is_name_like(n + 1) or document.facts(n + 1).function)
        for n in (place.at + 2, place.at + 3)
    )
    return _Says.UNSURE if titled else _Says.NOTHING


def _gendered(document: Document, place: _Place) -> _Says:
    """A woman where all figures are men, and the other way round; a whole family is nobody's surname alone."""
    if place.gender == "plur":
        return _Says.UNSURE
    public = {figure.gender for figure in place.figures if not figure.street}
    fits = not place.gender or not public or place.gender in public or "" in public
    return _Says.NOTHING if fits else _Says.PRIVATE


def _is_kin(document: Document, head: int) -> bool:
    """Whether a relative, a neighbour or somebody in a private office is named from ``head`` on."""
    led = document.facts(head - 1)
    if document.text(head - 1) == ",":
        led = document.facts(head - 2)
    return led.title and not led.public_title and key(led.lemma) not in _HONORIFICS


def _head(document: Document, at: int, figures: Sequence[Figure]) -> int:
    """Where the name begins: the first name, patronymic or initials before the surname."""
    names = frozenset().union(*(figure.first | figure.patronymics for figure in figures))
    head = at
    while head > 0:
        before = document.facts(head - 1)
        listed = document.tokens[head - 1].capital and not names.isdisjoint(before.keys)
        if before.likely_patronymic or document.is_first_name(head - 1) or listed:
            head -= 1
        elif document.text(head - 1) == "." and len(document.text(head - 2)) == 1 and document.text(head - 2).isalpha():
            head -= 2
        else:
            break
    return head


def _official(document: Document, at: int) -> range:
    """The first name and patronymic, or the initials, after a surname: “Медведев Павел Ильич”, “Лавров С. В.”."""
    start = at + 2 if document.text(at + 1) == "," else at + 1
    if document.is_initial(start):
        return range(start, start + (4 if document.is_initial(start + 2) else 2))
    if start >= len(document.tokens) or not document.is_first_name(start):
        return range(0)
    if not document.facts(start).latin and not document.facts(start).cases & document.facts(at).cases:
        return range(0)
    return range(start, start + 1 + document.facts(start + 1).likely_patronymic)


def _fits(document: Document, parts: range, figure: Figure) -> bool:
    """Whether first names, patronymics and initials can all be the figure's. Keys fold vowels: unsure is no."""
    initials = [n for n in parts if len(document.text(n)) == 1 and document.text(n).isalpha()]
    names = [n for n in parts if n not in initials and document.text(n) != "."]
    for n in names:
        known = document.facts(n)
        father = known.likely_patronymic or (n > parts.start and not figure.patronymics.isdisjoint(known.keys))
        own = {known.keys[-1], name_key(document.text(n))} if father else {*known.keys, name_key(document.text(n))}
        if own.isdisjoint(figure.patronymics if father else figure.first):
            return False
    beginnings = [figure.first, figure.patronymics][: len(initials)] if not names else [figure.patronymics]
    return len(initials) <= 2 and all(
        not whole or any(name.startswith(key(document.text(n)) or document.text(n)) for name in whole)
        for n, whole in zip(initials, beginnings, strict=False)
    )


def _gender(document: Document, at: int, head: int) -> str:
    """ "masc", "femn" or "plur" if the form or the verb beside it tells, or the first name; else ""."""
    token = document.tokens[at]
    dictionary = lexicon(script_language(token.text, document.passages[token.passage].language))
    if not isinstance(dictionary, Slavic):
        return "femn" if re.search("(?:ova|eva|ina|aya|aia)$", token.lower) else ""
    parses = [parse.tag for parse in dictionary.parses(token.lower) if "Surn" in parse.tag]
    if parses and all(tag.number == "plur" for tag in parses):
        return "plur"
    genders = {tag.gender for tag in parses if tag.number == "sing"}
    if len(genders) == 1 and None not in genders:
        return str(genders.pop())
    if not parses and _WOMAN.search(token.lower):
        return "femn"
    # The title first: “Яна” may be of Ян, “подруга” tells.
    return _noun_gender(dictionary, document, range(head - 1, at)) or _verb_gender(dictionary, document, at, parses)


def _noun_gender(dictionary: Slavic, document: Document, before: range) -> str:
    for n in before:
        if document.facts(n).title or document.facts(n).first:
            parses = [parse for parse in dictionary.parses(document.text(n)) if parse.tag.number == "sing"]
            genders = {parse.tag.gender for parse in parses if document.facts(n).title or "Name" in parse.tag}
            if len(genders) == 1 and genders <= {"masc", "femn"}:
                return str(genders.pop())
    return ""


def _verb_gender(dictionary: Slavic, document: Document, at: int, parses: Sequence[Any]) -> str:
    """“Путина сказала”: by the past tense of the verb after it, if the surname can be its subject."""
    led = document.text(at - 1)
    if (led and dictionary.parses(led)[0].tag.POS == "PREP") or not any(tag.case == "nomn" for tag in parses):
        return ""
    verb = dictionary.parses(document.text(at + 1))[0].tag if document.text(at + 1) else None
    told = verb is not None and verb.POS == "VERB" and verb.tense == "past" and verb.number == "sing"
    return str(verb.gender or "") if told and verb is not None and verb.gender != "neut" else ""


def _marked(document: Document, mentions: Sequence[Mention], kept: Sequence[_Place]) -> Iterator[Mention]:
    """The mentions with those ``kept`` marked, and what belongs to their names: first names, patronymics, initials."""
    owners = {n: place for place in kept for n in (*_official(document, place.at), *range(place.head, place.at + 1))}
    tokens = {(token.passage, token.start): at for at, token in enumerate(document.tokens)}
    for mention in mentions:
        owner = owners.get(tokens.get((mention.passage, mention.start), -1))
        if owner is not None and mention.why != "protected":
            yield replace(mention, key=f"public:{owner.mention.key}", why=PUBLIC_FIGURE)
        else:
            yield mention
