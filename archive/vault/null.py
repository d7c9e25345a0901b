"""A cipher that does not encrypt, so that the scan of the disk can prove that it would find plaintext. For tests only.

Files under it say suite 0 in their header, which the real cipher never reads; keys are wrapped for real all the same.
``Vault`` refuses it over keys that were made at an honest cost, so no setting turns a real archive into this.
"""

from __future__ import annotations

from typing import Final

from archive.vault.cobblestone import Encryptor, Source


class _Through:
    def update(self, data: bytes | bytearray | memoryview, /) -> bytes:
        return bytes(data)

    def finalize(self) -> bytes:
        return b""


class _Plain:
    def __init__(self, source: Source, start: int) -> None:
        self._source, self._start = source, start
        self.length = source.length - start

    def read_at(self, offset: int, size: int) -> bytes:
        return self._source.pread(max(0, min(size, self.length - offset)), self._start + offset)


class NullCipher:
    """Same header and padding, no encryption."""

    suite: Final = 0

    def encryptor(self, key: bytes, context: bytes) -> Encryptor:
        return _Through()

    def opened(self, source: Source, key: bytes, context: bytes, start: int) -> _Plain:
        return _Plain(source, start)

    def seal(self, key: bytes, context: bytes, plaintext: bytes) -> bytes:
        return plaintext

    def unseal(self, key: bytes, context: bytes, sealed: bytes) -> bytes:
        return sealed
