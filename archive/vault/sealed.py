"""Sealed files: the header in front of every one, padding, and the stream that writes and the one that reads them.

Where files lie is store.py's matter, under which key and for whom is vault.py's.
"""

from __future__ import annotations

import hashlib
import io
import os
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Final, Protocol
from uuid import UUID

from archive.errors import Tampered
from archive.policy import Layer
from archive.vault.cobblestone import CHUNK, COBBLESTONE, Cipher, Opened, Source

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer, WriteableBuffer

HEADER: Final = 32
"""Bytes of clear header."""

CONTENT: Final = b"GOLOSA01"
WRAPPED_KEY: Final = b"GOLOSAK1"
_GENERATION: Final = 1

BLOB: Final = b"golosa/blob/v1\0"
SPOOL: Final = b"golosa/spool/v1\0"
UPLOAD: Final = b"golosa/upload/v1\0"
INDEX: Final = b"golosa/index/v1\0"
KEY: Final = b"golosa/key/v1\0"
"""Labels: the beginning of every context. Each ends in a zero byte, so none can be the beginning of another."""

_WINDOW: Final = 4 * CHUNK  # what small reads decrypt at once
_PIECE: Final = 8 * CHUNK  # what is encrypted at once
_ZEROS: Final = bytes(_PIECE)


class Tier(IntEnum):
    """The byte in the header. The first three are the layers of policy."""

    PROTECTED = 0
    RELEASED = 1
    PUBLIC = 2
    SPOOL = 3
    INDEX = 4

    @classmethod
    def of(cls, layer: Layer) -> Tier:
        return {Layer.PROTECTED: cls.PROTECTED, Layer.RELEASED: cls.RELEASED, Layer.PUBLIC: cls.PUBLIC}[layer]


_TIERS: Final = frozenset(Tier)


@dataclass(frozen=True, slots=True)
class Header:
    """The first 32 bytes. They lie in clear and are part of the context of what follows."""

    tier: Tier
    id: UUID
    suite: int = COBBLESTONE.suite
    magic: bytes = CONTENT

    def __bytes__(self) -> bytes:
        fixed = bytes([self.suite, self.tier, 0, 0]) + _GENERATION.to_bytes(4, "big")
        return self.magic + fixed + self.id.bytes

    @classmethod
    def read(cls, source: Source, magic: bytes = CONTENT) -> Header:
        """The header of a stored file. Raises Tampered for everything that FORMAT.md does not list."""
        found = source.pread(HEADER, 0)
        if len(found) == HEADER and found[9] in _TIERS:
            header = cls(Tier(found[9]), UUID(bytes=found[16:]), found[8], magic)
            if bytes(header) == found:
                return header
        raise Tampered("no header of ours")


def padme(length: int) -> int:
    """The padded length: at most 12 % more, and hardly telling of the true one (Nikitin et al., PETS 2019)."""
    if length < 2:
        return length
    exponent = length.bit_length() - 1
    mask = (1 << (exponent - exponent.bit_length())) - 1
    return (length + mask) & ~mask


class Sink(Protocol):
    """Where ciphertext goes. Nothing is visible to others before ``commit``, nothing remains after ``abort``."""

    def write(self, data: bytes) -> None: ...

    def commit(self) -> None: ...

    def abort(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Seal:
    """How one file is sealed: its cipher, key, header, and the context that binds it to its place."""

    cipher: Cipher
    key: bytes
    header: Header
    context: bytes

    def __repr__(self) -> str:
        return f"Seal({self.header.tier.name}, {self.header.id})"  # never the key


class SealedWriter(io.RawIOBase):
    """Encrypts what is written, counts it, pads it at ``close``. Closing does not publish: the sink's commit does."""

    def __init__(self, sink: Sink, seal: Seal) -> None:
        super().__init__()
        self.length = 0
        self._digest = hashlib.sha256()
        self._sink = sink
        self._stream = seal.cipher.encryptor(seal.key, seal.context)
        self._ended = False
        sink.write(bytes(seal.header))

    @property
    def sha256(self) -> str:
        """Of the content so far, in hex."""
        return self._digest.hexdigest()

    def writable(self) -> bool:
        return True

    def tell(self) -> int:
        return self.length

    def write(self, data: ReadableBuffer, /) -> int:
        """Takes all of ``data``. Raises OutOfSpace."""
        if self._ended:
            raise ValueError("write to a finished sealed file")
        with memoryview(data).cast("B") as plain:
            for start in range(0, len(plain), _PIECE):
                piece = plain[start : start + _PIECE]
                self._sink.write(self._stream.update(piece))
                self._digest.update(piece)
                self.length += len(piece)
            return len(plain)

    def close(self) -> None:
        """Writes padding and the last chunk. Raises OutOfSpace."""
        if not self._ended:
            self._ended = True
            missing = padme(self.length) - self.length
            for start in range(0, missing, _PIECE):
                self._sink.write(self._stream.update(_ZEROS[: missing - start]))
            self._sink.write(self._stream.finalize())
        super().close()

    def discard(self) -> None:
        """Ends without the last chunk, so that what was written so far can never pass for a whole file."""
        self._ended = True
        super().close()

    def __del__(self) -> None:
        # io closes what is dropped, and closing would write. A writer that nobody finished is not finished here.
        self._ended = True


class Seekable(io.RawIOBase):
    """What readers of sealed content share: ``length`` bytes, and a place in them."""

    length: int
    _at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self.length}[whence]
        if base + offset < 0:
            raise ValueError("seek before the start")
        self._at = base + offset
        return self._at

    def readall(self) -> bytes:
        return self.read(-1)


class SealedReader(Seekable):
    """Decrypts as it is read, at any place. ``length`` is that of the content, without padding.

    For one user at a time; several readers may share a source. Every byte was authenticated before it is handed out;
    any read raises Tampered when what it meets is not what was written.
    """

    def __init__(self, source: Source, seal: Seal, length: int) -> None:
        super().__init__()
        self.length = length
        self._source = source
        if Header.read(source) != seal.header:
            raise Tampered("another file in this one's place")
        self._message: Opened = seal.cipher.opened(source, seal.key, seal.context, HEADER)
        if self._message.length != padme(length):
            raise Tampered("not of the length that was stored")
        self._at = 0
        self._window, self._window_at = b"", 0

    def read(self, size: int | None = -1, /) -> bytes:
        """``size`` bytes, fewer only at the end: unlike other raw files, it does not stop short."""
        if self.closed:
            raise ValueError("read from a closed sealed file")
        data = self.read_at(self._at, self.length if size is None or size < 0 else size)
        self._at += len(data)
        return data

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        with memoryview(buffer).cast("B") as room:
            data = self.read(len(room))
            room[: len(data)] = data
            return len(data)

    def read_at(self, offset: int, size: int) -> bytes:
        """``size`` bytes from ``offset``, wherever the reader stands."""
        size = max(0, min(size, self.length - offset))
        if size >= _WINDOW:
            return self._message.read_at(offset, size)
        start = offset - self._window_at
        if not 0 <= start <= start + size <= len(self._window):
            self._window_at = start = offset - offset % CHUNK
            self._window = self._message.read_at(self._window_at, _WINDOW + CHUNK)
            start = offset - self._window_at
        return self._window[start : start + size]

    def close(self) -> None:
        if not self.closed:
            self._window = b""
            self._source.close()
        super().close()
