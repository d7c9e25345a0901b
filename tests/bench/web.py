"""The web process while it sends a 1 GB recording, and while it receives one: memory and speed.

    python tests/bench/web.py [GIGABYTES]

A server process of its own, spoken to over loopback as a browser does: sign in, then single ranges of a megabyte until
the whole masked sound was heard; then a WAV file of that size as a form. ``memory`` is the largest resident set of the
server and its children meanwhile. One JSON line.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from archive.catalogue import Blob, Kind
from archive.policy import MACHINE, Act, Layer, Role
from tests.rooms import Rooms, archive_with_rooms
from tests.serving import Visitor

MEGABYTE = 1 << 20


def grown(rooms: Rooms, size: int) -> None:
    """Makes the released interview's masked sound ``size`` bytes long."""
    house = rooms.house
    with house.catalogue.reading() as ledger:
        interview = ledger.interviews.get(rooms.released)
    permit = house.require(Act.PROCESS, MACHINE, interview)
    with house.vault.write(permit, interview.id, Layer.RELEASED) as writer:
        for _ in range(size // MEGABYTE):
            writer.write(os.urandom(MEGABYTE))
    blob = Blob.of(writer.blob, interview.id, Kind.MASKED_SOUND, "audio/ogg", {"redaction": interview.redaction})
    with house.catalogue.writing() as ledger:
        ledger.blobs.add(blob)


class Watch:
    """The largest resident set among a process and its children, in MB, looked at ten times a second."""

    def __init__(self, process: int) -> None:
        self.most = 0.0
        self._process, self._over = process, threading.Event()
        threading.Thread(target=self._look, daemon=True).start()

    def _look(self) -> None:
        while not self._over.wait(0.1):
            self.most = max([self.most, *(self._resident(one) for one in self._family())])

    def _family(self) -> list[int]:
        try:
            children = Path(f"/proc/{self._process}/task/{self._process}/children").read_text(encoding="ascii")
        except FileNotFoundError:
            return []
        return [self._process, *map(int, children.split())]

    @staticmethod
    def _resident(process: int) -> float:
        try:
            status = Path(f"/proc/{process}/status").read_text(encoding="ascii", errors="replace")
        except FileNotFoundError:
            return 0.0
        found = re.search(r"VmRSS:\s+(\d+) kB", status)
        return int(found[1]) / 1024 if found else 0.0


def heard(visitor: Visitor, rooms: Rooms) -> int:
    """Bytes of the released sound, range by range."""
    at = 0
    while True:
        answer = visitor.ask("GET", f"/interviews/{rooms.released}/sound", Range=f"bytes={at}-")
        piece = answer.read()
        total = int((answer.getheader("Content-Range") or "/0").rpartition("/")[2])
        at += len(piece)
        if at >= total:
            return at


def sent(visitor: Visitor, size: int) -> None:
    """A WAV file of ``size`` bytes with the least a form needs."""
    edge = "golosa-bench"
    fields = {"csrf_token": visitor.token("/interviews/new"), "language": "ru"}
    head = "".join(
        f'--{edge}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n' for key, value in fields.items()
    )
    head += f'--{edge}\r\nContent-Disposition: form-data; name="recording"; filename="long.wav"\r\n\r\n'
    rate = 192_000
    wav = b"RIFF" + (36 + size).to_bytes(4, "little") + b"WAVEfmt " + (16).to_bytes(4, "little")
    wav += (1).to_bytes(2, "little") + (2).to_bytes(2, "little") + rate.to_bytes(4, "little")
    wav += (rate * 4).to_bytes(4, "little") + (4).to_bytes(2, "little") + (16).to_bytes(2, "little")
    wav += b"data" + size.to_bytes(4, "little")
    tail = f"\r\n--{edge}--\r\n".encode()

    def body() -> object:
        yield head.encode() + wav
        block = os.urandom(MEGABYTE)
        for _ in range(size // MEGABYTE):
            yield block
        yield tail

    length = len(head.encode()) + len(wav) + size + len(tail)
    kind = {"Content-Type": f"multipart/form-data; boundary={edge}", "Content-Length": str(length)}
    answer = visitor.ask("POST", "/interviews/new", body(), **kind)
    answer.read()
    assert answer.status in (200, 303), answer.status


def main() -> None:
    size = int(float(sys.argv[1] if len(sys.argv) > 1 else 1.0) * 1_000) * MEGABYTE
    with tempfile.TemporaryDirectory() as folder:
        rooms = archive_with_rooms(Path(folder) / "home")
        grown(rooms, size)
        home = rooms.house.settings.home
        rooms.house.close()
        command = [sys.executable, "-m", "tests.rooms", str(home)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
            assert server.stdout is not None
            address = server.stdout.readline().strip()
            watch = Watch(server.pid)
            visitor = Visitor(address)
            visitor.sign_in(Role.HISTORIAN.value)
            began = time.perf_counter()
            got = heard(visitor, rooms)
            sending, most_sending = time.perf_counter() - began, watch.most
            other = Visitor(address)
            other.sign_in(Role.INTERVIEWER.value)
            began = time.perf_counter()
            sent(other, size)
            receiving = time.perf_counter() - began
            server.terminate()
    found = {
        "bench": "web",
        "unit": "MB, MB/s",
        "megabytes": got / MEGABYTE,
        "memory_sending": round(most_sending),
        "sending": round(got / MEGABYTE / sending),
        "memory_receiving": round(watch.most),
        "receiving": round(size / MEGABYTE / receiving),
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main()
