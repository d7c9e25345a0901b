"""Which words an excerpt takes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from archive.acts.excerpts import cut
from transcripts.words import Segment, Transcript, Word


@given(st.lists(st.integers(20, 900), min_size=2, max_size=30), st.data())
def test_times_as_a_page_shows_them_take_exactly_the_words_chosen(lengths: list[int], data: st.DataObject) -> None:
    """Words begin at thousandths, pages show hundredths: the first word is not lost, the one after the last not won."""
    edges = [sum(lengths[:index]) / 1000 for index in range(len(lengths) + 1)]
    words = tuple(Word(f"w{i}", edges[i], edges[i + 1]) for i in range(len(lengths)))
    first = data.draw(st.integers(0, len(words) - 1))
    last = data.draw(st.integers(first, len(words) - 1))
    shown = [float(f"{edges[first]:.2f}"), float(f"{edges[last + 1]:.2f}")]
    whole = Transcript("t", (Segment(words, "ru"),), edges[-1], "person")
    assert [word.text for part in cut(whole, *shown) for word in part.words] == [
        w.text for w in words[first : last + 1]
    ]
