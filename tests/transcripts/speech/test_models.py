"""Models that are missing or broken are told at once, in a sentence, without a network."""

from __future__ import annotations

import json
import os
import shutil
import socket
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest

from transcripts.errors import EngineMissing, ModelDamaged, ModelMissing, SpeechError
from transcripts.shipped import shipped
from transcripts.speech import checked, here, load, models_folder

LOCK = "model.lock"


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asks for a network is a failure, not only whoever gets one."""

    def refuse(*_: object, **__: object) -> None:
        pytest.fail("the network was asked for")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.delenv("HF_HUB_OFFLINE")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The demo model without its lock, as somebody would convert one."""
    made = tmp_path / "a model"
    shutil.copytree(shipped("demo/model"), made, ignore=shutil.ignore_patterns(LOCK))
    return made


def drop(name: str) -> Callable[[Path], None]:
    return lambda folder: (folder / name).unlink()


def cut(name: str, share: float) -> Callable[[Path], None]:
    def act(folder: Path) -> None:
        whole = (folder / name).read_bytes()
        (folder / name).write_bytes(whole[: int(len(whole) * share)])

    return act


def fill(name: str, content: bytes) -> Callable[[Path], None]:
    return lambda folder: (folder / name).write_bytes(content) and None


def tail(folder: Path) -> None:
    with (folder / "model.bin").open("ab") as weights:
        weights.write(b"x")


def flip(folder: Path) -> None:
    """One bit of a weight, in a model that has its lock."""
    shutil.copy(shipped("demo/model") / LOCK, folder / LOCK)
    weights = bytearray((folder / "model.bin").read_bytes())
    weights[len(weights) // 2] ^= 1
    (folder / "model.bin").write_bytes(weights)


def unlock(folder: Path) -> None:
    """A file that changes what is heard and of which the lock knows nothing."""
    lock = json.loads((shipped("demo/model") / LOCK).read_bytes())
    del lock["files"]["preprocessor_config.json"]
    (folder / LOCK).write_text(json.dumps(lock))


BROKEN: dict[str, tuple[Callable[[Path], None], str]] = {
    "empty folder": (lambda folder: [file.unlink() for file in folder.iterdir()] and None, "model.bin"),
    "no weights": (drop("model.bin"), "model.bin"),
    "weights cut off": (cut("model.bin", 0.6), "model.bin"),
    "weights cut at the end": (cut("model.bin", 0.999999), "model.bin"),
    "weights with a tail": (tail, "model.bin"),
    "weights of another kind": (fill("model.bin", b"\x80\x02PK" * 1000), "model.bin"),
    "weights of zeros": (fill("model.bin", bytes(100_000)), "model.bin"),
    "weights that are a page": (fill("model.bin", b"version https://git-lfs.github.com/spec/v1\n"), "model.bin"),
    "no configuration": (drop("config.json"), "config.json"),
    "configuration cut off": (cut("config.json", 0.5), "config.json"),
    "no times for words": (fill("config.json", b'{"lang_ids": [903]}'), "alignment_heads"),
    "no tokenizer": (drop("tokenizer.json"), "tokenizer.json"),
    "tokenizer cut off": (cut("tokenizer.json", 0.5), "tokenizer.json"),
    "tokenizer that is none": (fill("tokenizer.json", b"{}"), "tokenizer.json"),
    "no vocabulary": (drop("vocabulary.json"), "vocabulary"),
    "features of another model": (fill("preprocessor_config.json", b'{"feature_size": 128}'), "preprocessor_config"),
    "a bit flipped": (flip, "model.bin was changed"),
    "a file beside the lock": (unlock, "preprocessor_config.json was changed"),
    "a lock that is none": (fill(LOCK, b'{"files": {"../x": {}}}'), LOCK),
}


def told_within_a_second(model: str, error: type[SpeechError]) -> SpeechError:
    """Processor time, so that a busy machine does not decide."""
    began, environment = time.process_time(), dict(os.environ)
    with pytest.raises(error) as told:
        load(model, 1)
    assert time.process_time() - began < 1
    assert dict(os.environ) == environment
    return told.value


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_model_is_told_at_once(folder: Path, case: str) -> None:
    """A sentence with what to do, and which file it is for who looks closer."""
    act, which = BROKEN[case]
    act(folder)
    error = told_within_a_second(str(folder), ModelDamaged)
    assert which in str(error)
    assert "golosa model fetch" in error.told()


@pytest.mark.parametrize(
    "model", ["small", "models/x", "/nowhere/at/all", "~/none", "", "..", "no such", "x\0/y", "a.pt"]
)
def test_a_missing_model_is_told_at_once(model: str) -> None:
    """A name that was not fetched, a path that leads nowhere, and nonsense."""
    error = told_within_a_second(model, ModelMissing)
    assert "fetch" in error.told()


def test_a_file_is_no_model(folder: Path) -> None:
    """The path of a model's file is not the path of a model."""
    told_within_a_second(str(folder / "model.bin"), ModelMissing)


def test_a_whole_model_needs_no_network_and_leaves_no_trace(folder: Path) -> None:
    """Loading changes no environment variable: an offline switch would outlive it and stop the next fetch."""
    environment = dict(os.environ)
    assert load(str(folder), 1).name.startswith("faster-whisper a model-")
    assert dict(os.environ) == environment


def test_a_tokenizer_only_its_own_library_can_judge(folder: Path) -> None:
    """What looks right and is not: the engine's bare exception becomes ours."""
    (folder / "tokenizer.json").write_text('{"model": {"type": "none of these"}}')
    with pytest.raises(ModelDamaged):
        load(str(folder), 1)


def test_a_model_that_cannot_tell_languages_is_damaged(folder: Path) -> None:
    """Without lang_ids the engine would fail at the first recording of unknown language."""
    config = json.loads((folder / "config.json").read_bytes())
    (folder / "config.json").write_text(json.dumps(config | {"lang_ids": []}))
    with pytest.raises(ModelDamaged, match="lang_ids"):
        load(str(folder), 1)


def test_the_digest_covers_all_that_changes_what_is_heard(folder: Path) -> None:
    """A changed configuration is another model; the same files elsewhere are the same."""
    before = checked(str(folder)).digest
    assert checked("demo").digest == before
    config = json.loads((folder / "config.json").read_bytes())
    (folder / "config.json").write_text(json.dumps(config | {"suppress_ids": []}))
    assert checked(str(folder)).digest != before


def test_names_are_looked_up_where_models_lie(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Our own folder first, then Hugging Face's cache; a folder without a slash before it is not taken for a name."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    monkeypatch.chdir(tmp_path)
    shutil.copytree(folder, tmp_path / "tiny")
    assert list(here()) == ["demo"]
    told_within_a_second("tiny", ModelMissing)
    cached = tmp_path / "hf/hub/models--Systran--faster-whisper-tiny"
    (cached / "refs").mkdir(parents=True)
    (cached / "refs/main").write_text("abc123")
    shutil.copytree(folder, cached / "snapshots/abc123")
    assert checked("tiny").folder == cached / "snapshots/abc123"
    shutil.copytree(folder, models_folder() / "tiny")
    shutil.copytree(folder, models_folder() / "ours")
    assert checked("tiny").folder == tmp_path / "data/golosa/models/tiny"
    assert list(here()) == ["demo", "ours", "tiny"]


def test_the_bundled_model_says_what_it_does_not_know() -> None:
    """Wherever it is used, people are told."""
    demo = checked("demo")
    assert demo.knows is not None
    assert "synthetic" in demo.knows
    assert not demo.takes_hotwords


@pytest.mark.skipif(find_spec("whisper") is not None, reason="the extra is installed here")
def test_an_engine_that_is_not_installed_is_told(tmp_path: Path) -> None:
    """A .pt file needs the extra, and the sentence says how to get it."""
    (tmp_path / "tiny.pt").write_bytes(b"x")
    assert "pip install golosa[openai-whisper]" in told_within_a_second(str(tmp_path / "tiny.pt"), EngineMissing).told()
