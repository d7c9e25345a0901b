"""Texts cut into pieces, and values written for people."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from archive.web import show
from transcripts.words import Segment, Span, Word

LETTERS = st.text(alphabet="абвгдёжз.,-[]1", min_size=1, max_size=8) | st.just("[имя-1]")


@st.composite
def segments(draw: st.DrawFn) -> Segment:
    """A turn of a few words with withheld spans that do not overlap."""
    texts = draw(st.lists(LETTERS, min_size=1, max_size=8))
    words = tuple(Word(text, float(at), at + 0.5) for at, text in enumerate(texts))
    length = len(" ".join(texts))
    edges = sorted(draw(st.sets(st.integers(0, length), max_size=6)))
    spans = tuple(
        Span(start, end, "surname", number)
        for number, (start, end) in enumerate(zip(edges[::2], edges[1::2], strict=False))
    )
    return Segment(words, "ru", withheld=spans)


@given(segments(), st.lists(st.tuples(st.integers(0, 60), st.integers(1, 9)), max_size=5))
def test_pieces_joined_are_the_text(segment: Segment, hits: list[tuple[int, int]]) -> None:
    """Whatever is marked, nothing is lost or doubled, and every withheld span stays a piece of its own."""
    length = len(segment.text)
    inside = [Span(at, min(at + size, length), "hit", 0) for at, size in hits if at < length]
    made = show.pieces(segment, inside)
    assert "".join(piece.text for piece in made) == segment.text
    withheld = [piece.text for piece in made if piece.kind in {"withheld", "cover"}]
    assert withheld == [segment.text[span.start : span.end] for span in segment.withheld]


@given(segments())
def test_there_is_a_time_for_each_word(segment: Segment) -> None:
    """The script counts words by single spaces and finds as many times."""
    assert len(show.times(segment).split(" ")) == len(segment.text.split(" "))


def test_marks_in_a_title_are_withheld_names() -> None:
    """The title joined is the title; each mark carries its person's number."""
    made = show.marked("Ирина [имя-12]: Самара [phone-3]")
    assert [(piece.text, piece.kind, piece.number) for piece in made] == [
        ("Ирина ", "", 0),
        ("[имя-12]", "withheld", 12),
        (": Самара ", "", 0),
        ("[phone-3]", "withheld", 3),
    ]
    assert show.marked("") == []


def test_timecodes_grow_an_hour_only_when_there_is_one() -> None:
    """As people write them."""
    assert [show.timecode(seconds) for seconds in (0, 59.9, 754, 3600, 36_061)] == [
        "0:00",
        "0:59",
        "12:34",
        "1:00:00",
        "10:01:01",
    ]
