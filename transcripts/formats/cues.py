"""What WebVTT and SRT share: cues of lines between two times, and how a cue becomes a segment and back.

Subtitles know no times of words. Reading shares a cue's time among its words by their length, which is near enough to
find a word by ear and far too coarse to mask by: transcripts that came this way say so in ``made_by``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

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


def segment(cue: Cue, text: str, language: str, speaker: str | None) -> Segment | None:
    """The cue's words, each with a share of its time; None if it has none."""
    texts = text.split()
    if not texts:
        return None
    letters = sum(map(len, texts))
    words, edge = [], cue.start
    for one in texts:
        after = min(cue.end, edge + (cue.end - cue.start) * len(one) / letters)
        words.append(Word(one, edge, after))
        edge = after
    return Segment(tuple(words), language, speaker)


def transcript(segments: list[Segment], made_by: str) -> Transcript:
    """Segments of a file, in order of time. Raises MalformedTranscript if there are none."""
    if not segments:
        raise MalformedTranscript("no cue with words in it")
    ordered = sorted(segments, key=lambda one: one.start)
    return Transcript("", tuple(ordered), max(one.end for one in ordered), made_by)
