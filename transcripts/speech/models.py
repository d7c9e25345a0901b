"""Speech models on this machine: where they lie, whether they are whole. Nothing here loads an engine or a network.

A model is a folder in CTranslate2's form: ``model.bin``, ``config.json``, ``tokenizer.json``, ``vocabulary.json`` (or
``.txt``) and, for some, ``preprocessor_config.json``. ``model.lock`` beside them, if it is there, holds what they must
be; the bundled model has one and ``fetch`` writes one.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from transcripts.errors import ModelDamaged, ModelMissing
from transcripts.shipped import shipped
from transcripts.speech.weights import BrokenWeights, shapes

REPOSITORIES: Mapping[str, str] = {
    "tiny": "Systran/faster-whisper-tiny",
    "base": "Systran/faster-whisper-base",
    "small": "Systran/faster-whisper-small",
    "medium": "Systran/faster-whisper-medium",
    "large-v3": "Systran/faster-whisper-large-v3",
    "large-v3-turbo": "mobiuslabsgmbh/faster-whisper-large-v3-turbo",
}
"""The models that have a name, and where they are published."""

LOCK = "model.lock"
NEEDED = ("model.bin", "config.json", "tokenizer.json")
VOCABULARIES = ("vocabulary.json", "vocabulary.txt")
FEATURES = "preprocessor_config.json"
FILES = (*NEEDED, *VOCABULARIES, FEATURES)
"""Every file a model can have."""

_NAME = re.compile(r"[\w][\w.-]*")
_USUAL_MELS = 80


@dataclass(frozen=True, slots=True)
class Model:
    """A model that is whole. ``digest`` (hexadecimal SHA-256) covers every file that changes what it hears.

    ``knows``: a sentence about its limits; ``takes_hotwords``: whether it learned to make use of names given to it.
    """

    folder: Path
    digest: str
    knows: str | None = None
    takes_hotwords: bool = True


def models_folder() -> Path:
    """Where ``fetch`` puts models: ``$XDG_DATA_HOME/golosa/models``."""
    data = os.environ.get("XDG_DATA_HOME")
    return (Path(data) if data else Path.home() / ".local/share") / "golosa" / "models"


def find(model: str) -> Path:
    """The folder of ``model``: “demo”, a name, or a path (which has a slash in it). Raises ModelMissing."""
    for folder in _places(model):
        if folder.is_dir():
            return folder.resolve()
    raise ModelMissing(model=model)


def here() -> Iterator[str]:
    """The names that have a folder on this machine."""
    own = models_folder()
    fetched = [place.name for place in own.iterdir() if _NAME.fullmatch(place.name)] if own.is_dir() else []
    for name in sorted({"demo", *REPOSITORIES, *fetched}):
        if any(folder.is_dir() for folder in _places(name)):
            yield name


def checked(model: str) -> Model:
    """The model, every file of it read and compared. Raises ModelMissing, ModelDamaged."""
    try:
        return _checked(find(model))
    except (_Broken, BrokenWeights, OSError) as cause:
        raise ModelDamaged(str(cause), model=model) from cause


def file_digest(path: Path) -> str:
    """Hexadecimal SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class _Broken(Exception):
    """Which file of a model is wrong, and how."""


def _places(model: str) -> Iterator[Path]:
    if "/" in model or os.sep in model or model.startswith("~"):
        yield Path(model).expanduser()
        return
    if not _NAME.fullmatch(model):
        return
    if model == "demo":
        yield from _bundled()
    yield models_folder() / model
    if model in REPOSITORIES:
        yield from _in_hub_cache(REPOSITORIES[model])


def _bundled() -> Iterator[Path]:
    try:
        yield shipped("demo/model")
    except FileNotFoundError:
        return


def _in_hub_cache(repository: str) -> Iterator[Path]:
    """Where Hugging Face's own tools would have put it: people often have it already."""
    home = os.environ.get("HF_HOME")
    hub = os.environ.get("HF_HUB_CACHE")
    caches = Path(hub) if hub else (Path(home) if home else Path.home() / ".cache/huggingface") / "hub"
    folder = caches / f"models--{repository.replace('/', '--')}"
    try:
        yield folder / "snapshots" / (folder / "refs/main").read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return


def _checked(folder: Path) -> Model:
    present = [name for name in FILES if (folder / name).is_file()]
    for name in NEEDED:
        if name not in present:
            raise _Broken(f"{name} is missing")
    if not set(VOCABULARIES) & set(present):
        raise _Broken(f"{VOCABULARIES[0]} is missing")
    lock = _object(folder / LOCK) if (folder / LOCK).exists() else {}
    # Cheap questions first: a file cut short is told at once, even of a model of gigabytes.
    _compare_sizes(folder, lock)
    _look_inside(folder, present)
    digests = {name: file_digest(folder / name) for name in present}
    _compare_digests(digests, lock)
    together = json.dumps(digests, sort_keys=True).encode()
    return Model(
        folder,
        hashlib.sha256(together).hexdigest(),
        knows=lock.get("knows"),
        takes_hotwords=lock.get("takes_hotwords", True) is True,
    )


def _compare_sizes(folder: Path, lock: Mapping[str, Any]) -> None:
    for name, facts in _locked(lock).items():
        if not (folder / name).is_file():
            raise _Broken(f"{name} is missing")
        if (folder / name).stat().st_size != facts["bytes"]:
            raise _Broken(f"{name} is not as long as it was")


def _compare_digests(digests: Mapping[str, str], lock: Mapping[str, Any]) -> None:
    locked = _locked(lock)
    for name, digest in digests.items():
        if lock and (name not in locked or locked[name]["sha256"] != digest):
            raise _Broken(f"{name} was changed")


def _locked(lock: Mapping[str, Any]) -> Mapping[str, Mapping[str, Any]]:
    files = lock.get("files", {})
    if lock and not (isinstance(files, dict) and set(files) <= set(FILES) and all(map(_is_entry, files.values()))):
        raise _Broken(f"{LOCK} is not a lock")
    assert isinstance(files, dict)
    return files


def _is_entry(facts: object) -> bool:
    return isinstance(facts, dict) and isinstance(facts.get("bytes"), int) and isinstance(facts.get("sha256"), str)


def _look_inside(folder: Path, present: list[str]) -> None:
    """What engines find out late or not at all."""
    if not _object(folder / "config.json").get("alignment_heads"):
        # The engine loads it all the same, and then has no times for words: nothing could be concealed in the sound.
        raise _Broken("config.json has no alignment_heads")
    if not _object(folder / "tokenizer.json").get("model"):
        raise _Broken("tokenizer.json holds no tokenizer")
    features = _object(folder / FEATURES) if FEATURES in present else {}
    wanted = shapes(folder / "model.bin").get("encoder/conv1/weight", ())[1:2]
    if wanted != (features.get("feature_size", _USUAL_MELS),):
        raise _Broken(f"{FEATURES} does not fit model.bin")


def _object(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as cause:
        raise _Broken(f"{path.name} is not JSON") from cause
    if not isinstance(found, dict):
        raise _Broken(f"{path.name} holds no object")
    return found
