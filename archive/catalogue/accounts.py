"""Who can sign in. The user name is sealed; a keyed digest of it stands beside the row to find it by."""

from __future__ import annotations

import unicodedata
from uuid import UUID

from archive.catalogue.keys import under_rows
from archive.catalogue.ports import RowSealer
from archive.catalogue.shelf import Kept, Shelf, Transaction
from archive.catalogue.tables import accounts
from archive.catalogue.values import Account


def folded(name: str) -> str:
    """The form in which user names are compared: ``Anna `` is ``anna``."""
    return unicodedata.normalize("NFKC", name).strip().casefold()


def _beside(sealer: RowSealer, account: Account) -> dict[str, str]:
    return {"handle": sealer.handle("account:" + folded(account.name))}


KEPT = Kept(accounts, Account, under_rows, beside=_beside)


class Accounts:
    """All accounts, changed optimistically, never removed: the audit log refers to them."""

    def __init__(self, transaction: Transaction) -> None:
        self.shelf = Shelf(transaction, KEPT)
        self._sealer = transaction.sealer

    def add(self, account: Account) -> Account:
        """Store a new one. Returns it as version 1; raises Conflict if the user name is taken."""
        return self.shelf.insert(account)

    def get(self, account: UUID) -> Account:
        """Raises Unknown, Tampered."""
        return self.shelf.get(account)

    def by_handle(self, name: str) -> Account | None:
        """Whoever has that user name, however its letters are cased."""
        return self.shelf.first(accounts.c.handle == self._sealer.handle("account:" + folded(name)))

    def save(self, account: Account) -> Account:
        """Store a change. Returns it with its new version; raises Conflict if it was changed since it was read."""
        return self.shelf.update(account)

    def all(self) -> list[Account]:
        """Every account, oldest first."""
        return self.shelf.all(newest_first=False)
