"""What readers keep for themselves: passages with notes, and searches. Found by account only.

A passage lies under its interview's key with its note: a note on testimony is testimony, and goes when that goes. A
search lies under the archive's own key.
"""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, select

from archive.catalogue.keys import under_released, under_rows
from archive.catalogue.shelf import Kept, Shelf, Transaction
from archive.catalogue.tables import interviews, saved_passages, saved_searches
from archive.catalogue.values import SavedPassage, SavedSearch
from archive.errors import Unknown
from archive.interview import Stage


def _tombstone(row: Row[Any]) -> SavedPassage | None:
    """What is left when the interview was withdrawn: that something was saved, and on which day."""
    if row.sealed is not None:
        return None
    return SavedPassage(row.id, row.interview, row.account, row.day, 0.0, 0.0, 0, version=row.version)


PASSAGES = Kept(saved_passages, SavedPassage, under_released, tombstone=_tombstone)
SEARCHES = Kept(saved_searches, SavedSearch, under_rows)

# A withdrawal destroys the key before or after these rows: no listing may stumble over the moment between.
_WITHDRAWN = select(interviews.c.id).where(interviews.c.stage == Stage.WITHDRAWN)


class Notebook:
    """Everybody's notebooks; each question names whose."""

    def __init__(self, transaction: Transaction) -> None:
        self.passages = Shelf(transaction, PASSAGES)
        self.searches = Shelf(transaction, SEARCHES)
        self._connection = transaction.connection

    def keep(self, passage: SavedPassage) -> SavedPassage:
        """Store a new one. Raises Unknown (no such interview or account), KeyGone."""
        return self.passages.insert(passage)

    def change(self, passage: SavedPassage) -> SavedPassage:
        """Store another note. Raises Conflict if it was changed since it was read."""
        return self.passages.update(passage)

    def get(self, account: UUID, passage: UUID) -> SavedPassage:
        """One of that person's. Raises Unknown, also for another's and for a tombstone."""
        mine = (saved_passages.c.id == passage) & (saved_passages.c.account == account)
        found = self.passages.first(mine, saved_passages.c.interview.not_in(_WITHDRAWN))
        if found is None:
            raise Unknown(f"saved passage {passage}")
        return found

    def of(self, account: UUID, *interviews: UUID) -> list[SavedPassage]:
        """That person's, of these interviews or of all, newest first, but of withdrawn ones. Raises Tampered."""
        mine = (saved_passages.c.account == account) & saved_passages.c.interview.not_in(_WITHDRAWN)
        return self.passages.all(mine, *([saved_passages.c.interview.in_(interviews)] if interviews else []))

    def days(self, account: UUID) -> dict[UUID, date]:
        """The day of each of that person's, by id, newest first, of withdrawn interviews, too. Opens nothing."""
        columns = select(saved_passages.c.id, saved_passages.c.day).where(saved_passages.c.account == account)
        rows = self._connection.execute(columns.order_by(saved_passages.c.seq.desc()))
        return {row.id: row.day for row in rows}

    def holds(self, account: UUID, interview: UUID) -> bool:
        """Whether that person saved anything of that interview. Opens nothing."""
        return self._count(saved_passages.c.account == account, saved_passages.c.interview == interview) > 0

    def drop(self, account: UUID, passage: UUID) -> None:
        """Take one of that person's out; no error if there is none."""
        self.passages.remove(saved_passages.c.id == passage, saved_passages.c.account == account)

    def keep_search(self, search: SavedSearch) -> SavedSearch:
        """Store a new one."""
        return self.searches.insert(search)

    def searches_of(self, account: UUID) -> list[SavedSearch]:
        """That person's, newest first."""
        return self.searches.all(saved_searches.c.account == account)

    def drop_search(self, account: UUID, search: UUID) -> None:
        """Take one of that person's out; no error if there is none."""
        self.searches.remove(saved_searches.c.id == search, saved_searches.c.account == account)

    def counts(self, account: UUID) -> tuple[int, int]:
        """How many passages and searches that person keeps."""
        return self._count(saved_passages.c.account == account), self._count(saved_searches.c.account == account)

    def forget(self, interview: UUID) -> None:
        """Withdrawal: what was kept of it goes, tombstones stay."""
        self.passages.blank(saved_passages.c.interview == interview)

    def burn(self, account: UUID) -> None:
        """The account goes, and its notebook with it."""
        self.passages.remove(saved_passages.c.account == account)
        self.searches.remove(saved_searches.c.account == account)

    def _count(self, *where: Any) -> int:
        table = where[0].left.table
        found: int = self._connection.execute(select(func.count()).select_from(table).where(*where)).scalar_one()
        return found
