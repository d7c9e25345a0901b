"""The persons behind the mentions, what the machine proposes for each, and what a person decides.

The roster is the most secret table there is: of the protected layer, and no repr or error shows anything of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Self

from transcripts.errors import BadNames
from transcripts.names.mention import Label, Mention

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
    """Somebody named, a family in the plural, or a direct identifier. ``number`` counts by first appearance.

    ``names`` are the keys of the mentions: those of one surname have them in common, whoever bears it. ``forms`` are in
    lower case. ``first_name``: those it stands with, in the nominative. ``whose``: "m", "f", "family" or "" (unknown).
    ``relation``: who it is to the narrator, a code of relations.py or "".
    """

    number: int
    key: str = field(repr=False)
    names: tuple[str, ...] = field(repr=False)
    label: Label
    forms: tuple[str, ...] = field(repr=False)
    first_name: str | None = field(repr=False)
    whose: str = field(repr=False)
    relation: str = field(repr=False)
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
        except (KeyError, TypeError, ValueError):
            # The cause may quote what it could not read, which is a name.
            raise BadNames("a roster with a field missing or of the wrong type") from None


def _person_as_json(person: Person) -> dict[str, Any]:
    return {
        "number": person.number,
        "key": person.key,
        "names": list(person.names),
        "label": person.label.value,
        "forms": list(person.forms),
        "first_name": person.first_name,
        "whose": person.whose,
        "relation": person.relation,
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
        names=tuple(found["names"]),
        label=Label(found["label"]),
        forms=tuple(found["forms"]),
        first_name=found["first_name"],
        whose=found["whose"],
        relation=found["relation"],
        mentions=tuple(_mention_from_json(one) for one in found["mentions"]),
        proposal=Decision(found["proposal"]),
        sureness=float(found["sureness"]),
        why=found["why"],
        protected=bool(found["protected"]),
    )


def _mention_from_json(found: Sequence[Any]) -> Mention:
    passage, start, end, label, key, why, sureness, first_name = found
    return Mention(passage, start, end, Label(label), key, why, sureness, first_name)
