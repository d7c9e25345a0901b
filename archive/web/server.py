"""Running the pages on gunicorn: one process with threads, no access log, nothing buffered on a disk."""

from __future__ import annotations

import gc
import socket
import sys
from collections.abc import Callable
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.glogging import Logger

from archive.errors import ArchiveError
from archive.parts import Archive
from archive.web.app import make_app, told


class PortTaken(ArchiveError):
    """Something else listens there, or the port is not ours to use."""

    code = "port-taken"
    says = "Port {port} cannot be used: something else may listen there. Choose another one with --port."


_MOST_CONNECTIONS = 500  # a process may open about a thousand files, and the vault needs some, too
_STALLED_SECONDS = 120  # a worker that answers nobody for so long is started again


def serve(house: Archive, port: int | None = None, on_ready: Callable[[str], None] | None = None) -> None:
    """Serves until SIGINT or SIGTERM. ``on_ready`` is told the address once it can be opened; port 0 takes a free one.

    Raises PortTaken.
    """
    settings = house.settings.web
    wanted = settings.port if port is None else port
    _check_free(settings.host, wanted)
    _Server(
        house,
        {
            "bind": f"{settings.host}:{wanted}",
            "worker_class": "archive.web.patience.PatientWorker",
            "workers": 1,  # throttling and remembered questions live in its memory
            "threads": settings.threads,
            "worker_connections": _MOST_CONNECTIONS,
            "sendfile": False,  # it waits for the visitor where nothing can be said to it
            "timeout": _STALLED_SECONDS,
            "graceful_timeout": 5,
            "keepalive": 5,
            "accesslog": None,
            "loglevel": "warning",
            "logger_class": Log,
            "control_socket_disable": True,
            "pre_fork": lambda _arbiter, _worker: house.catalogue.close(),  # SQLite's connections do not survive a fork
            "when_ready": lambda arbiter: on_ready(_address(arbiter)) if on_ready else None,
        },
    ).run()


class Log(Logger):  # type: ignore[misc]
    """What gunicorn has to say in its own words alone: its messages quote requests, name networks, hold tracebacks."""

    def warning(self, msg: object, *args: object, **_: object) -> None:
        """Of what is no request, nothing is told but that it came."""
        super().warning("A request that is none was refused." if str(msg).startswith("Invalid request") else msg, *args)

    def exception(self, msg: object, *_: object, **__: object) -> None:
        """One line instead of a traceback."""
        self.error("%s", told(sys.exc_info()))


class _Server(BaseApplication):  # type: ignore[misc]  # gunicorn ships no types
    def __init__(self, house: Archive, options: dict[str, Any]) -> None:
        self._house, self._options = house, options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        app = make_app(self._house)
        # What is here now stays for good. Looking through all of it for garbage at every long interview that is opened
        # took four times as long as opening it.
        gc.freeze()
        return app

    def run(self) -> None:
        try:
            Arbiter(self).run()
        except SystemExit as end:
            if end.code:
                raise RuntimeError("the server could not be started") from end


def _check_free(host: str, port: int) -> None:
    """gunicorn would try for five seconds and log each failure."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as cause:
            raise PortTaken(port=port) from cause


def _address(arbiter: Arbiter) -> str:
    host, port = arbiter.LISTENERS[0].sock.getsockname()[:2]
    return f"http://{host}:{port}"
