"""The filters of a query that speak of interviews: which of the visible ones they leave. They only ever take away."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from archive.interview import Interview
from archive.search import YEARS, Field, Filter
from transcripts.language import folded


def _year(interview: Interview) -> tuple[str, ...]:
    return (str(interview.recorded_on.year),) if interview.recorded_on else ()


VALUES: Mapping[Field, Callable[[Interview], tuple[str, ...]]] = {
    Field.YEAR: _year,
    Field.LEFT: lambda one: (str(one.left_in),) if one.left_in else (),
    Field.PLACE: lambda one: one.places,
    Field.THEME: lambda one: one.themes,
    Field.TRANSLATED: lambda one: one.translations,
}
"""What an interview has of each field; speaker and language are the passages' own, and the engine's to filter by."""

LISTED: Mapping[Field, Callable[[Interview], tuple[str, ...]]] = {
    **VALUES,
    Field.LANGUAGE: lambda one: (one.language,),
}
"""The same for a list of interviews, where no passage is looked at: the language is that of the whole."""


def narrowed(
    interviews: Iterable[Interview],
    filters: Sequence[Filter],
    known: Mapping[Field, Callable[[Interview], tuple[str, ...]]] = VALUES,
) -> list[Interview]:
    """The interviews that have, of each field, one of the wanted values (if any is wanted) and no unwanted one."""
    left = list(interviews)
    for field, values in known.items():
        wanted = [each for each in filters if each.name is field and not each.unwanted]
        unwanted = [each for each in filters if each.name is field and each.unwanted]
        left = [one for one in left if not wanted or _has(values(one), wanted)]
        left = [one for one in left if not _has(values(one), unwanted)]
    return left


def _has(values: Sequence[str], filters: Iterable[Filter]) -> bool:
    return any(_fits(value, each) for value in values for each in filters)


def _fits(value: str, wanted: Filter) -> bool:
    if wanted.name in YEARS:
        return int(value) in wanted.years
    return folded(value) == folded(wanted.value)
