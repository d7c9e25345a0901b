"""What sound asks of the files it is given. The vault's readers and writers are such, and so are Python's own."""

from __future__ import annotations

from typing import Protocol


class Readable(Protocol):
    """Bytes that can be read at any place."""

    def read(self, size: int = ..., /) -> bytes: ...
    def seek(self, offset: int, whence: int = ..., /) -> int: ...
    def tell(self) -> int: ...
    def close(self) -> None: ...


class Writable(Protocol):
    """Where bytes go, in order."""

    def write(self, data: bytes | memoryview, /) -> int: ...
