"""The few ways in which the vault touches a disk: whole files in one step, overwriting, and what a full disk means."""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
import weakref
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Final
from uuid import uuid4

from archive.errors import OutOfSpace

FOLDER_MODE: Final = 0o700
FILE_MODE: Final = 0o600
_FULL: Final = frozenset({errno.ENOSPC, errno.EFBIG, errno.EDQUOT})


@contextmanager
def out_of_space() -> Iterator[None]:
    """Turns the system's three ways of saying “full” into OutOfSpace."""
    try:
        yield
    except OSError as cause:
        if cause.errno in _FULL:
            raise OutOfSpace(f"errno {cause.errno}") from cause
        raise


def make_folder(path: Path) -> None:
    """The folder, for its owner only, and surely there after a power cut."""
    with out_of_space():
        try:
            path.mkdir(mode=FOLDER_MODE, parents=True)
        except FileExistsError:
            return
        sync_folder(path.parent)


def sync_folder(path: Path) -> None:
    """Makes renames and removals in a folder survive a power cut. Raises OutOfSpace."""
    folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        with out_of_space():
            os.fsync(folder)
    finally:
        os.close(folder)


def write_all(file: int, data: bytes | bytearray | memoryview) -> None:
    """All of ``data``: a disk that fills up takes a part and reports the error only when asked again."""
    with out_of_space(), memoryview(data) as rest:
        done = 0
        while done < len(rest):
            done += os.write(file, rest[done:])


def write_file(path: Path, pieces: Iterable[bytes], *, sync: bool = True) -> None:
    """A file of these pieces, on the disk if ``sync`` when this returns; half of it may stay when this raises."""
    with out_of_space():
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, FILE_MODE)
    try:
        for piece in pieces:
            write_all(file, piece)
        if sync:
            with out_of_space():
                os.fsync(file)
    finally:
        os.close(file)


def publish(path: Path, data: bytes, *, replacing: bool) -> None:
    """``data`` as the whole of ``path``, or no change at all. Raises OutOfSpace, FileExistsError unless ``replacing``.

    The look for an old file is no lock: names here are random ids, and this guards against our own mistakes.
    """
    if not replacing and path.exists():
        raise FileExistsError(errno.EEXIST, "not replaced")
    part = part_of(path)
    try:
        write_file(part, [data])
        os.replace(part, path)
    except BaseException:  # Ctrl-C included
        part.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def part_of(path: Path) -> Path:
    """Where ``path`` is written before it has its name: always there, so that a kill leaves one at the most."""
    return path.with_name(f".{path.name}.part")


def shred(path: Path) -> None:
    """Overwrites a small file, then removes it; no file is no error.

    On a journalling disk or an SSD the old bytes may stay elsewhere: FORMAT.md says what is promised. Each step is
    flushed before the next, so that a power cut leaves the file whole, or overwritten, or gone.
    """
    try:
        file = os.open(path, os.O_WRONLY)
    except FileNotFoundError:
        return
    try:
        # A disk that copies on write needs room to overwrite, and keeps the old bytes all the same: where there is no
        # room, removing is what can be done.
        with suppress(OutOfSpace), out_of_space():
            os.pwrite(file, os.urandom(os.fstat(file).st_size), 0)
            os.fsync(file)
    finally:
        os.close(file)
    path.unlink()
    sync_folder(path.parent)


class Owned:
    """A folder that belongs to a living process: locked while it lives, removed with it or by ``sweep`` after it.

    The lock is the kernel's (flock), so a killed process lets go of it, whichever way it was killed.
    """

    def __init__(self, parent: Path, kind: str) -> None:
        make_folder(parent)
        self.path, lock = _locked_folder(parent, kind)
        while not self.path.exists():  # a sweep met it between its making and its locking
            os.close(lock)
            self.path, lock = _locked_folder(parent, kind)
        self._end = weakref.finalize(self, _end, self.path, lock, os.getpid())

    def close(self) -> None:
        """Removes the folder with all that is in it."""
        self._end()

    @staticmethod
    def sweep(parent: Path, kind: str) -> int:
        """Removes the folders that no living process owns; how many."""
        swept = 0
        for path in list(parent.glob(f".{kind}-*")):
            with _if_abandoned(path) as abandoned:
                if abandoned:
                    shutil.rmtree(path)
                    swept += 1
        return swept


def _locked_folder(parent: Path, kind: str) -> tuple[Path, int]:
    path = parent / f".{kind}-{uuid4().hex}"
    with out_of_space():
        path.mkdir(mode=FOLDER_MODE)
    lock = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    fcntl.flock(lock, fcntl.LOCK_SH)
    return path, lock


def _end(path: Path, lock: int, owner: int) -> None:
    if os.getpid() == owner:  # a forked child that ends must not take its parent's folder along
        shutil.rmtree(path, ignore_errors=True)
    os.close(lock)


class Journal:
    """What this process has begun: one line each, written before the thing itself, in a file that is locked while the
    process lives. After a kill, ``abandoned`` tells exactly what may have been left half done, and nothing else.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file: int | None = None

    def note(self, line: str) -> None:
        """Adds a line of ids. It is on the disk when this returns."""
        if self._file is None:
            path = self._folder / f".journal-{uuid4().hex}"
            self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, FILE_MODE)
            fcntl.flock(self._file, fcntl.LOCK_SH)
            weakref.finalize(self, os.close, self._file)
        write_all(self._file, f"\n{line}\n".encode())  # a full disk may have cut the one before
        with out_of_space():
            os.fsync(self._file)

    @contextmanager
    def abandoned(self) -> Iterator[list[str]]:
        """The lines of all processes that are gone. Their journals are dropped if the block ends well."""
        with ExitStack() as held:
            gone = [path for path in self._folder.glob(".journal-*") if held.enter_context(_if_abandoned(path))]
            yield [line for path in gone for line in path.read_text().splitlines()]
            for path in gone:
                path.unlink()
            if gone:
                sync_folder(self._folder)


@contextmanager
def _if_abandoned(path: Path) -> Iterator[bool]:
    """Whether no living process holds ``path``; if so it is held by us inside the block."""
    try:
        lock = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        yield False
        return
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        yield False
    else:
        yield True
    finally:
        os.close(lock)
