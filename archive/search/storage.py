"""Whoosh's idea of a folder, over sealed files: nothing it writes, temporary runs included, is ever plain on a disk.

Whoosh unpickles what it reads. That is safe here, and only here, because every byte was authenticated before Whoosh
sees it (SealedFiles): who can forge one holds the key.
"""

from __future__ import annotations

import io
import pickle
import sys
from array import array
from functools import cached_property
from typing import Any, BinaryIO

from whoosh.filedb.filestore import Storage
from whoosh.filedb.structfile import StructFile

from archive.search.ports import RandomAccess, SealedFiles

_BUFFER = 8 * 1024


class _Raw(io.RawIOBase):
    """A stretch of a sealed file as a raw stream; BufferedReader makes it fast enough for pickle."""

    def __init__(self, access: RandomAccess, offset: int, length: int) -> None:
        super().__init__()
        self._access = access
        self._offset = offset
        self._length = length
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._at = max(0, (0, self._at, self._length)[whence] + offset)
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: Any) -> int:
        size = max(0, min(len(buffer), self._length - self._at))
        content = self._access.read_at(self._offset + self._at, size) if size else b""
        buffer[: len(content)] = content
        self._at += len(content)
        return len(content)


class _SealedFile(StructFile):
    """A sealed file open for reading, with Whoosh's own ways to read numbers out of it."""

    def __init__(self, access: RandomAccess, name: str, offset: int = 0, length: int | None = None) -> None:
        self._access = access
        self._offset = offset
        self._length = access.length if length is None else length
        self._owner = length is None
        super().__init__(io.BufferedReader(_Raw(access, offset, self._length), _BUFFER), name=name)
        self.is_real = False  # no file descriptor: Whoosh must not map it into memory

    def get(self, position: int, length: int) -> bytes:
        return self._access.read_at(self._offset + position, max(0, min(length, self._length - position)))

    def get_array(self, position: int, typecode: str, length: int) -> array[Any]:
        numbers = array(typecode)
        numbers.frombytes(self.get(position, length * numbers.itemsize))
        if sys.byteorder == "little":
            numbers.byteswap()  # Whoosh's files are big-endian
        return numbers

    def read_pickle(self) -> Any:
        return pickle.load(self.file)  # noqa: S301  # authenticated, see the head of this module

    def subset(self, offset: int, length: int, name: str | None = None) -> _SealedFile:
        return _SealedFile(self._access, name or str(self), self._offset + offset, length)

    def close(self) -> None:
        if self.is_closed:
            return
        super().close()
        if self._owner:
            self._access.close()


class SealedStorage(Storage):
    """A folder of sealed files. Locking is the engine's business, not Whoosh's."""

    supports_mmap = False

    def __init__(self, files: SealedFiles) -> None:
        self._files = files

    def __repr__(self) -> str:
        return "SealedStorage()"

    def create_file(self, name: str, **_: Any) -> StructFile:
        return _writable(self._files.create(name), name)

    def open_file(self, name: str, **_: Any) -> StructFile:
        return _SealedFile(self._files.open(name), name)

    def list(self) -> list[str]:
        return self._files.names()

    def file_exists(self, name: str) -> bool:
        return self._files.exists(name)

    def file_modified(self, name: str) -> float:
        return self._files.modified(name)

    def file_length(self, name: str) -> int:
        return self._files.length(name)

    def delete_file(self, name: str) -> None:
        self._files.delete(name)

    def rename_file(self, frm: str, to: str, safe: bool = False) -> None:
        if safe and self._files.exists(to):
            raise NameError("the file is there already")
        self._files.rename(frm, to)

    def temp_storage(self, name: str | None = None) -> Storage:
        return _Scratch(self._files)


class _Scratch(SealedStorage):
    """Where Whoosh sorts what does not fit into memory: sealed under a key that dies with this process.

    What it wants to write and read back through one handle (columns, a few bytes per passage) stays in memory.
    """

    def __init__(self, parent: SealedFiles) -> None:
        self._parent = parent

    @cached_property
    def _files(self) -> SealedFiles:  # type: ignore[override]
        return self._parent.scratch()  # made when the first file is: most commits never spill

    def create_file(self, name: str, mode: str = "wb", **_: Any) -> StructFile:
        return _writable(io.BytesIO(), name) if "+" in mode else super().create_file(name)

    def delete_file(self, name: str) -> None:
        if "_files" in self.__dict__ and self._files.exists(name):
            super().delete_file(name)

    def destroy(self) -> None:
        if "_files" in self.__dict__:
            for name in self._files.names():
                self._files.delete(name)


def _writable(stream: BinaryIO, name: str) -> StructFile:
    file = StructFile(stream, name=name)
    file.is_real = False
    return file
