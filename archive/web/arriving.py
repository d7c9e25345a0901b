"""A file that comes with a form, on its way into the vault's spool."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from archive.errors import OutOfSpace

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer, WriteableBuffer

    from archive.vault import Spool


class Arriving(io.RawIOBase):
    """Written and read as a spool. Where the disk is full the rest is let go, and whoever reads it gets OutOfSpace.

    Whoever writes it is in the middle of a form: what else was typed there must not be lost with the file.
    """

    def __init__(self, spool: Callable[[], Spool]) -> None:
        super().__init__()
        self._spool: Spool | None = None
        self._full: OutOfSpace | None = None
        try:
            self._spool = spool()
        except OutOfSpace as full:
            self._full = full

    def readable(self) -> bool:
        return True

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def write(self, data: ReadableBuffer, /) -> int:
        if self._spool is not None:
            try:
                return self._spool.write(data)
            except OutOfSpace as full:
                self._let_go(full)
        return memoryview(data).nbytes

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        """To the beginning always: the form's parser goes there. The end of what is not there is nowhere."""
        if self._spool is not None:
            try:
                return self._spool.seek(offset, whence)
            except OutOfSpace as full:  # its last bytes had to be written first
                self._let_go(full)
        return 0 if (offset, whence) == (0, os.SEEK_SET) else self._whole().seek(offset, whence)

    def tell(self) -> int:
        return self._spool.tell() if self._spool is not None else 0

    def read(self, size: int | None = -1, /) -> bytes:
        return self._whole().read(size)

    def readall(self) -> bytes:
        return self.read(-1)

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        return self._whole().readinto(buffer)

    def close(self) -> None:
        if self._spool is not None:
            self._spool.close()
        super().close()

    def _let_go(self, full: OutOfSpace) -> None:
        self._full = full
        if self._spool is not None:
            self._spool.close()
        self._spool = None

    def _whole(self) -> Spool:
        if self._spool is None:
            raise self._full or ValueError("read from a closed file")
        return self._spool
