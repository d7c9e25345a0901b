"""In which order interviews stand, and words of both alphabets."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum

from archive.interview import Interview


class Sort(StrEnum):
    """In which order interviews stand in an answer or a list."""

    BEST = "best"
    NEWEST = "newest"
    OLDEST = "oldest"
    TITLE = "title"


_AFTER = str.maketrans({"ё": "е", "є": "е\uffff", "ґ": "г\uffff", "і": "и\ufffe", "ї": "и\uffff"})
"""Code points follow the Russian alphabet; letters of the Ukrainian one come right after what they follow there."""


def alphabetical(text: str) -> list[str]:
    """The words of a text, to be compared."""
    return [word.translate(_AFTER) for word in re.findall(r"[^\W_]+", text.lower())]


def in_order(interviews: Iterable[Interview], sort: Sort) -> list[Interview]:
    """Interviews by day of recording or by title, those that have none last; as they came where the best are first."""
    every = list(interviews)
    if sort is Sort.BEST:
        return every
    if sort is Sort.TITLE:
        return sorted(every, key=lambda one: (one.title == "", alphabetical(one.title), one.accession))
    dated = [one for one in every if one.recorded_on]
    dated.sort(key=lambda one: (one.recorded_on, one.accession), reverse=sort is Sort.NEWEST)
    return [*dated, *sorted((one for one in every if not one.recorded_on), key=lambda one: one.accession)]
