"""What reviewers do to a draft, each as a small frozen value that turns into a change of the draft as it is now.

BadInput says what is wrong with it. Where changes are kept, merged and undone is changes.py.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, ClassVar, Protocol

from archive.acts.cells import Change, Draft, Text, as_cell, place_name, segment_of, span_name, words_cell
from archive.acts.description import Description
from archive.errors import BadInput
from archive.policy import Act
from transcripts.corrections import before, parted, reworded, together
from transcripts.names import Choice, Decision, Person
from transcripts.names.mention import IDENTIFIERS
from transcripts.pseudonyms import Cleared
from transcripts.words import Segment, joined

_LONGEST_TEXT = 20_000  # characters of a turn
_LONGEST_LABEL = 60  # characters of a speaker's label
_LONGEST_SILENCE = 300.0  # seconds marked at once: more is a mistake
_SAME_MOMENT = 0.05  # seconds by which a page may round


class Operation(Protocol):
    """Something done to a draft."""

    needs_text: ClassVar[bool]
    """Whether the draft must hold the text, which takes most of the time to open."""
    act: ClassVar[Act]
    """What policy is asked."""

    def change(self, draft: Draft) -> Change:
        """What it changes in that draft."""
        ...


@dataclass(frozen=True, slots=True)
class Decide:
    """Choices for people by their keys; None forgets one."""

    needs_text: ClassVar[bool] = False
    act: ClassVar[Act] = Act.DECIDE
    choices: Mapping[str, Choice | None] = field(repr=False)

    def change(self, draft: Draft) -> Change:
        """Raises BadInput."""
        people = {person.key: person for person in draft.roster.people}
        for key, choice in self.choices.items():
            if key not in people:
                raise BadInput("This person is no longer in the text.", "person")
            if choice is not None and people[key].protected and choice.decision is not Decision.CONCEAL:
                raise BadInput("This name is on the narrator's protected list and stays concealed.", "decision")
        return draft.change({f"choice:{key}": as_cell(choice) for key, choice in self.choices.items()})


@dataclass(frozen=True, slots=True)
class Regroup:
    """``person`` (a key) is the same as ``other``; or is somebody else in one ``turn``; or ``undo`` both.

    Two who were decided about differently are undecided together: what was kept for one is not kept for both.
    """

    needs_text: ClassVar[bool] = False
    act: ClassVar[Act] = Act.DECIDE
    person: str = field(repr=False)
    other: str = field(default="", repr=False)
    turn: str = ""
    undo: bool = False

    def change(self, draft: Draft) -> Change:
        """Raises BadInput."""
        known = {person.key: person for person in draft.roster.people}
        if self.person not in known or (self.other and self.other not in known):
            raise BadInput("This person is no longer in the text.", "person")
        if self.undo:
            return self._as_found(draft)
        if self.other:
            return self._together(draft, known[self.person], known[self.other])
        turns = {draft.roster.turn(one.passage) for one in known[self.person].mentions}
        if self.turn not in turns or len(turns) == 1:
            raise BadInput("Choose one turn of several in which this person is named.", "segment")
        numbers = (*(person.number for person in draft.roster.people), *(one[2] for one in draft.decisions.parted))
        apart = {f"parted:{self.person}@{self.turn}": max(numbers) + 1}
        return draft.change({f"choice:{self.person}": draft.get(f"choice:{self.person}"), **apart})

    def _together(self, draft: Draft, one: Person, other: Person) -> Change:
        if one.key == other.key or (one.label in IDENTIFIERS) != (other.label in IDENTIFIERS):
            raise BadInput("These two cannot be one person.", "person")
        decided, mine = draft.get(f"choice:{other.key}"), draft.get(f"choice:{one.key}")
        same = decided if decided == mine else None
        # Both choices are named even where they stay: a decision made meanwhile was made about somebody else.
        choices = {f"choice:{one.key}": mine, f"choice:{other.key}": same}
        return draft.change({f"joined:{one.key}": other.key, **choices})

    def _as_found(self, draft: Draft) -> Change:
        joined = {f"joined:{key}": None for key, other in draft.decisions.joined.items() if other == self.person}
        parted = {
            f"parted:{key}@{turn}": None for key, turn, _ in draft.decisions.parted if f"{key}@{turn}" == self.person
        }
        own = f"choice:{self.person}"
        return draft.change({**joined, **parted, own: draft.get(own)})


@dataclass(frozen=True, slots=True)
class Join:
    """A turn put behind the one before it."""

    needs_text: ClassVar[bool] = True
    act: ClassVar[Act] = Act.DECIDE
    turn: str

    def change(self, draft: Draft) -> Change:
        """Raises BadInput."""
        text = draft.words
        second = text.get(self.turn)
        at = text.place(self.turn) or 0
        if not at:
            raise BadInput("There is no turn before this one.", "segment")
        into = text.turns[at - 1]
        whole = together(text.get(into), second)
        moved = {
            f"parted:{key}@{into}": number
            for key, turn, number in draft.decisions.parted
            if turn == self.turn and draft.get(f"parted:{key}@{into}") is None
        }
        gone = {f"speaker:{self.turn}": None, f"turn:{self.turn}": None}
        return draft.change({f"turn:{into}": words_cell(whole), **gone, **moved})


@dataclass(frozen=True, slots=True)
class Split:
    """A turn cut before its word ``at``. Whoever was somebody else in it is so in both parts."""

    needs_text: ClassVar[bool] = True
    act: ClassVar[Act] = Act.DECIDE
    turn: str
    at: int

    def change(self, draft: Draft) -> Change:
        """Raises BadInput."""
        text = draft.words
        whole = text.get(self.turn)
        if not 0 < self.at < len(whole.words):
            raise BadInput("A turn is cut between two of its words.", "at")
        first, second = parted(whole, self.at)
        place = (text.place(self.turn) or 0) + 1
        later = text.turns[place] if place < len(text.turns) else None
        new = _between(self.turn, later)
        moved = {f"parted:{key}@{new}": number for key, turn, number in draft.decisions.parted if turn == self.turn}
        if later:
            second = before(second, text.at(place).start)
        made = {f"turn:{new}": words_cell(second), f"speaker:{new}": whole.speaker}
        return draft.change({f"turn:{self.turn}": words_cell(first), **made, **moved})


@dataclass(frozen=True, slots=True)
class Reword:
    """Another text for a turn. Its words inherit the sound of those that stood there before somebody began to type."""

    needs_text: ClassVar[bool] = True
    act: ClassVar[Act] = Act.DECIDE
    turn: str
    text: str = field(repr=False)

    def change(self, draft: Draft) -> Change:
        """Raises BadInput."""
        if not self.text.split():
            raise BadInput("A passage cannot be empty.", "text")
        if len(self.text) > _LONGEST_TEXT:
            raise BadInput("This is longer than {limit} characters.", "text", limit=_LONGEST_TEXT)
        now, cell = draft.words.get(self.turn), f"turn:{self.turn}"
        heard = segment_of(draft.begun[cell]) if draft.begun.get(cell) else now
        return draft.change({f"turn:{self.turn}": _fitted(draft.words, self.turn, heard, self.text)})


@dataclass(frozen=True, slots=True)
class Replace:
    """One text for another wherever it stands as whole words, in all turns."""

    needs_text: ClassVar[bool] = True
    act: ClassVar[Act] = Act.DECIDE
    find: str = field(repr=False)
    put: str = field(repr=False)

    def change(self, draft: Draft) -> Change:
        """Raises BadInput."""
        wanted = whole_words(self.find)
        made = {}
        for turn, said in draft.words.spoken():
            if wanted.search(said):
                changed = wanted.sub(lambda _: " ".join(self.put.split()), said)
                if not changed.split():
                    raise BadInput("A passage cannot be empty.", "put")
                made[f"turn:{turn}"] = _fitted(draft.words, turn, draft.words.get(turn), changed)
        if not made:
            raise BadInput("This stands nowhere in the text.", "find")
        return draft.change(made)


@dataclass(frozen=True, slots=True)
class Speak:
    """Who speaks in a turn; an empty label is nobody that is known."""

    needs_text: ClassVar[bool] = True
    act: ClassVar[Act] = Act.DECIDE
    turn: str
    speaker: str = field(repr=False)

    def change(self, draft: Draft) -> Change:
        """Raises BadInput."""
        draft.words.get(self.turn)
        return draft.change({f"speaker:{self.turn}": _label(self.speaker)})


@dataclass(frozen=True, slots=True)
class RenameSpeaker:
    """Another label for a speaker in every turn."""

    needs_text: ClassVar[bool] = True
    act: ClassVar[Act] = Act.DECIDE
    old: str = field(repr=False)
    new: str = field(repr=False)

    def change(self, draft: Draft) -> Change:
        """Raises BadInput."""
        turns = draft.words.of(self.old)
        if not turns:
            raise BadInput("Nobody is called that here.", "old")
        return draft.change({f"speaker:{turn}": _label(self.new) for turn in turns})


@dataclass(frozen=True, slots=True)
class Conceal:
    """What was selected, to be concealed in all its forms wherever it occurs."""

    needs_text: ClassVar[bool] = False
    act: ClassVar[Act] = Act.DECIDE
    selection: str = field(repr=False)

    def change(self, draft: Draft) -> Change:
        """Raises BadInput."""
        if not self.selection.split() or len(self.selection) > 200:
            raise BadInput("Select the name that is to be concealed, not more than a few words.", "selection")
        return draft.change({f"selected:{self.selection}": True})


@dataclass(frozen=True, slots=True)
class Silence:
    """Seconds (from, to) that fall silent whatever is written there; ``seconds`` in all."""

    needs_text: ClassVar[bool] = False
    act: ClassVar[Act] = Act.DECIDE
    span: tuple[float, float]
    seconds: float

    def change(self, draft: Draft) -> Change:
        """Raises BadInput."""
        start, end = self.span
        if not (0 <= start < end <= self.seconds + 1 and end - start <= _LONGEST_SILENCE):
            raise BadInput(
                "Give two moments of the recording, the earlier one first, five minutes apart at most.", "from"
            )
        old = draft.listened.silenced
        new = joined([*old, self.span])
        gone = {f"silenced:{span_name(span)}": None for span in old if span not in new}
        return draft.change({**gone, **{f"silenced:{span_name(span)}": True for span in new}})


@dataclass(frozen=True, slots=True)
class LetSound:
    """Takes back the silence that begins at ``start``."""

    needs_text: ClassVar[bool] = False
    act: ClassVar[Act] = Act.DECIDE
    start: float

    def change(self, draft: Draft) -> Change:
        """Raises nothing: what is not silent need not be let sound."""
        gone = [one for one in draft.listened.silenced if abs(one[0] - self.start) <= _SAME_MOMENT]
        return draft.change({f"silenced:{span_name(span)}": None for span in gone})


@dataclass(frozen=True, slots=True)
class ClearFinding:
    """Somebody listened to the masked sound at a place that verification found, and heard no name."""

    needs_text: ClassVar[bool] = False
    act: ClassVar[Act] = Act.CLEAR_FINDING
    cleared: Cleared

    def change(self, draft: Draft) -> Change:
        """Raises nothing."""
        one = self.cleared
        return draft.change({f"cleared:{place_name(one)}": [one.second, one.key, one.who, one.when]})


@dataclass(frozen=True, slots=True)
class Listen:
    """Somebody heard a turn, and what stands there is said there."""

    needs_text: ClassVar[bool] = True
    act: ClassVar[Act] = Act.DECIDE
    turn: str
    who: str
    when: str

    def change(self, draft: Draft) -> Change:
        """Raises BadInput."""
        draft.words.get(self.turn)
        return draft.change({f"listened:{self.turn}": [self.who, self.when]})


@dataclass(frozen=True, slots=True)
class Describe:
    """What is written about the interview; what its author left as they saw it stays as it is. It is ``year`` now."""

    needs_text: ClassVar[bool] = False
    act: ClassVar[Act] = Act.DECIDE
    description: Description
    year: int

    def change(self, draft: Draft) -> Change:
        """Raises BadInput."""
        self.description.check(self.year)
        wanted = {f"about:{name}": value for name, value in self.description.as_json().items()}
        return draft.change({cell: value for cell, value in wanted.items() if value != draft.saw(cell)})


def whole_words(text: str) -> re.Pattern[str]:
    """Finds a text as whole words, as it is written, whatever white space is between them. Raises BadInput."""
    parts = text.split()
    if not parts or len(text) > 200:
        raise BadInput("Write what is to be looked for, not more than a few words.", "find")
    between = r"\s+".join(map(re.escape, parts))
    return re.compile(rf"(?<!\w){between}(?!\w)")


def _fitted(text: Text, turn: str, heard: Segment, said: str) -> dict[str, Any]:
    """The words of a rewritten turn, which must not begin later than the next one."""
    made = reworded(heard, said.split())
    following = (text.place(turn) or 0) + 1
    return words_cell(before(made, text.at(following).start) if following < len(text.turns) else made)


def _label(speaker: str) -> str | None:
    label = " ".join(speaker.split())
    if len(label) > _LONGEST_LABEL:
        raise BadInput("This is longer than {limit} characters.", "speaker", limit=_LONGEST_LABEL)
    return label or None


def _between(turn: str, later: str | None) -> str:
    """What a turn between two others is called."""
    return str((Fraction(turn) + (Fraction(later) if later else Fraction(turn) + 2)) / 2)
