"""A transcript in another language: one rendering for each of its turns, or none, and each heard when the turn is.

What must not be read in it is found by transcripts/pseudonyms, like everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

import numpy as np

from transcripts.errors import MalformedTranscript
from transcripts.formats.cues import Cue, segment
from transcripts.words import Segment, Transcript, as_segment, segment_as_json

MADE_BY = "translation"
_NUMBERED = re.compile(r"S\d+")


@dataclass(frozen=True, slots=True)
class Translation:
    """``segments`` are as many as the transcript's; None is a turn that was not translated.

    Nobody knows when a word of a translation is heard: the words of a turn share its time by their length.
    """

    language: str
    segments: tuple[Segment | None, ...] = field(repr=False)

    @classmethod
    def of(cls, texts: Mapping[int, str], language: str, turns: Sequence[Segment]) -> Self:
        """The texts, by the index of their turn, beside the turns."""
        return cls(language, tuple(rendering(texts.get(n, ""), language, turn) for n, turn in enumerate(turns)))

    def transcript(self, original: Transcript) -> Transcript:
        """What is translated, as a transcript of its own. Raises MalformedTranscript if that is nothing."""
        spoken = tuple(one for one in self.segments if one is not None)
        return Transcript(f"{original.id}/{self.language}", spoken, original.seconds, MADE_BY, original.id)

    def as_json(self) -> dict[str, Any]:
        """A plain object that ``from_json`` turns back into an equal translation."""
        return {
            "language": self.language,
            "segments": [None if one is None else segment_as_json(one) for one in self.segments],
        }

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> Self:
        """The translation in ``found``, as ``as_json`` wrote it. Raises MalformedTranscript."""
        try:
            return cls(found["language"], tuple(None if one is None else as_segment(one) for one in found["segments"]))
        except (KeyError, TypeError, ValueError) as cause:
            raise MalformedTranscript("a field of the translation is missing or of the wrong type") from cause


def rendering(text: str, language: str, turn: Segment) -> Segment | None:
    """A text in the place of a turn; None if it says nothing."""
    return segment(Cue(turn.start, turn.end, ()), [(turn.start, text)], language, turn.speaker)


def beside(translated: Sequence[Segment], turns: Sequence[Segment]) -> dict[int, str]:
    """The words of a file of subtitles by the index of the turn that they are said in.

    A subtitle belongs to the turn with which it shares the most time, or to the nearest one if it shares none.
    """
    found: dict[int, list[str]] = {}
    starts, ends = (np.array([getattr(turn, edge) for turn in turns]) for edge in ("start", "end"))
    for one in translated if turns else ():
        shared = np.minimum(ends, one.end) - np.maximum(starts, one.start)  # below zero: seconds between them
        best = int(shared.argmax())
        found.setdefault(best, []).append(_unlabelled(one, turns[best]))
    return {n: " ".join(texts) for n, texts in sorted(found.items())}


def _unlabelled(one: Segment, turn: Segment) -> str:
    """What is said in a subtitle, without the speaker's label that SubRip has before it."""
    label, colon, said = one.text.partition(": ")
    return said if colon and (label == turn.speaker or _NUMBERED.fullmatch(label)) else one.text
