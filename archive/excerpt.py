"""An excerpt: a passage of the released layer that may be published, in one form of voice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from archive.consent import Voice


class ExcerptState(StrEnum):
    """Where an excerpt is. Agreement of the narrator is a date beside it, not a state."""

    PROPOSED = "proposed"
    PUBLISHED = "published"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Seconds ``start`` to ``end`` of an interview's masked sound and the words in them.

    ``redaction`` is the release it was cut from; ``title`` and ``context`` have gone through pseudonymisation.
    """

    id: UUID
    interview: UUID
    start: float
    end: float
    voice: Voice
    state: ExcerptState
    proposed_by: UUID | None
    redaction: int
    title: str = ""
    context: str = ""
    agreed_on: date | None = None
    published_on: date | None = None
    version: int = 0
