"""Two reviewers on one interview, in any order: every acknowledged edit is in the result, every refusal has a reason.

A model of a review beside the real one says what each edit does to turns, speakers, decisions, concealed texts and what
is written about the interview. It knows neither times nor the log. After each step both must agree: what was accepted
stands, what was refused is nowhere.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from fractions import Fraction
from typing import Any, TypeAlias
from uuid import UUID, uuid4

import pytest

from archive.acts import changes, review, undoing
from archive.acts.changes import Sent
from archive.acts.description import Description
from archive.acts.editing import Conceal, Decide, Describe, Join, Operation, Reword, Speak, Split
from archive.acts.translating import Render
from archive.errors import BadInput, Conflict
from archive.parts import Archive
from archive.policy import Principal
from tests import make
from tests.archive.acts.test_changes import fresh, house, interview, keys  # noqa: F401  # fixtures
from transcripts.names import Choice, Decision

SELECTED = ("Самару", "Путина", "домой")
Places: TypeAlias = dict[tuple[str, str], Any]
"""What stands where: ("turn", name) a text, ("speaker", name) a label, ("choice", key), ("selected", text),
("about", field), ("rendered", language “@” turn) a text."""


@dataclass
class Made:
    """An acknowledged edit: which places it was about, what they held before and hold after."""

    who: Principal
    version: int
    before: Places
    after: Places
    undoes: list[Made] = field(default_factory=list)
    undone: bool = False

    @property
    def changed(self) -> set[tuple[str, str]]:
        return {place for place in self.before if self.before[place] != self.after[place]}

    @property
    def about(self) -> set[tuple[str, str]]:
        """An undo is about what it changes; anything else also about what it looked at."""
        return self.changed if self.undoes else set(self.before)


@dataclass
class Model:
    """A review as edits leave it."""

    stands: Places
    log: list[Made] = field(default_factory=list)

    @property
    def turns(self) -> list[str]:
        names = [name for (kind, name), value in self.stands.items() if kind == "turn" and value is not None]
        return sorted(names, key=Fraction)

    @property
    def told(self) -> Description:
        return Description(**{name: value for (kind, name), value in self.stands.items() if kind == "about"})

    def wanted(self, operation: Operation) -> Places | None:
        """What the places that an edit is about shall hold; None if it cannot be done."""
        match operation:
            case Decide(choices):
                return {("choice", key): choice for key, choice in choices.items()}
            case Conceal(selection):
                return {("selected", selection): True}
            case Reword(turn, said) | Speak(turn, said):
                kind = "turn" if isinstance(operation, Reword) else "speaker"
                return {(kind, turn): said} if turn in self.turns else None
            case Render(language, texts):
                return self._rendered(language, texts)
            case Split(turn, at):
                return self._cut(turn, at)
            case Join(turn):
                return self._joined(turn)
        raise AssertionError(operation)

    def _rendered(self, language: str, texts: Mapping[str, tuple[str, str]]) -> Places | None:
        if not set(texts) <= set(self.turns):
            return None
        return {("rendered", f"{language}@{turn}"): text for turn, (text, _) in texts.items()}

    def _cut(self, turn: str, at: int) -> Places | None:
        words = (self.stands.get(("turn", turn)) or "").split()
        if not 0 < at < len(words):
            return None
        later = next((Fraction(one) for one in self.turns if Fraction(one) > Fraction(turn)), Fraction(turn) + 2)
        new = str((Fraction(turn) + later) / 2)
        return {
            ("turn", turn): " ".join(words[:at]),
            ("turn", new): " ".join(words[at:]),
            ("speaker", new): self.stands[("speaker", turn)],
        }

    def _joined(self, turn: str) -> Places | None:
        if turn not in self.turns[1:]:
            return None
        into = self.turns[self.turns.index(turn) - 1]
        whole = f"{self.stands[('turn', into)]} {self.stands[('turn', turn)]}"
        return {("turn", into): whole, ("turn", turn): None, ("speaker", turn): None}

    def conflicts(self, places: Places, since: int) -> bool:
        return any(made.version > since and made.about & set(places) for made in self.log)

    def make(self, who: Principal, version: int, after: Places, undoes: list[Made] | None = None) -> None:
        before = {place: self.stands.get(place) for place in after}
        self.stands.update(after)
        self.log.append(Made(who, version, before, after, undoes or []))
        for made in undoes or ():
            made.undone = True

    def undoable(self, who: Principal) -> Iterator[Made]:
        """Somebody's edits that stand and on which nobody, they themselves included, built anything that stands."""
        above: set[tuple[str, str]] = set()
        for made in reversed(self.log):
            if made.undoes or made.undone:
                continue
            free = made.who == who and not above & set(made.before)
            if free and all(self.stands.get(place) == made.after[place] for place in made.changed):
                yield made
            above |= set(made.before)


@dataclass
class Reviewer:
    """Somebody with a page open, which shows ``version`` with these ``turns`` and what is ``told``."""

    who: Principal
    version: int
    turns: list[str]
    told: Description

    def looks(self, model: Model, version: int) -> None:
        self.version, self.turns, self.told = version, model.turns, model.told

    def described(self, description: Description) -> Places:
        """What is to be otherwise than they see it."""
        before = asdict(self.told)
        return {("about", name): value for name, value in asdict(description).items() if value != before[name]}


def as_model(house: Archive, id: UUID) -> tuple[Places, int]:  # noqa: F811
    """The real review, as the model would tell it."""
    current = review.read(house, make.INTERVIEWER, id)
    stands: Places = {}
    for turn, one in zip(current.turns, current.transcript.segments, strict=True):
        stands |= {("turn", turn): one.text, ("speaker", turn): one.speaker}
    stands |= {("choice", key): choice for key, choice in current.decisions.choices.items()}
    stands |= {("selected", text): True for text in current.decisions.selected}
    stands |= {
        ("rendered", f"{language}@{turn}"): text
        for language, turns in current.renderings.items()
        for turn, (text, _) in turns.items()
    }
    stands |= {("about", name): value for name, value in asdict(current.description).items()}
    assert [one.start for one in current.transcript.segments] == sorted(
        one.start for one in current.transcript.segments
    )
    return stands, current.version


def drawn(draw: random.Random, seen: Reviewer, people: list[str], step: int) -> Operation | None:
    """An edit of what somebody sees; None is an undo."""
    turn = draw.choice(seen.turns)
    years, themes = (1990, 1991, None), (("школа",), ("школа", "голод"), ())
    return draw.choice([
        Reword(turn, f"Правка номер {step} сделана тут."),
        Reword(turn, f"Правка номер {step} сделана тут."),
        Speak(turn, f"S{step}"),
        Split(turn, draw.randint(1, 4)),
        Split(turn, draw.randint(1, 4)),
        Join(turn),
        Join(turn),
        Conceal(draw.choice(SELECTED)),
        Render(draw.choice(("en", "uk")), {turn: (f"Rendering number {step}.", "")}),
        Render("en", {one: (f"Rendering number {step}.", "") for one in {turn, draw.choice(seen.turns)}}),
        Describe(replace(seen.told, title=f"Название {step}"), 2026),
        Describe(replace(seen.told, left_in=draw.choice(years), themes=draw.choice(themes)), 2026),
        Decide({draw.choice(people): Choice(draw.choice([Decision.KEEP, Decision.CONCEAL]))}),
        None,
        None,
    ])  # fmt: skip


def edits(house: Archive, id: UUID, one: Reviewer, operation: Operation, model: Model) -> None:  # noqa: F811
    """One edit on what the reviewer sees: accepted by both, or by neither."""
    wanted = one.described(operation.description) if isinstance(operation, Describe) else model.wanted(operation)
    try:
        version = changes.make(house, one.who, id, operation, Sent(one.version, str(uuid4())))
    except (BadInput, Conflict):
        assert wanted is None or model.conflicts(wanted, one.version), "refused although nobody touched it"
    else:
        assert wanted is not None
        if not wanted:
            assert version == as_model(house, id)[1]
            return one.looks(model, version)
        assert not model.conflicts(wanted, one.version), "written over what somebody else wrote"
        model.make(one.who, version, wanted)
        one.looks(model, version)


def undoes(house: Archive, id: UUID, one: Reviewer, model: Model) -> None:  # noqa: F811
    """One undo: the newest edit that nobody built on, or none if there is none."""
    free = list(model.undoable(one.who))
    mine = [made for made in model.log if made.who == one.who and not made.undoes and not made.undone]
    try:
        done = undoing.undo(house, one.who, id, Sent(one.version, str(uuid4())))
    except BadInput:
        assert not mine
    except Conflict:
        assert mine
        assert not free, "out of reach for ever"
    else:
        made = next(made for made in free if (made.version,) == done.undoes)
        passed = {late.version for late in mine if late.version > made.version}
        assert set(done.skipped) == passed
        assert made is free[0]
        model.make(one.who, done.version, {place: made.before[place] for place in made.changed}, [made])
        one.looks(model, done.version)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(200))
def test_two_reviewers_lose_no_edit(house: Archive, interview: UUID, seed: int) -> None:  # noqa: F811
    """Random edits and undos on versions that may be old."""
    draw = random.Random(seed)
    fresh(house, interview)
    people = keys(house, interview)
    stands, version = as_model(house, interview)
    model = Model(dict(stands))
    reviewers = [Reviewer(who, version, model.turns, model.told) for who in (make.INTERVIEWER, make.ARCHIVIST)]
    for step in range(draw.randint(8, 20)):
        one = draw.choice(reviewers)
        if draw.random() < 0.4:
            one.looks(model, as_model(house, interview)[1])
        operation = drawn(draw, one, people, step)
        if operation is None:
            undoes(house, interview, one, model)
        else:
            edits(house, interview, one, operation, model)
        told = {place: value for place, value in model.stands.items() if value is not None}
        found = {place: value for place, value in as_model(house, interview)[0].items() if value is not None}
        assert found == told
