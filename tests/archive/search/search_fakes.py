"""A plain stand-in for sealed files, and passages that are quick to write."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from functools import cache
from pathlib import Path
from uuid import UUID

from archive.search import Passage, SealedFiles


class _Writing:
    def __init__(self, publish: Callable[[bytes], None]) -> None:
        self._publish: Callable[[bytes], None] | None = publish
        self._content = bytearray()

    def write(self, data: bytes) -> int:
        self._content += data
        return len(data)

    def close(self) -> None:
        if self._publish is not None:
            self._publish(bytes(self._content))
        self._publish = None

    def __enter__(self) -> _Writing:
        return self

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        if kind is not None:
            self._publish = None
        self.close()


class _Reading:
    def __init__(self, content: bytes) -> None:
        self._content = content
        self.length = len(content)

    def read_at(self, offset: int, size: int) -> bytes:
        return self._content[offset : offset + size]

    def close(self) -> None:
        """Nothing to let go of."""


class FilesInMemory:
    """SealedFiles without seals or disk: what a test sees in ``held`` is what Whoosh wrote."""

    def __init__(self, locks: Path) -> None:
        self.held: dict[str, bytes] = {}
        self.scratched: list[FilesInMemory] = []
        self._locks = locks

    def create(self, name: str) -> _Writing:
        def publish(content: bytes) -> None:
            self.held[name] = content

        return _Writing(publish)

    def open(self, name: str) -> _Reading:
        return _Reading(self._found(name))

    def names(self) -> list[str]:
        return sorted(self.held)

    def exists(self, name: str) -> bool:
        return name in self.held

    def delete(self, name: str) -> None:
        self._found(name)
        del self.held[name]

    def rename(self, old: str, new: str) -> None:
        self.held[new] = self._found(old)
        del self.held[old]

    def lock_path(self, name: str) -> Path:
        return self._locks / name

    def scratch(self) -> FilesInMemory:
        self.scratched.append(FilesInMemory(self._locks))
        return self.scratched[-1]

    def _found(self, name: str) -> bytes:
        if name not in self.held:
            raise FileNotFoundError(name)
        return self.held[name]


def interview(number: int) -> UUID:
    """The id of an interview of these tests."""
    return UUID(int=number)


def cut(number: int, *texts: str, language: str = "ru") -> list[Passage]:
    """An interview's passages, ten seconds and one segment each."""
    return [
        Passage(f"{interview(number)}:{n}", interview(number), text, language, None, n * 10.0, n * 10.0 + 9, n, n)
        for n, text in enumerate(texts)
    ]


def everything(*interviews: list[Passage]) -> dict[UUID, list[Passage]]:
    """Passages by interview, as ``replace`` takes them."""
    return {
        id: list(group) for id, group in itertools.groupby(itertools.chain(*interviews), lambda each: each.interview)
    }


@cache
def distance(one: str, other: str) -> int:
    """Levenshtein's, as it is defined."""
    if not one or not other:
        return len(one) + len(other)
    same = distance(one[1:], other[1:]) + (one[0] != other[0])
    return min(same, distance(one[1:], other) + 1, distance(one, other[1:]) + 1)


def plain(files: SealedFiles) -> bytes:
    """All that the files say, opened one after the other."""
    found = []
    for name in files.names():
        file = files.open(name)
        found.append(file.read_at(0, file.length))
        file.close()
    return b"\0".join(found)
