"""The spans of sound that must fall silent: the time of everything withheld, in seconds."""

from __future__ import annotations

from collections.abc import Sequence

from transcripts.words import Transcript, Word, joined

# Seconds. A surname cannot be said in less; a recognizer that gives less has not found where it is.
_SHORTEST_NAME = 0.1
_SHORTEST_WORD = 0.04


def silences(transcript: Transcript) -> list[tuple[float, float]]:
    """The time of everything withheld, in seconds, in order, none touching.

    A word without a trustworthy place is silenced together with its neighbours: its sound is most likely in theirs.
    """
    words = list(transcript.timed_words())
    spans = []
    at = 0
    for segment in transcript.segments:
        for span in segment.withheld:
            touched = segment.words_in(span.start, span.end)
            spans.append(_audible(words, range(at + touched.start, at + touched.stop), transcript.seconds))
        at += len(segment.words)
    return joined(spans)


def _audible(words: Sequence[Word], at: range, seconds: float) -> tuple[float, float]:
    """From when to when the words ``at`` may be heard."""
    start, end = words[at.start].start, max(words[n].end for n in at)
    if end - start >= _SHORTEST_NAME:
        return start, end
    before = next((words[n] for n in range(at.start - 1, -1, -1) if is_placed(words[n])), None)
    after = next((words[n] for n in range(at.stop, len(words)) if is_placed(words[n])), None)
    last = max(seconds, end, *(word.end for word in words[at.stop :]), 0.0)
    return min(start, before.start if before else 0.0), max(end, after.end if after else last)


def is_placed(word: Word) -> bool:
    """Whether a recognizer gave the word a time that it can have been said in."""
    return word.end - word.start >= _SHORTEST_WORD
