"""Review: the transcript with its sound, people to decide about, the preview, approval.

Each change is an ordinary form; the page's script sends the same forms and gets the review back as JSON instead.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as AnyResponse

from archive.acts import review
from archive.acts.review import Regrouping, Review
from archive.errors import BadInput
from archive.policy import Act
from archive.web import sound, wording
from archive.web.gate import house, names, wants_json, who
from archive.web.show import Piece, clock, cut
from transcripts.formats.clock import timecode
from transcripts.names import Choice, Decision, Person, Roster
from transcripts.names.mosaic import Mosaic
from transcripts.words import Transcript

_CLOCK = re.compile(r"(?:(?:(\d{1,2}):)?(\d{1,3}):)?(\d{1,6}(?:\.\d{1,3})?)")

room = Blueprint("review", __name__, url_prefix="/interviews/<uuid:id>")


@dataclass(frozen=True, slots=True, repr=False)
class PersonRow:
    """One person as the panel shows them. ``decision`` is "" while nobody decided; ``starts`` are seconds to hear.

    ``asked``: the finders do not know whether this is a name. ``turns``: index and timecode of the turns with mentions.
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
    turns: list[tuple[int, str]]
    regrouped: bool


@dataclass(frozen=True, slots=True)
class Stone:
    """One place of a mosaic: its words, in which turn and when they are said, and what they are about."""

    text: str
    language: str
    turn: int
    start: float
    kind: str


@dataclass(frozen=True, slots=True)
class MosaicRow:
    """One combination of the mosaic warning: “village + employer”, and where its stones lie."""

    name: str
    stones: list[Stone]


@room.get("/review")
@names(Act.REVIEW)
def page(id: UUID) -> str | dict[str, Any]:
    """Everything the reviewer works on."""
    found = review.read(house(), who(), id)
    if wants_json():
        return as_json(found)
    return render_template(
        "review/page.html",
        review=found,
        people=people(found),
        turns=turns(found.transcript, found.roster),
    )


@room.post("/people")
@names(Act.DECIDE)
def decide(id: UUID) -> AnyResponse | dict[str, Any]:
    """One decision about one person; an empty one forgets it (undo)."""
    key, wanted = request.form.get("person", ""), request.form.get("decision", "")
    try:
        choice = Choice(Decision(wanted), request.form.get("cover", "").strip()) if wanted else None
    except ValueError:
        raise BadInput("Choose one of the decisions.", "decision") from None
    review.decide(house(), who(), id, {key: choice}, _version())
    return _answer(id, f"person-{request.form.get('number', '')}", with_turns=False)


@room.post("/regroup")
@names(Act.DECIDE)
def regroup(id: UUID) -> AnyResponse | dict[str, Any]:
    """Two rows are one person, or somebody else is meant in one turn; ``undo`` takes that back."""
    sent = request.form
    turn, undo = sent.get("turn", type=int, default=-1), bool(sent.get("undo"))
    wish = Regrouping(sent.get("person", ""), "" if undo else sent.get("other", ""), turn, undo)
    review.regroup(house(), who(), id, wish, _version())
    return _answer(id, "people")


@room.post("/text")
@names(Act.DECIDE)
def correct(id: UUID) -> AnyResponse | dict[str, Any]:
    """Another text for one turn."""
    segment = request.form.get("segment", type=int, default=-1)
    review.correct(house(), who(), id, (segment, request.form.get("text", "")), _version())
    return _answer(id, f"turn-{segment}")


@room.post("/conceal")
@names(Act.DECIDE)
def conceal(id: UUID) -> AnyResponse | dict[str, Any]:
    """Conceals what was selected wherever it occurs."""
    review.conceal_everywhere(house(), who(), id, request.form.get("selection", ""), _version())
    return _answer(id, "people")


@room.post("/silences")
@names(Act.DECIDE)
def silence(id: UUID) -> AnyResponse | dict[str, Any]:
    """Seconds that fall silent whatever is written there."""
    span = (_moment("from"), _moment("to"))
    review.silence(house(), who(), id, span, _version())
    return _answer(id, "by-ear")


@room.post("/silences/none")
@names(Act.DECIDE)
def let_sound(id: UUID) -> AnyResponse | dict[str, Any]:
    """Takes such seconds back."""
    review.let_sound(house(), who(), id, _moment("from"), _version())
    return _answer(id, "by-ear")


@room.post("/findings")
@names(Act.CLEAR_FINDING)
def clear(id: UUID) -> AnyResponse | dict[str, Any]:
    """Somebody listened to what verification found, and heard no name."""
    if not request.form.get("listened"):
        raise BadInput("Listen to the place first, then say that you did.", "listened")
    review.clear_finding(house(), who(), id, (_moment("from"), request.form.get("key", "")), _version())
    return _answer(id, "findings")


@room.get("/preview")
@names(Act.REVIEW)
def preview(id: UUID) -> str:
    """Exactly what strangers would read, and what is concealed from them."""
    found = review.read(house(), who(), id)  # before the text: if somebody decides in between, approval is refused
    strangers_read = review.preview(house(), who(), id)
    return render_template(
        "review/preview.html",
        review=found,
        people=people(found),
        title=strangers_read.title,
        transcript=strangers_read.transcript,
        mosaics=[_mosaic(strangers_read.transcript, one) for one in strangers_read.mosaics],
    )


@room.post("/approve")
@names(Act.APPROVE)
def approve(id: UUID) -> AnyResponse:
    """The reviewer answers for the decisions; the machine goes on."""
    if not request.form.get("read"):
        return redirect(url_for("review.preview", id=id), 303)
    review.approve(house(), who(), id, _version())
    return redirect(url_for("interviews.index"), 303)


@room.get("/original")
@names(Act.HEAR_ORIGINAL)
def original(id: UUID) -> Response:
    """The unmasked sound, for the reviewer's ears."""
    return sound.answer(review.original_sound(house(), who(), id))


@room.get("/masked")
@names(Act.HEAR_MASKED)
def masked(id: UUID) -> Response:
    """The masked sound as it would be given out."""
    return sound.answer(review.masked_sound(house(), who(), id))


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


def turns(transcript: Transcript, roster: Roster) -> list[list[Piece]]:
    """Each segment's text cut at the names in it."""
    spans: dict[int, list[tuple[int, int, str, int]]] = defaultdict(list)
    for person in roster.people:
        for mention in person.mentions:
            spans[mention.passage].append((mention.start, mention.end, "name", person.number))
    return [cut(segment, spans[index]) for index, segment in enumerate(transcript.segments)]


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
        turns=_turns(found.transcript, person),
        regrouped=person.key in found.decisions.joined.values()
        or person.key in {f"{key}@{turn}" for key, turn, _ in found.decisions.parted},
    )


def _mosaic(transcript: Transcript, mosaic: Mosaic) -> MosaicRow:
    """The combination in words; of the same words for the same thing only the first place."""
    stones: dict[tuple[str, str], Stone] = {}
    for trait in mosaic.stones:
        segment = transcript.segments[trait.passage]
        text, kind = segment.text[trait.start : trait.end], str(wording.TRAITS[trait.kind])
        start = segment.words[segment.words_in(trait.start, trait.end).start].start
        stones.setdefault((kind, text.lower()), Stone(text, segment.language, trait.passage, start, kind))
    return MosaicRow(" + ".join(str(wording.TRAITS[kind]) for kind in mosaic.kinds), list(stones.values()))


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


def _turns(transcript: Transcript, person: Person) -> list[tuple[int, str]]:
    """Where it can be said that somebody else is meant: nowhere if there is one turn only."""
    turns = sorted({one.passage for one in person.mentions})
    return [(turn, timecode(transcript.segments[turn].start)) for turn in turns] if len(turns) > 1 else []


def _starts(transcript: Transcript, person: Person) -> list[float]:
    starts = []
    for mention in person.mentions:
        segment = transcript.segments[mention.passage]
        starts += [segment.words[index].start for index in segment.words_in(mention.start, mention.end)[:1]]
    return starts


def _moment(name: str) -> float:
    """A moment as people write it (1:02:03.5, 2:03, 123.4) in seconds. Raises BadInput."""
    found = _CLOCK.fullmatch(request.form.get(name, "").strip().replace(",", "."))
    if found is None:
        raise BadInput("Write the moment as minutes and seconds, like 2:05.5.", name)
    hours, minutes, seconds = found.groups(default="0")
    return int(hours) * 3600 + int(minutes) * 60 + float(seconds)


def _version() -> int:
    return request.form.get("version", type=int, default=-1)


def as_json(found: Review, *, with_turns: bool = True) -> dict[str, Any]:
    """What the page's script draws itself anew from after each change. A decision moves no name: no turns then."""
    told = {
        "version": found.version,
        "left": found.left,
        "saved": _("Saved %(time)s", time=clock(house().now())),
        "people": [asdict(row) for row in people(found)],
    }
    if with_turns:
        shown = enumerate(turns(found.transcript, found.roster))
        # Only turns that name somebody: the script makes all others plain again.
        told["turns"] = {index: [asdict(one) for one in row] for index, row in shown if any(one.kind for one in row)}
    return told


def _answer(id: UUID, anchor: str, *, with_turns: bool = True) -> AnyResponse | dict[str, Any]:
    if wants_json():
        return as_json(review.read(house(), who(), id), with_turns=with_turns)
    return redirect(url_for("review.page", id=id, _anchor=anchor), 303)
