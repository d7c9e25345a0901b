"""A folder of files that are only ever stored encrypted, for the search's index. Implements its port SealedFiles."""

from __future__ import annotations

import io
import os
import re
import threading
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Final, Self
from uuid import UUID, uuid4

from archive.errors import Tampered
from archive.vault.cobblestone import CHUNK, Cipher, Opened, Source
from archive.vault.files import Owned, make_folder, sync_folder, write_file
from archive.vault.keys import new_key
from archive.vault.sealed import HEADER, INDEX, Header, Tier
from archive.vault.store import FileSource

_NAME: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,199}")
_BLOCK: Final = 4 * CHUNK
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

    def create(self, name: str) -> BinaryIO:
        """A file in memory, published at ``close``. Dropped without ``close``, it never was."""
        self._path(name)
        return _Draft(lambda data: self._publish(name, data))

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

    def length(self, name: str) -> int:
        """Raises FileNotFoundError, Tampered."""
        file = self.open(name)
        file.close()
        return file.length

    def modified(self, name: str) -> float:
        """Raises FileNotFoundError."""
        return self._path(name).stat().st_mtime

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
        self._publish(new, content)
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

    def _publish(self, name: str, content: bytes | memoryview) -> None:
        header = Header(Tier.INDEX, uuid4(), self._cipher.suite)
        stream = self._cipher.encryptor(self._key, _context(header, name))
        if self._work is None:
            self._work = Owned(self._folder, _WORK)
        part = self._work.path / name
        try:
            write_file(part, [bytes(header), stream.update(content), stream.finalize()], sync=self._durable)
            os.replace(part, self._path(name))
        except BaseException:  # Ctrl-C included
            part.unlink(missing_ok=True)
            raise
        if self._durable:
            sync_folder(self._folder)


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
        number, start = divmod(offset, _BLOCK)
        if start + end - offset <= _BLOCK:
            return self._at(number)[start : start + end - offset]
        if end - offset > 16 * _BLOCK:  # a whole file being copied should not drive everybody's blocks out
            return self._message.read_at(offset, end - offset)
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


class _Draft(io.BytesIO):
    """Lies in memory until it is closed. Cobblestone writes once from start to end; the search seeks back to patch."""

    def __init__(self, publish: Callable[[memoryview], None]) -> None:
        super().__init__()
        self._publish: Callable[[memoryview], None] | None = publish

    def close(self) -> None:
        publish, self._publish = self._publish, None
        if publish is not None:
            with self.getbuffer() as content:
                publish(content)
        super().close()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            self._publish = None
        self.close()

    def __enter__(self) -> Self:
        return self

    def __del__(self) -> None:
        # io closes what is dropped, and closing would publish: what a failed writer dropped must not become a file.
        self._publish = None


def _context(header: Header, name: str) -> bytes:
    return INDEX + bytes(header) + name.encode("ascii")
