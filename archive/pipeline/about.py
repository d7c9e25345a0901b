"""What the interviewer wrote about an interview, as far as others may read it: title, places, themes, leaving."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class About:
    """Of a released interview. ``left_in`` is the year in which the narrator left their country, if they did."""

    title: str = field(default="", repr=False)
    places: tuple[str, ...] = field(default=(), repr=False)
    themes: tuple[str, ...] = field(default=(), repr=False)
    left_in: int | None = None


def about(intake: Mapping[str, Any], concealed: Callable[[str], str]) -> About:
    """What is left of the intake's paper. In a title names are covered; a place or theme that has one is left out."""
    title = str(intake["title"])
    return About(
        title=concealed(title) if title else "",
        places=tuple(_kept(intake.get("places", ()), concealed)),
        themes=tuple(_kept(intake.get("themes", ()), concealed)),
        left_in=intake.get("left_in"),
    )


def _kept(values: Iterable[str], concealed: Callable[[str], str]) -> Iterable[str]:
    return (value for value in values if concealed(value) == value)
