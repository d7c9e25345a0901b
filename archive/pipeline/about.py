"""What the interviewer wrote about an interview, as far as others may read it: title, places, themes, leaving."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from transcripts.errors import NameInTitle
from transcripts.names import Choice, Mention, Passage, Roster
from transcripts.pseudonyms import conceal_text

_FRAMES = {
    "ru": ("Город {}.", "Это разговор о теме «{}»."),
    "uk": ("Місто {}.", "Це розмова про тему «{}»."),
    "en": ("The city of {}.", "This is a talk about “{}”."),
}
"""Sentences that a place and a theme are looked at in: alone, Львов and Воронеж read like surnames."""

_Find = Callable[[Sequence[Passage]], list[Mention]]


@dataclass(frozen=True, slots=True)
class About:
    """Of a released interview. ``left_in`` is the year in which the narrator left their country, if they did."""

    title: str = field(default="", repr=False)
    places: tuple[str, ...] = field(default=(), repr=False)
    themes: tuple[str, ...] = field(default=(), repr=False)
    left_in: int | None = None


def about(
    intake: Mapping[str, Any], language: str, find: _Find, roster: Roster, choices: Mapping[str, Choice]
) -> About:
    """What is left of the intake's paper. In a title names are covered; a place or theme that has one is left out.

    That is so for what the finders conceal and for whatever a concealed person of the interview is called. Both are
    looked at with capitals, too: “дело сорокина”, as it is typed in haste, reads like a word.
    """
    concealed = partial(conceal_text, language=language, find=find, roster=roster, choices=choices)
    nobody = partial(conceal_text, language=language, find=lambda _: [], roster=roster, choices=choices)
    place, theme = _FRAMES.get(language, _FRAMES["ru"])

    def is_free(value: str, frame: str) -> bool:
        written = (frame.format(value), frame.format(value.title()))
        return all(_is_free(concealed, text) for text in written) and _is_free(nobody, value)

    def kept(values: Iterable[str], frame: str) -> tuple[str, ...]:
        return tuple(each for each in values if is_free(each, frame))

    title = str(intake["title"])
    return About(
        title=concealed(title) if title else "",
        places=kept(intake.get("places", ()), place),
        themes=kept(intake.get("themes", ()), theme),
        left_in=intake.get("left_in"),
    )


def _is_free(concealed: Callable[[str], str], text: str) -> bool:
    try:
        return concealed(text) == text
    except NameInTitle:
        return False
