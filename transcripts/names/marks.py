"""What stands in a text where something is withheld and no cover name was chosen: “[имя-3]”.

One word without white space, so that it has one place in time; the number is the person's, so that a reader can follow
who is meant.
"""

from __future__ import annotations

import re

from transcripts.names.mention import Label

_NAMES = {
    "ru": ("имя", "телефон", "почта", "ник", "документ", "адрес", "счёт", "автономер", "дата-рождения"),
    "uk": ("ім’я", "телефон", "пошта", "нік", "документ", "адреса", "рахунок", "автономер", "дата-народження"),
    "en": ("name", "phone", "email", "handle", "document", "address", "account", "plate", "birth-date"),
}
_COLUMNS = tuple(label for label in Label if label is not Label.PATRONYMIC)

MARK = re.compile(r"\[(?:" + "|".join(sorted({word for row in _NAMES.values() for word in row})) + r")-\d{1,6}\]")


def mark(label: Label, number: int, language: str) -> str:
    """The mark for person ``number`` in a passage of ``language``; English where there is no other."""
    column = Label.SURNAME if label is Label.PATRONYMIC else label
    return f"[{_NAMES.get(language, _NAMES['en'])[_COLUMNS.index(column)]}-{number}]"


def number_of(mark: str) -> int:
    """Whose mark it is."""
    return int(mark.rpartition("-")[2].rstrip("]"))
