"""A review as cells that change: the draft, its text, and changes that have an inverse. What can be done is editing.py.

A change says of every cell what it held and what it holds now. So it has an inverse, two changes that share no cell
can be made in either order, and what undoes a change is a change like any other. Nothing here reads or writes papers.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any, TypeAlias
from uuid import uuid4

from archive.acts.description import Description
from archive.errors import BadInput
from archive.pipeline.translated import Renderings, turns_of
from transcripts.names import Choice, Decision, Decisions, Roster
from transcripts.pseudonyms import Cleared, Listened
from transcripts.words import Segment, Transcript

Cells: TypeAlias = Mapping[str, tuple[Any, Any]]
"""What cells held and hold now, both as JSON; None is nothing. A cell is called by its kind, “:” and whose it is.

========= ======================= =======================================================
kind      whose                   value
========= ======================= =======================================================
choice    a person's key          [decision, cover]
joined    a person's key          the key of whom this is the same as
parted    key “@” turn            the number of somebody else who is meant in that turn
selected  a text                  True: concealed in all its forms
silenced  “from..to” in seconds    True
cleared   second “/” key          [second, key, who, when]
listened  a turn                  [who, when]
turn      a turn                  {"words", "language"}
speaker   a turn                  the speaker's label
about     a field of Description  its value
rendered  language “@” turn       [its translation, the digest of what was translated]
========= ======================= =======================================================
"""


@dataclass(frozen=True, slots=True)
class Change:
    """Cells that changed together. ``cells`` where nothing changed were looked at: nobody may change them meanwhile."""

    cells: Cells = field(default_factory=dict, repr=False)

    @property
    def inverse(self) -> Change:
        """What undoes it."""
        return Change({cell: (new, old) for cell, (old, new) in self.cells.items() if old != new})

    def then(self, later: Change) -> Change | None:
        """Both as one; None if something came between them."""
        both = dict(self.cells)
        for cell, (old, new) in later.cells.items():
            first, middle = both.get(cell, (old, old))
            if middle != old:
                return None
            both[cell] = (first, new)
        return Change(both)


class Text:
    """The turns of a transcript as stored JSON, by what they are called, in order; only those asked for are read.

    Turns are called by fractions in their order, at first by their index: between two there is always room. Words are
    stored as text of their own within it: parsing all of them takes longer than everything else that a change does.
    """

    def __init__(self, content: Mapping[str, Any]) -> None:
        self._rest = {name: value for name, value in content.items() if name not in ("segments", "turns")}
        self.turns: list[str] = turns_of(content)
        self._segments: list[dict[str, Any]] = list(content["segments"])
        self._changed: set[str] = set()
        self._places: dict[str, int] = {}

    def copy(self) -> Text:
        """The same, to try a change on."""
        return Text({**self._rest, "segments": self._segments, "turns": self.turns})

    @property
    def seconds(self) -> float:
        """How long the recording is."""
        return float(self._rest["seconds"])

    @property
    def transcript(self) -> Transcript:
        """All of it, read."""
        return Transcript.from_json({**self._rest, "segments": self._segments})

    def place(self, turn: str) -> int | None:
        """Which one it is, from 0; None if it is gone."""
        if len(self._places) != len(self.turns):
            self._places = {one: at for at, one in enumerate(self.turns)}
        return self._places.get(turn)

    def get(self, turn: str) -> Segment:
        """Raises BadInput if it is gone."""
        at = self.place(turn)
        if at is None:
            raise BadInput("This passage is no longer there.", "segment")
        return self.at(at)

    def at(self, index: int) -> Segment:
        """The turn at that place."""
        return Transcript.from_json({**self._rest, "segments": [self._segments[index]]}).segments[0]

    def cell(self, kind: str, turn: str) -> Any:
        """The value of a ``turn`` or ``speaker`` cell."""
        at = self.place(turn)
        if at is None:
            return None
        found = self._segments[at]
        return found["speaker"] if kind == "speaker" else {"words": _words(found), "language": found["language"]}

    def put(self, kind: str, turn: str, value: Any) -> None:
        """Sets such a cell."""
        at = self.place(turn)
        self._changed.add(turn)
        if at is None:
            if value is None:
                return
            at = bisect_left(self.turns, Fraction(turn), key=Fraction)
            self.turns.insert(at, turn)
            self._places = {}
            self._segments.insert(at, {"speaker": None, "language": "", "words": [], "withheld": []})
        if kind == "speaker":
            self._segments[at] = {**self._segments[at], "speaker": value}
        elif value is None:
            del self.turns[at], self._segments[at]
            self._places = {}
        else:
            self._segments[at] = {**self._segments[at], **value, "withheld": []}

    @property
    def is_in_order(self) -> bool:
        """Whether every turn that was put says something and neither it nor the one behind begins before its turn."""
        places = [place for turn in self._changed if (place := self.place(turn)) is not None]
        around = sorted({near for place in places for near in (place - 1, place, place + 1)})
        starts = {n: words[0][1] for n in around if 0 <= n < len(self.turns) and (words := _words(self._segments[n]))}
        put = all(place in starts for place in places)
        return put and all(starts[n] <= starts[n + 1] for n in starts if n + 1 in starts)

    def speakers(self) -> list[str]:
        """Their labels, in the order in which they speak."""
        return list(dict.fromkeys(one["speaker"] for one in self._segments if one["speaker"]))

    def spoken(self) -> Iterator[tuple[str, str]]:
        """Each turn and what is said in it."""
        for turn, found in zip(self.turns, self._segments, strict=True):
            yield turn, " ".join(word[0] for word in _words(found))

    def of(self, speaker: str) -> list[str]:
        """The turns of a speaker."""
        return [turn for turn, one in zip(self.turns, self._segments, strict=True) if one["speaker"] == speaker]

    def as_json(self) -> dict[str, Any]:
        """What is stored: a transcript, another version of it if something was changed."""
        made = {**self._rest, "segments": [_packed(one) for one in self._segments], "turns": self.turns}
        return {**made, "id": str(uuid4()), "parent": made["id"], "made_by": "person"} if self._changed else made


@dataclass(frozen=True, slots=True)
class Draft:
    """A review as its reviewers left it. ``text`` is None where the change needs none.

    ``roster``: who is named, put together as reviewers did. ``intake``: what was written about the interview, and more
    that came with it. ``begun``: what cells held before somebody began to type, ``seen``: before others changed them.
    ``renderings``: of the text in other languages, by language and turn; there if the text is.
    """

    decisions: Decisions
    listened: Listened
    roster: Roster = field(default_factory=Roster, repr=False)
    text: Text | None = field(default=None, repr=False)
    intake: Mapping[str, Any] = field(default_factory=dict, repr=False)
    begun: Mapping[str, Any] = field(default_factory=dict, repr=False)
    seen: Mapping[str, Any] = field(default_factory=dict, repr=False)
    renderings: Renderings = field(default_factory=dict, repr=False)

    @property
    def words(self) -> Text:
        """The text, for an operation that needs it."""
        assert self.text is not None
        return self.text

    def get(self, cell: str) -> Any:
        """What a cell holds."""
        kind, _, whose = cell.partition(":")
        return KINDS[kind].read(self, whose)

    def saw(self, cell: str) -> Any:
        """What a cell held in the version that the author of a change saw."""
        return self.seen[cell] if cell in self.seen else self.get(cell)

    def change(self, values: Mapping[str, Any]) -> Change:
        """The change to these values of cells."""
        return Change({cell: (self.get(cell), value) for cell, value in values.items()})

    def changed(self, change: Change) -> Draft:
        """The draft with the change made. Its ``text`` is changed in place."""
        draft = self
        for cell, (_, value) in change.cells.items():
            kind, _, whose = cell.partition(":")
            draft = KINDS[kind].write(draft, whose, value)
        return draft

    def admits(self, change: Change) -> bool:
        """Whether every cell still holds what the change found there."""
        return all(self.get(cell) == old for cell, (old, _) in change.cells.items())


@dataclass(frozen=True, slots=True)
class CellKind:
    """How one kind of cell is read and written, and whether it is part of the text."""

    read: Callable[[Draft, str], Any]
    write: Callable[[Draft, str, Any], Draft]
    of_text: bool = False


def as_cell(choice: Choice | None) -> list[str] | None:
    """What a ``choice`` cell holds."""
    return [choice.decision.value, choice.cover] if choice else None


def _write_choice(draft: Draft, key: str, value: Any) -> Draft:
    choice = Choice(Decision(value[0]), value[1]) if value else None
    return replace(draft, decisions=replace(draft.decisions, choices=_with(draft.decisions.choices, key, choice)))


def _write_joined(draft: Draft, key: str, value: Any) -> Draft:
    return replace(draft, decisions=replace(draft.decisions, joined=_with(draft.decisions.joined, key, value)))


def _read_parted(draft: Draft, own: str) -> Any:
    return next((number for key, turn, number in draft.decisions.parted if f"{key}@{turn}" == own), None)


def _write_parted(draft: Draft, own: str, value: Any) -> Draft:
    key, _, turn = own.rpartition("@")
    others = tuple(one for one in draft.decisions.parted if one[:2] != (key, turn))
    there = others if value is None else (*others, (key, turn, int(value)))
    return replace(draft, decisions=replace(draft.decisions, parted=there))


def _write_selected(draft: Draft, text: str, value: Any) -> Draft:
    others = tuple(one for one in draft.decisions.selected if one != text)
    return replace(draft, decisions=replace(draft.decisions, selected=(*others, text) if value else others))


def _write_silenced(draft: Draft, name: str, value: Any) -> Draft:
    start, end = map(float, name.split(".."))
    others = [one for one in draft.listened.silenced if one != (start, end)]
    spans = sorted([*others, (start, end)] if value else others)
    return replace(draft, listened=replace(draft.listened, silenced=tuple(spans)))


def _read_cleared(draft: Draft, place: str) -> Any:
    found = next((one for one in draft.listened.cleared if place_name(one) == place), None)
    return [found.second, found.key, found.who, found.when] if found else None


def _write_cleared(draft: Draft, place: str, value: Any) -> Draft:
    others = tuple(one for one in draft.listened.cleared if place_name(one) != place)
    there = (*others, Cleared(*value)) if value else others
    return replace(draft, listened=replace(draft.listened, cleared=there))


def _write_listened(draft: Draft, turn: str, value: Any) -> Draft:
    turns = _with(draft.listened.turns, turn, tuple(value) if value else None)
    return replace(draft, listened=replace(draft.listened, turns=turns))


def _read_listened(draft: Draft, turn: str) -> Any:
    found = draft.listened.turns.get(turn)
    return list(found) if found else None


def _read_about(draft: Draft, name: str) -> Any:
    return Description.from_json(draft.intake).as_json()[name]


def _write_about(draft: Draft, name: str, value: Any) -> Draft:
    return replace(draft, intake={**draft.intake, name: value})


def _read_rendered(draft: Draft, whose: str) -> Any:
    language, _, turn = whose.partition("@")
    found = draft.renderings.get(language, {}).get(turn)
    return list(found) if found else None


def _write_rendered(draft: Draft, whose: str, value: Any) -> Draft:
    language, _, turn = whose.partition("@")
    turns = _with(draft.renderings.get(language, {}), turn, value)
    return replace(draft, renderings=_with(draft.renderings, language, turns or None))


def _of_text(kind: str) -> CellKind:
    def write(draft: Draft, turn: str, value: Any) -> Draft:
        draft.words.put(kind, turn, value)
        return draft

    return CellKind(lambda draft, turn: draft.words.cell(kind, turn), write, of_text=True)


KINDS: dict[str, CellKind] = {
    "choice": CellKind(lambda draft, key: as_cell(draft.decisions.choices.get(key)), _write_choice),
    "joined": CellKind(lambda draft, key: draft.decisions.joined.get(key), _write_joined),
    "parted": CellKind(_read_parted, _write_parted),
    "selected": CellKind(lambda draft, text: True if text in draft.decisions.selected else None, _write_selected),
    "silenced": CellKind(
        lambda draft, name: True if name in map(span_name, draft.listened.silenced) else None, _write_silenced
    ),
    "cleared": CellKind(_read_cleared, _write_cleared),
    "listened": CellKind(_read_listened, _write_listened),
    "turn": _of_text("turn"),
    "speaker": _of_text("speaker"),
    "about": CellKind(_read_about, _write_about),
    "rendered": CellKind(_read_rendered, _write_rendered),
}


def touches_text(cells: Iterable[str]) -> bool:
    """Whether one of the cells is part of the text."""
    return any(KINDS[cell.partition(":")[0]].of_text for cell in cells)


def span_name(span: tuple[float, float]) -> str:
    """Which cell says that these seconds are silenced."""
    return f"{span[0]!r}..{span[1]!r}"


def place_name(one: Cleared) -> str:
    """Which cell says that this was cleared."""
    return f"{one.second!r}/{one.key}"


def words_cell(segment: Segment) -> dict[str, Any]:
    """What a ``turn`` cell holds of a segment."""
    words = [[word.text, word.start, word.end, word.sureness] for word in segment.words]
    return {"words": words, "language": segment.language}


def segment_of(found: Mapping[str, Any]) -> Segment:
    """The segment in a ``turn`` cell; nobody is said to speak."""
    segments: list[Any] = [{"speaker": None, "withheld": [], **found}]
    made: dict[str, Any] = {"id": "", "parent": None, "made_by": "", "seconds": 0, "notes": {}, "segments": segments}
    return Transcript.from_json(made).segments[0]


def _words(found: Mapping[str, Any]) -> list[list[Any]]:
    """A stored turn's words; an older text and one that nobody changed yet hold them unpacked."""
    words: list[list[Any]] = json.loads(found["words"]) if isinstance(found["words"], str) else found["words"]
    return words


def _packed(found: Mapping[str, Any]) -> Mapping[str, Any]:
    if isinstance(found["words"], str):
        return found
    return {**found, "words": json.dumps(found["words"], separators=(",", ":"), ensure_ascii=False)}


def _with(there: Mapping[str, Any], name: str, value: Any) -> dict[str, Any]:
    """The mapping with another value; None takes it out."""
    others = {key: one for key, one in there.items() if key != name}
    return others if value is None else {**others, name: value}
