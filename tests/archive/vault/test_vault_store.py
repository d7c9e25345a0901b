"""Where blobs lie: one set of promises for the folder and the memory, then what only a folder can get wrong."""

from __future__ import annotations

import errno
import os
import resource
import stat
from collections.abc import Callable
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from archive.errors import OutOfSpace
from archive.vault import BlobStore, FolderStore, MemoryStore


@pytest.fixture(params=["folder", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> BlobStore:
    return FolderStore(tmp_path / "store") if request.param == "folder" else MemoryStore()


def put(store: BlobStore, interview: UUID, data: bytes, blob: UUID | None = None) -> UUID:
    made = blob or uuid4()
    sink = store.create(interview, made)
    for start in range(0, len(data), 50_000):
        sink.write(data[start : start + 50_000])
    sink.commit()
    return made


def test_what_was_committed_is_read_at_any_place(store: BlobStore) -> None:
    """All of it, in pieces, and nothing past its end."""
    data, interview = os.urandom(400_000), uuid4()
    source = store.open(interview, put(store, interview, data))
    assert source.length == len(data)
    assert source.pread(1000, 399_500) == data[399_500:]
    assert source.pread(70_000, 123_456) == data[123_456:193_456]
    source.close()
    source.close()


def test_nothing_is_there_before_commit_or_after_abort(store: BlobStore) -> None:
    """A blob is whole or not there."""
    interview, blob = uuid4(), uuid4()
    sink = store.create(interview, blob)
    sink.write(b"x" * 200_000)
    assert list(store.known()) == []
    with pytest.raises(FileNotFoundError):
        store.open(interview, blob)
    sink.abort()
    assert list(store.known()) == []
    put(store, interview, b"second try", blob)
    assert list(store.known()) == [(interview, blob)]


def test_a_blob_is_never_written_twice(store: BlobStore) -> None:
    """Its id names one content for ever."""
    interview = uuid4()
    blob = put(store, interview, b"first")
    with pytest.raises(FileExistsError):
        store.create(interview, blob)
    assert store.open(interview, blob).pread(9, 0) == b"first"


def test_removing_takes_what_it_names_and_may_be_repeated(store: BlobStore) -> None:
    """One blob, or all of one interview with what is half-written, and nothing of another."""
    one, two = uuid4(), uuid4()
    first, second, other = put(store, one, b"1"), put(store, one, b"2"), put(store, two, b"3")
    store.create(one, uuid4()).write(b"half")
    for _ in range(2):
        store.remove(one, first)
        assert set(store.known()) == {(one, second), (two, other)}
    for _ in range(2):
        store.remove_all(one)
        assert set(store.known()) == {(two, other)}
    store.remove_all(uuid4())


def test_a_reader_goes_on_when_the_blob_is_removed(store: BlobStore) -> None:
    """Whoever has it open reads on; nobody opens it anew."""
    interview = uuid4()
    blob = put(store, interview, b"content")
    source = store.open(interview, blob)
    store.remove(interview, blob)
    assert source.pread(7, 0) == b"content"
    source.close()


def test_files_are_their_owners_and_tell_no_time(tmp_path: Path) -> None:
    """Modes 0600 and 0700 whatever the umask, and the same date on every blob."""
    before = os.umask(0)
    try:
        store = FolderStore(tmp_path / "store")
        for _ in range(2):
            put(store, uuid4(), b"x")
    finally:
        os.umask(before)
    paths = list((tmp_path / "store").rglob("*"))
    assert {stat.S_IMODE(path.stat().st_mode) for path in paths if path.is_file()} == {0o600}
    assert {stat.S_IMODE(path.stat().st_mode) for path in [tmp_path / "store", *paths] if path.is_dir()} == {0o700}
    assert {path.stat().st_mtime for path in paths if path.is_file() and not path.name.startswith(".")} == {946684800.0}


def test_bytes_are_on_the_disk_before_their_name_and_the_name_before_commit_returns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The order that makes a power cut harmless."""
    steps: list[str] = []
    fsync, replace = os.fsync, os.replace

    def noted_fsync(file: int) -> None:
        steps.append("folder" if stat.S_ISDIR(os.fstat(file).st_mode) else "file")
        fsync(file)

    def noted_replace(old: Path, new: Path) -> None:
        steps.append("rename")
        replace(old, new)

    store, interview, blob = FolderStore(tmp_path / "store"), uuid4(), uuid4()
    monkeypatch.setattr(os, "fsync", noted_fsync)
    monkeypatch.setattr(os, "replace", noted_replace)
    sink = store.create(interview, blob)
    sink.write(b"x" * 100_000)
    steps.append("commit")
    sink.commit()
    assert steps[steps.index("commit") :] == ["commit", "file", "rename", "folder"]


def in_child(work: Callable[[], None]) -> int:
    """Runs ``work`` in a forked process; its exit status, 0 if it returned."""
    child = os.fork()
    if child == 0:
        status = 99
        try:
            work()
            status = 0
        finally:
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test_a_full_disk_is_said_and_leaves_nothing(tmp_path: Path) -> None:
    """The system takes a part of a write before it says no (RLIMIT_FSIZE): nothing stays, and the next one fits."""
    store, interview = FolderStore(tmp_path / "store"), uuid4()
    put(store, interview, b"before")

    def work() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))
        sink = store.create(interview, uuid4())
        for _ in range(7):
            sink.write(b"x" * 40_000)
        with pytest.raises(OutOfSpace):
            sink.write(b"x" * 80_000)
        sink.abort()
        put(store, interview, b"small")

    assert in_child(work) == 0
    assert len(list(store.known())) == 2
    assert not [path for path in (tmp_path / "store").rglob("*.part")]


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
def test_every_write_and_flush_may_find_the_disk_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    """Whichever call it is that fails, what comes is OutOfSpace and no half blob."""
    failed, number = 0, 0
    while True:
        store, interview, blob = FolderStore(tmp_path / f"store{number}"), uuid4(), uuid4()
        with pytest.MonkeyPatch.context() as patch:
            left = fail_at(patch, number, code)
            try:
                sink = store.create(interview, blob)
            except OutOfSpace:
                failed += 1
            else:
                try:
                    sink.write(b"x" * 150_000)
                    sink.commit()
                except OutOfSpace:
                    failed += 1
                    sink.abort()
        if left() >= 0:
            break
        assert list(store.known()) in ([], [(interview, blob)])
        assert not list((tmp_path / f"store{number}").rglob("*.part"))
        number += 1
    assert failed == number >= 6


def fail_at(patch: pytest.MonkeyPatch, number: int, code: int) -> Callable[[], int]:
    """Makes the ``number``th write or flush fail; tells how many calls were left until then (-1: it failed)."""
    left = number

    def failing(real: Callable[..., int | None]) -> Callable[..., int | None]:
        def call(file: int, *rest: object) -> int | None:
            nonlocal left
            left -= 1
            if left == -1:
                raise OSError(code, "full")
            return real(file, *rest)

        return call

    patch.setattr(os, "write", failing(os.write))
    patch.setattr(os, "fsync", failing(os.fsync))
    return lambda: left


def test_a_sweep_removes_what_the_dead_began_and_nothing_else(tmp_path: Path) -> None:
    """Half-written and unknown blobs of a killed process go; known ones, the living's, and old unknown ones stay."""
    folder, interview = tmp_path / "store", uuid4()
    known, unknown, half, old, living = (uuid4() for _ in range(5))
    put(FolderStore(folder), interview, b"old", old)
    assert FolderStore(folder).sweep({old}) == 0  # an earlier process, known when it ended: its journal is gone

    def work() -> None:
        store = FolderStore(folder)
        put(store, interview, b"known", known)
        put(store, interview, b"unknown", unknown)
        store.create(interview, half).write(b"x" * 100_000)
        os.kill(os.getpid(), 9)

    assert in_child(work) == -9
    mine = FolderStore(folder)
    put(mine, interview, b"living", living)
    begun = mine.create(interview, uuid4())
    assert FolderStore(folder).sweep({known}) == 2
    assert set(mine.known()) == {(interview, known), (interview, old), (interview, living)}
    begun.write(b"goes on")
    begun.commit()
    assert FolderStore(folder).sweep(set()) == 0, "a journal is read once"
    assert len(list(mine.known())) == 4


def test_a_sweep_that_fails_is_done_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The list of what is to do outlives a failure."""
    folder, interview, blob = tmp_path / "store", uuid4(), uuid4()
    put(FolderStore(folder), interview, b"orphan", blob)
    with monkeypatch.context() as patch:
        patch.setattr(FolderStore, "remove", lambda *_: (_ for _ in ()).throw(OSError(errno.EIO, "broken")))
        with pytest.raises(OSError, match="broken"):
            FolderStore(folder).sweep(set())
    assert FolderStore(folder).sweep(set()) == 1
    assert list(folder.iterdir()) == []
