"""What the interviewer wrote about an interview, as far as others may read it: title, places, themes, leaving."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from transcripts.errors import NameInTitle
from transcripts.names import Choice, Mention, Passage, Roster
from transcripts.names.marks import MARK, number_of
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


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A place or theme that others do not read, because a name is in it. ``of``: “places”, “themes”.

    ``numbers``: who of the roster is named; empty where the finders see somebody whom the text does not name.
    """

    of: str
    value: str = field(repr=False)
    numbers: tuple[int, ...] = ()


def about(
    intake: Mapping[str, Any], language: str, find: _Find, roster: Roster, choices: Mapping[str, Choice]
) -> About:
    """What is left of the intake's paper. In a title names are covered; a place or theme that has one is left out.

    That is so for what the finders conceal and for whatever a concealed person of the interview is called. Both are
    looked at with capitals, too: “дело сорокина”, as it is typed in haste, reads like a word. Raises NameInTitle.
    """
    return looked_through(intake, language, find, roster, choices)[0]


def looked_through(
    intake: Mapping[str, Any], language: str, find: _Find, roster: Roster, choices: Mapping[str, Choice]
) -> tuple[About, tuple[LeftOut, ...]]:
    """What ``about`` says, and for reviewers what it leaves out, in the paper's order. Raises NameInTitle."""
    concealed = partial(conceal_text, language=language, find=find, roster=roster, choices=choices)
    nobody = partial(conceal_text, language=language, find=lambda _: [], roster=roster, choices=choices)
    frames = dict(zip(("places", "themes"), _FRAMES.get(language, _FRAMES["ru"]), strict=True))

    known = {person.number for person in roster.people}

    def named(value: str, frame: str) -> set[int] | None:
        """Numbers of whom it names; None if it names nobody."""
        written = (frame.format(value), frame.format(value.title()))
        looks = [*(_named(concealed, text) for text in written), _named(nobody, value)]
        found = [one for one in looks if one is not None]
        return known & set().union(*found) if found else None

    looked = [(of, value, named(value, frame)) for of, frame in frames.items() for value in intake.get(of, ())]
    kept = {of: tuple(value for its, value, who in looked if its == of and who is None) for of in frames}
    title = str(intake.get("title", ""))
    told = About(title=concealed(title) if title else "", **kept, left_in=intake.get("left_in"))
    return told, tuple(LeftOut(of, value, tuple(sorted(who))) for of, value, who in looked if who is not None)


def _named(concealed: Callable[[str], str], text: str) -> set[int] | None:
    """Numbers of the marks in what is left of a text; None if all of it is left."""
    try:
        left = concealed(text)
    except NameInTitle:
        return set()
    return None if left == text else {number_of(mark) for mark in MARK.findall(left)}
