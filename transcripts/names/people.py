"""The persons behind the mentions, what the machine proposes for each, and what a person decides.

The roster is the most secret table there is: of the protected layer, and no repr or error shows anything of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Self

from transcripts.errors import OldRoster
from transcripts.names.mention import IDENTIFIERS, STRONG, Label, Mention

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
    """What people decided: a choice for each ``Person.key``, and what they selected to be concealed besides.

    ``joined``: keys of people and of whom they are the same as. ``parted``: (key, ``Roster.turn``, number): in
    that turn it is somebody else, who has that number.
    """

    choices: Mapping[str, Choice] = field(default_factory=dict, repr=False)
    selected: tuple[str, ...] = field(default=(), repr=False)
    joined: Mapping[str, str] = field(default_factory=dict, repr=False)
    parted: tuple[tuple[str, str, int], ...] = field(default=(), repr=False)

    def as_json(self) -> dict[str, Any]:
        """A plain object that ``from_json`` turns back into equal decisions."""
        choices = {key: {"decision": one.decision.value, "cover": one.cover} for key, one in self.choices.items()}
        parted = [list(one) for one in self.parted]
        return {"choices": choices, "extra": list(self.selected), "joined": dict(self.joined), "parted": parted}

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> Self:
        """The decisions in ``found``, as ``as_json`` wrote them."""
        choices = {key: Choice(Decision(one["decision"]), one["cover"]) for key, one in found["choices"].items()}
        parted = tuple((key, str(turn), number) for key, turn, number in found.get("parted", ()))
        return cls(choices, tuple(found["extra"]), dict(found.get("joined", {})), parted)


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

    def is_certain(self, choices: Mapping[str, Choice]) -> bool:
        """Whether this is more than a suspicion: decided, listed by the narrator, or found with good reason."""
        return self.protected or self.key in choices or self.sureness >= STRONG or self.label in IDENTIFIERS


@dataclass(frozen=True, slots=True)
class Roster:
    """Everybody named in a transcript, in order of ``number``.

    ``turns``: what the passages it was made from are called, if reviewers cut them or put them together.
    """

    people: tuple[Person, ...] = ()
    turns: tuple[str, ...] = ()

    def turn(self, passage: int) -> str:
        """What a passage is called: it keeps that, whatever is cut before it. Its index, if it was found so."""
        return self.turns[passage] if self.turns else str(passage)

    def proposed(self) -> dict[str, Choice]:
        """The choices where no reviewer is asked: public figures are kept, everybody else is concealed."""
        kept = (person for person in self.people if person.proposal is Decision.PUBLIC_FIGURE and not person.protected)
        return {person.key: Choice(Decision.PUBLIC_FIGURE) for person in kept}

    def undecided(self, choices: Mapping[str, Choice]) -> int:
        """How many people are still to be decided; the narrator's list has decided about those on it."""
        return sum(person.key not in choices and not person.protected for person in self.people)

    def arranged(self, decisions: Decisions) -> Roster:
        """With what reviewers took apart and put together; what no longer fits the text stays as it was found."""
        people = {part.key: part for person in self.people for part in self._parts(person, decisions.parted)}
        for key, other in decisions.joined.items():
            target = _end(other, decisions.joined)
            if key in people and target in people and key != target:
                people[target] = _joined(people[target], people.pop(key))
        return replace(self, people=tuple(sorted(people.values(), key=lambda person: person.number)))

    def numbered_like(self, other: Roster) -> Roster:
        """Everybody who is in ``other`` (of the same turns) under the number they have there; the rest counted on."""
        known = {person.key: person.number for person in other.people}
        last = max(known.values(), default=0)
        new = (person.key for person in self.people if person.key not in known)
        numbers = known | {key: last + n for n, key in enumerate(new, start=1)}
        people = (replace(person, number=numbers[person.key]) for person in self.people)
        return Roster(tuple(sorted(people, key=lambda person: person.number)), other.turns)

    def as_json(self) -> dict[str, Any]:
        """A plain object that ``from_json`` turns back into an equal roster."""
        return {"people": [_person_as_json(person) for person in self.people], "turns": list(self.turns)}

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> Self:
        """The roster in ``found``. Raises OldRoster if it is not one."""
        try:
            people = tuple(_person_from_json(person) for person in found["people"])
            return cls(people, tuple(found.get("turns", ())))
        except (KeyError, TypeError, ValueError):
            # The cause may quote what it could not read, which is a name.
            raise OldRoster("a roster with a field missing or of the wrong type") from None

    def _parts(self, person: Person, parted: Sequence[tuple[str, str, int]]) -> Iterator[Person]:
        """The person, and who was taken for this person in the turns that reviewers named; nobody without a mention."""
        rest = person.mentions
        for key, turn, number in parted:
            there = tuple(one for one in rest if self.turn(one.passage) == turn)
            if key == person.key and there:
                rest = tuple(one for one in rest if self.turn(one.passage) != turn)
                listed = any(one.why == "protected" for one in there)
                own = f"{key}@{turn}"
                yield replace(
                    person, key=own, number=number, mentions=there, first_name=None, relation="", protected=listed
                )
        if rest or not person.mentions:
            yield replace(person, mentions=rest)


def as_decided(people: Mapping[str, Any], decided: Mapping[str, Any]) -> tuple[Roster, Decisions]:
    """The roster as reviewers see and approve it, and their decisions: stored apart, never used apart.

    Raises OldRoster.
    """
    decisions = Decisions.from_json(decided)
    return Roster.from_json(people).arranged(decisions), decisions


def _joined(one: Person, other: Person) -> Person:
    mentions = sorted((*one.mentions, *other.mentions), key=lambda mention: mention.place)
    called = [name for each in (one, other) for name in (each.first_name or "").split(", ") if name]
    return replace(
        one,
        names=tuple(dict.fromkeys((*one.names, *other.names))),
        forms=tuple(dict.fromkeys((*one.forms, *other.forms))),
        first_name=", ".join(dict.fromkeys(called)) or None,
        whose=one.whose if one.whose == other.whose else one.whose or other.whose,
        relation=one.relation or other.relation,
        mentions=tuple(mentions),
        protected=one.protected or other.protected,
    )


def _end(key: str, joined: Mapping[str, str]) -> str:
    """Whom a chain of people who are the same ends with; a circle ends where it began."""
    seen = {key}
    while (after := joined.get(key)) and after not in seen:
        key = after
        seen.add(key)
    return key


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
