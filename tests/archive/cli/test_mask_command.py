"""golosa mask: spans of a file are concealed, everything wrong is told in a sentence."""

from __future__ import annotations

import io
import json
from pathlib import Path

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


@pytest.mark.parametrize("spans", ["[[1.1, 1.9]]", "1.1 1.9\n", "\n 1.1\t1.9 \n\n"])
@pytest.mark.parametrize("suffix", ["flac", "wav", "opus", "m4a"])
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


def test_spans_of_both_kinds_are_the_same() -> None:
    """JSON and lines give equal spans."""
    spans = [(0.5, 1.25), (3.0, 4.0)]
    assert read_spans(json.dumps(spans)) == read_spans("0.5 1.25\n3 4") == spans
