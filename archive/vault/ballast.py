"""Room on the disk that is kept for what must happen on a full one: a file of nothing, given up piece by piece."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from archive.errors import OutOfSpace
from archive.vault.files import FILE_MODE, out_of_space, write_all

SIZE: Final = 4 << 20
PIECE: Final = 1 << 20
"""Bytes that are given up at once: more than any such act writes, so that several of them find room."""


class Ballast:
    """``size`` bytes at ``path``. Random ones, so that no disk that compresses or leaves out zeros keeps less."""

    def __init__(self, path: Path, size: int = SIZE) -> None:
        self._path, self._size = path, size

    @property
    def is_whole(self) -> bool:
        """Whether all of it is there."""
        return self._left() >= self._size

    def renew(self) -> None:
        """Makes it whole again. Raises OutOfSpace, and then what was there before is there."""
        left = self._left()
        if left >= self._size:
            return
        with out_of_space():
            file = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, FILE_MODE)
        try:
            write_all(file, os.urandom(self._size - left))
            os.ftruncate(file, self._size)  # another process may have made it whole at the same time
            with out_of_space():
                os.fsync(file)
        except OutOfSpace:
            os.ftruncate(file, left)
            raise
        finally:
            os.close(file)

    def give_up(self) -> bool:
        """Lets go of a piece; whether there was one."""
        left = self._left()
        if not left:
            return False
        file = os.open(self._path, os.O_WRONLY | os.O_NOFOLLOW)
        try:
            os.ftruncate(file, max(0, left - PIECE))
            os.fsync(file)
        finally:
            os.close(file)
        return True

    def _left(self) -> int:
        try:
            return self._path.stat().st_size
        except FileNotFoundError:
            return 0
