"""What an engine gave for one window, made into words that can be: whole words, times that stay in the window."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import accumulate

from transcripts.speech.recognizer import RATE, Heard, HeardWord
from transcripts.speech.windows import Window
from transcripts.words import Segment, Word


def placed(heard: Iterable[Heard], window: Window) -> list[Segment]:
    """Segments on the recording's timeline, to the millisecond.

    Starts never run backwards and nothing lies outside ``window``. A word whose place the engine did not find keeps a
    length of zero: whoever conceals words must be able to see that, so nothing is made up here.
    """
    first, last = window.start / RATE, window.stop / RATE
    edge = round(first, 3)
    segments = []
    for part in heard:
        words = []
        for word in _whole(part.words):
            start = max(edge, _within(first + word.start, edge, last))
            words.append(Word(word.text, start, max(start, _within(first + word.end, start, last)), _sure(word)))
            edge = start
        if words:
            segments.append(Segment(tuple(words), part.language))
    return segments


def _whole(parts: Sequence[HeardWord]) -> list[HeardWord]:
    """Parts without white space before them joined to the word before, white space inside taken as a border."""
    words: list[HeardWord] = []
    apart = True
    for part in parts:
        pieces = _pieces(part)
        if pieces and words and not apart and not part.text[0].isspace():
            words[-1] = _glued(words[-1], pieces.pop(0))
        words += pieces
        apart = part.text[-1:].isspace() if part.text else apart
    return words


def _pieces(part: HeardWord) -> list[HeardWord]:
    """``part`` split at white space, its time shared out by length."""
    texts = part.text.split()
    shares = [0, *accumulate(len(text) for text in texts)]
    length = (part.end - part.start) / shares[-1] if texts else 0.0
    return [
        HeardWord(text, part.start + length * shares[n], part.start + length * shares[n + 1], part.sureness)
        for n, text in enumerate(texts)
    ]


def _glued(before: HeardWord, after: HeardWord) -> HeardWord:
    return HeardWord(before.text + after.text, before.start, after.end, min(before.sureness, after.sureness))


def _within(second: float, otherwise: float, last: float) -> float:
    return otherwise if math.isnan(second) else round(min(max(second, 0.0), last), 3)


def _sure(word: HeardWord) -> float:
    return 0.0 if math.isnan(word.sureness) else round(min(1.0, max(0.0, word.sureness)), 4)
