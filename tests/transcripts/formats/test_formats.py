"""What is written is read again; what is not a transcript is refused."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transcripts.errors import MalformedTranscript
from transcripts.formats import READERS, WRITERS
from transcripts.words import Segment, Span, Transcript, Word

TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=12)
SPEAKERS = st.none() | st.sampled_from(["Narrator", "Голос 1", "A & B"])


@st.composite
def transcripts(draw: st.DrawFn) -> Transcript:
    """Segments one after another, a second or so for each word."""
    edge, segments = 0.0, []
    for texts in draw(st.lists(st.lists(TEXTS, min_size=1, max_size=6), min_size=1, max_size=5)):
        words = []
        for text in texts:
            start = edge + draw(st.integers(0, 3000)) / 1000
            edge = start + draw(st.integers(1, 3000)) / 1000
            words.append(Word(text, round(start, 3), round(edge, 3)))
        segments.append(Segment(tuple(words), "ru", draw(SPEAKERS)))
    return Transcript("t", tuple(segments), edge + 1, "person")


@given(transcripts())
def test_json_keeps_everything(made: Transcript) -> None:
    """Reading our own JSON gives an equal transcript."""
    assert READERS["json"](WRITERS["json"](made), "ru") == made


@given(transcripts())
def test_webvtt_keeps_words_speakers_and_times(made: Transcript) -> None:
    """Words, order, speakers and the times of segments survive to the millisecond, whatever signs are in them."""
    read = READERS["vtt"](WRITERS["vtt"](made), "ru")
    assert [part.text for part in read.segments] == [part.text for part in made.segments]
    assert [part.speaker for part in read.segments] == [part.speaker for part in made.segments]
    for one, other in zip(read.segments, made.segments, strict=True):
        assert one.start == pytest.approx(other.start, abs=0.0011)
        assert one.end == pytest.approx(other.end, abs=0.0011)


@given(transcripts())
def test_srt_keeps_words_and_times(made: Transcript) -> None:
    """SubRip has no speakers and no escapes; everything else survives, the arrow that means times drawn anew."""
    made = replace(made, segments=tuple(replace(part, speaker=None) for part in made.segments))
    read = READERS["srt"](WRITERS["srt"](made), "ru")
    assert [part.text for part in read.segments] == [part.text.replace("-->", "→") for part in made.segments]
    for one, other in zip(read.segments, made.segments, strict=True):
        assert (one.start, one.end) == pytest.approx((other.start, other.end), abs=0.0011)


def test_srt_is_as_players_want_it() -> None:
    """Numbers from one, commas, a blank line between cues."""
    made = Transcript(
        "t", (Segment((Word("Да.", 0.5, 1.25),), "ru"), Segment((Word("Нет.", 3661, 3662),), "ru")), 3700, "x"
    )
    assert WRITERS["srt"](made) == ("1\n00:00:00,500 --> 00:00:01,250\nДа.\n\n2\n01:01:01,000 --> 01:01:02,000\nНет.\n")
    assert [part.text for part in READERS["srt"](WRITERS["srt"](made), "ru").segments] == ["Да.", "Нет."]


def test_foreign_webvtt_is_read() -> None:
    """Short times, settings behind them, styles, notes, tags and entities of other programs are understood."""
    foreign = (
        "\ufeffWEBVTT Kind: captions\r\n\r\nSTYLE\r\n::cue { color: red }\r\n\r\nNOTE nothing\r\n\r\nintro\r\n"
        "00:01.000 --> 00:03.500 align:start line:0\r\n<v.loud Анна>Он <i>сказал</i>: 2 &lt; 3\r\nи ушёл\r\n"
    )
    read = READERS["vtt"](foreign, "ru")
    assert [(part.speaker, part.text, part.start, round(part.end, 6)) for part in read.segments] == [
        ("Анна", "Он сказал: 2 < 3 и ушёл", 1.0, 3.5)
    ]


def test_times_inside_a_cue_are_taken_for_its_words() -> None:
    """Stamps before words give their times; stamps that run backwards or leave the cue do not."""
    text = "WEBVTT\n\n00:01.000 --> 00:05.000\nоно <00:02.000><c>вот</c> <00:04.000>так <00:03.000>и <00:09.000>было\n"
    words = READERS["vtt"](text, "ru").segments[0].words
    assert [(word.text, word.start, word.end) for word in words] == [
        ("оно", 1.0, 2.0),
        ("вот", 2.0, 4.0),
        ("так", 4.0, 4.0),
        ("и", 4.0, 5.0),
        ("было", 5.0, 5.0),
    ]


def test_cues_without_words_are_passed_over() -> None:
    """Empty ones, and such as hold only tags: other programs write them."""
    text = "WEBVTT\n\n00:01.000 --> 00:02.000\n\n00:02.000 --> 00:03.000\n<i> </i>\n\n00:03.000 --> 00:04.000\nда\n"
    assert [part.text for part in READERS["vtt"](text, "ru").segments] == ["да"]


def test_what_was_withheld_stands_as_its_mark() -> None:
    """Captions and plain text show the mark that is in the released words, and no more."""
    part = Segment((Word("Это", 0, 1), Word("[имя-1].", 1, 2)), "ru", "S1", (Span(4, 11, "surname", 1),))
    made = Transcript("t", (part,), 3, "pseudonyms")
    assert WRITERS["vtt"](made) == "WEBVTT\n\n1\n00:00:00.000 --> 00:00:02.000\n<v S1>Это [имя-1].\n"
    assert WRITERS["txt"](made) == "S1: Это [имя-1].\n"
    assert READERS["json"](WRITERS["json"](made), "ru").segments[0].withheld == part.withheld


def test_words_of_a_cue_share_its_time_in_order() -> None:
    """No word leaves its cue, none runs backwards."""
    read = READERS["srt"]("1\n00:00:10,000 --> 00:00:14,000\nодин два трииии\n", "ru").segments[0]
    assert read.words[0].start == 10
    assert read.words[-1].end == pytest.approx(14)
    assert all(one.end == other.start for one, other in zip(read.words, read.words[1:], strict=False))


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("vtt", ""),
        ("vtt", "1\n00:00:01,000 --> 00:00:02,000\nsrt in truth\n"),
        ("vtt", "WEBVTT\n\n00:00:02.000 --> 00:00:01.000\nbackwards\n"),
        ("vtt", "WEBVTT\n\nx --> y\nno times\n"),
        ("srt", "no cues at all"),
        ("json", "{"),
        ("json", "[]"),
        ("json", '{"id": "t"}'),
        ("json", "[" * 100_000),
    ],
)
def test_what_is_no_transcript_is_refused(form: str, text: str) -> None:
    """Nonsense gives the one error that the caller can show."""
    with pytest.raises(MalformedTranscript):
        READERS[form](text, "ru")
