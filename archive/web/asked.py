"""A question as addresses and forms hold it: under an id, with what it is narrowed to; and that said in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from werkzeug.datastructures import MultiDict

from archive.acts import answers
from archive.acts.answers import Question
from archive.acts.concordance import Arrangement
from archive.acts.facets import VALUES, Chosen, Facet
from archive.acts.ordering import Sort
from archive.web import wording
from archive.web.gate import house, who
from archive.web.show import language_name

EVERYTHING = "all"
"""Stands in an address in place of a question's id where nothing is asked: the list of all that one may read."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A remembered question and how its answer is looked at, all of which stands in the address but the words."""

    id: str
    question: Question
    view: str = "passages"
    by: Arrangement = Arrangement.ANSWER
    page: int = 1

    def address(self, endpoint: str = "search.again", **changes: Any) -> str:
        """The address of the same answer looked at otherwise, from its first page on."""
        narrowed = self.question.chosen
        years = {"from": narrowed.first_year, "to": narrowed.last_year}
        return url_for(endpoint, question_id=self.id, **{**self._but_years(), **years, **changes})

    def within(self, interview: UUID) -> str:
        """The address of an interview, where the hits of the same question are marked."""
        return url_for("reading.read", id=interview, asked=self.id, pairs=None if self.question.pairs else "no")

    def saved(self) -> list[tuple[str, str]]:
        """All that a form says to keep this question."""
        chosen = self.question.chosen
        years = {"from": chosen.first_year, "to": chosen.last_year}
        told = [(name, str(year)) for name, year in years.items() if year is not None]
        return [("q", self.question.text), *self.kept(), *told]

    def kept(self) -> list[tuple[str, str]]:
        """All but the years, for a form that asks for other years."""
        return [
            (name, value)
            for name, found in self._but_years().items()
            for value in (found if isinstance(found, list) else [found])
            if value is not None
        ]

    def toggled(self, facet: Facet, value: str) -> str:
        """The address after a value of a facet is chosen, or no longer."""
        return self.address(**without(self.question.chosen, facet, value))

    def _but_years(self) -> dict[str, Any]:
        return {
            **{
                str(facet): sorted(in_address(facet, value) for value in values)
                for facet, values in self.question.chosen.values.items()
            },
            "sort": None if self.question.sort is Sort.BEST else str(self.question.sort),
            "pairs": None if self.question.pairs else "no",
            "view": None if self.view == "passages" else self.view,
            "by": None if self.by is Arrangement.ANSWER else str(self.by),
        }


@dataclass(frozen=True, slots=True)
class Narrowing:
    """One thing that an answer is narrowed to, in words; ``without`` is what changes in its address if it is not."""

    legend: str
    value: str
    without: Mapping[str, Any] = field(repr=False)

    def __str__(self) -> str:
        return f"{self.legend}: {self.value}"


def read(values: MultiDict[str, str], id: str, text: str) -> Asked:
    """The question with what an address, or a form, says of it; what cannot be understood there is left aside."""
    named = {facet: _values(facet, values) for facet in Facet}
    narrowed = Chosen(
        {facet: found for facet, found in named.items() if found},
        values.get("from", type=int),
        values.get("to", type=int),
    )
    return Asked(
        id=id,
        question=Question(text, narrowed, _one_of(Sort, values.get("sort"), Sort.BEST), values.get("pairs") != "no"),
        view="lines" if values.get("view") == "lines" else "passages",
        by=_one_of(Arrangement, values.get("by"), Arrangement.ANSWER),
        page=values.get("page", type=int, default=1),
    )


_WORDS = frozenset({Facet.PLACE, Facet.THEME})


def in_address(facet: Facet, value: str) -> str:
    """A value as it stands in addresses: places and themes are words, and no word stands there, but a digest of it.

    One account’s digests are not another’s: a log would be read with the help of one’s own.
    """
    return house().vault.rows.handle(f"facet:{who().account}:{value}")[:16] if facet in _WORDS else value


def without(chosen: Chosen, facet: Facet, value: str) -> dict[str, Any]:
    """What changes in an address when a value is chosen, or no longer."""
    return {facet: sorted(in_address(facet, one) for one in chosen.values.get(facet, frozenset()) ^ {value})}


def narrowings(chosen: Chosen, labels: Mapping[Facet, Callable[[str], str]]) -> list[Narrowing]:
    """All that an answer is narrowed to by links, in the order in which these stand beside it; years last."""
    told = [
        Narrowing(str(legend), labels[facet](value), without(chosen, facet, value))
        for facet, legend in LEGENDS.items()
        for value in sorted(chosen.values.get(facet, ()))
    ]
    first, last = chosen.first_year, chosen.last_year
    if first is not None or last is not None:
        span = f"{first if first is not None else ''}–{last if last is not None else ''}"
        told.append(Narrowing(_("Recorded in the years"), span, {"from": None, "to": None}))
    return told


LEGENDS: dict[Facet, LazyString] = {
    Facet.YEAR: _l("Year of recording"),
    Facet.LANGUAGE: _l("Language"),
    Facet.COLLECTION: _l("Collection"),
    Facet.PLACE: _l("Places"),
    Facet.THEME: _l("Themes"),
    Facet.VOICE: _l("Voice for historians"),
    Facet.TRANSLATION: _l("Translated into"),
}


SORTS: dict[Sort, LazyString] = {
    Sort.BEST: _l("best match"),
    Sort.NEWEST: _l("newest recording"),
    Sort.OLDEST: _l("oldest recording"),
    Sort.TITLE: _l("title"),
}


def labels(*chosen: Chosen) -> dict[Facet, Callable[[str], str]]:
    """What the chosen values are called; a collection by its name only if this reader may read something of it."""
    if not any(Facet.COLLECTION in one.values for one in chosen):
        return called({})
    return called(answers.called(house(), answers.readable(house(), who())))


def called(collections: Mapping[str, str]) -> dict[Facet, Callable[[str], str]]:
    """What the values of each facet are called, as far as they are known."""

    def collection(value: str) -> str:
        return collections[value] or _("Main collection") if value in collections else _("unknown")

    return {
        Facet.YEAR: lambda value: value or _("unknown"),
        Facet.LANGUAGE: language_name,
        Facet.COLLECTION: collection,
        Facet.PLACE: lambda value: value or _("unknown"),
        Facet.THEME: lambda value: value or _("unknown"),
        Facet.VOICE: lambda value: str(wording.VOICES.get(value, value)),
        Facet.TRANSLATION: language_name,
    }


def _values(facet: Facet, values: MultiDict[str, str]) -> frozenset[str]:
    """The values of a facet that are named."""
    named = values.getlist(str(facet))[:50]
    if not named or facet not in _WORDS:
        return frozenset(named)
    known = {value for one in answers.readable(house(), who()) for value in VALUES[facet](one)}
    return frozenset(value for value in known if in_address(facet, value) in named) or frozenset({""})


def _one_of(kind: Any, found: str | None, default: Any) -> Any:
    """The value if it is one of the kind's; for anything else the default."""
    return kind(found) if found in [str(one) for one in kind] else default
