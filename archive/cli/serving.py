"""Running an archive: ``serve`` asks for the passphrase once and keeps a web and a worker process alive."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

import click

from archive import worker as working
from archive.cli.opening import Place, in_archive, tell_failures
from archive.web.server import serve as serve_web

_BEFORE_NEXT_START = 2.0  # seconds: a process that dies at once must not spin


@click.command()
@click.option("--port", type=int, help="Instead of the port in the settings.")
@in_archive
def serve(place: Place, port: int | None) -> None:
    """Serve the archive: its pages and its worker, until Ctrl-C."""
    passphrase = place.passphrase()
    with Place.given(place.home, passphrase).unlocked() as house:
        working.tidy(house)
        address = f"http://{house.settings.web.host}:{port or house.settings.web.port}"
    click.echo(f"The archive is served at {address} (Ctrl-C ends it).", err=True)
    Processes(place.home, passphrase, port).run()


@click.command(hidden=True)
@click.option("--port", type=int, help="Instead of the port in the settings.")
@in_archive
def web(place: Place, port: int | None) -> None:
    """Only the pages. “golosa serve” starts this and the worker."""
    with place.unlocked() as house:
        serve_web(house, port or house.settings.web.port)


@click.command()
@click.option("--once", is_flag=True, help="Do what waits, then end.")
@in_archive
def worker(place: Place, once: bool) -> None:
    """Do the machine's part of the work.

    Decode, transcribe, find names; after approval mask, verify, index. “golosa serve” runs it too.
    """
    with place.unlocked() as house:
        if once:
            working.tidy(house)
            tell_failures(house, working.work(house))
        else:
            working.forever(house)


class Processes:
    """The web and the worker as children, each started again when it dies, both ended when this one is.

    The passphrase goes to each through a pipe of its own: arguments and environment can be read by other users.
    """

    def __init__(self, home: Path, passphrase: str, port: int | None) -> None:
        self._home, self._passphrase = home, passphrase
        self._commands = {"web": ["web", *(["--port", str(port)] if port else [])], "worker": ["worker"]}
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._stopping = False

    def run(self) -> None:
        """Until SIGINT or SIGTERM."""
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)
        for name in self._commands:
            self._start(name)
        try:
            while not self._stopping:
                self._restart_dead()
                time.sleep(0.2)
        finally:
            self.stop()

    def start(self) -> None:
        """Both, without waiting for them."""
        for name in self._commands:
            self._start(name)

    def stop(self) -> None:
        """Asks both to end, and makes them after ten seconds."""
        for process in self._running.values():
            process.terminate()
        for process in self._running.values():
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _stop(self, _signal: int, _frame: FrameType | None) -> None:
        self._stopping = True

    def _restart_dead(self) -> None:
        for name, process in list(self._running.items()):
            if process.poll() is not None and not self._stopping:
                click.echo(f"golosa: {name} ended with {process.returncode} and is started again", err=True)
                time.sleep(_BEFORE_NEXT_START)
                self._start(name)

    def _start(self, name: str) -> None:
        reading, writing = os.pipe()
        command = [sys.executable, "-m", "archive", *self._commands[name]]
        options = ["--home", str(self._home), "--passphrase-fd", str(reading)]
        # A group of its own: Ctrl-C at the terminal reaches this process alone, which then ends the others in order.
        arguments = [*command, *options]
        self._running[name] = subprocess.Popen(arguments, pass_fds=(reading,), start_new_session=True)  # noqa: S603
        os.close(reading)
        with os.fdopen(writing, "w") as pipe:
            pipe.write(self._passphrase + "\n")
