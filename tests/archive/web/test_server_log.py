"""What the server writes while strangers send it things: nothing of what they sent, and not where they are."""

from __future__ import annotations

import logging
import socket
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from archive.web.server import Log
from tests import rooms
from tests.serving import Server

NO_REQUESTS = (
    b"GET /search?q=Kanonichevsky HTTP/9.9\r\n\r\n",
    b"Kanonichevsky\r\n\r\n",
    b"GET /x HTTP/1.1\r\nHost: a\r\nKanonichevsky(: 1\r\n\r\n",
    "PATCH /uploads/x HTTP/1.1\r\nHost: a\r\nКаноничевский: 1\r\n\r\n".encode(),
)


@pytest.mark.slow
def test_what_is_no_request_is_refused_and_not_quoted(tmp_path: Path) -> None:
    """A line for each, without a word of it and without the network it came from."""
    rooms.archive_with_rooms(tmp_path / "home").house.close()
    log = tmp_path / "log"
    with log.open("w") as file:
        server = Server(tmp_path / "home", file)
        place = server.address.removeprefix("http://").rpartition(":")
        for sent in NO_REQUESTS:
            with socket.create_connection((place[0], int(place[2]))) as connection:
                connection.sendall(sent)
                assert connection.recv(64).startswith(b"HTTP/1.1 400")
        server.kill()
    written = log.read_text(encoding="utf-8")
    assert written.count("A request that is none was refused.") == len(NO_REQUESTS)
    assert "anonich" not in written
    assert "127.0.0.1" not in written


def test_an_error_of_the_server_is_one_line(caplog: pytest.LogCaptureFixture) -> None:
    """The class and the place: neither the address that was asked for, nor the message, nor a traceback."""
    settings: Any = SimpleNamespace(
        syslog=False, loglevel="warning", errorlog="-", accesslog=None, capture_output=False, logger_class=Log,
        logconfig_dict={}, logconfig_json=None, logconfig=None,
    )  # fmt: skip
    log = Log(settings)
    log.error_log.propagate = True
    with caplog.at_level(logging.WARNING):
        try:
            int("Каноничевский")
        except ValueError:
            log.exception("Error handling request %s", "/search?q=Каноничевский")
    assert len(caplog.records) == 1
    assert "ValueError at" in caplog.text
    assert "аноничевск" not in caplog.text
    assert caplog.records[0].exc_info is None
