"""Uploads under way that outlive the process: what has arrived of a file, as sealed segments under a key of its own.

One folder per upload: ``about`` and ``content``, two small sealed documents written once, and ``data``, to which
segments are added. A segment counts once it is whole on the disk, so the offset after a kill is what the segments
prove. FORMAT.md has the layout; who may do what is policy's matter.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from archive.errors import KeyGone, Tampered, Unknown, UploadInUse
from archive.policy import Permit
from archive.vault.cobblestone import Cipher, Opened
from archive.vault.files import Owned, out_of_space, sync_folder, write_all, write_file
from archive.vault.keeper import Keeper
from archive.vault.sealed import HEADER, UPLOAD, Header, Seekable, Tier, padme
from archive.vault.store import SOME_DAY

SEGMENT: Final = 4 << 20
"""The most bytes of content in one segment, and so the most that a kill can lose of what was not acknowledged."""

_KIND: Final = "upload"
_ABOUT, _CONTENT, _DATA = "about", "content", "data"
_PAD: Final = 512
_SIZE: Final = 4  # bytes that tell how long a sealed segment is
_PREFIX: Final = 5  # of a segment's plaintext: whether it ends a piece, and the length of its content
_PROOFS: Final = 256  # uploads of which is remembered where their segments lie


@dataclass(frozen=True, slots=True)
class Upload:
    """An upload under way. ``id`` becomes the interview's; ``length`` in bytes is what its sender announced."""

    id: UUID
    owner: UUID
    length: int
    expires: datetime


@dataclass(frozen=True, slots=True)
class _Segment:
    """A sealed segment: ``sealed`` bytes of the file from ``at``, for ``length`` bytes of content from ``start``."""

    at: int
    sealed: int
    start: int
    length: int

    @property
    def end(self) -> int:
        return self.start + self.length


@dataclass(frozen=True, slots=True)
class _Proof:
    """What the segments of a file prove: all up to the byte ``past`` of the file. ``mark`` is the file's then."""

    mark: tuple[int, int]
    segments: tuple[_Segment, ...]

    @property
    def past(self) -> int:
        return self.segments[-1].at + self.segments[-1].sealed if self.segments else HEADER

    @property
    def offset(self) -> int:
        return self.segments[-1].end if self.segments else 0


class Uploads:
    """All uploads of one folder. Several processes may use it at once; each upload is one user's at a time."""

    def __init__(self, folder: Path, keeper: Keeper, cipher: Cipher) -> None:
        self._folder, self._keeper, self._cipher = folder, keeper, cipher
        self._proofs: dict[UUID, _Proof] = {}

    def begin(self, permit: Permit, upload: Upload, content: Mapping[str, Any]) -> None:
        """A new, empty upload. It exists, on the disk, when this returns, and not at all if this raises.

        ``content`` (file name, consent) is for whoever has a permit. Raises Refused, OutOfSpace.
        """
        permit.must_handle(upload.id)
        owned = Owned(self._folder, _KIND)
        try:
            seal = _Seal(self._cipher, self._keeper.make_spool_key(upload.id), upload.id)
            about = {"owner": str(upload.owner), "length": upload.length, "expires": upload.expires.isoformat()}
            write_file(owned.path / _ABOUT, [seal.document(_ABOUT, about)])
            write_file(owned.path / _CONTENT, [seal.document(_CONTENT, content)])
            write_file(owned.path / _DATA, [bytes(seal.header)])
            sync_folder(owned.path)
            with out_of_space():
                owned.path.replace(self._path(upload.id))
            sync_folder(self._folder)
        except BaseException:  # Ctrl-C included: whatever stops it, no key stays behind
            self._keeper.destroy_spool_key(upload.id)
            raise
        finally:
            owned.close()

    def get(self, id: UUID) -> Upload:
        """Raises Unknown, Tampered."""
        found = self._document(id, _ABOUT)
        try:
            expires = datetime.fromisoformat(found["expires"])
            return Upload(id, UUID(found["owner"]), int(found["length"]), expires)
        except (KeyError, TypeError, ValueError):
            pass  # what these say may quote the document
        raise Tampered(f"upload {id} is not one")

    def ids(self) -> set[UUID]:
        """Every upload there is."""
        return {UUID(path.name) for path in self._folder.glob("[!.]*-*")}

    def all(self) -> list[Upload]:
        """Every upload that opens, in no order."""
        found = []
        for id in self.ids():
            try:
                found.append(self.get(id))
            except (Unknown, Tampered):  # ended meanwhile; or damaged, and then its sender begins anew
                continue
        return found

    def content(self, permit: Permit, id: UUID) -> dict[str, Any]:
        """What ``begin`` was given. Raises Refused, Unknown, Tampered."""
        permit.must_handle(id)
        return self._document(id, _CONTENT)

    @contextmanager
    def held(self, permit: Permit, id: UUID) -> Iterator[HeldUpload]:
        """The upload for one user alone, within the block. Raises Refused, Unknown, UploadInUse, Tampered."""
        permit.must_handle(id)
        with self._locked(id) as file:
            seal = self._seal(id)
            proof = self._proofs.get(id)
            if proof is None or proof.mark != _mark(file):
                proof = _proved(file, seal)
            held = HeldUpload(file, seal, proof)
            try:
                yield held
            finally:
                if len(self._proofs) >= _PROOFS:
                    self._proofs.clear()
                self._proofs[id] = held.proof

    def peek(self, permit: Permit, id: UUID) -> int:
        """How many bytes have arrived, without waiting for who writes: good for showing. Raises Refused, Unknown."""
        permit.must_handle(id)
        file = self._open(id)
        try:
            return _proved(file, self._seal(id)).offset
        finally:
            os.close(file)

    def end(self, id: UUID) -> None:
        """Destroys key and content, whoever uses it; no such upload is no error. A kill leaves only what nobody can
        read."""
        self._proofs.pop(id, None)
        self._keeper.destroy_spool_key(id)
        path = self._path(id)
        if path.exists():
            shutil.rmtree(path, ignore_errors=True)
            sync_folder(self._folder)

    def sweep(self, now: datetime, entered: Collection[UUID]) -> int:
        """Ends what has expired, what was entered, what does not open, and what was killed half-made; how many.

        What is in use is left alone.
        """
        swept = Owned.sweep(self._folder, _KIND)
        for id in self.ids():
            try:
                over = id in entered or self.get(id).expires <= now
            except (Unknown, Tampered):  # a kill while it was ended; or nobody can go on with it
                over = True
            if over and self._is_idle(id):
                self.end(id)
                swept += 1
        return swept

    def _is_idle(self, id: UUID) -> bool:
        try:
            with self._locked(id):
                return True
        except UploadInUse:
            return False
        except Unknown:
            return True

    @contextmanager
    def _locked(self, id: UUID) -> Iterator[int]:
        """The data, locked by the kernel (flock): a killed process lets go of it."""
        file = self._open(id)
        try:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise UploadInUse from None
            if os.fstat(file).st_nlink == 0:  # ended between the opening and the locking
                raise Unknown(f"upload {id}")
            yield file
        finally:
            os.close(file)

    def _open(self, id: UUID) -> int:
        try:
            return os.open(self._path(id) / _DATA, os.O_RDWR)
        except FileNotFoundError:
            raise Unknown(f"upload {id}") from None

    def _document(self, id: UUID, name: str) -> dict[str, Any]:
        try:
            stored = (self._path(id) / name).read_bytes()
        except FileNotFoundError:
            raise Unknown(f"upload {id}") from None
        return self._seal(id).opened_document(name, stored)

    def _seal(self, id: UUID) -> _Seal:
        try:
            return _Seal(self._cipher, self._keeper.spool_key(id), id)
        except KeyGone:
            raise Unknown(f"upload {id}") from None

    def _path(self, id: UUID) -> Path:
        return self._folder / str(id)


class HeldUpload:
    """An upload that nobody else can write to. ``write`` what arrives, then ``keep`` it, or ``drop`` it."""

    def __init__(self, file: int, seal: _Seal, proof: _Proof) -> None:
        self.proof = proof
        self._file, self._seal = file, seal
        self._written = list(proof.segments)
        self._waiting = bytearray()
        self._cleared = False

    @property
    def offset(self) -> int:
        """Bytes that are here for good."""
        return self.proof.offset

    def write(self, data: bytes, *, whole: bool = False) -> None:
        """Takes all of ``data``. Every full segment is on the disk, and counts, before the next one begins.

        ``whole``: none of it counts before ``keep``, whatever is killed. Raises OutOfSpace.
        """
        self._waiting += data
        while len(self._waiting) > SEGMENT:  # one byte more: what ends a piece is told by its last segment
            self._add(SEGMENT, ends=not whole)

    def keep(self) -> None:
        """All that was written counts and is on the disk when this returns. Raises OutOfSpace."""
        if self._waiting:
            self._add(len(self._waiting), ends=True)

    def drop(self) -> None:
        """What does not count yet is gone. Raises OutOfSpace."""
        self._waiting.clear()
        self._written = list(self.proof.segments)
        self._cleared = False
        self._clear()

    def reader(self) -> UploadReader:
        """What has arrived, to be read within the block in which the upload is held."""
        return UploadReader(self._file, self._seal, self.proof.segments)

    def _add(self, size: int, *, ends: bool) -> None:
        self._clear()
        start = self._written[-1].end if self._written else 0
        at = self._written[-1].at + self._written[-1].sealed if self._written else HEADER
        with memoryview(self._waiting)[:size] as content:
            sealed = self._seal.segment(start, content, ends=ends)
        try:
            write_all(self._file, len(sealed).to_bytes(_SIZE, "big"))
            write_all(self._file, sealed)
            os.utime(self._file, (SOME_DAY, SOME_DAY))
            with out_of_space():
                os.fsync(self._file)
        except BaseException:
            self._cleared = False
            raise
        self._written.append(_Segment(at + _SIZE, len(sealed), start, size))
        del self._waiting[:size]
        if ends:
            self.proof = _Proof(_mark(self._file), tuple(self._written))

    def _clear(self) -> None:
        """Before the first writing: what a kill or a refused piece left behind the proved segments goes."""
        if self._cleared:
            return
        past = self.proof.past
        if os.fstat(self._file).st_size != past:
            with out_of_space():
                os.ftruncate(self._file, past)
                os.fsync(self._file)
        os.lseek(self._file, past, os.SEEK_SET)
        self.proof = _Proof(_mark(self._file), self.proof.segments)
        self._cleared = True


class UploadReader(Seekable):
    """Decrypts segments as they are read, at any place. For one user; a read of a changed byte raises Tampered."""

    def __init__(self, file: int, seal: _Seal, segments: tuple[_Segment, ...]) -> None:
        super().__init__()
        self.length = segments[-1].end if segments else 0
        self._file, self._seal, self._segments = file, seal, segments
        self._at = 0
        self._current: tuple[_Segment, Opened] | None = None

    def read(self, size: int | None = -1, /) -> bytes:
        """``size`` bytes, fewer only at the end."""
        wanted = self.length - self._at if size is None or size < 0 else size
        pieces = []
        while wanted > 0 and self._at < self.length:
            segment, opened = self._segment_at(self._at)
            piece = opened.read_at(_PREFIX + self._at - segment.start, min(wanted, segment.end - self._at))
            pieces.append(piece)
            self._at += len(piece)
            wanted -= len(piece)
        return b"".join(pieces)

    def _segment_at(self, offset: int) -> tuple[_Segment, Opened]:
        if self._current is None or not self._current[0].start <= offset < self._current[0].end:
            low, high = 0, len(self._segments) - 1
            while low < high:
                middle = (low + high + 1) // 2
                low, high = (middle, high) if self._segments[middle].start <= offset else (low, middle - 1)
            segment = self._segments[low]
            self._current = segment, self._seal.opened(self._file, segment.at, segment.sealed, segment.start)
        return self._current


@dataclass(frozen=True, slots=True, repr=False)
class _Seal:
    """How one upload is sealed."""

    cipher: Cipher
    key: bytes
    id: UUID

    @property
    def header(self) -> Header:
        return Header(Tier.SPOOL, self.id, self.cipher.suite)

    def document(self, name: str, value: Mapping[str, Any]) -> bytes:
        plain = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        encoded = plain.encode("utf-8", "surrogatepass")
        padded = encoded.ljust(-(-len(encoded) // _PAD) * _PAD)
        return bytes(self.header) + self.cipher.seal(self.key, self._context(name), padded)

    def opened_document(self, name: str, stored: bytes) -> dict[str, Any]:
        if stored[:HEADER] != bytes(self.header):
            raise Tampered("another upload in this one's place")
        plain = self.cipher.unseal(self.key, self._context(name), stored[HEADER:])
        value: dict[str, Any] = json.loads(plain.decode("utf-8", "surrogatepass"))
        return value

    def segment(self, start: int, content: memoryview, *, ends: bool) -> bytes:
        length = _PREFIX + len(content)
        # The stream takes the pieces one after another: joined first, they would lie in memory twice.
        stream = self.cipher.encryptor(self.key, self._context(_DATA, start))
        prefix = bytes([ends]) + len(content).to_bytes(4, "big")
        parts = [stream.update(prefix), stream.update(content), stream.update(bytes(padme(length) - length))]
        return b"".join([*parts, stream.finalize()])

    def opened(self, file: int, at: int, sealed: int, start: int) -> Opened:
        """The plaintext of a segment, prefix and padding included. Raises Tampered."""
        return self.cipher.opened(_Window(file, at, sealed), self.key, self._context(_DATA, start), 0)

    def _context(self, name: str, start: int = 0) -> bytes:
        return UPLOAD + bytes(self.header) + name.encode("ascii") + b"\0" + start.to_bytes(8, "big")


class _Window:
    """A part of an open file as a source of its own. The file is not ours to close."""

    def __init__(self, file: int, at: int, length: int) -> None:
        self._file, self._at, self.length = file, at, length

    def pread(self, size: int, offset: int) -> bytes:
        return os.pread(self._file, max(0, min(size, self.length - offset)), self._at + offset)

    def close(self) -> None:
        pass


def _mark(file: int) -> tuple[int, int]:
    found = os.fstat(file)
    return found.st_ino, found.st_size


def _proved(file: int, seal: _Seal) -> _Proof:
    """Walks the segments up to the first that is not whole. Those after the last that ends a piece do not count."""
    source = _Window(file, 0, os.fstat(file).st_size)
    if Header.read(source) != seal.header:
        raise Tampered("another upload in this one's place")
    proved: list[_Segment] = []
    unfinished: list[_Segment] = []
    at, start = HEADER, 0
    while found := _whole(file, seal, at, start):
        segment, ends = found
        unfinished.append(segment)
        if ends:
            proved += unfinished
            unfinished = []
        at, start = segment.at + segment.sealed, segment.end
    return _Proof(_mark(file), tuple(proved))


def _whole(file: int, seal: _Seal, at: int, start: int) -> tuple[_Segment, bool] | None:
    """The segment at byte ``at`` of the file, and whether it ends a piece; None if there is none, or half of one."""
    size, end = os.pread(file, _SIZE, at), os.fstat(file).st_size
    sealed = int.from_bytes(size, "big")
    if len(size) < _SIZE or at + _SIZE + sealed > end:
        return None
    try:
        opened = seal.opened(file, at + _SIZE, sealed, start)
        prefix = opened.read_at(0, _PREFIX)
        length = int.from_bytes(prefix[1:], "big")
        if len(prefix) < _PREFIX or length == 0 or opened.length != padme(_PREFIX + length):
            return None
        if at + _SIZE + sealed == end:
            # Each segment is flushed before the next one, so a power cut can have torn the last one alone.
            opened.read_at(0, opened.length)
    except Tampered:
        return None
    return _Segment(at + _SIZE, sealed, start, length), bool(prefix[0])
