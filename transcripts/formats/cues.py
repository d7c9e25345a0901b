"""What WebVTT and SRT share: cues of lines between two times, and how a cue becomes a segment and back.

Subtitles seldom know the times of words. Reading shares the time they do know among the words by their length, which is
near enough to find a word by ear and far too coarse to mask by: transcripts that came this way say so in ``made_by``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from transcripts.errors import MalformedTranscript
from transcripts.formats import clock
from transcripts.words import Segment, Transcript, Word

_ARROW = re.compile(r"^\s*([\d:.,]+)\s*-->\s*([\d:.,]+)(?:\s.*)?$")


@dataclass(frozen=True, slots=True)
class Cue:
    """Lines shown from ``start`` to ``end`` (seconds)."""

    start: float
    end: float
    lines: tuple[str, ...]


def cues(text: str) -> Iterator[Cue]:
    """Every cue of a subtitle file; blocks without times (headers, notes, styles) are passed over.

    Raises MalformedTranscript for times that are none, or run backwards.
    """
    for block in re.split(r"\n\s*\n", text.replace("\ufeff", "").replace("\r\n", "\n").replace("\r", "\n")):
        lines = block.strip("\n").split("\n")
        timed = next((n for n, line in enumerate(lines[:2]) if "-->" in line), None)
        if timed is None:
            continue
        match = _ARROW.match(lines[timed])
        if match is None:
            raise MalformedTranscript("a cue without times")
        start, end = clock.read(match[1]), clock.read(match[2])
        if end < start:
            raise MalformedTranscript("a cue that ends before it starts")
        yield Cue(start, end, tuple(lines[timed + 1 :]))


def segment(cue: Cue, pieces: Sequence[tuple[float, str]], language: str, speaker: str | None) -> Segment | None:
    """The words of ``pieces`` (when it begins, its text), each with its share of the time; None if there are none.

    Times outside the cue, or before those of an earlier piece, are moved to where they can be.
    """
    words: list[Word] = []
    starts = [*accumulate((min(max(start, cue.start), cue.end) for start, _ in pieces), max), cue.end]
    for (start, end), (_, text) in zip(pairwise(starts), pieces, strict=True):
        words += _shared(text.split(), start, end)
    return Segment(tuple(words), language, speaker) if words else None


def _shared(texts: list[str], start: float, end: float) -> list[Word]:
    letters = max(1, sum(map(len, texts)))
    edges = [min(end, start + (end - start) * done / letters) for done in accumulate(map(len, texts), initial=0)]
    return [Word(text, *times) for text, times in zip(texts, pairwise(edges), strict=True)]


def transcript(segments: list[Segment], made_by: str) -> Transcript:
    """Segments of a file, in order of time. Raises MalformedTranscript if there are none."""
    if not segments:
        raise MalformedTranscript("no cue with words in it")
    ordered = sorted(segments, key=lambda one: one.start)
    return Transcript("", tuple(ordered), max(one.end for one in ordered), made_by)
