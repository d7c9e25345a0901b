"""Passages: what the index holds and an answer points at. A passage is cut from a released transcript, never kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from transcripts.words import Segment, Transcript

_WORDS = 60


@dataclass(frozen=True, slots=True)
class Passage:
    """Segments ``first_segment`` to ``last_segment`` (both inclusive) of an interview's released transcript.

    ``id`` is ``{interview}:{n}``, ``n`` counting from 0; ``start`` and ``end`` are seconds; ``text`` is the segments'
    texts joined by single spaces.
    """

    id: str
    interview: UUID
    text: str = field(repr=False)
    language: str
    speaker: str | None = field(repr=False)
    start: float
    end: float
    first_segment: int
    last_segment: int
    recorded_on: date | None = None

    @property
    def number(self) -> int:
        """The ``n`` of the id."""
        return int(self.id.rpartition(":")[2])


def passages(interview: UUID, transcript: Transcript, recorded_on: date | None = None) -> list[Passage]:
    """A transcript cut into runs of whole segments of about 60 words, of one speaker and language.

    The same transcript is always cut the same way, so that a hit's number finds its words again. A segment longer
    than that is a passage of its own.
    """
    return [
        _passage(interview, number, run, recorded_on) for number, run in enumerate(_runs(list(transcript.segments)))
    ]


def _runs(segments: list[Segment]) -> Iterator[list[tuple[int, Segment]]]:
    run: list[tuple[int, Segment]] = []
    words = 0
    for index, segment in enumerate(segments):
        if run and (words + len(segment.words) > _WORDS or _differ(run[-1][1], segment)):
            yield run
            run, words = [], 0
        run.append((index, segment))
        words += len(segment.words)
    if run:
        yield run


def _differ(one: Segment, other: Segment) -> bool:
    return one.speaker != other.speaker or one.language != other.language


def _passage(interview: UUID, number: int, run: list[tuple[int, Segment]], recorded_on: date | None) -> Passage:
    segments = [segment for _, segment in run]
    return Passage(
        id=f"{interview}:{number}",
        interview=interview,
        text=" ".join(segment.text for segment in segments),
        language=segments[0].language,
        speaker=segments[0].speaker,
        start=segments[0].start,
        end=max(segment.end for segment in segments),
        first_segment=run[0][0],
        last_segment=run[-1][0],
        recorded_on=recorded_on,
    )
