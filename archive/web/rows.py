"""What the review page shows, as rows: people, turns, words to doubt, mosaics; and what changed of them, as JSON."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from archive.acts.cells import Draft
from archive.acts.review import Review, Update
from archive.web import wording
from archive.web.gate import house
from archive.web.show import Piece, clock, cut, speaker, times
from transcripts.doubts import doubtful
from transcripts.formats.clock import timecode
from transcripts.names import Decision, Decisions, Person, Roster
from transcripts.names.mosaic import Mosaic
from transcripts.words import Segment, Transcript


@dataclass(frozen=True, slots=True, repr=False)
class PersonRow:
    """One person as the panel shows them. ``decision`` is "" while nobody decided; ``starts`` are seconds to hear.

    ``asked``: the finders do not know whether this is a name. ``turns`` with mentions: what they are called, timecode.
    ``regrouped``: a reviewer put rows together, or took this one from another.
    """

    number: int
    key: str
    name: str
    forms: list[str]
    label: str
    about: str
    protected: bool
    proposal: str
    decision: str
    cover: str
    starts: list[float]
    asked: bool
    turns: list[tuple[str, str]]
    regrouped: bool


@dataclass(frozen=True, slots=True)
class Stone:
    """One place of a mosaic: its words, in which turn and when they are said, and what they are about."""

    text: str
    language: str
    turn: int
    start: float
    kind: str


@dataclass(frozen=True, slots=True, repr=False)
class TurnRow:
    """One turn: what it is called, what stands before it, who speaks, its words' starts and its text in pieces.

    ``label`` is the speaker's own, ``who`` how it is shown. ``flag``: why somebody should hear it, a key of DOUBTS.
    """

    id: str
    after: str
    start: float
    end: float
    time: str
    label: str
    who: str
    language: str
    times: str
    pieces: list[Piece]
    flag: str


@dataclass(frozen=True, slots=True, repr=False)
class DoubtRow:
    """Something in a turn that nobody knows to be said there: its text, when it is heard, why it is doubted."""

    turn: str
    text: str
    language: str
    word: int
    start: float
    time: str
    flag: str


@dataclass(frozen=True, slots=True)
class MosaicRow:
    """One combination of the mosaic warning: “village + employer”, and where its stones lie."""

    name: str
    stones: list[Stone]


def people(found: Review) -> list[PersonRow]:
    """The panel's rows, least sure first: what may be no name, who may be no public figure, the rest by sureness.

    Those whom the narrator's list decides come last. What is decided does not move a row.
    """
    ranks = {Decision.ASK: 0, Decision.PUBLIC_FIGURE: 1}
    order = sorted(
        found.roster.people,
        key=lambda one: (one.protected, ranks.get(one.proposal, 2), round(one.sureness, 1), one.number),
    )
    return [_row(found, person) for person in order]


def turns(found: Review, doubted: Sequence[DoubtRow]) -> list[TurnRow]:
    """Every turn, cut at the names in it; ``doubted`` is what ``doubts`` says of the same review."""
    spans = _spans(found.roster)
    flags = {one.turn: one.flag for one in doubted if one.flag != "unsure"}
    called = {label: speaker(label) for label in {one.speaker or "" for one in found.transcript.segments}}
    made, before = [], ""
    for index, (id, segment) in enumerate(zip(found.turns, found.transcript.segments, strict=True)):
        made.append(_turn((id, before, flags.get(id, "")), segment, spans[index], called))
        before = id
    return made


def doubts(found: Review) -> list[DoubtRow]:
    """What somebody should hear, the least sure first: text that may be invented, unsure words near names."""
    heard = found.listened.turns
    rows = []
    for one in doubtful(found.transcript, found.roster):
        segment, turn = found.transcript.segments[one.passage], found.turns[one.passage]
        if turn in heard:
            continue
        word = segment.words[one.word]
        text = word.text if one.why == "unsure" else segment.text
        rows.append(DoubtRow(turn, text, segment.language, one.word, word.start, timecode(word.start), one.why))
    return rows


def _turn(
    place: tuple[str, str, str],
    segment: Segment,
    spans: Sequence[tuple[int, int, str, int]],
    called: Mapping[str, str],
) -> TurnRow:
    id, after, flag = place
    label = segment.speaker or ""
    return TurnRow(
        id=id,
        after=after,
        start=segment.start,
        end=segment.end,
        time=timecode(segment.start),
        label=label,
        who=called[label],
        language=segment.language,
        times=times(segment),
        pieces=cut(segment, spans),
        flag=flag,
    )


def _spans(roster: Roster) -> dict[int, list[tuple[int, int, str, int]]]:
    """By passage where people are named."""
    spans: dict[int, list[tuple[int, int, str, int]]] = defaultdict(list)
    for person in roster.people:
        for mention in person.mentions:
            spans[mention.passage].append((mention.start, mention.end, "name", person.number))
    return spans


def _row(found: Review, person: Person) -> PersonRow:
    choice = found.decisions.choices.get(person.key)
    decision: str = Decision.CONCEAL if person.protected else choice.decision if choice else ""
    return PersonRow(
        number=person.number,
        key=person.key,
        name=person.first_name or "",
        forms=_forms(found.transcript, person),
        label=str(wording.LABELS.get(person.label, person.label)),
        about=_about(person),
        protected=person.protected,
        proposal=str(person.proposal),
        decision=str(decision),
        cover=choice.cover if choice else "",
        starts=_starts(found.transcript, person),
        asked=person.proposal is Decision.ASK and not person.protected,
        turns=_turns(found, person),
        regrouped=person.key in found.decisions.joined.values()
        or person.key in {f"{key}@{turn}" for key, turn, _ in found.decisions.parted},
    )


def mosaic(transcript: Transcript, found: Mosaic) -> MosaicRow:
    """The combination in words; of the same words for the same thing only the first place."""
    stones: dict[tuple[str, str], Stone] = {}
    for trait in found.stones:
        segment = transcript.segments[trait.passage]
        text, kind = segment.text[trait.start : trait.end], str(wording.TRAITS[trait.kind])
        start = segment.words[segment.words_in(trait.start, trait.end).start].start
        stones.setdefault((kind, text.lower()), Stone(text, segment.language, trait.passage, start, kind))
    return MosaicRow(" + ".join(str(wording.TRAITS[kind]) for kind in found.kinds), list(stones.values()))


def _about(person: Person) -> str:
    """Kind, who it is, mentions, why it was proposed and how sure the finder is (a comparison, no probability)."""
    family = person.whose == "family"
    parts = [
        str(wording.FAMILY if family else wording.LABELS.get(person.label, person.label)),
        *([str(wording.RELATIONS[person.relation])] if person.relation in wording.RELATIONS else []),
        str(ngettext("%(num)d mention", "%(num)d mentions", len(person.mentions))),
    ]
    if not person.protected:
        parts += [str(wording.WHY[person.why])] if person.why in wording.WHY else []
        parts.append(str(wording.sureness(person.sureness)))
    return " · ".join(parts)


def _forms(transcript: Transcript, person: Person) -> list[str]:
    """The forms as they are written in the text, each once; two that differ in capitals alone are both worth seeing."""
    written = [transcript.segments[one.passage].text[one.start : one.end] for one in person.mentions]
    return list(dict.fromkeys(written)) or list(person.forms)


def _turns(found: Review, person: Person) -> list[tuple[str, str]]:
    """Where it can be said that somebody else is meant: nowhere if there is one turn only."""
    turns = sorted({one.passage for one in person.mentions})
    named = [(found.turns[turn], timecode(found.transcript.segments[turn].start)) for turn in turns]
    return named if len(turns) > 1 else []


def _starts(transcript: Transcript, person: Person) -> list[float]:
    starts = []
    for mention in person.mentions:
        segment = transcript.segments[mention.passage]
        starts += [segment.words[index].start for index in segment.words_in(mention.start, mention.end)[:1]]
    return starts


def as_json(found: Review) -> dict[str, Any]:
    """Everything that the page's script draws: people, and the turns that name somebody; all others it makes plain."""
    doubted = doubts(found)
    named = [row for row in turns(found, doubted) if any(piece.kind for piece in row.pieces)]
    return {
        **_head(found.version, found.roster, found.decisions, stale=found.stale),
        "people": [asdict(row) for row in people(found)],
        "names": {row.id: [asdict(piece) for piece in row.pieces] for row in named},
        "doubts": [asdict(row) for row in doubted],
    }


def update_as_json(changed: Update, whole: Review | None) -> dict[str, Any]:
    """What changed since the version that the script shows; ``whole`` where who is who did."""
    draft = changed.draft
    told = _head(changed.version, draft.roster, draft.decisions, stale=changed.stale)
    if whole is not None:
        told = as_json(whole)
    else:
        told["decided"] = {key: _decided(draft, key) for key in changed.decided}
    if changed.turns:
        told["turns"] = _changed_turns(draft, changed.turns)
        told["speakers"] = draft.words.speakers()
    heard = {turn: turn in draft.listened.turns for turn in changed.heard}
    return {**told, "heard": heard, "by_ear": changed.by_ear}


def _head(version: int, roster: Roster, decisions: Decisions, *, stale: bool) -> dict[str, Any]:
    return {
        "version": version,
        "left": roster.undecided(decisions.choices),
        "all": len(roster.people),
        "stale": stale,
        "saved": _("Saved %(time)s", time=clock(house().now())),
    }


def _decided(draft: Draft, key: str) -> dict[str, str]:
    choice = draft.decisions.choices.get(key)
    return {"decision": str(choice.decision) if choice else "", "cover": choice.cover if choice else ""}


def _changed_turns(draft: Draft, changed: Sequence[str]) -> list[dict[str, Any]]:
    """The turns as they are now, in their order; those that are gone say so."""
    text, spans, rows = draft.words, _spans(draft.roster), []
    for id in changed:
        at = text.place(id)
        if at is None:
            rows.append({"id": id, "gone": True})
            continue
        after = text.turns[at - 1] if at else ""
        segment = text.at(at)
        called = {segment.speaker or "": speaker(segment.speaker or "")}
        rows.append(asdict(_turn((id, after, ""), segment, spans[at], called)))
    return rows
