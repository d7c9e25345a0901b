"""Uploads by clients that nobody here wrote, over the real server; and killed again and again, client and server."""

from __future__ import annotations

import hashlib
import io
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO
from uuid import UUID

import pytest
from tusclient.client import TusClient

from archive.acts import uploads
from archive.catalogue import Kind
from archive.errors import UploadInUse
from archive.policy import Act, Role
from tests import make
from tests.rooms import Rooms, archive_with_rooms
from tests.serving import CONSENT, ROOT, Server, Visitor

pytestmark = pytest.mark.slow
KILLS = 30


@pytest.fixture(scope="module")
def rooms(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rooms]:
    made = archive_with_rooms(tmp_path_factory.mktemp("uploads") / "home")
    yield made
    made.house.close()


@pytest.fixture
def server(rooms: Rooms) -> Iterator[Server]:
    made = Server(rooms.house.settings.home)
    yield made
    made.kill()


@pytest.fixture
def visitor(server: Server) -> Iterator[Visitor]:
    made = Visitor(server.address)
    made.sign_in(Role.INTERVIEWER.value)
    yield made
    made.connection.close()


def noise(path: Path, megabytes: int) -> Path:
    """A WAV file of that size which no one would listen to."""
    with path.open("wb") as out:
        head = bytearray(make.cut_off_wav()[:44])
        head[4:8], head[40:44] = ((megabytes << 20) + 36).to_bytes(4, "little"), (megabytes << 20).to_bytes(4, "little")
        out.write(head)
        for _ in range(megabytes):
            out.write(os.urandom(1 << 20))
    return path


def entered(visitor: Visitor, rooms: Rooms, url: str, file: Path) -> None:
    """The upload becomes an interview whose recording is the file, byte for byte; nothing stays in the spool."""
    path = url[url.index("/uploads/") :]
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    fields = {**CONSENT, "csrf_token": visitor.token("/interviews/new"), "sha256": digest}
    answer = visitor.post(path + "/finish", fields)
    told = answer.read().decode()
    assert answer.status == 200, told
    with rooms.house.catalogue.reading() as ledger:
        interview = ledger.interviews.get(UUID(path.rpartition("/")[2]))
        blob = ledger.blobs.newest(interview.id, Kind.RECORDING)
    assert blob is not None
    with rooms.house.vault.open(
        rooms.house.require(Act.RECEIVE, rooms.who[Role.INTERVIEWER], interview), blob
    ) as reader:
        assert hashlib.file_digest(reader, "sha256").hexdigest() == digest  # type: ignore[arg-type]
    assert rooms.house.vault.uploads.ids() == set()


@pytest.mark.parametrize("checked", [False, True], ids=["plain", "with-checksums"])
def test_tuspy_sends_and_goes_on(rooms: Rooms, server: Server, visitor: Visitor, tmp_path: Path, checked: bool) -> None:
    """Creation, pieces, a break, going on from the offset, the whole."""
    file = noise(tmp_path / "long.wav", 3)
    client = TusClient(f"{server.address}/uploads", headers=visitor.tus_headers())
    with file.open("rb") as stream:
        known = {"filename": "Лебедева.wav"}
        sender = client.uploader(file_stream=stream, chunk_size=700_001, metadata=known, upload_checksum=checked)
        sender.upload(stop_at=1_500_000)
        again = client.uploader(file_stream=stream, url=sender.url, chunk_size=5_000_000, upload_checksum=checked)
        assert again.offset == sender.offset == 1_500_000
        again.upload()
    assert sender.url is not None
    entered(visitor, rooms, sender.url, file)


@pytest.mark.npm
def test_tus_js_client_sends_goes_on_and_ends(rooms: Rooms, server: Server, visitor: Visitor, tmp_path: Path) -> None:
    """Creation, pieces, a break, going on with a new client; termination of another one."""
    file = noise(tmp_path / "long.wav", 2)
    headers = visitor.tus_headers()
    for abort_at in ([], ["900000"]):
        command = ["node", "tus.mjs", server.address, headers["Cookie"], headers["X-CSRFToken"], str(file), *abort_at]
        done = subprocess.run(command, cwd=ROOT / "tests" / "browser", capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        entered(visitor, rooms, done.stdout.strip(), file)


def test_thirty_kills_lose_and_double_nothing(rooms: Rooms, server: Server, visitor: Visitor, tmp_path: Path) -> None:
    """Client, server, its worker or both are killed with -9 at random moments of one upload. After each, no byte that
    was acknowledged is missing, and what has arrived is the beginning of the file; at last the whole equals it."""
    chance, file = random.Random(20261126), noise(tmp_path / "long.wav", 96)
    headers = visitor.tus_headers()
    client = TusClient(f"{server.address}/uploads", headers=headers)
    with file.open("rb") as stream:
        place = client.uploader(file_stream=stream, metadata={"filename": "Лебедева.wav"}).create_url()
    acknowledged, killed = 0, 0
    while killed < KILLS:
        sender = started(server, headers, file, place, pause=0.01)
        assert sender.stdout is not None
        acknowledged = int(sender.stdout.readline())  # it is under way
        time.sleep(chance.uniform(0, 0.5))
        for victim in chance.choice(("client", "server", "worker", "server client", "worker client")).split():
            {"client": sender.kill, "server": server.kill, "worker": lambda: kill_worker(server)}[victim]()
        killed += 1
        acknowledged = max([acknowledged, *offsets(sender)])
        if server.process.poll() is not None:
            server.start()
        arrived = checked(rooms, place, file)
        assert acknowledged <= arrived < file.stat().st_size
    assert acknowledged > 5_000_000, "hardly anything was under way"
    for _ in range(5):
        sender = started(server, headers, file, place, pause=0)
        offsets(sender, to_the_end=True)
        if sender.returncode == 0:
            break
    visitor.connection.close()  # to a server that is dead; the next request opens another one
    entered(visitor, rooms, place, file)


def started(server: Server, headers: dict[str, str], file: Path, url: str, pause: float) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.tus_child", server.address, headers["Cookie"], headers["X-CSRFToken"]]
    return subprocess.Popen(
        [*command, str(file), url, str(pause)], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )


def offsets(sender: subprocess.Popen[str], *, to_the_end: bool = False) -> list[int]:
    """What the server has acknowledged to a sender, which is killed unless it may run to its end."""
    if not to_the_end:
        sender.kill()
    out: IO[str] | None = sender.stdout
    assert out is not None
    with out:
        found = [int(line) for line in out.read().split("\n")[:-1]]
    sender.wait()
    return found


def kill_worker(server: Server) -> None:
    """Only the process that answers; gunicorn starts another one."""
    children = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children").read_text(encoding="ascii")
    for child in children.split():
        os.kill(int(child), signal.SIGKILL)


def checked(rooms: Rooms, url: str, file: Path) -> int:
    """How much has arrived, which is the beginning of the file; looked at from another process than the server's."""
    id = UUID(url.rpartition("/")[2])
    house = rooms.house
    permit = house.require(Act.UPLOAD, rooms.who[Role.INTERVIEWER], uploads._draft(house, house.vault.uploads.get(id)))
    for _ in range(600):
        try:
            with house.vault.uploads.held(permit, id) as held, file.open("rb") as original:
                reader = held.reader()
                while piece := reader.read(4 << 20):
                    assert piece == original.read(len(piece))
                return held.offset
        except UploadInUse:  # a killed client's last piece is still being taken in
            time.sleep(0.05)
    raise AssertionError("in use for ever")


def test_a_dead_connection_gives_way_and_a_live_one_does_not(rooms: Rooms, server: Server, visitor: Visitor) -> None:
    """A sender fell silent in the middle of a piece, its connection open: at first others wait, after ten seconds what
    it brought is kept and the next one goes on."""
    headers = visitor.tus_headers()
    place = str(
        TusClient(f"{server.address}/uploads", headers=headers)
        .uploader(file_stream=io.BytesIO(bytes(900_000)))
        .create_url()
    )
    path = place[place.index("/uploads/") :]
    tus = {**headers, "Tus-Resumable": "1.0.0"}
    with socket.create_connection(tuple(visitor.place.split(":"))) as silent:  # type: ignore[arg-type]
        head = {**tus, "Host": visitor.place, "Content-Type": "application/offset+octet-stream", "Upload-Offset": "0",
                "Content-Length": "900000"}  # fmt: skip
        lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
        silent.sendall(f"PATCH {path} HTTP/1.1\r\n{lines}\r\n".encode() + bytes(300_000))
        time.sleep(1)
        answer = visitor.ask("HEAD", path, **tus)
        answer.read()
        assert answer.status == 423
        time.sleep(11)
        visitor.connection.close()  # the server has, after five seconds
        answer = visitor.ask("HEAD", path, **tus)
        answer.read()
        assert (answer.status, answer.getheader("Upload-Offset")) == (200, "300000")
    rooms.house.vault.uploads.end(UUID(path.rpartition("/")[2]))
