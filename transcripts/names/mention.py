"""A passage of text, and one mention of a name or of a direct identifier in it. What follows is in people.py."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Label(StrEnum):
    """What is concealed. To others a label is called by its ``family``, which is one of the evaluation sets' labels."""

    SURNAME = "surname"
    PATRONYMIC = "patronymic"
    PHONE = "phone"
    EMAIL = "email"
    HANDLE = "handle"
    DOCUMENT = "document"
    ADDRESS = "address"
    ACCOUNT = "account"
    PLATE = "plate"
    BIRTH = "birth"

    @property
    def family(self) -> Label:
        """Accounts, car plates and days of birth are documents to those who know no finer labels."""
        return Label.DOCUMENT if self in (Label.ACCOUNT, Label.PLATE, Label.BIRTH) else self


STRONG = 0.45  # sureness from which a mention of a surname speaks for other places too
IDENTIFIERS = frozenset(Label) - {Label.SURNAME, Label.PATRONYMIC}


@dataclass(frozen=True, slots=True)
class Passage:
    """A turn of speech or a whole text. ``language`` is "ru", "uk" or "en"; anything else is read by its letters."""

    text: str = field(repr=False)
    language: str


@dataclass(frozen=True, slots=True)
class Mention:
    """Code points ``start`` to ``end`` (exclusive) of passage number ``passage``.

    ``key`` is equal for mentions of one person; ``why`` is a fixed code of the finder; ``sureness`` (0 to 1) compares
    finders with the thresholds, it is no probability. The repr shows no text and no key.
    """

    passage: int
    start: int
    end: int
    label: Label
    key: str = field(repr=False)
    why: str
    sureness: float
    first_name: str | None = field(default=None, repr=False)

    @property
    def place(self) -> tuple[int, int, int]:
        """What mentions are ordered by: of those that start together the longest comes first."""
        return self.passage, self.start, -self.end
