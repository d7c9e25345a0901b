"""An upload on its way in: a file object whose content meets the disk only as ciphertext, under a key in memory."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import TYPE_CHECKING, Final
from uuid import uuid4

from archive.vault.cobblestone import Cipher
from archive.vault.files import FILE_MODE, make_folder, out_of_space, write_all
from archive.vault.keys import new_key
from archive.vault.sealed import SPOOL, Header, Seal, SealedReader, SealedWriter, Tier
from archive.vault.store import FileSource

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer, WriteableBuffer


_CLOSED: Final = -1


class Spool(io.RawIOBase):
    """First written from start to end, then read at any place; ``close`` forgets it.

    The first ``read``, or ``seek`` to anywhere but the end, ends the writing. Raises OutOfSpace.
    """

    def __init__(self, sink: _NamelessSink, seal: Seal, writer: SealedWriter) -> None:
        super().__init__()
        self._sink, self._seal, self._writer = sink, seal, writer
        self._reader: SealedReader | None = None

    @classmethod
    def within(cls, folder: Path, cipher: Cipher) -> Spool:
        """An empty spool in that folder, under a new key. Raises OutOfSpace."""
        sink = _NamelessSink(folder)
        header = Header(Tier.SPOOL, uuid4(), cipher.suite)
        seal = Seal(cipher, new_key(), header, SPOOL + bytes(header))
        return cls(sink, seal, SealedWriter(sink, seal))

    @property
    def length(self) -> int:
        """Bytes of content so far."""
        return self._writer.length

    def readable(self) -> bool:
        return True

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._writer.length if self._reader is None else self._reader.tell()

    def write(self, data: ReadableBuffer, /) -> int:
        """Takes all of ``data``. Raises io.UnsupportedOperation once reading has begun."""
        if self._reader is not None:
            raise io.UnsupportedOperation("a spool that is being read takes no more")
        return self._writer.write(data)

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        if self._reader is None and (offset, whence) in {
            (self.length, os.SEEK_SET),
            (0, os.SEEK_CUR),
            (0, os.SEEK_END),
        }:
            return self.length  # asking where the end is must not end the writing
        return self._reading().seek(offset, whence)

    def read(self, size: int | None = -1, /) -> bytes:
        return self._reading().read(size)

    def readall(self) -> bytes:
        return self.read(-1)

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        return self._reading().readinto(buffer)

    def close(self) -> None:
        if not self.closed:
            self._writer.discard()
            if self._reader is not None:
                self._reader.close()
            self._sink.abort()
        super().close()

    def _reading(self) -> SealedReader:
        if self.closed:
            raise ValueError("read from a closed spool")
        if self._reader is None:
            end = self._writer.length
            self._writer.close()
            self._reader = SealedReader(self._sink.source(), self._seal, end)
            self._reader.seek(end)
        return self._reader


class _NamelessSink:
    """A file without a name: the kernel frees it when the process ends, in whatever way it ends."""

    def __init__(self, folder: Path) -> None:
        self._file = _CLOSED
        make_folder(folder)
        path = folder / uuid4().hex
        with out_of_space():
            self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, FILE_MODE)
        path.unlink()

    def write(self, data: bytes) -> None:
        write_all(self._file, data)

    def commit(self) -> None:
        """Nothing: a spool is never visible."""

    def abort(self) -> None:
        if self._file != _CLOSED:
            os.close(self._file)
            self._file = _CLOSED

    def source(self) -> FileSource:
        return FileSource(os.dup(self._file))

    def __del__(self) -> None:
        self.abort()
