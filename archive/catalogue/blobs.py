"""Which sealed files there are. Blob first, row second: a row never stands here without its file."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select

from archive.catalogue.ports import RowKey
from archive.catalogue.shelf import Kept, Shelf, Transaction
from archive.catalogue.tables import blobs
from archive.catalogue.values import Blob, Kind
from archive.policy import Layer


def _key(thing: Any) -> RowKey:
    """A public blob lies under the released key: withdrawal must reach it."""
    layer = Layer.PROTECTED if thing.layer == Layer.PROTECTED else Layer.RELEASED
    return RowKey(layer, thing.interview)


KEPT = Kept(blobs, Blob, _key)


class Blobs:
    """The blobs of all interviews. Rows are only ever added and removed."""

    def __init__(self, transaction: Transaction) -> None:
        self.shelf = Shelf(transaction, KEPT)
        self._transaction = transaction

    def add(self, blob: Blob) -> Blob:
        """The file must be stored already. Raises Unknown if the interview is."""
        return self.shelf.insert(blob)

    def get(self, blob: UUID) -> Blob:
        """Raises Unknown, Tampered, KeyGone."""
        return self.shelf.get(blob)

    def of(self, interview: UUID, kind: Kind | None = None) -> list[Blob]:
        """An interview's blobs, newest first."""
        wanted = [blobs.c.interview == interview] + ([blobs.c.kind == kind] if kind else [])
        return self.shelf.all(*wanted)

    def newest(self, interview: UUID, kind: Kind) -> Blob | None:
        """The one added last."""
        return self.shelf.first(blobs.c.interview == interview, blobs.c.kind == kind)

    def remove(self, blob: UUID) -> None:
        """Forget the row; the file is the vault's to remove, afterwards."""
        self.shelf.remove(blobs.c.id == blob)

    def ids(self) -> set[UUID]:
        """Every blob there should be a file for."""
        return set(self._transaction.connection.execute(select(blobs.c.id)).scalars())
