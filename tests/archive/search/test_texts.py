"""The file of an interview's passages: each is the one that the index has, and any is read without the others."""

from __future__ import annotations

import io
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.errors import Tampered
from archive.search import passages
from archive.search.texts import Texts, packed
from transcripts.words import Segment, Span, Transcript, Word

ID = UUID(int=7)


@st.composite
def transcripts(draw: st.DrawFn) -> Transcript:
    """Turns of some words, of two speakers and languages, some withheld."""
    segments, now = [], 0.0
    for length in draw(st.lists(st.integers(1, 90), max_size=12)):
        words = tuple(Word(f"слово{at}", now + at * 0.37, now + at * 0.37 + 0.2, 0.5) for at in range(length))
        withheld = (Span(0, 6, "surname", 1),) if draw(st.booleans()) else ()
        segments.append(Segment(words, draw(st.sampled_from(["ru", "uk"])), draw(st.sampled_from("IN")), withheld))
        now = words[-1].end
    return Transcript("t", tuple(segments), now + 1, "test")


@given(transcripts())
def test_every_passage_comes_back(transcript: Transcript) -> None:
    """With its words, times, spans and place in the interview; there is none beyond the last."""
    file = Texts(io.BytesIO(packed(transcript)))
    cut = passages(ID, transcript)
    assert len(file) == len(cut)
    assert file.text(len(cut)) is file.text(-1) is None
    for number, wanted in reversed(list(enumerate(cut))):
        assert file.passage(ID, number) == wanted
        found = file.text(number)
        assert found is not None
        assert found.segments == transcript.segments[wanted.first_segment : wanted.last_segment + 1]
    numbers = list(range(len(cut) + 2))
    assert file.starts(numbers) == pytest.approx({one.number: one.start for one in cut}, abs=0.01)


@given(st.binary(max_size=200))
def test_what_is_no_such_file_is_told(data: bytes) -> None:
    """A file that ends too early."""
    with pytest.raises(Tampered):
        Texts(io.BytesIO((10**6).to_bytes(4, "little") + data))
