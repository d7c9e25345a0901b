"""The life of an interview: its stages, the events that move it, and the value that stands for it.

No other module compares stages to decide what comes next; ``advance`` is the only way to a new one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from uuid import UUID

from archive.collection import MAIN
from archive.consent import Terms
from archive.errors import IllegalMove


class Stage(StrEnum):
    """Where an interview is. Failure and consent are not stages."""

    RECEIVED = "received"
    TRANSCRIBED = "transcribed"
    IN_REVIEW = "in-review"
    APPROVED = "approved"
    MASKED = "masked"
    VERIFIED = "verified"
    RELEASED = "released"
    WITHDRAWN = "withdrawn"


class Event(StrEnum):
    """What moves it. The machine's events are its steps' ends; the others are acts of people."""

    TRANSCRIBE = "transcribe"
    FIND_NAMES = "find-names"
    APPROVE = "approve"
    MASK = "mask"
    VERIFY = "verify"
    RELEASE = "release"
    SEND_BACK = "send-back"
    REOPEN = "reopen"
    WITHDRAW = "withdraw"


MOVES: dict[tuple[Stage, Event], Stage] = {
    (Stage.RECEIVED, Event.TRANSCRIBE): Stage.TRANSCRIBED,
    (Stage.TRANSCRIBED, Event.FIND_NAMES): Stage.IN_REVIEW,
    (Stage.IN_REVIEW, Event.APPROVE): Stage.APPROVED,
    (Stage.APPROVED, Event.MASK): Stage.MASKED,
    (Stage.MASKED, Event.VERIFY): Stage.VERIFIED,
    (Stage.VERIFIED, Event.RELEASE): Stage.RELEASED,
    # A name still heard, or a second thought before release: back to a person, never around one.
    (Stage.APPROVED, Event.SEND_BACK): Stage.IN_REVIEW,
    (Stage.MASKED, Event.SEND_BACK): Stage.IN_REVIEW,
    (Stage.VERIFIED, Event.SEND_BACK): Stage.IN_REVIEW,
    (Stage.RELEASED, Event.REOPEN): Stage.IN_REVIEW,
    **{(stage, Event.WITHDRAW): Stage.WITHDRAWN for stage in Stage if stage is not Stage.WITHDRAWN},
}


@dataclass(frozen=True, slots=True)
class Interview:
    """One conversation with one narrator, as the released layer knows it: nothing here is of the protected layer.

    ``accession`` is like ``2026-0042``; ``title`` has gone through pseudonymisation; ``narrator`` is how others may
    call them ("": not at all); ``places`` and ``themes`` are what it speaks of, ``left_in`` the year in which the
    narrator left their country (all three are known once it is released); ``redaction`` counts releases, so that a
    citation names the version it quotes; ``translations`` are the languages it can be read in besides its own;
    ``lost_seconds`` is None for a whole recording, and for a damaged one until a person has decided to go on with what
    can be read; ``version`` grows with every stored change.
    """

    id: UUID
    accession: str
    stage: Stage
    owner: UUID
    day: date
    terms: Terms
    title: str = ""
    narrator: str = ""
    language: str = "ru"
    recorded_on: date | None = None
    seconds: float | None = None
    lost_seconds: float | None = None
    redaction: int = 0
    collection: UUID = MAIN
    places: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    left_in: int | None = None
    translations: tuple[str, ...] = ()
    version: int = 0


def advance(interview: Interview, event: Event) -> Interview:
    """The only way to a new stage. Raises IllegalMove."""
    try:
        return replace(interview, stage=MOVES[interview.stage, event])
    except KeyError:
        raise IllegalMove(f"cannot {event} an interview that is {interview.stage}") from None
