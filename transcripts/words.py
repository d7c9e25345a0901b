"""The values every later stage passes on: words with their times, turns of speech, whole transcripts.

Times are seconds on the recording's one timeline (its canonical decode); offsets are code points in the
text of a segment. Text is never kept twice: a segment's text is its words joined by single spaces.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Any, Self

from transcripts.errors import MalformedTranscript


@dataclass(frozen=True, slots=True)
class Word:
    """One word as it is written, punctuation included, and when it is heard.

    ``sureness`` is the recognizer's own probability (0 to 1); 1 for a word a person wrote.
    """

    text: str
    start: float
    end: float
    sureness: float = 1.0

    def __post_init__(self) -> None:
        if not isinstance(self.text, str) or self.text.split() != [self.text]:
            raise MalformedTranscript("a word is empty or holds white space")
        if not 0 <= self.start <= self.end:
            raise MalformedTranscript("a word starts before the recording or ends before it starts")
        if not 0 <= self.sureness <= 1:
            raise MalformedTranscript("a word's sureness is outside 0 to 1")


@dataclass(frozen=True, slots=True)
class Span:
    """A place in a segment's text where something was withheld; ``number`` tells persons apart.

    ``label`` is one of transcripts.names.mention.Label's values; what stands in the text there is the cover.
    """

    start: int
    end: int
    label: str
    number: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise MalformedTranscript("a span is empty or runs backwards")


@dataclass(frozen=True)
class Segment:
    """A turn, or a part of one: the words of one speaker in one language, in order of time."""

    words: tuple[Word, ...]
    language: str
    speaker: str | None = None
    withheld: tuple[Span, ...] = ()

    def __post_init__(self) -> None:
        if not self.words:
            raise MalformedTranscript("a segment has no words")
        if any(later.start < earlier.start for earlier, later in pairwise(self.words)):
            raise MalformedTranscript("a segment's words run backwards")
        if any(later.start < earlier.end for earlier, later in pairwise(self.withheld)):
            raise MalformedTranscript("a segment's withheld spans overlap")
        if self.withheld and self.withheld[-1].end > len(self.text):
            raise MalformedTranscript("a withheld span lies outside its segment")

    @cached_property
    def text(self) -> str:
        """The words joined by single spaces."""
        return " ".join(word.text for word in self.words)

    @cached_property
    def offsets(self) -> tuple[int, ...]:
        """Where each word starts in ``text``."""
        places, edge = [], 0
        for word in self.words:
            places.append(edge)
            edge += len(word.text) + 1
        return tuple(places)

    @property
    def start(self) -> float:
        return self.words[0].start

    @property
    def end(self) -> float:
        return max(word.end for word in self.words)

    def words_in(self, start: int, end: int) -> range:
        """Indexes of the words that the characters ``start`` to ``end`` touch."""
        touched = [
            index
            for index, (word, offset) in enumerate(zip(self.words, self.offsets, strict=True))
            if offset < end and start < offset + len(word.text)
        ]
        return range(touched[0], touched[-1] + 1) if touched else range(0)


@dataclass(frozen=True)
class Transcript:
    """Speech as text. ``made_by`` names the model, tool or kind of person; ``parent`` the version it came from."""

    id: str
    segments: tuple[Segment, ...]
    seconds: float
    made_by: str
    parent: str | None = None
    notes: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if any(later.start < earlier.start for earlier, later in pairwise(self.segments)):
            raise MalformedTranscript("the segments run backwards")

    @property
    def word_count(self) -> int:
        return sum(len(segment.words) for segment in self.segments)

    def timed_words(self) -> Iterator[Word]:
        """Every word in order."""
        for segment in self.segments:
            yield from segment.words

    def as_json(self) -> dict[str, Any]:
        """A plain object that ``from_json`` turns back into an equal transcript."""
        return {
            "id": self.id,
            "parent": self.parent,
            "made_by": self.made_by,
            "seconds": self.seconds,
            "notes": dict(self.notes),
            "segments": [segment_as_json(segment) for segment in self.segments],
        }

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> Self:
        """The transcript in ``found``. Raises MalformedTranscript if it is not one."""
        try:
            return cls(
                id=found["id"],
                parent=found["parent"],
                made_by=found["made_by"],
                seconds=float(found["seconds"]),
                notes=found["notes"],
                segments=tuple(as_segment(segment) for segment in found["segments"]),
            )
        except (AttributeError, KeyError, TypeError, ValueError, OverflowError, RecursionError) as cause:
            raise MalformedTranscript("a field of the transcript is missing or of the wrong type") from cause


def segment_as_json(segment: Segment) -> dict[str, Any]:
    """A plain object that ``as_segment`` turns back into an equal segment."""
    return {
        "speaker": segment.speaker,
        "language": segment.language,
        "words": [[word.text, word.start, word.end, word.sureness] for word in segment.words],
        "withheld": [[span.start, span.end, span.label, span.number] for span in segment.withheld],
    }


def as_segment(found: Mapping[str, Any]) -> Segment:
    """The segment in ``found``. Raises MalformedTranscript, KeyError, TypeError, ValueError.

    ``words`` may be the text of their JSON: where single turns are changed, all others stay unread.
    """
    words = json.loads(found["words"]) if isinstance(found["words"], str) else found["words"]
    return Segment(
        speaker=found["speaker"],
        language=found["language"],
        words=tuple(Word(*word) for word in words),
        withheld=tuple(Span(*span) for span in found["withheld"]),
    )


def joined(ranges: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Time ranges in order, those that touch or overlap made one."""
    merged: list[tuple[float, float]] = []
    for start, end in sorted(ranges):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged
