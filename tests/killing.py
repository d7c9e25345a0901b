"""Dying at a chosen moment: work in a child process that is killed at the n-th change of the disk."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

POINTS = ("fsync", "replace", "unlink", "write", "pwrite", "mkdir", "rmdir")
"""The calls that change a disk, or make a change last. Path's methods end in the same functions of os."""


def in_child(work: Callable[[], None]) -> int:
    child = os.fork()
    if child == 0:
        status = 99
        try:
            work()
            status = 0
        except BaseException as cause:  # noqa: BLE001  # what it was stands in the output of the test
            os.write(2, repr(cause).encode())
        finally:  # a child must never return into pytest, whatever the test has made of os.write
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def dying_at(number: int, *, after: bool, beside: tuple[tuple[object, str], ...] = ()) -> None:
    """Kills this process at the ``number``th change of a disk or call of ``beside``, before it or right after it."""
    left = number

    def deadly(real: Callable[..., object]) -> Callable[..., object]:
        def call(*given: object, **named: object) -> object:
            nonlocal left
            left -= 1
            if left == -1 and not after:
                os.kill(os.getpid(), signal.SIGKILL)
            try:
                return real(*given, **named)
            finally:
                if left == -1:
                    os.kill(os.getpid(), signal.SIGKILL)

        return call

    for place, name in (*((os, name) for name in POINTS), *beside):
        setattr(place, name, deadly(getattr(place, name)))


def killed_everywhere(model: Path, home: Path, work: Callable[[int], None], step: int = 1) -> Iterator[None]:
    """Each time ``home`` is a copy of ``model`` on which ``work(number)`` died at its ``number``th moment; at last one
    on which it did not."""
    number, status = 0, -signal.SIGKILL
    while status:
        shutil.rmtree(home, ignore_errors=True)
        shutil.copytree(model, home)
        status = in_child(lambda: work(number))  # noqa: B023  # the child ends before the number grows
        assert status in (0, -signal.SIGKILL)
        yield
        number += step
    assert number > 3
