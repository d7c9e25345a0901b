"""Downloading a model once, from where Whisper's converted weights are published. The only thing that uses a network.

Spoken to directly (two kinds of request) instead of through huggingface_hub, which compares sizes but no digests and
reads its offline switch once per process: recognition must never reach out, and this must, in the same process.
``HF_ENDPOINT`` may name a mirror.
"""

from __future__ import annotations

import errno
import hashlib
import http.client
import json
import os
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from transcripts.errors import FetchFailed
from transcripts.speech.models import FILES, LOCK, REPOSITORIES, checked, file_digest, models_folder

Progress = Callable[[int, int], None]

_HUB = "https://huggingface.co"
_PATIENCE = 30.0  # seconds without a byte
_BLOCK = 1 << 18
_LARGEST_ANSWER = 1 << 22  # bytes of JSON


@dataclass(frozen=True, slots=True)
class _File:
    """A published file. ``sha256`` is known for large files, for the others git's own SHA-1 of them."""

    name: str
    size: int
    sha256: str | None
    blob: str


def fetch(name: str, progress: Progress = lambda done, total: None) -> Path:
    """The folder of the model of that name, downloaded unless it is there already; ``progress`` is given bytes.

    What was broken off is continued. Raises FetchFailed with one plain reason; ModelDamaged if what is published is no
    model.
    """
    if name not in REPOSITORIES:
        raise FetchFailed(model=name, reason="no model of this name is known")
    if urlsplit(_hub()).scheme not in ("https", "http"):
        raise FetchFailed(model=name, reason="HF_ENDPOINT is no web address")
    folder = models_folder() / name
    if not folder.is_dir():
        with _plain_reasons(name):
            part = _downloaded(REPOSITORIES[name], folder, progress)
            part.rename(folder)
    checked(name)
    return folder


def _downloaded(repository: str, folder: Path, progress: Progress) -> Path:
    """A folder beside ``folder`` that holds every file, compared with what was published, and their lock."""
    revision, files = _published(repository)
    part = folder.with_name(f"{folder.name}.{revision[:12]}.part")
    part.mkdir(parents=True, exist_ok=True)
    total = sum(file.size for file in files)
    done = 0
    for file in files:
        address = f"{_hub()}/{repository}/resolve/{revision}/{quote(file.name)}"
        _receive(address, part / file.name, file, lambda got, before=done: progress(before + got, total))  # type: ignore[misc]
        done += file.size
    lock = {
        "from": f"{repository}@{revision}",
        "files": {file.name: {"bytes": file.size, "sha256": file_digest(part / file.name)} for file in files},
    }
    (part / LOCK).write_text(json.dumps(lock, indent=1) + "\n", encoding="utf-8")
    return part


def _published(repository: str) -> tuple[str, list[_File]]:
    """The newest revision, and those of its files that a model is made of."""
    with _opened(f"{_hub()}/api/models/{repository}/revision/main?blobs=true") as answer:
        found = json.loads(answer.read(_LARGEST_ANSWER))
    revision = str(found["sha"])
    if not revision.isalnum():
        raise ValueError("a revision that is none")
    return revision, [_file(entry) for entry in found["siblings"] if entry["rfilename"] in FILES]


def _file(entry: dict[str, Any]) -> _File:
    return _File(entry["rfilename"], int(entry["size"]), (entry.get("lfs") or {}).get("sha256"), str(entry["blobId"]))


def _receive(address: str, path: Path, file: _File, progress: Callable[[int], None]) -> None:
    """Fills ``path``, from where it broke off if it did, and compares it. What is wrong is removed."""
    got = path.stat().st_size if path.exists() else 0
    if got < file.size:
        with _opened(address, got) as answer, path.open("ab") as out:
            if got and answer.status != http.client.PARTIAL_CONTENT:
                out.truncate(0)
                got = 0
            while block := answer.read(_BLOCK):
                out.write(block)
                got += len(block)
                progress(got)
    if got < file.size:
        # A connection that ends early is no error to http.client when it is read in blocks. What came is kept.
        raise ConnectionError
    if not _is_as_published(path, file):
        path.unlink()
        raise ValueError("not what was published")
    progress(file.size)


def _is_as_published(path: Path, file: _File) -> bool:
    if path.stat().st_size != file.size:
        return False
    if file.sha256:
        return file_digest(path) == file.sha256
    head = b"blob %d\0" % file.size
    return hashlib.sha1(head + path.read_bytes(), usedforsecurity=False).hexdigest() == file.blob


@contextmanager
def _opened(address: str, skip: int = 0) -> Iterator[http.client.HTTPResponse]:
    headers = {"User-Agent": "golosa"} | ({"Range": f"bytes={skip}-"} if skip else {})
    request = urllib.request.Request(address, headers=headers)  # noqa: S310  # the scheme was looked at in fetch
    with urllib.request.urlopen(request, timeout=_PATIENCE) as answer:  # noqa: S310
        yield answer


def _hub() -> str:
    return os.environ.get("HF_ENDPOINT", _HUB).rstrip("/")


@contextmanager
def _plain_reasons(model: str) -> Iterator[None]:
    """One sentence for everything that can happen on the way."""
    try:
        yield
    except urllib.error.HTTPError as cause:
        with cause:
            raise FetchFailed(model=model, reason=f"the server answered {cause.code}") from cause
    except (urllib.error.URLError, http.client.HTTPException, TimeoutError, ConnectionError) as cause:
        raise FetchFailed(model=model, reason="no network, or the server cannot be reached") from cause
    except (ValueError, KeyError, TypeError) as cause:
        raise FetchFailed(model=model, reason="what arrived is not what was published") from cause
    except OSError as cause:
        full = cause.errno in (errno.ENOSPC, errno.EDQUOT)
        reason = "the disk is full" if full else "the folder for models cannot be written"
        raise FetchFailed(model=model, reason=reason) from cause
