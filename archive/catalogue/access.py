"""Collections, and who was granted access to which."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from archive.catalogue.keys import under_rows
from archive.catalogue.shelf import Kept, Shelf, Transaction
from archive.catalogue.tables import collections, grants
from archive.collection import MAIN, Collection, Grant
from archive.errors import Unknown

COLLECTIONS = Kept(collections, Collection, under_rows)
GRANTS = Kept(grants, Grant, under_rows)


class Collections:
    """All collections; the main one is there even before it has a row."""

    def __init__(self, transaction: Transaction) -> None:
        self.shelf = Shelf(transaction, COLLECTIONS)

    def all(self) -> list[Collection]:
        """The main one first, then the oldest."""
        stored = self.shelf.all(newest_first=False)
        main = next((one for one in stored if one.id == MAIN), Collection(MAIN, ""))
        return [main, *(one for one in stored if one.id != MAIN)]

    def get(self, collection: UUID) -> Collection:
        """Raises Unknown, Tampered."""
        found = next((one for one in self.all() if one.id == collection), None)
        if found is None:
            raise Unknown(f"collection {collection}")
        return found

    def put(self, collection: Collection) -> Collection:
        """Store a new or a renamed one. Raises Conflict if it was changed since it was read."""
        return self.shelf.update(collection) if collection.version else self.shelf.insert(collection)


class Grants:
    """One grant at most for each person and collection."""

    def __init__(self, transaction: Transaction) -> None:
        self.shelf = Shelf(transaction, GRANTS)

    def of(self, account: UUID) -> tuple[Grant, ...]:
        """What that person was granted, ended or not, oldest first."""
        return tuple(self.shelf.all(grants.c.account == account, newest_first=False))

    def all(self) -> list[Grant]:
        """Every grant, newest first."""
        return self.shelf.all()

    def get(self, grant: UUID) -> Grant:
        """Raises Unknown, Tampered."""
        return self.shelf.get(grant)

    def put(self, grant: Grant) -> Grant:
        """Store a grant, in place of the one that this person had to this collection. Raises Unknown (no account)."""
        there = self.shelf.first(grants.c.account == grant.account, grants.c.collection == grant.collection)
        if there is None:
            return self.shelf.insert(grant)
        return self.shelf.update(replace(grant, id=there.id, version=there.version))

    def remove(self, grant: UUID) -> None:
        """It ends at once."""
        self.shelf.remove(grants.c.id == grant)
