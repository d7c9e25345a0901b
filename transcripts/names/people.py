"""Mentions put together into persons, what the machine proposes for each, and what a person decides."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Self

from transcripts.errors import BadNames
from transcripts.names.figures import PUBLIC_FIGURE
from transcripts.names.lexicon import facts
from transcripts.names.mention import Label, Mention, Passage

CONCEAL_ABOVE = 0.2


class Decision(StrEnum):
    """What happens to a person's mentions. ASK is a proposal only: undecided, hence concealed."""

    CONCEAL = "conceal"
    KEEP = "keep"
    PUBLIC_FIGURE = "public-figure"
    ASK = "ask"


@dataclass(frozen=True, slots=True)
class Choice:
    """A decision, and the cover name if one was chosen; without one a numbered mark stands in the text."""

    decision: Decision
    cover: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Decisions:
    """What people decided: a choice for each ``Person.key``, and what they selected to be concealed besides."""

    choices: Mapping[str, Choice] = field(default_factory=dict, repr=False)
    selected: tuple[str, ...] = field(default=(), repr=False)

    def as_json(self) -> dict[str, Any]:
        """A plain object that ``from_json`` turns back into equal decisions."""
        choices = {key: {"decision": one.decision.value, "cover": one.cover} for key, one in self.choices.items()}
        return {"choices": choices, "extra": list(self.selected)}

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> Self:
        """The decisions in ``found``, as ``as_json`` wrote them."""
        choices = {key: Choice(Decision(one["decision"]), one["cover"]) for key, one in found["choices"].items()}
        return cls(choices, tuple(found["extra"]))


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody named, or a direct identifier. ``number`` counts by first appearance; ``forms`` are in lower case.

    A family is one person here: who conceals Лебедева conceals the Лебедевы. ``first_name``: those it stands with.
    """

    number: int
    key: str = field(repr=False)
    label: Label
    forms: tuple[str, ...] = field(repr=False)
    first_name: str | None = field(repr=False)
    mentions: tuple[Mention, ...] = field(repr=False)
    proposal: Decision
    sureness: float
    why: str
    protected: bool

    def is_concealed(self, choices: Mapping[str, Choice]) -> bool:
        """Whether the decisions conceal this person: protected and undecided people always are."""
        choice = choices.get(self.key)
        kept = choice is not None and choice.decision in (Decision.KEEP, Decision.PUBLIC_FIGURE)
        return self.protected or not kept


@dataclass(frozen=True, slots=True)
class Roster:
    """Everybody named in a transcript, in order of ``number``."""

    people: tuple[Person, ...] = ()

    def proposed(self) -> dict[str, Choice]:
        """The choices where no reviewer is asked: public figures are kept, everybody else is concealed."""
        kept = (person for person in self.people if person.proposal is Decision.PUBLIC_FIGURE and not person.protected)
        return {person.key: Choice(Decision.PUBLIC_FIGURE) for person in kept}

    def undecided(self, choices: Mapping[str, Choice]) -> int:
        """How many people are still to be decided; the narrator's list has decided about those on it."""
        return sum(person.key not in choices and not person.protected for person in self.people)

    def as_json(self) -> dict[str, Any]:
        """A plain object that ``from_json`` turns back into an equal roster."""
        return {"people": [_person_as_json(person) for person in self.people]}

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> Self:
        """The roster in ``found``. Raises BadNames if it is not one."""
        try:
            return cls(tuple(_person_from_json(person) for person in found["people"]))
        except (KeyError, TypeError, ValueError) as cause:
            raise BadNames("a roster with a field missing or of the wrong type") from cause


def group(mentions: Sequence[Mention], passages: Sequence[Passage], conceal_above: float = CONCEAL_ABOVE) -> Roster:
    """The people behind the mentions. Below ``conceal_above`` a person's proposal is ASK."""
    together: dict[str, list[Mention]] = defaultdict(list)
    for mention in _attached(sorted(mentions, key=lambda one: one.place), passages):
        together[mention.key].append(mention)
    return Roster(
        tuple(
            _person(number, found, passages, conceal_above) for number, found in enumerate(together.values(), start=1)
        )
    )


def _person(number: int, mentions: Sequence[Mention], passages: Sequence[Passage], conceal_above: float) -> Person:
    surest = max(mentions, key=lambda one: (one.why == "protected", one.label is Label.SURNAME, one.sureness))
    labels = [one.label for one in mentions]
    called = [one.first_name for one in mentions if one.first_name and one.label is Label.SURNAME]
    language = passages[mentions[0].passage].language
    proposal = Decision.CONCEAL if surest.sureness > conceal_above else Decision.ASK
    return Person(
        number=number,
        key=surest.key,
        label=Label.SURNAME if Label.SURNAME in labels else surest.label,
        forms=tuple(dict.fromkeys(passages[one.passage].text[one.start : one.end].lower() for one in mentions)),
        first_name=", ".join(dict.fromkeys(_nominative(name, language) for name in called)) or None,
        mentions=tuple(mentions),
        proposal=Decision.PUBLIC_FIGURE if surest.why == PUBLIC_FIGURE else proposal,
        sureness=surest.sureness,
        why=surest.why,
        protected=surest.why == "protected",
    )


def _nominative(name: str, language: str) -> str:
    return (facts(name, language).lemma or name).title()


def _attached(mentions: Sequence[Mention], passages: Sequence[Passage]) -> Iterable[Mention]:
    """The mentions, patronymics and listed first names under the key of the surname they stand with.

    One that stands alone follows only where that is safe: it is on the narrator's list, or its first name agrees.
    """
    follows = {id(one): _surname_after(n, mentions, passages) for n, one in enumerate(mentions)}
    owners: dict[str, set[tuple[str, str | None]]] = defaultdict(set)
    for one in mentions:
        if owner := follows[id(one)]:
            owners[one.key].add((owner.key, one.first_name))
    for one in mentions:
        owner = follows[id(one)]
        keys = {key for key, first in owners[one.key] if one.why == "protected" or (first and first == one.first_name)}
        if owner is not None:
            yield replace(one, key=owner.key)
        else:
            yield replace(one, key=keys.pop()) if len(keys) == 1 else one


def _surname_after(at: int, mentions: Sequence[Mention], passages: Sequence[Passage]) -> Mention | None:
    """The surname to which a patronymic or first name belongs by standing before it, other parts between or not."""
    one = mentions[at]
    if not one.key.startswith(("patronymic:", "first:")):
        return None
    for n in range(at + 1, min(at + 3, len(mentions))):
        before, after = mentions[n - 1], mentions[n]
        if before.passage != after.passage or passages[after.passage].text[before.end : after.start].strip():
            return None
        if not after.key.startswith(("patronymic:", "first:")):
            return after if after.label is Label.SURNAME and after.why != PUBLIC_FIGURE else None
    return None


def _person_as_json(person: Person) -> dict[str, Any]:
    return {
        "number": person.number,
        "key": person.key,
        "label": person.label.value,
        "forms": list(person.forms),
        "first_name": person.first_name,
        "mentions": [
            [one.passage, one.start, one.end, one.label.value, one.key, one.why, one.sureness, one.first_name]
            for one in person.mentions
        ],
        "proposal": person.proposal.value,
        "sureness": person.sureness,
        "why": person.why,
        "protected": person.protected,
    }


def _person_from_json(found: Mapping[str, Any]) -> Person:
    return Person(
        number=int(found["number"]),
        key=found["key"],
        label=Label(found["label"]),
        forms=tuple(found["forms"]),
        first_name=found["first_name"],
        mentions=tuple(_mention_from_json(one) for one in found["mentions"]),
        proposal=Decision(found["proposal"]),
        sureness=float(found["sureness"]),
        why=found["why"],
        protected=bool(found["protected"]),
    )


def _mention_from_json(found: Sequence[Any]) -> Mention:
    passage, start, end, label, key, why, sureness, first_name = found
    return Mention(passage, start, end, Label(label), key, why, sureness, first_name)
