"""What an interviewer writes about an interview, and what it may hold: the same at the intake and in review.

What others read of it is made in pipeline/about.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from archive.errors import BadInput

_LONGEST_TITLE, _MOST_VALUES, _LONGEST_VALUE = 200, 20, 100
_FIRST_YEAR = 1900


@dataclass(frozen=True, slots=True)
class Description:
    """As it was typed, so of the protected layer: the repr shows none. ``left_in`` is a year."""

    title: str = field(default="", repr=False)
    places: tuple[str, ...] = field(default=(), repr=False)
    themes: tuple[str, ...] = field(default=(), repr=False)
    left_in: int | None = field(default=None, repr=False)

    def check(self, year: int) -> None:
        """Raises BadInput for what is kept of no interview; it is ``year`` now."""
        if len(self.title) > _LONGEST_TITLE:
            raise BadInput("This is longer than {limit} characters.", "title", limit=_LONGEST_TITLE)
        for name, values in (("places", self.places), ("themes", self.themes)):
            if len(values) > _MOST_VALUES or any(len(value) > _LONGEST_VALUE for value in values):
                raise BadInput(
                    "At most {most} of these, none longer than {limit} characters.",
                    name,
                    most=_MOST_VALUES,
                    limit=_LONGEST_VALUE,
                )
        if self.left_in is not None and not _FIRST_YEAR <= self.left_in <= year:
            raise BadInput("Write the year with four figures, like 1991.", "left_in")

    def as_json(self) -> dict[str, Any]:
        """Its part of the INTAKE paper."""
        lists = {"places": list(self.places), "themes": list(self.themes)}
        return {"title": self.title, **lists, "left_in": self.left_in}

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> Self:
        """What such a paper says; an older one knows less."""
        return cls(
            title=found.get("title", ""),
            places=tuple(found.get("places", ())),
            themes=tuple(found.get("themes", ())),
            left_in=found.get("left_in"),
        )
