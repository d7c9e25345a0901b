"""What the search asks of whoever keeps its files. The vault implements it; tests bring a fake.

A file here is written once and then only read, renamed or deleted. Nothing of it ever lies on a disk unencrypted.
"""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Protocol, Self


class RandomAccess(Protocol):
    """An open file for reading at any place. Every byte handed out was authenticated first."""

    @property
    def length(self) -> int:
        """Bytes of content."""
        ...

    def read_at(self, offset: int, size: int) -> bytes:
        """The ``size`` bytes from ``offset``, fewer at the end. Raises Tampered."""
        ...

    def close(self) -> None:
        """Let go of the file; more than once is allowed."""
        ...


class Draft(Protocol):
    """A file being written, from its start to its end.

    Used as a context manager it is closed, and an exception inside leaves nothing behind. Dropped, it never was.
    """

    def write(self, data: bytes, /) -> int:
        """Takes all of ``data``. Raises OutOfSpace."""
        ...

    def close(self) -> None:
        """Publishes it under its name; more than once is allowed. Raises OutOfSpace."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class SealedFiles(Protocol):
    """A folder of files that are only ever stored encrypted. Names are plain: letters, digits and ``._-``, no paths."""

    def create(self, name: str) -> Draft:
        """A file that is published under ``name`` at ``close``: written beside, fsynced, renamed. Raises OutOfSpace."""
        ...

    def open(self, name: str) -> RandomAccess:
        """Raises FileNotFoundError if there is none of that name, Tampered if it is not what was written."""
        ...

    def names(self) -> list[str]:
        """The names of all published files, sorted."""
        ...

    def exists(self, name: str) -> bool: ...

    def delete(self, name: str) -> None:
        """Raises FileNotFoundError."""
        ...

    def rename(self, old: str, new: str) -> None:
        """Replaces ``new`` if it is there; survives a power cut (the folder is fsynced). Raises FileNotFoundError."""
        ...

    def lock_path(self, name: str) -> Path:
        """Where a lock file of that name may lie. It must stay empty: it is the one thing here that is not sealed."""
        ...

    def scratch(self) -> SealedFiles:
        """A fresh folder for temporary files under a random key that only this process holds.

        What a killed process leaves there can never be read again, and is swept at the next start.
        """
        ...
