"""The vault as the rest of the archive uses it: blobs in and out by permit, uploads, rows, index files."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Protocol, Self
from uuid import UUID, uuid4

from archive.errors import BadSettings, KeyGone, Tampered
from archive.policy import Layer, Permit
from archive.vault.cobblestone import COBBLESTONE, Cipher
from archive.vault.index import BlockCache, SealedFolder
from archive.vault.keeper import Keeper
from archive.vault.null import NullCipher
from archive.vault.rows import SealedRows, layer_key
from archive.vault.sealed import BLOB, Header, Seal, SealedReader, SealedWriter, Sink, Tier
from archive.vault.spool import Spool
from archive.vault.store import BlobStore
from archive.vault.uploads import Uploads

_CACHE: Final = 64 << 20


class StoredBlob(Protocol):
    """What the vault must know of a blob to open it: the catalogue's ``Blob`` is one."""

    @property
    def id(self) -> UUID: ...

    @property
    def interview(self) -> UUID: ...

    @property
    def layer(self) -> Layer: ...

    @property
    def length(self) -> int: ...


@dataclass(frozen=True, slots=True)
class BlobFacts:
    """A blob just written: ``length`` in bytes and ``sha256`` (hex) of its content."""

    id: UUID
    layer: Layer
    length: int
    sha256: str


class Vault:
    """Everything sealed, behind one door. Blobs open only to a permit for their interview and layer."""

    def __init__(self, keeper: Keeper, store: BlobStore, spool: Path, *, null_cipher: bool = False) -> None:
        """``spool`` is the folder of uploads under way. Raises BadSettings for a null cipher over honest keys."""
        if null_cipher and keeper.honest:
            # One line in a settings file must not be able to turn an archive into plaintext.
            raise BadSettings(problems="archive.null_cipher is for tests, over keys made at a test's cost")
        self._cipher: Cipher = NullCipher() if null_cipher else COBBLESTONE
        self._store, self._spool = store, spool
        self.keeper = keeper
        self.rows = SealedRows(keeper, self._cipher)
        self.uploads = Uploads(spool, keeper, self._cipher)

    def write(self, permit: Permit, interview: UUID, layer: Layer) -> BlobWriter:
        """A new blob, to be used as a context manager. Raises Refused, KeyGone, OutOfSpace."""
        permit.must_open(interview, layer)
        blob = uuid4()
        seal = self._seal(interview, layer, blob)
        return BlobWriter(self._store.create(interview, blob), seal, self.keeper, (interview, layer))

    def open(self, permit: Permit, blob: StoredBlob) -> SealedReader:
        """A seekable reader. Raises Refused, KeyGone, Tampered (a blob that is missing, too)."""
        permit.must_open(blob.interview, blob.layer)
        seal = self._seal(blob.interview, blob.layer, blob.id)
        try:
            source = self._store.open(blob.interview, blob.id)
        except FileNotFoundError:
            raise Tampered(f"blob {blob.id} is missing") from None
        try:
            return SealedReader(source, seal, blob.length)
        except BaseException:
            source.close()
            raise

    def open_json(self, permit: Permit, blob: StoredBlob) -> Any:
        """The value that a blob of JSON holds. Raises as ``open``."""
        with self.open(permit, blob) as reader:
            return json.loads(reader.read())

    def condemn(self, blob: StoredBlob) -> None:
        """Before the transaction that removes a blob's row is committed: whatever is killed, the file goes, too.

        If that transaction comes to nothing, so does this. Raises OutOfSpace.
        """
        self._store.condemn(blob.interview, blob.id)

    def remove(self, blob: StoredBlob) -> None:
        """The file of one blob; no such file is no error. Its row is the catalogue's to remove, before."""
        self._store.remove(blob.interview, blob.id)

    def remove_all(self, interview: UUID) -> None:
        """An interview's keys and then its files, for good. Safe to repeat.

        Keys first: a kill in between leaves only what nobody can read.
        """
        self.keeper.destroy(interview)
        self._store.remove_all(interview)

    def sweep(self, blobs: Collection[UUID], interviews: Collection[UUID]) -> int:
        """Removes files and keys that killed processes began and no row knows; how many. What living processes write
        is left alone, and so is everything else that is not known.

        Call it inside a *writing* transaction of the catalogue, with the ids read there: then no process can both
        commit its row and end between the reading and the sweep.
        """
        return self._store.sweep(blobs) + self.keeper.sweep({*interviews, *self.uploads.ids()})

    def spool(self) -> Spool:
        """A place for an upload. Raises OutOfSpace."""
        return Spool.within(self._spool, self._cipher)

    def index_files(self, folder: Path, cache_bytes: int = _CACHE) -> SealedFolder:
        """The search's folder; ``cache_bytes`` of decrypted blocks stay in memory. Sweeps what was abandoned there."""
        files = SealedFolder(folder, self.keeper.index_key(), self._cipher, BlockCache(cache_bytes))
        files.sweep()
        return files

    def _seal(self, interview: UUID, layer: Layer, blob: UUID) -> Seal:
        header = Header(Tier.of(layer), blob, self._cipher.suite)
        key = layer_key(self.keeper, interview, layer)
        return Seal(self._cipher, key, header, BLOB + bytes(header) + interview.bytes)


class BlobWriter(SealedWriter):
    """A new blob being written. It exists once the ``with`` block has ended well; otherwise nothing of it does."""

    blob: BlobFacts
    """Set when the block has ended well."""

    def __init__(self, sink: Sink, seal: Seal, keeper: Keeper, place: tuple[UUID, Layer]) -> None:
        self._place, self._keeper, self._id = place, keeper, seal.header.id
        try:
            super().__init__(sink, seal)
        except BaseException:
            sink.abort()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            self._drop()
            return
        try:
            self.close()
            self._commit()
        except BaseException:
            self._drop()
            raise
        self.blob = BlobFacts(self._id, self._place[1], self.length, self.sha256)

    def _commit(self) -> None:
        interview, layer = self._place
        layer_key(self._keeper, interview, layer)  # raises KeyGone if the interview was withdrawn meanwhile
        try:
            self._sink.commit()
        except FileNotFoundError:
            raise KeyGone("withdrawn while it was written") from None

    def _drop(self) -> None:
        self.discard()
        self._sink.abort()
