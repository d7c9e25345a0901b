"""What the index asks of sealed files, of the fake and of the vault's."""

from __future__ import annotations

import io

import pytest

from archive.search import SealedFiles


def _write(files: SealedFiles, name: str, content: bytes) -> None:
    with files.create(name) as stream:
        stream.write(content)


def _read(files: SealedFiles, name: str) -> bytes:
    file = files.open(name)
    try:
        return file.read_at(0, file.length)
    finally:
        file.close()


def test_a_file_is_published_when_it_is_closed(files: SealedFiles) -> None:
    """Not before, and then whole; what is dropped never was."""
    content = bytes(index * 7 % 256 for index in range(300_000))
    stream = files.create("one.trm")
    files.create("dropped").write(b"half")
    for start in range(0, len(content), 9_000):
        stream.write(content[start : start + 9_000])
    assert not files.exists("one.trm")
    assert files.names() == []
    stream.close()
    stream.close()
    assert files.names() == ["one.trm"]
    assert _read(files, "one.trm") == content


def test_a_failed_write_leaves_nothing(files: SealedFiles) -> None:
    """An exception inside the block is an unwritten file."""

    def fail() -> None:
        with files.create("one.trm") as stream:
            stream.write(b"half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert files.names() == []


def test_any_stretch_can_be_read(files: SealedFiles) -> None:
    """At the start, across blocks, at and past the end."""
    content = bytes(index * 7 % 256 for index in range(200_000))
    _write(files, "long", content)
    file = files.open("long")
    for offset, size in ((0, 10), (65_530, 20), (131_000, 69_000), (199_990, 50), (200_000, 1), (300_000, 1)):
        assert file.read_at(offset, size) == content[offset : offset + size]
    file.close()
    file.close()


def test_renaming_replaces(files: SealedFiles) -> None:
    """The old name is gone, the new one holds the new content."""
    _write(files, "old", b"new content")
    _write(files, "new", b"old content")
    files.rename("old", "new")
    assert files.names() == ["new"]
    assert _read(files, "new") == b"new content"


def test_what_is_not_there_is_not_found(files: SealedFiles) -> None:
    """Every question about a missing file says so in the same way."""
    for ask in (files.open, files.delete, lambda name: files.rename(name, "other")):
        with pytest.raises(FileNotFoundError):
            ask("missing")
    assert not files.exists("missing")


def test_an_open_file_outlives_its_name(files: SealedFiles) -> None:
    """A reader goes on with what a writer has meanwhile deleted."""
    _write(files, "one", b"still here")
    file = files.open("one")
    files.delete("one")
    assert file.read_at(0, 5) == b"still"
    file.close()


def test_scratch_is_a_place_of_its_own(files: SealedFiles) -> None:
    """Names there and here do not meet, and locks are not files."""
    scratch = files.scratch()
    _write(scratch, "run", io.BytesIO(b"run").getvalue())
    assert scratch.names() == ["run"]
    assert files.names() == []
    files.lock_path("writing").touch()
    assert files.names() == []
