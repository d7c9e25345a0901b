"""Turns that a person rewrites, cuts or puts together; every word keeps, or gets, a time under which it is heard.

What masking needs of the result: words in the order of their starts, no sound lost, and a word whose sound nobody knows
has no length, so that its neighbours fall silent with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from transcripts.words import Segment, Word

_ANCHOR = 3  # words in a row that were left alone: fewer may stand elsewhere in what was written anew
_SIMILAR = 0.5  # of the letters, from which on one word is a correction of the other


def reworded(segment: Segment, texts: Sequence[str]) -> Segment:
    """The segment with other words. What is unchanged keeps its times; a corrected word inherits those of the old one.

    A rewritten stretch spans exactly the sound of the words it replaced, so that masking still covers them.
    An added word was not heard where the recognizer heard nothing, but within its neighbours: it has no place of its
    own, and masking then covers them too.
    """
    words: list[Word] = []
    edge = made = 0
    for start, new, count in _unchanged([word.text for word in segment.words], texts):
        words += _rewritten(segment.words, range(edge, start), texts[made:new])
        words += segment.words[start : start + count]
        edge, made = start + count, new + count
    return replace(segment, words=tuple(words), withheld=())


def parted(segment: Segment, at: int) -> tuple[Segment, Segment]:
    """The segment cut before its word ``at``. ValueError if a part would be empty."""
    if not 0 < at < len(segment.words):
        raise ValueError("a turn is cut between two of its words")
    return (
        replace(segment, words=segment.words[:at], withheld=()),
        replace(segment, words=segment.words[at:], withheld=()),
    )


def together(one: Segment, other: Segment) -> Segment:
    """Two turns as one of the first one's speaker. Where they overlap in time, words begin earlier than they did."""
    return replace(one, words=_in_order((*one.words, *other.words)), withheld=())


def before(segment: Segment, later: float) -> Segment:
    """The segment beginning at the second ``later`` at the latest, where the next one begins."""
    first = segment.words[0]
    if first.start <= later:
        return segment
    return replace(segment, words=(replace(first, start=later), *segment.words[1:]))


def _unchanged(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int, int]]:
    """Stretches (place in old, place in new, length) that stand for themselves, with one of no length at the end."""
    blocks = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    head, tail = _alike(old, new), _alike(old[::-1], new[::-1])
    found = [(0, 0, head)] if head else []
    tail = min(tail, len(old) - head, len(new) - head)
    inner = (_within(block, head, (len(old) - tail, len(new) - tail)) for block in blocks)
    found += [block for block in inner if block[2] >= _ANCHOR]
    if tail:
        found.append((len(old) - tail, len(new) - tail, tail))
    return [*found, (len(old), len(new), 0)]


def _within(block: tuple[int, int, int], head: int, end: tuple[int, int]) -> tuple[int, int, int]:
    """A block as far as it lies between what is alike at both ends."""
    start, made, count = block
    skip = max(0, head - start, head - made)
    return start + skip, made + skip, min(count - skip, end[0] - start - skip, end[1] - made - skip)


def _alike(left: Sequence[str], right: Sequence[str]) -> int:
    same = 0
    for one, other in zip(left, right, strict=False):
        if one != other:
            break
        same += 1
    return same


def _rewritten(old: Sequence[Word], at: range, texts: Sequence[str]) -> list[Word]:
    replaced = old[at.start : at.stop]
    if len(replaced) == len(texts) and (len(texts) == 1 or all(map(_corrects, texts, replaced))):
        return [Word(text, word.start, word.end) for text, word in zip(texts, replaced, strict=True)]
    if replaced:
        start, end = replaced[0].start, max(word.end for word in replaced)
    else:
        edge = old[at.start - 1].end if at.start else old[0].start
        start = end = min(edge, old[at.start].start) if at.start < len(old) else edge
    return [Word(text, start, end) for text in texts]


def _corrects(text: str, word: Word) -> bool:
    """Whether it is the same word, better written, by its letters: of several another may have been meant."""
    return SequenceMatcher(None, text.lower(), word.text.lower()).ratio() >= _SIMILAR


def _in_order(words: Sequence[Word]) -> tuple[Word, ...]:
    made: list[Word] = []
    least = words[-1].start
    for word in reversed(words):
        least = min(least, word.start)
        made.append(replace(word, start=least))
    return tuple(reversed(made))
