"""A full disk, met anywhere on the way of a recording: what was stored stays whole, and nothing is there by halves.

Once the system's calls say so (ENOSPC), and once the kernel itself refuses to let files grow (RLIMIT_FSIZE), which
SQLite's own writes meet too.
"""

from __future__ import annotations

import errno
import os
import resource
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from archive import parts, worker
from archive.acts import fixity
from archive.errors import OutOfSpace
from archive.parts import Archive
from archive.policy import OPERATOR
from archive.settings import load
from tests import make
from tests.archive.cli.test_archive_commands import run
from tests.killing import in_child

SOUND = make.recording(stop=3)
FULL, RECEIVED = 3, 0


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with one recording."""
    home = tmp_path_factory.mktemp("full") / "model"
    house = make.archive_in(home)
    make.received(house, OPERATOR, SOUND)
    house.close()
    return home


def receiving(home: Path, fill: Callable[[], None]) -> int:
    """How a process ends in which another recording is received after ``fill``: FULL if it says so, RECEIVED if not."""

    def work() -> None:
        house = parts.unlock(load(home), make.PASSPHRASE)
        fill()
        try:
            make.received(house, OPERATOR, SOUND)
        except OutOfSpace:
            os._exit(FULL)

    return in_child(work)


def check(home: Path, interviews: int) -> None:
    """So many whole interviews, and no file, key or row of another one."""
    house = parts.unlock(load(home), make.PASSPHRASE)
    worker.tidy(house)
    report = fixity.verify(house, OPERATOR)
    assert (report.interviews, report.files, report.damaged) == (interviews, interviews, ())
    names = _interviews(house)
    assert {path.name for path in (home / "store").glob("[!.]*")} == names
    for folder in ("open", "released"):
        assert {path.name[:36] for path in (home / "keys" / folder).iterdir() if path.name[0] != "."} == names
    assert list(home.rglob("*.part")) == []
    house.close()


def _interviews(house: Archive) -> set[str]:
    with house.catalogue.reading() as ledger:
        return {str(interview.id) for interview in ledger.interviews.all()}


def _failing_from(number: int) -> None:
    """The ``number``th call that would write, and every one after it, finds no space."""
    left = number

    def failing(real: Callable[..., object]) -> Callable[..., object]:
        def call(*given: object, **named: object) -> object:
            nonlocal left
            left -= 1
            if left < 0:
                raise OSError(errno.ENOSPC, "full")
            return real(*given, **named)

        return call

    for name in ("write", "pwrite", "fsync", "mkdir"):
        setattr(os, name, failing(getattr(os, name)))


@pytest.mark.slow
def test_every_write_may_find_the_disk_full(model: Path, tmp_path: Path) -> None:
    """From each of the vault's writes on; the last time there was room enough."""
    number, ended = 0, FULL
    while ended == FULL:
        home = tmp_path / str(number)
        shutil.copytree(model, home)
        ended = receiving(home, lambda number=number: _failing_from(number))  # type: ignore[misc]
        check(home, 1 if ended == FULL else 2)
        number += 1
    assert ended == RECEIVED
    assert number > 10


@pytest.mark.slow
@pytest.mark.parametrize("kibibytes", [0, 4, 16, 40, 64, 96, 128, 192])
def test_no_file_may_grow_beyond_a_size(model: Path, tmp_path: Path, kibibytes: int) -> None:
    """Neither a sealed file nor the catalogue or its log."""
    home = tmp_path / "home"
    shutil.copytree(model, home)
    limit = kibibytes << 10
    ended = receiving(home, lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)))
    assert ended in (FULL, RECEIVED)
    check(home, 1 if ended == FULL else 2)


def test_what_a_full_disk_makes_of_a_command_is_one_line(model: Path, tmp_path: Path) -> None:
    """One that stores nothing does not ask to send anything again."""
    home = tmp_path / "home"
    shutil.copytree(model, home)
    hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]

    def work() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1024, hard))
        assert isinstance(run(home, "status").exception, OutOfSpace)

    assert in_child(work) == 0
    assert "send" not in OutOfSpace.says
    check(home, 1)
