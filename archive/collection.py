"""Collections, and the access that somebody was granted to one: until when, and on which terms."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

MAIN = UUID("6d61696e-0000-4000-8000-000000000000")
"""Where an interview lies that nobody put elsewhere. It needs no row: archives older than collections have none."""


@dataclass(frozen=True, slots=True)
class Collection:
    """Interviews that access is granted to together. The main one may have no name."""

    id: UUID
    name: str = field(repr=False)
    version: int = 0


@dataclass(frozen=True, slots=True)
class Grant:
    """One person's access to one collection, up to and including the day ``until``.

    It opens nothing before the person has accepted the terms of use, on ``accepted_on``.
    """

    id: UUID
    account: UUID
    collection: UUID
    until: date
    granted_by: UUID | None
    granted_on: date
    accepted_on: date | None = None
    version: int = 0

    def holds(self, today: date) -> bool:
        """Whether it opens anything on that day."""
        return self.accepted_on is not None and today <= self.until
