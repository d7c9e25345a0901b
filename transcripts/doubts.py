"""What a person should hear before it is believed: unsure words near names, and text that may be invented.

Whisper's models write sentences where nobody speaks: phrases of the subtitles they learned from (phantoms.py leaves
those out at recognition; transcripts from elsewhere hold them), one sentence again and again, words far too slow.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from transcripts.names.people import Roster
from transcripts.speech.phantoms import is_phantom
from transcripts.words import Segment, Transcript

_UNSURE = 0.5  # the recognizer's own probability of a word, below which it is as likely wrong as right
_NEAR = 3  # words on either side of a name
_AGAIN = 3  # times in a row that people do not say the same sentence
_SLOWEST = 2.5  # seconds a word on average: nobody speaks like that through a whole turn
_LEAST_WORDS = 3  # of a turn whose pace says something


@dataclass(frozen=True, slots=True)
class Doubt:
    """Word number ``word`` of passage ``passage``. ``why``: "unsure", or "phantom", "repeated", "slow" of all of it."""

    passage: int
    word: int
    why: str
    sureness: float


def doubtful(transcript: Transcript, roster: Roster) -> list[Doubt]:
    """Turns that may be invented, in their order, then unsure words in or near names, the least sure first."""
    invented = [
        Doubt(at, 0, why, 0.0) for at in range(len(transcript.segments)) if (why := _invented(transcript.segments, at))
    ]
    unsure = sorted(set(_unsure(transcript, roster)), key=lambda one: (one.sureness, one.passage, one.word))
    return [*invented, *unsure]


def _invented(segments: Sequence[Segment], at: int) -> str:
    segment = segments[at]
    if is_phantom(segment.text):
        return "phantom"
    around = segments[max(0, at - _AGAIN + 1) : at + _AGAIN]
    if _run(around, segment.text) >= _AGAIN:
        return "repeated"
    pace = (segment.end - segment.start) / len(segment.words)
    return "slow" if len(segment.words) >= _LEAST_WORDS and pace > _SLOWEST else ""


def _run(segments: Sequence[Segment], text: str) -> int:
    """The most segments in a row that say just this."""
    most = run = 0
    for segment in segments:
        run = run + 1 if segment.text == text else 0
        most = max(most, run)
    return most


def _unsure(transcript: Transcript, roster: Roster) -> Iterator[Doubt]:
    for person in roster.people:
        for mention in person.mentions:
            words = transcript.segments[mention.passage].words
            named = transcript.segments[mention.passage].words_in(mention.start, mention.end)
            for at in range(max(0, named.start - _NEAR), min(len(words), named.stop + _NEAR)):
                if words[at].sureness < _UNSURE:
                    yield Doubt(mention.passage, at, "unsure", words[at].sureness)
