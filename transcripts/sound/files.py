"""What sound asks of the files it is given. The vault's readers and writers are such, and so are Python's own."""

from __future__ import annotations

from typing import Protocol, runtime_checkable


class Readable(Protocol):
    """Bytes that can be read at any place."""

    def read(self, size: int = ..., /) -> bytes: ...
    def seek(self, offset: int, whence: int = ..., /) -> int: ...
    def tell(self) -> int: ...
    def close(self) -> None: ...


class Writable(Protocol):
    """Where bytes go, in order."""

    def write(self, data: bytes | memoryview, /) -> int: ...


@runtime_checkable
class Rewritable(Protocol):
    """Where bytes go, and can be gone back to; Python's own files are such, the vault's writers are not."""

    def write(self, data: bytes | memoryview, /) -> int: ...
    def seek(self, offset: int, whence: int = ..., /) -> int: ...
    def tell(self) -> int: ...
