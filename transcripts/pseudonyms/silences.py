"""When a withheld word is heard: which times can be trusted, and what falls silent where they cannot.

A recognizer's times are a by-product. A word that is given no time, less than it can be said in, or time that another
word has too, was heard somewhere near; so were words that a person wrote in place of shorter ones. Nothing here knows
a name: who is withheld stands in the transcript.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from transcripts.errors import SoundNotFound
from transcripts.words import Segment, Transcript, Word, joined

_LEAST = 0.04  # seconds that any word takes
_QUICKEST = 0.03  # seconds a letter that nobody's speech falls below for a whole word
_SLOWEST = (1.2, 0.2)  # seconds a word, and more a letter, that a word said in one go does not exceed
_SAID_DIGIT = 4  # letters that a digit is at the least when it is said
_OVERLAP = 0.06  # seconds by which words that follow each other may run into each other
_PAUSE = 0.4  # seconds of a pause beside a word that may hold the rest of it: recognizers cut endings off
_NAME = 0.1  # seconds: a surname cannot be said in less
_FARTHEST = 30.0  # seconds, a recognizer's window: what lies farther apart does not say where a word between them is


def is_plausible(seconds: float, letters: int) -> bool:
    """Whether so many letters can have been said in that time, in one go."""
    return max(_LEAST, _QUICKEST * letters) <= seconds <= _SLOWEST[0] + _SLOWEST[1] * letters


def letters(text: str) -> int:
    """How long a word is to say, in letters; punctuation is not said."""
    return sum(_SAID_DIGIT if char.isdigit() else char.isalpha() for char in text)


def has_place(words: Sequence[Word], at: range, seconds: float) -> bool:
    """Whether the words ``at`` (of a segment's ``words``) were said at the time they are given; ``seconds`` in all.

    Each must be plausible by itself, with the words that share its time; the place of a neighbour does not vouch for
    a surname.
    """
    return all(_is_sound(words, n, seconds) for n in at)


def silences(transcript: Transcript, by_hand: Iterable[tuple[float, float]] = ()) -> list[tuple[float, float]]:
    """The time of everything withheld and of what people marked ``by_hand``; seconds, in order, none touching.

    A withheld word without a length (see ``has_place``) is silenced together with its neighbours: its sound is most
    likely in theirs. Raises SoundNotFound where not even they say when it is heard, unless somebody marked the place.
    """
    marked = joined(list(by_hand))
    words = list(transcript.timed_words())
    spans, lost = list(marked), []
    at = 0
    for segment in transcript.segments:
        for touched in _withheld(segment):
            here = range(at + touched.start, at + touched.stop)
            span = _audible(words, here, transcript.seconds)
            if span is not None:
                spans.append(span)
            elif not any(start <= words[here.start].start <= end for start, end in marked):
                lost.append(words[here.start].start)
        at += len(segment.words)
    if lost:
        raise SoundNotFound(places=", ".join(f"{int(second) // 60}:{int(second) % 60:02}" for second in lost))
    return joined(spans)


def _withheld(segment: Segment) -> list[range]:
    return [segment.words_in(span.start, span.end) for span in segment.withheld]


def _is_sound(words: Sequence[Word], at: int, seconds: float) -> bool:
    word = words[at]
    if word.end > seconds + _NAME:
        return False
    inside = [one for one in words if word.start <= one.start and one.end <= word.end]
    across = [
        one
        for one in words
        if not (word.start <= one.start and one.end <= word.end)
        and one.start < word.end - _OVERLAP
        and word.start + _OVERLAP < one.end
    ]
    return not across and is_plausible(word.end - word.start, sum(letters(one.text) for one in inside))


def _audible(words: Sequence[Word], at: range, seconds: float) -> tuple[float, float] | None:
    """From when to when the words ``at`` may be heard; None if nothing around them says so."""
    start, end = words[at.start].start, max(words[n].end for n in at)
    if end - start >= _NAME:
        earlier = max((word.end for word in words[max(0, at.start - 9) : at.start]), default=0.0)
        later = words[at.stop].start if at.stop < len(words) else seconds
        return max(start - _PAUSE, min(start, earlier)), min(end + _PAUSE, max(end, later))
    before = next((words[n] for n in range(at.start - 1, -1, -1) if _is_placed(words[n], seconds)), None)
    after = next((words[n] for n in range(at.stop, len(words)) if _is_placed(words[n], seconds)), None)
    first, last = before.start if before else 0.0, after.end if after else max(seconds, end)
    found = min(start, first), max(end, last)
    return found if found[1] - found[0] <= _FARTHEST and start < seconds else None


def _is_placed(word: Word, seconds: float) -> bool:
    return is_plausible(word.end - word.start, letters(word.text)) and word.end <= seconds + _NAME
