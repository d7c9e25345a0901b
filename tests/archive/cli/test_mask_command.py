"""golosa mask: spans of a file are concealed, everything wrong is told in a sentence."""

from __future__ import annotations

import io
from pathlib import Path

import av
import numpy as np
import pytest
from click.testing import CliRunner, Result

from archive.cli.mask import mask, read_spans
from tests.transcripts.sound.recordings import RATE, chirps, wav
from transcripts.errors import GolosaError
from transcripts.sound import decoded

ORIGINAL = chirps(5)
CONCEALED = slice(RATE, 2 * RATE)


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    path = tmp_path / "recording.wav"
    path.write_bytes(wav(ORIGINAL))
    return path


def run(sound: Path, spans: str, output: str, *more: str) -> Result:
    spans_file = sound.with_name("spans")
    spans_file.write_bytes(spans.encode("utf-8", "surrogateescape"))
    return CliRunner().invoke(mask, [str(sound), "--spans", str(spans_file), "-o", str(sound.parent / output), *more])


def told(result: Result) -> str:
    return result.exception.told() if isinstance(result.exception, GolosaError) else result.stderr


@pytest.mark.slow
@pytest.mark.parametrize("spans", ["[[1.1, 1.9]]", "start,end\n1.1,1.9\n"])
@pytest.mark.parametrize("suffix", ["flac", "wav", "opus", "m4a", "mp3"])
def test_the_span_is_gone_and_the_rest_is_there(sound: Path, spans: str, suffix: str) -> None:
    """Spans come as JSON or as lines; the form follows from the name of the output."""
    result = run(sound, spans, f"masked.{suffix}", "--pad", "0.1")
    assert result.exit_code == 0, result.output
    heard = np.concatenate(list(decoded(io.BytesIO(sound.with_name(f"masked.{suffix}").read_bytes()))))
    assert abs(np.corrcoef(heard[CONCEALED], ORIGINAL[CONCEALED])[0, 1]) < 0.2
    rest = slice(3 * RATE, 4 * RATE)
    assert np.corrcoef(heard[rest], ORIGINAL[rest])[0, 1] > 0.95
    assert result.stdout == ""


@pytest.mark.parametrize(
    ("spans", "output", "status", "word"),
    [
        ("one two", "masked.wav", 1, "start end"),
        ("[1, 2]", "masked.wav", 1, "JSON"),
        ("[[1, 2", "masked.wav", 1, "JSON"),
        ("1 2 3", "masked.wav", 1, "start end"),
        ("[" * 100_000, "masked.wav", 1, "JSON"),
        ("\udcff", "masked.wav", 1, "JSON"),
        ("3 2", "masked.wav", 1, "Span 1"),
        ("1 inf", "masked.wav", 1, "Span 1"),
        ("1 2", "masked.doc", 2, ".opus"),
        ("1 2", "recording.wav", 2, "itself"),
        ("1 2", "none/masked.wav", 1, "written"),
        ("1 2\n7 8", "masked.wav", 1, "Span 2 begins after"),
        ('{"start": 1}', "masked.wav", 1, "JSON"),
        ('[{"start": 1}]', "masked.wav", 1, "JSON"),
        ("start,stop\n1,2", "masked.wav", 1, "CSV"),
    ],
)
def test_what_is_wrong_is_told(sound: Path, spans: str, output: str, status: int, word: str) -> None:
    """Exit status 1 or 2, one sentence, no half-made file, and the recording untouched."""
    before = sound.read_bytes()
    result = run(sound, spans, output)
    assert result.exit_code == status
    assert word in told(result)
    assert isinstance(result.exception, SystemExit | GolosaError)
    assert status == 2 or result.stderr == ""  # the one line is printed by “main”, in the person's language
    assert sound.read_bytes() == before
    assert {path.name for path in sound.parent.iterdir()} == {"recording.wav", "spans"}


@pytest.mark.parametrize(
    ("option", "value"), [("--pad", "nan"), ("--pad", "inf"), ("--pad", "-1"), ("--tone", "nan"), ("--tone", "8000")]
)
def test_a_tone_that_cannot_be_made_is_wrong_usage(sound: Path, option: str, value: str) -> None:
    """Before anything is written."""
    result = run(sound, "1 2", "masked.wav", option, value)
    assert result.exit_code == 2, result.output
    assert option in result.stderr
    assert not sound.with_name("masked.wav").exists()


def test_a_damaged_recording_is_told(sound: Path) -> None:
    """The sentence for people of the error tree is what is shown."""
    sound.write_bytes(wav(ORIGINAL)[:60_000])
    result = run(sound, "1 2", "masked.wav")
    assert result.exit_code == 1
    assert "5 s but only 2 s" in told(result)
    assert not sound.with_name("masked.wav").exists()


@pytest.mark.parametrize(
    "text",
    [
        "[[0.5, 1.25], [3, 4]]",
        '[{"start": 0.5, "end": 1.25, "who": 1}, {"end": 4, "start": 3}]',
        '{"spans": [[0.5, 1.25], [3, 4]]}',
        "0.5 1.25\n\n 3\t4 \n",
        "0.5,1.25\n3,4",
        "\ufeffStart,End\n0.5,1.25\n3,4\n",
        "who;end;start\n1;1.25;0.5\n2;4;3\n",
        "start\tend\n0.5\t1.25\n3\t4",
    ],
)
def test_spans_come_in_many_forms(text: str) -> None:
    """JSON, CSV and plain lines give equal spans."""
    assert read_spans(text) == [(0.5, 1.25), (3.0, 4.0)]


def test_what_is_there_is_not_written_over(sound: Path) -> None:
    """Unless it is asked for; never the recording."""
    there = sound.with_name("masked.wav")
    there.write_bytes(b"a day's work")
    refused = run(sound, "1 2", "masked.wav")
    assert (refused.exit_code, there.read_bytes()) == (2, b"a day's work")
    assert "--force" in refused.stderr
    assert run(sound, "1 2", "recording.wav", "--force").exit_code == 2
    assert run(sound, "3 2", "masked.wav", "--force").exit_code == 1
    assert there.read_bytes() == b"a day's work"
    assert run(sound, "1 2", "masked.wav", "--force").exit_code == 0
    assert len(there.read_bytes()) == 44 + 2 * len(ORIGINAL)


def test_of_a_video_the_sound_is_taken(tmp_path: Path) -> None:
    """A container with a picture gives a file with sound alone."""
    video = tmp_path / "recording.mp4"
    with av.open(str(video), "w") as muxer:
        picture, voice = muxer.add_stream("mpeg4", rate=5), muxer.add_stream("aac", rate=RATE)
        picture.width = picture.height = 64
        voice.codec_context.layout = "mono"
        for n in range(25):
            frame = av.VideoFrame.from_ndarray(np.full((64, 64, 3), 9 * n, np.uint8), format="rgb24")
            frame.pts = n
            muxer.mux(picture.encode(frame))
        frame = av.AudioFrame.from_ndarray(ORIGINAL[None], format="s16", layout="mono")
        frame.sample_rate, frame.pts = RATE, 0
        for stream, last in ((voice, frame), (voice, None), (picture, None)):
            muxer.mux(stream.encode(last))
    result = run(video, "1 2", "masked.m4a")
    assert result.exit_code == 0, result.output
    with av.open(str(tmp_path / "masked.m4a")) as made:
        assert [stream.type for stream in made.streams] == ["audio"]
