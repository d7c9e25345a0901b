"""One transaction on the catalogue, and the groups of rows it can read and change."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from archive.catalogue.access import Collections, Grants
from archive.catalogue.accounts import Accounts
from archive.catalogue.audit import Audit
from archive.catalogue.blobs import Blobs
from archive.catalogue.doors import Invitations, Receipts, Resets, Sessions, Throttle, Visits
from archive.catalogue.excerpts import Excerpts
from archive.catalogue.interviews import Interviews
from archive.catalogue.jobs import Jobs
from archive.catalogue.marks import Marks
from archive.catalogue.notebook import Notebook
from archive.catalogue.papers import Papers
from archive.catalogue.ports import RowSealer
from archive.catalogue.register import Register
from archive.catalogue.shelf import Opened, Shelf, Transaction
from archive.catalogue.tables import blobs as blob_rows
from archive.catalogue.tables import interviews as interview_rows
from archive.catalogue.tables import papers as paper_rows
from archive.catalogue.values import Damage
from archive.errors import Tampered
from archive.interview import Stage


class Ledger:
    """Good within its ``with`` block. Everything it returns is a frozen value, and stays good."""

    def __init__(
        self, connection: Connection, sealer: RowSealer, opened: Opened, clock: Callable[[], datetime]
    ) -> None:
        transaction = Transaction(connection, sealer, Register(connection, sealer), opened)
        self._register = transaction.register
        self.marks = Marks(transaction)
        self.interviews = Interviews(transaction, self.marks)
        self.blobs = Blobs(transaction)
        self.papers = Papers(transaction)
        self.excerpts = Excerpts(transaction)
        self.notebook = Notebook(transaction)
        self.jobs = Jobs(connection, clock)
        self.accounts = Accounts(transaction)
        self.collections = Collections(transaction)
        self.grants = Grants(transaction)
        self.sessions = Sessions(transaction)
        self.invitations = Invitations(transaction)
        self.resets = Resets(transaction)
        self.receipts = Receipts(transaction)
        self.visits = Visits(transaction)
        self.throttle = Throttle(transaction)
        self.audit = Audit(transaction, self.marks)
        self._shelves: tuple[Shelf[Any], ...] = (
            self.interviews.shelf,
            self.blobs.shelf,
            self.papers.shelf,
            self.excerpts.shelf,
            self.excerpts.passages,
            self.notebook.passages,
            self.notebook.searches,
            self.accounts.shelf,
            self.collections.shelf,
            self.grants.shelf,
            self.marks.shelf,
        )

    def forget(self, interview: UUID) -> None:
        """Withdrawal: what the catalogue knows of an interview goes; tombstones stay, of it, its excerpts
        and what was kept of it.

        Needs no key, so it may come before or after their destruction, and again. ``Catalogue.scrub`` afterwards takes
        the old bytes out of the file. Raises Unknown.
        """
        self.jobs.cancel_all(interview)
        self.excerpts.forget(interview)
        self.notebook.forget(interview)
        self.papers.shelf.remove(paper_rows.c.interview == interview)
        self.blobs.shelf.remove(blob_rows.c.interview == interview)
        self.interviews.shelf.blank(interview_rows.c.id == interview, stage=Stage.WITHDRAWN)

    def verify(self) -> list[Damage]:
        """Every sealed row that does not open, rows missing or put back, a broken audit log. Opens everything."""
        found = [damage for shelf in self._shelves for damage in shelf.damage()]
        if not self.complete():
            found.append(Damage("register", None, "rows-missing-or-put-back"))
        if not self.audit.verify():
            found.append(Damage("audit", None, "chain-broken"))
        return found

    def complete(self) -> bool:
        """Whether no sealed row is missing, added, or put back to an older version. Opens none of them."""
        try:
            return self._register.agrees({place for shelf in self._shelves for place in shelf.places()})
        except Tampered:
            return False

    def close(self) -> None:
        """Before the commit: the register of this transaction's changes."""
        self._register.write()
