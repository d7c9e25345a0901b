"""Where sealed blobs lie. A store moves ciphertext and knows ids; it has no key and no notion of what is inside."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Final, Protocol
from uuid import UUID

from archive.vault.cobblestone import Source
from archive.vault.files import FILE_MODE, Journal, make_folder, out_of_space, part_of, sync_folder, write_all
from archive.vault.sealed import Sink

_BUFFER: Final = 64 * 1024
_CLOSED: Final = -1  # a number that no file has: whatever is done with it fails with EBADF
SOME_DAY: Final = 946_684_800  # 2000-01-01: a file's time says when an interview came or was worked on


class BlobStore(Protocol):
    """Blobs by interview and id. A blob is written once, never changed, and its id never used again."""

    def create(self, interview: UUID, blob: UUID) -> Sink:
        """Where to write a new one. Raises OutOfSpace, FileExistsError."""
        ...

    def open(self, interview: UUID, blob: UUID) -> Source:
        """Raises FileNotFoundError."""
        ...

    def condemn(self, interview: UUID, blob: UUID) -> None:
        """If this process is killed, ``sweep`` removes this blob unless it is among the known. Raises OutOfSpace."""
        ...

    def remove(self, interview: UUID, blob: UUID) -> None:
        """No such blob is no error."""
        ...

    def remove_all(self, interview: UUID) -> None:
        """Everything of that interview, half-written blobs too."""
        ...

    def known(self) -> Iterator[tuple[UUID, UUID]]:
        """Interview and id of every finished blob."""
        ...

    def sweep(self, known: Collection[UUID]) -> int:
        """Removes what killed processes began or condemned and what is not among ``known``; how many blobs."""
        ...


class FolderStore:
    """``<interview>/<blob>`` under one folder. Several processes may use it at once."""

    def __init__(self, folder: Path) -> None:
        make_folder(folder)
        self._folder = folder
        self._journal = Journal(folder)

    def create(self, interview: UUID, blob: UUID) -> Sink:
        self.condemn(interview, blob)
        make_folder(self._folder / str(interview))
        return _FileSink(self._path(interview, blob))

    def open(self, interview: UUID, blob: UUID) -> Source:
        return FileSource(os.open(self._path(interview, blob), os.O_RDONLY))

    def condemn(self, interview: UUID, blob: UUID) -> None:
        self._journal.note(f"{interview} {blob}")

    def remove(self, interview: UUID, blob: UUID) -> None:
        path = self._path(interview, blob)
        for one in (path, part_of(path)):
            one.unlink(missing_ok=True)
        if path.parent.exists():
            sync_folder(path.parent)

    def remove_all(self, interview: UUID) -> None:
        folder = self._folder / str(interview)
        if not folder.exists():
            return
        for path in list(folder.iterdir()):
            path.unlink(missing_ok=True)
        folder.rmdir()
        sync_folder(self._folder)

    def known(self) -> Iterator[tuple[UUID, UUID]]:
        for folder in sorted(self._folder.glob("[!.]*")):
            yield from ((UUID(folder.name), UUID(path.name)) for path in sorted(folder.glob("[!.]*")))

    def sweep(self, known: Collection[UUID]) -> int:
        # Only what a killed process began is looked at, not all that ``known`` lacks: an archive whose catalogue came
        # from an older backup must not throw away the recordings made since.
        with self._journal.abandoned() as lines:
            begun = {tuple(map(UUID, line.split())) for line in lines if len(line) == 73}
            swept = [(interview, blob) for interview, blob in begun if blob not in known]
            for interview, blob in swept:
                self.remove(interview, blob)
                self._drop_if_empty(interview)
        return len(swept)

    def _drop_if_empty(self, interview: UUID) -> None:
        folder = self._folder / str(interview)
        if folder.exists() and not any(folder.iterdir()):
            folder.rmdir()
            sync_folder(self._folder)

    def _path(self, interview: UUID, blob: UUID) -> Path:
        return self._folder / str(interview) / str(blob)


class FileSource:
    """An open file that is only read. Closing more than once is allowed."""

    def __init__(self, file: int) -> None:
        self._file = file
        self.length = os.fstat(file).st_size

    def pread(self, size: int, offset: int) -> bytes:
        return os.pread(self._file, size, offset)

    def close(self) -> None:
        if self._file != _CLOSED:
            os.close(self._file)
            self._file = _CLOSED

    def __del__(self) -> None:
        self.close()


class _FileSink:
    """Writes beside the blob's place; ``commit`` gives it its name once every byte is on the disk."""

    def __init__(self, path: Path) -> None:
        self._path, self._file, self._named = path, _CLOSED, False
        if path.exists():
            raise FileExistsError("a blob is never written twice")
        with out_of_space():
            self._file = os.open(part_of(path), os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE)
        self._pending = bytearray()

    def write(self, data: bytes) -> None:
        if len(self._pending) + len(data) < _BUFFER:
            self._pending += data
        else:
            self._flush()
            write_all(self._file, data)

    def commit(self) -> None:
        self._flush()
        os.utime(self._file, (SOME_DAY, SOME_DAY))
        with out_of_space():
            os.fsync(self._file)
        self._close()
        # The order matters: bytes on the disk, then the name, then the name on the disk. A power cut in between
        # leaves a part without a name or a whole blob, never half a blob under its name.
        os.replace(part_of(self._path), self._path)
        self._named = True
        sync_folder(self._path.parent)

    def abort(self) -> None:
        self._close()
        (self._path if self._named else part_of(self._path)).unlink(missing_ok=True)

    def _flush(self) -> None:
        write_all(self._file, self._pending)
        self._pending.clear()

    def _close(self) -> None:
        if self._file != _CLOSED:
            os.close(self._file)
            self._file = _CLOSED

    def __del__(self) -> None:
        self._close()


class MemoryStore:
    """A store that forgets: for tests, and for archives that must leave no trace."""

    def __init__(self) -> None:
        self._blobs: dict[tuple[UUID, UUID], bytes] = {}

    def create(self, interview: UUID, blob: UUID) -> Sink:
        if (interview, blob) in self._blobs:
            raise FileExistsError("a blob is never written twice")
        return _MemorySink(self._blobs, (interview, blob))

    def open(self, interview: UUID, blob: UUID) -> Source:
        try:
            return MemorySource(self._blobs[interview, blob])
        except KeyError:
            raise FileNotFoundError from None

    def condemn(self, interview: UUID, blob: UUID) -> None:
        pass  # nothing outlives the process

    def remove(self, interview: UUID, blob: UUID) -> None:
        self._blobs.pop((interview, blob), None)

    def remove_all(self, interview: UUID) -> None:
        for place in [place for place in self._blobs if place[0] == interview]:
            del self._blobs[place]

    def known(self) -> Iterator[tuple[UUID, UUID]]:
        yield from sorted(self._blobs)

    def sweep(self, known: Collection[UUID]) -> int:
        return 0  # nothing outlives the process


class MemorySource:
    """Bytes in memory."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.length = len(data)

    def pread(self, size: int, offset: int) -> bytes:
        return self._data[offset : offset + size]

    def close(self) -> None:
        pass


class _MemorySink:
    def __init__(self, blobs: dict[tuple[UUID, UUID], bytes], place: tuple[UUID, UUID]) -> None:
        self._blobs, self._place, self._data = blobs, place, bytearray()

    def write(self, data: bytes) -> None:
        self._data += data

    def commit(self) -> None:
        self._blobs[self._place] = bytes(self._data)

    def abort(self) -> None:
        self._data.clear()
