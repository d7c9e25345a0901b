"""Names that were heard and that no longer stand in the corrected text: struck out, or written as somebody else.

Whoever strikes a name out of a transcript takes it for concealed. Its sound is still there, and no word of the text
says so any more; the machine's transcript, which never changes, does.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import replace

from transcripts.names.keys import alike, key
from transcripts.names.people import Choice, Roster
from transcripts.pseudonyms.silences import silences
from transcripts.words import Span, Transcript, Word

_SHARED = 0.02  # seconds that words of two versions have in common at the least, to be about the same sound
_FARTHEST = 60.0  # seconds: no word, and no stretch that a person wrote anew, is longer
_SHORTEST = 4  # letters of a key that may differ by one


def unwritten(
    heard: Transcript, named: Roster, choices: Mapping[str, Choice], released: Transcript
) -> list[tuple[float, float]]:
    """When concealed people are heard of whom ``released`` has no word at that time; seconds, in order.

    ``heard`` is the machine's transcript and ``named`` who is named in its segments. A word of ``released`` at that
    time that sounds like the name is what a person made of it: then the text decides. Raises SoundNotFound.
    """
    text = _Text(released)
    known = named.proposed() | dict(choices)
    spans: list[list[Span]] = [[] for _ in heard.segments]
    for person in named.people:
        for mention in person.mentions if person.is_concealed(known) else ():
            segment = heard.segments[mention.passage]
            if not all(text.has(segment.words[n]) for n in segment.words_in(mention.start, mention.end)):
                spans[mention.passage].append(Span(mention.start, mention.end, mention.label, person.number))
    marked = (
        replace(segment, withheld=tuple(_apart(here))) for segment, here in zip(heard.segments, spans, strict=True)
    )
    return silences(replace(heard, segments=tuple(marked)))


class _Text:
    """The words of a released transcript by their time."""

    def __init__(self, released: Transcript) -> None:
        words = [
            (word, any(n in segment.words_in(span.start, span.end) for span in segment.withheld))
            for segment in released.segments
            for n, word in enumerate(segment.words)
        ]
        self._words = sorted(words, key=lambda one: one[0].start)

    def has(self, heard: Word) -> bool:
        """Whether a heard word is withheld in the text as well, or stands there as it sounds."""
        middle = (heard.start + heard.end) / 2
        upto = bisect_right(self._words, heard.end, key=lambda one: one[0].start)
        first = bisect_left(self._words, heard.start - _FARTHEST, key=lambda one: one[0].start)
        return any(
            word.start <= middle <= word.end if withheld else _shares(heard, word) and _sounds(heard, word)
            for word, withheld in self._words[first:upto]
        )


def _shares(one: Word, other: Word) -> bool:
    return min(one.end, other.end) - max(one.start, other.start) >= min(_SHARED, one.end - one.start)


def _sounds(one: Word, other: Word) -> bool:
    return alike(_key(one), _key(other), _SHORTEST)


def _key(word: Word) -> str:
    return key("".join(filter(str.isalnum, word.text)))


def _apart(spans: list[Span]) -> Iterator[Span]:
    edge = 0
    for span in sorted(spans, key=lambda one: (one.start, -one.end)):
        if span.start >= edge:
            edge = span.end
            yield span
