"""Small facts of the archive itself, each under a fixed name: which index is current, the last accession number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID, uuid4

from archive.catalogue.keys import under_rows
from archive.catalogue.shelf import Kept, Shelf, Transaction
from archive.catalogue.tables import marks


@dataclass(frozen=True, slots=True)
class _Mark:
    id: UUID
    name: str
    value: Mapping[str, Any] = field(repr=False)
    version: int = 0


KEPT = Kept(marks, _Mark, under_rows)


class Marks:
    """``name`` stands in the clear: a word of the code, never content."""

    def __init__(self, transaction: Transaction) -> None:
        self.shelf = Shelf(transaction, KEPT)

    def get(self, name: str) -> dict[str, Any] | None:
        """What was put there last."""
        mark = self.shelf.first(marks.c.name == name)
        return None if mark is None else dict(mark.value)

    def put(self, name: str, value: Mapping[str, Any]) -> None:
        """Takes the place of what was there."""
        mark = self.shelf.first(marks.c.name == name)
        if mark is None:
            self.shelf.insert(_Mark(uuid4(), name, value))
        else:
            self.shelf.update(replace(mark, value=value))
