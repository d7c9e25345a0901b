"""Dying at a chosen moment: work in a child process that is killed at the n-th change of the disk."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable

POINTS = ("fsync", "replace", "unlink", "write", "pwrite", "mkdir", "rmdir")
"""The calls that change a disk, or make a change last. Path's methods end in the same functions of os."""


def in_child(work: Callable[[], None]) -> int:
    child = os.fork()
    if child == 0:
        try:
            work()
        except BaseException as cause:  # noqa: BLE001  # a child must never return into pytest
            os.write(2, repr(cause).encode())
            os._exit(99)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def dying_at(number: int, *, after: bool) -> None:
    """Kills this process at the ``number``th change of a disk, before it or right after it."""
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

    for name in POINTS:
        setattr(os, name, deadly(getattr(os, name)))
