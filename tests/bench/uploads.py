"""Four recordings of 1 GB sent at once by tus: memory of the web process, speed, digests.

    python tests/bench/uploads.py [GIGABYTES]

A server of its own, four clients at once, each sending pieces of 8 MiB with checksums and then having its recording
entered. ``memory`` is the largest resident set of the server and its children meanwhile, ``right`` how many digests
that the archive read back equal the sender's. One JSON line.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import sys
import tempfile
import threading
import time
from pathlib import Path

from archive.policy import Role
from tests.bench.web import MEGABYTE, Watch
from tests.rooms import archive_with_rooms
from tests.serving import CONSENT, Server, Visitor

CLIENTS = 4
PIECE = 8 * MEGABYTE


class Client:
    """Sends a WAV file of ``size`` bytes that repeats a random megabyte, xored with its place so that none is equal."""

    def __init__(self, address: str, size: int) -> None:
        self.visitor, self.size, self.block = Visitor(address), size, os.urandom(MEGABYTE)
        self.visitor.sign_in(Role.INTERVIEWER.value)
        self.token = self.visitor.token("/interviews/new")
        self.sent, self.entered, self.is_right = 0.0, 0.0, False

    def run(self) -> None:
        began = time.perf_counter()
        tus = {"Tus-Resumable": "1.0.0", "X-CSRFToken": self.token}
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        body = "&".join(f"{name}={value}" for name, value in CONSENT.items())
        answer = self.visitor.ask("POST", "/uploads", body, **tus, **form, **{"Upload-Length": str(self.size)})
        answer.read()
        place, digest = str(answer.getheader("Location")), hashlib.sha256()
        for at in range(0, self.size, PIECE):
            piece = self._piece(at)
            digest.update(piece)
            check = base64.b64encode(hashlib.sha256(piece).digest()).decode()
            headers = {"Upload-Offset": str(at), "Upload-Checksum": f"sha256 {check}"}
            kind = {"Content-Type": "application/offset+octet-stream"}
            answer = self.visitor.ask("PATCH", place, piece, **tus, **headers, **kind)
            answer.read()
            assert answer.status == 204, answer.status
        self.sent = time.perf_counter() - began
        answer = self.visitor.post(place + "/finish", {"csrf_token": self.token, "sha256": digest.hexdigest()})
        told = json.loads(answer.read())
        self.is_right = told.get("sha256") == digest.hexdigest()
        self.entered = time.perf_counter() - began - self.sent

    def _piece(self, at: int) -> bytes:
        size = min(PIECE, self.size - at)
        number = at.to_bytes(8, "big")
        piece = bytearray((self.block * (size // MEGABYTE + 1))[:size])
        piece[100:108] = number
        if at == 0:
            piece[:44] = self._head()
        return bytes(piece)

    def _head(self) -> bytes:
        rate, size = 192_000, self.size - 44
        head = b"RIFF" + (36 + size).to_bytes(4, "little") + b"WAVEfmt " + (16).to_bytes(4, "little")
        head += (1).to_bytes(2, "little") + (2).to_bytes(2, "little") + rate.to_bytes(4, "little")
        head += (rate * 4).to_bytes(4, "little") + (4).to_bytes(2, "little") + (16).to_bytes(2, "little")
        return head + b"data" + size.to_bytes(4, "little")


def main() -> None:
    size = int(float(sys.argv[1] if len(sys.argv) > 1 else 1.0) * 1e9)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        archive_with_rooms(home).house.close()
        server = Server(home)
        watch = Watch(server.process.pid)
        clients = [Client(server.address, size) for _ in range(CLIENTS)]
        threads = [threading.Thread(target=client.run) for client in clients]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        server.kill()
    sending = max(client.sent for client in clients)
    found = {
        "bench": "uploads",
        "unit": "MB, MB/s, s",
        "megabytes": round(CLIENTS * size / 1e6),
        "memory": round(watch.most),
        "sending": round(CLIENTS * size / 1e6 / sending),
        "entering_seconds": round(max(client.entered for client in clients)),
        "right": sum(client.is_right for client in clients),
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main()
