"""Excerpts, and the passage of the released transcript each one shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Row, select

from archive.catalogue.keys import under_released
from archive.catalogue.shelf import Kept, Shelf, Transaction
from archive.catalogue.tables import excerpts, interviews, passages
from archive.catalogue.values import Damage
from archive.consent import Voice
from archive.errors import Unknown
from archive.excerpt import Excerpt, ExcerptState
from archive.interview import Stage


@dataclass(frozen=True, slots=True)
class _Passage:
    id: UUID
    interview: UUID
    excerpt: UUID
    content: Mapping[str, Any] = field(repr=False)
    version: int = 0


def _tombstone(row: Row[Any]) -> Excerpt | None:
    """What is left when the interview was withdrawn: enough to answer “gone” and not “unknown”."""
    if row.sealed is not None or row.state != ExcerptState.WITHDRAWN:
        return None
    return Excerpt(
        row.id, row.interview, 0.0, 0.0, Voice.TEXT_ONLY, ExcerptState.WITHDRAWN, None, 0, version=row.version
    )


# A withdrawal destroys the key before or after these rows: no listing may stumble over the moment between.
_WITHDRAWN = select(interviews.c.id).where(interviews.c.stage == Stage.WITHDRAWN)
_KEPT_INTERVIEW = excerpts.c.interview.not_in(_WITHDRAWN)

KEPT = Kept(excerpts, Excerpt, under_released, tombstone=_tombstone)
PASSAGES = Kept(passages, _Passage, under_released)


class Excerpts:
    """All excerpts, changed optimistically."""

    def __init__(self, transaction: Transaction) -> None:
        self.shelf = Shelf(transaction, KEPT)
        self.passages = Shelf(transaction, PASSAGES)

    def add(self, excerpt: Excerpt) -> Excerpt:
        """Store a new one. Returns it as version 1."""
        return self.shelf.insert(excerpt)

    def get(self, excerpt: UUID) -> Excerpt:
        """Raises Unknown, Tampered, KeyGone."""
        return self.shelf.get(excerpt)

    def save(self, excerpt: Excerpt) -> Excerpt:
        """Store a change. Returns it with its new version; raises Conflict if it was changed since it was read."""
        return self.shelf.update(excerpt)

    def of(self, interview: UUID) -> list[Excerpt]:
        """An interview's excerpts, newest first."""
        return self.shelf.all(excerpts.c.interview == interview)

    def published(self) -> list[Excerpt]:
        """Those in the published state, newest first. Whether one may be shown now is policy's to say."""
        return self.shelf.all(excerpts.c.state == ExcerptState.PUBLISHED, _KEPT_INTERVIEW)

    def all(self) -> list[Excerpt]:
        """Every excerpt but those of withdrawn interviews, newest first."""
        return self.shelf.all(_KEPT_INTERVIEW)

    def passage(self, excerpt: UUID) -> dict[str, Any]:
        """What ``set_passage`` was given. Raises Unknown, Tampered, KeyGone."""
        found = self.passages.first(passages.c.excerpt == excerpt)
        if found is None:
            raise Unknown(f"passage of {excerpt}")
        return dict(found.content)

    def set_passage(self, excerpt: UUID, content: Mapping[str, Any]) -> None:
        """The words and spans an excerpt shows, in place of those it had. Raises Unknown."""
        found = self.passages.first(passages.c.excerpt == excerpt)
        if found is None:
            self.passages.insert(_Passage(uuid4(), self.get(excerpt).interview, excerpt, content))
        else:
            self.passages.update(replace(found, content=content))

    def clear_passage(self, excerpt: UUID) -> None:
        """The excerpt is no longer shown: its words go."""
        self.passages.remove(passages.c.excerpt == excerpt)

    def forget(self, interview: UUID) -> None:
        """Withdrawal: passages go, excerpts stay as tombstones."""
        self.passages.remove(passages.c.interview == interview)
        self.shelf.blank(excerpts.c.interview == interview, state=ExcerptState.WITHDRAWN)

    def damage(self) -> list[Damage]:
        """Every excerpt and passage that does not open."""
        return [*self.shelf.damage(), *self.passages.damage()]
