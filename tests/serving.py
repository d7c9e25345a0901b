"""A served archive that can be killed, and visitors who speak HTTP to it as a browser's connection does."""

from __future__ import annotations

import http.client
import os
import re
import signal
import subprocess
import sys
from html import unescape
from pathlib import Path
from typing import IO
from urllib.parse import urlencode

from tests.rooms import PASSWORD

ROOT = Path(__file__).resolve().parent.parent
CONSENT = {"naming": "no-name", "research": "no", "voice_for_research": "text-only", "excerpts": "never",
           "voice_for_public": "text-only", "language": "ru"}  # fmt: skip
"""The least a form of consent has to say."""


class Server:
    """The pages of an archive made by ``archive_with_rooms``, in processes of their own; always on the same port."""

    def __init__(self, home: Path, log: IO[str] | None = None) -> None:
        self._home, self._port, self._log = home, 0, log
        self.start()

    def start(self) -> None:
        """Raises AssertionError if it does not come up."""
        command = [sys.executable, "-m", "tests.rooms", str(self._home), str(self._port)]
        self.process = subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=self._log, text=True, start_new_session=True
        )
        assert self.process.stdout is not None
        self.address = self.process.stdout.readline().strip()
        assert self.address, "the server did not start"
        self._port = int(self.address.rpartition(":")[2])

    def kill(self) -> None:
        """All its processes at once, with SIGKILL."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()


class Visitor:
    """A browser's connection, cookie and form tokens."""

    def __init__(self, address: str) -> None:
        self.place = address.removeprefix("http://").rstrip("/")
        self.connection = http.client.HTTPConnection(self.place, timeout=600)
        self.cookie = ""

    def ask(self, method: str, path: str, body: object = None, **headers: str) -> http.client.HTTPResponse:
        """The answer to a request of this site's own page."""
        sent = {"Cookie": self.cookie, "Sec-Fetch-Site": "same-origin", "Origin": f"http://{self.place}", **headers}
        self.connection.request(method, path, body=body, headers=sent)  # type: ignore[arg-type]
        answer = self.connection.getresponse()
        if given := answer.getheader("Set-Cookie"):
            self.cookie = given.partition(";")[0]
        return answer

    def token(self, path: str) -> str:
        """The token in the first form of a page."""
        page = self.ask("GET", path).read().decode()
        found = re.search(r'name="csrf_token" value="([^"]+)"', page)
        assert found, f"no form on {path}"
        return unescape(found[1])

    def post(self, path: str, fields: dict[str, str]) -> http.client.HTTPResponse:
        """Sends a form."""
        return self.ask("POST", path, urlencode(fields), **{"Content-Type": "application/x-www-form-urlencoded"})

    def sign_in(self, name: str) -> None:
        """As the test account of that name."""
        fields = {"csrf_token": self.token("/sign-in"), "name": name, "password": PASSWORD}
        answer = self.post("/sign-in", fields)
        answer.read()
        assert answer.status == 303, answer.status

    def tus_headers(self) -> dict[str, str]:
        """What a tus client of somebody else needs to speak in this visitor's name."""
        return {"Cookie": self.cookie, "X-CSRFToken": self.token("/interviews/new")}
