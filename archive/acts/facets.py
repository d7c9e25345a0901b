"""By what an answer can be narrowed besides words: what is known of interviews, with counts of what may be seen."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from archive.interview import Interview

Hits: TypeAlias = Sequence[tuple[Interview, int]]
"""Interviews that were hit, and in how many passages."""


class Facet(StrEnum):
    """What interviews are told apart by."""

    YEAR = "year"
    LANGUAGE = "language"
    COLLECTION = "collection"
    PLACE = "place"
    THEME = "theme"
    VOICE = "voice"
    TRANSLATION = "translation"


VALUES: Mapping[Facet, Callable[[Interview], tuple[str, ...]]] = {
    Facet.YEAR: lambda one: (str(one.recorded_on.year) if one.recorded_on else "",),
    Facet.LANGUAGE: lambda one: (one.language,),
    Facet.COLLECTION: lambda one: (str(one.collection),),
    Facet.PLACE: lambda one: one.places,
    Facet.THEME: lambda one: one.themes,
    Facet.VOICE: lambda one: (str(one.terms.voice_for_research),),
    Facet.TRANSLATION: lambda one: one.translations,
}
"""What an interview has of each; "" where nobody wrote down the one that there is."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a reader narrowed an answer to: any of the values of each facet, and years of recording from, to."""

    values: Mapping[Facet, frozenset[str]] = field(default_factory=dict)
    first_year: int | None = None
    last_year: int | None = None

    def leaves(self, interview: Interview, but: Facet | None = None) -> bool:
        """Whether the interview is left, were the facet ``but`` not chosen from."""
        if not self._in_years(interview):
            return False
        return all(
            wanted.intersection(VALUES[facet](interview))
            for facet, wanted in self.values.items()
            if wanted and facet is not but
        )

    def _in_years(self, interview: Interview) -> bool:
        if self.first_year is None and self.last_year is None:
            return True
        year = interview.recorded_on.year if interview.recorded_on else None
        return year is not None and (self.first_year or 0) <= year <= (self.last_year or 9_999)


@dataclass(frozen=True, slots=True)
class Count:
    """A value, and how much of the answer there is with it; ``chosen``: the answer is narrowed to it."""

    value: str
    passages: int
    interviews: int
    chosen: bool


def counted(hits: Hits, chosen: Chosen, known: Collection[Interview] = ()) -> dict[Facet, tuple[Count, ...]]:
    """For each facet the values that the hits have, as if nothing were chosen from that facet alone.

    A chosen value of ``known`` interviews that has no hits is told with 0, so that the choice can be taken back.
    """
    return {facet: tuple(_counts(hits, chosen, facet, known)) for facet in Facet}


def by_recording(hits: Hits) -> tuple[Count, ...]:
    """The hits of each year of recording, the years between without any, too; interviews without a day last."""
    return _by_year(hits, VALUES[Facet.YEAR])


def by_leaving(hits: Hits) -> tuple[Count, ...]:
    """The same by the year in which the narrator left."""
    return _by_year(hits, lambda one: (str(one.left_in or ""),))


def _by_year(hits: Hits, year_of: Callable[[Interview], tuple[str, ...]]) -> tuple[Count, ...]:
    counts = {value: Count(value, *both, False) for value, both in _sums(hits, year_of).items()}
    years = [int(value) for value in counts if value]
    span = range(min(years), max(years) + 1) if years else range(0)
    told = [counts.get(str(year), Count(str(year), 0, 0, False)) for year in span]
    return (*told, counts[""]) if "" in counts else tuple(told)


def _counts(hits: Hits, chosen: Chosen, facet: Facet, known: Iterable[Interview]) -> Iterable[Count]:
    wanted = chosen.values.get(facet, frozenset())
    sums = _sums([hit for hit in hits if chosen.leaves(hit[0], facet)], VALUES[facet])
    empty = wanted.intersection(value for one in known for value in VALUES[facet](one)) - sums.keys()
    order = sorted(sums, key=lambda value: (value == "", value if facet is Facet.YEAR else "", -sums[value][0], value))
    for value in (*order, *sorted(empty)):
        yield Count(value, *sums.get(value, (0, 0)), value in wanted)


def _sums(hits: Hits, values_of: Callable[[Interview], tuple[str, ...]]) -> dict[str, tuple[int, int]]:
    """How many passages and interviews there are with each value."""
    sums: dict[str, tuple[int, int]] = {}
    for interview, count in hits:
        for value in values_of(interview):
            passages, interviews = sums.get(value, (0, 0))
            sums[value] = passages + count, interviews + 1
    return sums
