"""Interviews, and the numbers they are cited by."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Row

from archive.catalogue.marks import Marks
from archive.catalogue.ports import RowKey
from archive.catalogue.shelf import Kept, Shelf, Transaction
from archive.catalogue.tables import interviews
from archive.consent import Terms
from archive.interview import Interview, Stage
from archive.policy import Layer


def _tombstone(row: Row[Any]) -> Interview | None:
    """What is left of a withdrawn interview. Its key is gone or about to go, so its content is never asked for."""
    if row.stage != Stage.WITHDRAWN:
        return None
    return Interview(row.id, "", Stage.WITHDRAWN, row.owner, row.day, Terms(), version=row.version)


KEPT = Kept(
    interviews, Interview, lambda thing: RowKey(Layer.RELEASED, thing.id), tombstone=_tombstone, remembered=True
)


class Interviews:
    """The interviews of the archive. A withdrawn one has no accession, no title and the default terms."""

    def __init__(self, transaction: Transaction, marks: Marks) -> None:
        self.shelf = Shelf(transaction, KEPT)
        self._marks = marks

    def add(self, interview: Interview) -> Interview:
        """Store a new one; its keys must exist. Returns it as version 1."""
        return self.shelf.insert(interview)

    def get(self, interview: UUID) -> Interview:
        """Raises Unknown, Tampered, KeyGone."""
        return self.shelf.get(interview)

    def save(self, interview: Interview) -> Interview:
        """Store a change. Returns it with its new version; raises Conflict if it was changed since it was read."""
        return self.shelf.update(interview)

    def all(self) -> list[Interview]:
        """Every interview, newest first."""
        return self.shelf.all()

    def next_accession(self, year: int) -> str:
        """``2026-0001`` and on. A number is never given twice, not even after its interview was withdrawn."""
        name = f"accession-{year:04d}"
        number = (self._marks.get(name) or {"last": 0})["last"] + 1
        self._marks.put(name, {"last": number})
        return f"{year:04d}-{number:04d}"
