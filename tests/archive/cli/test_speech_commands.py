"""golosa transcribe and golosa model: without an archive, from a file to standard output."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from archive.cli.speech import model, transcribe
from tests import make
from transcripts.errors import FetchFailed, ModelMissing, NoSpeech, NotSound
from transcripts.formats import READERS
from transcripts.shipped import shipped
from transcripts.speech import models_folder


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first seconds of a demo interview."""
    path = tmp_path_factory.mktemp("sound") / "part.opus"
    path.write_bytes(make.recording(stop=8.0))
    return path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(transcribe, arguments)


@pytest.mark.slow
def test_the_transcript_alone_goes_to_standard_output(sound: Path) -> None:
    """JSON that our reader takes; the bars and the warning about the demo model go to standard error."""
    result = run(str(sound), "--model", "demo", "--format", "json", "--threads", "1")
    assert result.exit_code == 0, result.output
    made = READERS["json"](result.stdout, "ru")
    assert made.word_count > 5
    assert 7.5 < made.seconds < 8.5
    assert "synthetic" in " ".join(result.stderr.split())


def test_silence_is_told_and_is_no_empty_transcript(tmp_path: Path) -> None:
    """Nothing on standard output that a script could take for a text."""
    path = tmp_path / "quiet.wav"
    path.write_bytes(make.quiet_wav(3))
    result = run(str(path), "--model", "demo", "--threads", "1")
    assert isinstance(result.exception, NoSpeech)
    assert result.stdout == ""


@pytest.mark.slow
@pytest.mark.parametrize(("form", "start"), [("vtt", "WEBVTT\n\n1\n00:00:0"), ("srt", "1\n00:00:0")])
def test_subtitles_can_be_had(sound: Path, form: str, start: str) -> None:
    """The language found out by the model itself."""
    result = run(str(sound), "--model", "demo", "--format", form, "--language", "auto", "--threads", "1")
    assert result.stdout.startswith(start)
    assert len(READERS[form](result.stdout, "ru").segments) >= 1


def test_a_missing_model_is_told_before_the_sound_is_read(tmp_path: Path) -> None:
    """The file is not even sound: the model is asked for first, so nobody waits for a decode in vain."""
    path = tmp_path / "text.wav"
    path.write_text("not sound")
    result = run(str(path))
    assert isinstance(result.exception, ModelMissing)
    assert result.exception.facts["model"] == "small"
    assert isinstance(run(str(path), "--model", "demo").exception, NotSound)


def test_models_are_listed_with_their_state() -> None:
    """The bundled one with its limits; a damaged one with what is wrong with it."""
    shutil.copytree(shipped("demo/model"), models_folder() / "mine")
    (models_folder() / "mine" / "vocabulary.json").unlink()
    lines = CliRunner().invoke(model, ["list"]).stdout.splitlines()
    assert [line.split()[0] for line in lines] == ["demo", "mine"]
    assert "synthetic" in lines[0]
    assert "damaged: vocabulary.json is missing" in lines[1]


def test_a_model_nobody_knows_cannot_be_fetched() -> None:
    """One sentence, no network."""
    assert isinstance(CliRunner().invoke(model, ["fetch", "huge"]).exception, FetchFailed)
