"""The values that every stage passes on: what cannot be made, and what survives being stored."""

from __future__ import annotations

import json
from dataclasses import FrozenInstanceError
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from transcripts.corrections import reworded
from transcripts.errors import MalformedTranscript
from transcripts.words import Segment, Span, Transcript, Word, joined

TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zs", "Zl", "Zp")), min_size=1, max_size=12)
SECONDS = st.floats(0, 50_000, allow_nan=False)


@st.composite
def segments(draw: st.DrawFn, after: float = 0.0) -> Segment:
    starts = sorted(draw(st.lists(SECONDS, min_size=1, max_size=8)))
    words = tuple(
        Word(draw(TEXTS), after + start, after + start + draw(st.floats(0, 9)), draw(st.floats(0, 1)))
        for start in starts
    )
    edges = sorted(draw(st.sets(st.integers(0, len(" ".join(word.text for word in words))), max_size=6)))
    spans = tuple(Span(start, end, "surname", draw(st.integers(1, 40))) for start, end in [*pairwise(edges)][::2])
    return Segment(words, draw(st.sampled_from(["ru", "uk", "en"])), draw(st.none() | TEXTS), spans)


@st.composite
def transcripts(draw: st.DrawFn) -> Transcript:
    made = sorted(draw(st.lists(segments(), max_size=4)), key=lambda segment: segment.start)
    notes = draw(st.dictionaries(TEXTS, st.integers() | TEXTS | st.booleans(), max_size=3))
    return Transcript(draw(TEXTS), tuple(made), draw(SECONDS), draw(TEXTS), draw(st.none() | TEXTS), notes)


@settings(max_examples=40)
@given(transcripts())
def test_a_stored_transcript_comes_back_equal(transcript: Transcript) -> None:
    """Through JSON text and back, to the last bit of every time."""
    assert Transcript.from_json(json.loads(json.dumps(transcript.as_json()))) == transcript


@given(segments(), st.integers(0, 60), st.integers(1, 60))
def test_a_span_finds_the_words_it_touches(segment: Segment, start: int, length: int) -> None:
    """Told by characters: a word is touched if and only if one of its own letters, not its space, lies in the span."""
    letters = [owner for index, word in enumerate(segment.words) for owner in [index] * len(word.text) + [None]]
    assert set(segment.words_in(start, start + length)) == set(letters[start : start + length]) - {None}


@given(segments(), st.lists(TEXTS, max_size=4), st.data())
def test_a_corrected_turn_keeps_the_sound_of_what_was_not_touched(
    segment: Segment, new: list[str], data: st.DataObject
) -> None:
    """The text is the new one; words before and after keep their times; new ones cover what they stand in place of."""
    first = data.draw(st.integers(0, len(segment.words)))
    last = data.draw(st.integers(first, len(segment.words)))
    head, gone, tail = segment.words[:first], segment.words[first:last], segment.words[last:]
    texts = [word.text for word in head] + new + [word.text for word in tail]
    assume(texts and not {word.text for word in segment.words} & set(new))
    # Of two equal words nobody can tell which one was taken out.
    assume(not {word.text for word in gone} & {word.text for word in (*head, *tail)})
    made = reworded(segment, texts)
    assert [word.text for word in made.words] == texts
    assert made.words[:first] == head
    assert made.words[len(texts) - len(tail) :] == tail
    if gone and new:
        span = (gone[0].start, max(word.end for word in gone))
        assert {(word.start, word.end) for word in made.words[first : first + len(new)]} == {span}


@given(segments())
def test_every_word_stands_where_its_offset_says(segment: Segment) -> None:
    """The text is the words and single spaces, nothing else."""
    for word, offset in zip(segment.words, segment.offsets, strict=True):
        assert segment.text[offset : offset + len(word.text)] == word.text
    assert segment.text.split(" ") == [word.text for word in segment.words]
    assert segment.start <= min(word.end for word in segment.words) <= segment.end


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 9)).map(lambda r: (float(r[0]), float(r[0] + r[1])))))
def test_joined_ranges_cover_the_same_time_once(ranges: list[tuple[float, float]]) -> None:
    """In order, apart from each other, and no moment more or less than before."""
    merged = joined(ranges)
    assert all(first[1] < second[0] for first, second in pairwise(merged))
    for moment in (step / 2 for step in range(142)):
        assert any(a <= moment <= b for a, b in merged) == any(a <= moment <= b for a, b in ranges)


WORD = Word("слово", 1.0, 2.0)
LATER = Word("потом", 3.0, 4.0)
IMPOSSIBLE = {
    "an empty word": lambda: Word("", 0.0, 1.0),
    "two words in one": lambda: Word("два слова", 0.0, 1.0),
    "a no-break space in a word": lambda: Word("два\u00a0слова", 0.0, 1.0),
    "a word that ends before it starts": lambda: Word("слово", 2.0, 1.0),
    "a word before the recording": lambda: Word("слово", -0.1, 1.0),
    "a word at no time": lambda: Word("слово", float("nan"), 1.0),
    "a sureness over one": lambda: Word("слово", 0.0, 1.0, 1.1),
    "an empty span": lambda: Span(3, 3, "surname", 1),
    "a span that runs backwards": lambda: Span(3, 2, "surname", 1),
    "a span before the text": lambda: Span(-1, 2, "surname", 1),
    "a segment of nothing": lambda: Segment((), "ru"),
    "words that run backwards": lambda: Segment((LATER, WORD), "ru"),
    "a span beyond the text": lambda: Segment((WORD,), "ru", None, (Span(0, 6, "surname", 1),)),
    "spans that overlap": lambda: Segment((WORD,), "ru", None, (Span(0, 3, "surname", 1), Span(2, 5, "surname", 2))),
    "segments that run backwards": lambda: Transcript("t", (Segment((LATER,), "ru"), Segment((WORD,), "ru")), 9.0, "m"),
}


@pytest.mark.parametrize("what", IMPOSSIBLE)
def test_what_cannot_be_cannot_be_made(what: str) -> None:
    """Checked at birth, so that no later stage needs to ask; the error tells none of the words."""
    with pytest.raises(MalformedTranscript) as caught:
        IMPOSSIBLE[what]()
    assert "слово" not in f"{caught.value!r}{caught.value.told()}"


@pytest.mark.parametrize(
    "change",
    [
        {"segments": None},
        {"segments": [{}]},
        {"segments": [{"speaker": None, "language": "ru", "words": [["слово"]], "withheld": []}]},
        {"segments": [{"speaker": None, "language": "ru", "words": [["слово", "1", 2, 1]], "withheld": []}]},
        {"seconds": "long"},
        {"id": ...},
    ],
)
def test_what_is_no_transcript_is_told_as_such(change: dict[str, Any]) -> None:
    """A damaged or foreign object ends in MalformedTranscript, whatever is wrong with it."""
    found = {**Transcript("t", (Segment((WORD,), "ru"),), 9.0, "m").as_json(), **change}
    found = {key: value for key, value in found.items() if value is not ...}
    with pytest.raises(MalformedTranscript):
        Transcript.from_json(found)


def test_values_do_not_change() -> None:
    """A transcript handed to another stage stays what it was."""
    with pytest.raises(FrozenInstanceError):
        WORD.start = 0.0  # type: ignore[misc]


def test_the_words_are_counted_and_told_in_order() -> None:
    """Over all segments."""
    transcript = Transcript("t", (Segment((WORD,), "ru"), Segment((LATER, LATER), "ru")), 9.0, "m")
    assert transcript.word_count == 3
    assert list(transcript.timed_words()) == [WORD, LATER, LATER]
