"""The promises of conftest.py, which every other test builds upon."""

from __future__ import annotations

import os
import socket
import tempfile
from pathlib import Path

import pytest
from pytest_socket import SocketConnectBlockedError


def test_no_test_reaches_another_machine() -> None:
    """A connection beyond loopback is refused before a packet leaves."""
    with (
        socket.socket() as outward,
        pytest.warns(UserWarning, match="203.0.113.1"),
        pytest.raises(SocketConnectBlockedError),
    ):
        outward.connect(("203.0.113.1", 9))  # TEST-NET-3: nobody's address


def test_loopback_and_unix_sockets_work(tmp_path: Path) -> None:
    """Servers on this machine can be tested over both kinds of socket."""
    for family, address in ((socket.AF_INET, ("127.0.0.1", 0)), (socket.AF_UNIX, os.path.relpath(tmp_path / "s"))):
        with socket.socket(family) as server, socket.socket(family) as client:
            server.bind(address)
            server.listen()
            client.connect(server.getsockname())


def test_home_and_temporary_files_are_the_runs_own(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Nothing of the person who runs the tests is read, and nothing is left with them."""
    base = tmp_path_factory.getbasetemp()
    assert base in Path.home().parents
    assert base in Path(tempfile.gettempdir()).parents
    assert not [name for name in os.environ if name.startswith("GOLOSA_")]
