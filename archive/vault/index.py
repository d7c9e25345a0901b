"""A folder of files that are only ever stored encrypted, for the search's index. Implements its port SealedFiles."""

from __future__ import annotations

import os
import re
import threading
from collections import OrderedDict
from pathlib import Path
from types import TracebackType
from typing import Final, Self
from uuid import UUID, uuid4

from archive.errors import Tampered
from archive.vault.cobblestone import CHUNK, Cipher, Encryptor, Opened, Source
from archive.vault.files import FILE_MODE, Owned, make_folder, out_of_space, sync_folder, write_all
from archive.vault.keys import new_key
from archive.vault.sealed import HEADER, INDEX, Header, Tier
from archive.vault.store import FileSource

_NAME: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,199}")
_BLOCK: Final = 4 * CHUNK
_PIECE: Final = 16 * CHUNK  # what is sealed at once
_SCRATCH: Final = "scratch"
_WORK: Final = "work"


class BlockCache:
    """The decrypted blocks used last, shared by all open files of a folder. Safe for several threads."""

    def __init__(self, room: int) -> None:
        self._room, self._used = room, 0
        self._blocks: OrderedDict[tuple[UUID, int], bytes] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, file: UUID, number: int) -> bytes | None:
        with self._lock:
            block = self._blocks.get((file, number))
            if block is not None:
                self._blocks.move_to_end((file, number))
            return block

    def put(self, file: UUID, number: int, block: bytes) -> None:
        with self._lock:
            if (file, number) not in self._blocks:
                self._blocks[file, number] = block
                self._used += len(block)
            while self._used > self._room:
                self._used -= len(self._blocks.popitem(last=False)[1])


class SealedFolder:
    """Files by name, each sealed with its name in its context."""

    def __init__(self, folder: Path, key: bytes, cipher: Cipher, cache: BlockCache, owner: Owned | None = None) -> None:
        """With an ``owner`` the folder is scratch: it ends with the process and need not survive a power cut."""
        make_folder(folder)
        self._folder, self._key, self._cipher, self._cache = folder, key, cipher, cache
        self._owner, self._durable = owner, owner is None
        self._work: Owned | None = None

    def create(self, name: str) -> _Draft:
        """A file that is sealed as it is written, published at ``close``. Dropped without ``close``, it never was."""
        path = self._path(name)
        header = Header(Tier.INDEX, uuid4(), self._cipher.suite)
        if self._work is None:
            self._work = Owned(self._folder, _WORK)
        draft = _Draft(self._work, path, self._cipher.encryptor(self._key, _context(header, name)), self._durable)
        draft.put(bytes(header))
        return draft

    def open(self, name: str) -> OpenFile:
        """Raises FileNotFoundError, Tampered."""
        source = self._source(name)
        try:
            header, message = self._opened(name, source)
        except BaseException:
            source.close()
            raise
        return OpenFile(source, message, header.id, self._cache)

    def names(self) -> list[str]:
        return sorted(path.name for path in self._folder.iterdir() if _NAME.fullmatch(path.name))

    def exists(self, name: str) -> bool:
        return self._path(name).exists()

    def delete(self, name: str) -> None:
        """Raises FileNotFoundError."""
        self._path(name).unlink()
        if self._durable:
            sync_folder(self._folder)  # what a withdrawal removed must not be back after a power cut

    def rename(self, old: str, new: str) -> None:
        """Opens ``old`` and seals it anew under its new name, which is part of what is authenticated."""
        file = self.open(old)
        try:
            content = file.read_at(0, file.length)
        finally:
            file.close()
        with self.create(new) as draft:
            draft.write(content)
        self.delete(old)

    def lock_path(self, name: str) -> Path:
        return self._path(name).with_name(f".{name}.lock")

    def scratch(self) -> SealedFolder:
        """A folder under a key of its own, removed with the last reference to it, or by ``sweep`` after a kill."""
        owner = Owned(self._folder, _SCRATCH)
        return SealedFolder(owner.path, new_key(), self._cipher, BlockCache(_BLOCK), owner)

    def sweep(self) -> int:
        """Removes what killed processes left; how many folders of theirs."""
        return Owned.sweep(self._folder, _SCRATCH) + Owned.sweep(self._folder, _WORK)

    def _path(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise ValueError("not a plain file name")
        return self._folder / name

    def _source(self, name: str) -> Source:
        return FileSource(os.open(self._path(name), os.O_RDONLY))

    def _opened(self, name: str, source: Source) -> tuple[Header, Opened]:
        found = Header.read(source)
        # Tier and suite are ours to say, not the file's: only its id is taken from the header.
        context = _context(Header(Tier.INDEX, found.id, self._cipher.suite), name)
        if found != Header(Tier.INDEX, found.id, self._cipher.suite):
            raise Tampered("not a file of this index")
        return found, self._cipher.opened(source, self._key, context, HEADER)


class OpenFile:
    """An open file of the folder; closed with ``close`` or when it is dropped."""

    def __init__(self, source: Source, message: Opened, id: UUID, cache: BlockCache) -> None:
        self._source, self._message, self._id, self._cache = source, message, id, cache
        self._last = -1, b""
        self.length = message.length

    def read_at(self, offset: int, size: int) -> bytes:
        """Raises Tampered."""
        end = min(offset + size, self.length)
        if offset >= end:
            return b""
        # What is read whole, or is large, is kept by whoever reads it: it should not drive everybody's blocks out.
        if end - offset > 16 * _BLOCK or end - offset == self.length:
            return self._message.read_at(offset, end - offset)
        number, start = divmod(offset, _BLOCK)
        if start + end - offset <= _BLOCK:
            return self._at(number)[start : start + end - offset]
        blocks = b"".join(self._at(one) for one in range(number, (end - 1) // _BLOCK + 1))
        return blocks[start : start + end - offset]

    def close(self) -> None:
        self._source.close()

    def _at(self, number: int) -> bytes:
        last, block = self._last  # one value, read and set in one step: two threads may share an open file
        if last == number:
            return block
        cached = self._cache.get(self._id, number)
        if cached is None:
            cached = self._message.read_at(number * _BLOCK, _BLOCK)
            self._cache.put(self._id, number, cached)
        self._last = number, cached
        return cached


class _Draft:
    """A file on its way to its name: sealed as it is written, in a folder of this process, renamed at ``close``."""

    def __init__(self, work: Owned, path: Path, stream: Encryptor, durable: bool) -> None:
        self._work, self._path, self._stream, self._durable = work, path, stream, durable
        self._part = work.path / uuid4().hex
        self._gathered = bytearray()
        self._file: int | None = None
        with out_of_space():
            self._file = os.open(self._part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE)

    def put(self, sealed: bytes) -> None:
        """Writes what is sealed already, or is to lie in clear. Raises OutOfSpace."""
        assert self._file is not None
        write_all(self._file, sealed)

    def write(self, data: bytes, /) -> int:
        """Raises OutOfSpace."""
        self._gathered += data
        if len(self._gathered) >= _PIECE:
            self.put(self._stream.update(self._gathered))
            self._gathered.clear()
        return len(data)

    def close(self) -> None:
        """Publishes it; more than once is allowed. Raises OutOfSpace."""
        if self._file is None:
            return
        try:
            self.put(self._stream.update(self._gathered) + self._stream.finalize())
            with out_of_space():
                if self._durable:
                    os.fsync(self._file)
                os.replace(self._part, self._path)
        except BaseException:  # Ctrl-C included
            self._drop()
            raise
        os.close(self._file)
        self._file = None
        if self._durable:
            sync_folder(self._path.parent)

    def _drop(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None
            self._part.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            self._drop()
        self.close()

    def __del__(self) -> None:
        self._drop()  # what a failed writer dropped must not become a file


def _context(header: Header, name: str) -> bytes:
    return INDEX + bytes(header) + name.encode("ascii")
