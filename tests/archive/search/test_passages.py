"""Transcripts cut into passages."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from archive.search import passages
from transcripts.words import Segment, Transcript, Word

ID = UUID(int=7)


def _transcript(turns: list[tuple[int, str | None, str]]) -> Transcript:
    segments, second = [], 0.0
    for count, speaker, language in turns:
        words = tuple(Word(f"слово{index}", second + index, second + index + 0.5) for index in range(count))
        segments.append(Segment(words, language, speaker))
        second += count
    return Transcript("t", tuple(segments), second, "test")


_TURNS = st.lists(
    st.tuples(st.integers(1, 90), st.sampled_from([None, "Р", "И"]), st.sampled_from(["ru", "uk"])), max_size=30
)


@given(_TURNS)
def test_passages_cover_a_transcript_once(turns: list[tuple[int, str | None, str]]) -> None:
    """Every segment is in exactly one passage, in order; ids count on; one speaker, one language, about 60 words."""
    transcript = _transcript(turns)
    cut = passages(ID, transcript, date(2026, 3, 1))
    covered = [index for each in cut for index in range(each.first_segment, each.last_segment + 1)]
    assert covered == list(range(len(turns)))
    assert [each.id for each in cut] == [f"{ID}:{number}" for number in range(len(cut))]
    assert [each.number for each in cut] == list(range(len(cut)))
    for each in cut:
        segments = transcript.segments[each.first_segment : each.last_segment + 1]
        assert each.text == " ".join(segment.text for segment in segments)
        assert {(segment.speaker, segment.language) for segment in segments} == {(each.speaker, each.language)}
        assert len(each.text.split()) <= 60 or len(segments) == 1
        assert (each.start, each.end) == (segments[0].start, segments[-1].end)
    for one, next_ in pairwise(cut):
        differ = (one.speaker, one.language) != (next_.speaker, next_.language)
        following = len(transcript.segments[next_.first_segment].words)
        assert differ or len(one.text.split()) + following > 60


def test_a_passage_does_not_show_its_words() -> None:
    """Neither text nor speaker in its repr."""
    (passage,) = passages(ID, _transcript([(3, "Ирина", "ru")]))
    assert "слово" not in repr(passage)
    assert "Ирина" not in repr(passage)
