"""Models are downloaded once, continued when broken off, and compared with what was published."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from transcripts.errors import FetchFailed
from transcripts.shipped import shipped
from transcripts.speech import checked, fetch, load, models_folder

NAMES = ("config.json", "model.bin", "preprocessor_config.json", "tokenizer.json", "vocabulary.json")
REVISION = "0123456789abcdef0123456789abcdef01234567"


@dataclass
class Hub:
    """What a hub publishes as “tiny” (the demo model), and how it misbehaves."""

    files: dict[str, bytes] = field(
        default_factory=lambda: {name: (shipped("demo/model") / name).read_bytes() for name in NAMES}
    )
    extra: tuple[str, ...] = ("README.md", "../../escape.bin")
    breaks_after: int | None = None
    ranges: bool = True
    changed: str | None = None
    answers: int = 200
    asked: list[tuple[str, str | None]] = field(default_factory=list)

    def listing(self) -> bytes:
        """The answer of the programming interface."""
        siblings = [
            {
                "rfilename": name,
                "size": len(data),
                "blobId": hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest(),
                "lfs": {"sha256": hashlib.sha256(data).hexdigest()} if name == "model.bin" else None,
            }
            for name, data in self.files.items()
        ]
        siblings += [{"rfilename": name, "size": 1, "blobId": "0", "lfs": None} for name in self.extra]
        return json.dumps({"sha": REVISION, "siblings": siblings}).encode()


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    """A hub on this machine; models go into a folder of the test's own."""
    made = Hub()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            made.asked.append((self.path, self.headers["Range"]))
            name = self.path.rpartition("/")[2]
            if self.path == "/api/models/Systran/faster-whisper-tiny/revision/main?blobs=true":
                self.answer(made.listing(), made.answers)
            elif self.path == f"/Systran/faster-whisper-tiny/resolve/{REVISION}/{name}" and name in made.files:
                data = made.files[name]
                if name == made.changed:
                    data = data[:-1] + bytes([data[-1] ^ 1])
                skip = int((self.headers["Range"] or "bytes=0-")[6:-1]) if made.ranges else 0
                self.answer(data[skip:], 206 if skip else 200)
            else:
                self.answer(b"", 404)

        def answer(self, data: bytes, status: int) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            if made.breaks_after is not None and len(data) > made.breaks_after:
                self.wfile.write(data[: made.breaks_after])
                self.close_connection = True
            else:
                self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{server.server_port}/")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield made
        server.shutdown()
        thread.join()


def test_fetched_once_and_used_by_its_name(hub: Hub, tmp_path: Path) -> None:
    """Progress reaches the whole; the second time nobody is asked; nothing but the model's files is taken."""
    told: list[tuple[int, int]] = []
    folder = fetch("tiny", lambda done, total: told.append((done, total)))
    size = sum(map(len, hub.files.values()))
    assert told == sorted(told)
    assert told[-1] == (size, size)
    assert folder == models_folder() / "tiny"
    assert sorted(file.name for file in folder.iterdir()) == sorted([*NAMES, "model.lock"])
    assert [path.name for path in models_folder().iterdir()] == ["tiny"]
    assert not list(tmp_path.rglob("escape*"))
    assert load("tiny", 1).window_seconds == pytest.approx(7.6)
    hub.asked.clear()
    assert fetch("tiny") == folder
    assert hub.asked == []


def test_an_offline_switch_for_recognition_does_not_stop_it(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    """Loaded and listened to first, in the same process and with the switch on: a fetch is asked for by a person."""
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    load("demo", 1)
    fetch("tiny")
    assert checked("tiny").digest == checked("demo").digest


@pytest.mark.parametrize("ranges", [True, False])
def test_what_was_broken_off_is_continued(hub: Hub, ranges: bool) -> None:
    """The rest is asked for, or the whole again where a server knows no ranges; the files that were whole are not."""
    hub.breaks_after, hub.ranges = 2_000_000, ranges
    with pytest.raises(FetchFailed):
        fetch("tiny")
    assert not (models_folder() / "tiny").exists()
    hub.breaks_after = None
    hub.asked.clear()
    fetch("tiny")
    asked = {path.rpartition("/")[2]: range_ for path, range_ in hub.asked}
    assert asked["model.bin"] == "bytes=2000000-"
    assert "config.json" not in asked
    assert checked("tiny").digest == checked("demo").digest


@pytest.mark.parametrize("name", ["model.bin", "config.json"])
def test_what_differs_from_what_was_published_is_not_taken(hub: Hub, name: str) -> None:
    """One bit, in a large file and in a small one; trying again with an honest server goes well."""
    hub.changed = name
    with pytest.raises(FetchFailed) as failed:
        fetch("tiny")
    assert failed.value.facts["reason"] == "what arrived is not what was published"
    assert not (models_folder() / "tiny").exists()
    hub.changed = None
    fetch("tiny")


@pytest.mark.parametrize(("answers", "reason"), [(404, "the server answered 404"), (503, "the server answered 503")])
def test_a_server_that_refuses_is_quoted(hub: Hub, answers: int, reason: str) -> None:
    """One plain sentence with its number."""
    hub.answers = answers
    with pytest.raises(FetchFailed) as failed:
        fetch("tiny")
    assert reason in failed.value.told()


def test_no_network_is_one_plain_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody answers: no traceback, no folder, and the way without a network."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    with pytest.raises(FetchFailed) as failed:
        fetch("tiny")
    assert "no network" in failed.value.told()
    assert "from another machine" in failed.value.told()
    assert not models_folder().exists()


@pytest.mark.parametrize("listing", [b"<html>sign in</html>", b"[]", b"{}", b'{"sha": "../..", "siblings": []}'])
def test_a_server_that_talks_nonsense_is_told(hub: Hub, monkeypatch: pytest.MonkeyPatch, listing: bytes) -> None:
    """A page to sign in to a hotel's network is not a list of files."""
    monkeypatch.setattr(hub, "listing", lambda: listing)
    with pytest.raises(FetchFailed) as failed:
        fetch("tiny")
    assert failed.value.facts["reason"] == "what arrived is not what was published"


def test_a_name_nobody_knows_is_told() -> None:
    """Before any network is asked."""
    with pytest.raises(FetchFailed) as failed:
        fetch("tiny-of-nobody")
    assert "no model of this name" in failed.value.told()


def test_mirrors_are_web_addresses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file's address would read this machine's own disk."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("HF_ENDPOINT", "file:///etc")
    with pytest.raises(FetchFailed) as failed:
        fetch("tiny")
    assert "HF_ENDPOINT" in failed.value.told()
