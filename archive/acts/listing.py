"""A list of interviews that this reader may read: all of them, or those that have what a filter without words asks for.

Titles and facts, no passage of a text, and it counts as no reading. Who may not read an interview today learns nothing
from the list, its counts and its facets: they are made as if there were no such interview.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from archive.acts import facets
from archive.acts.answers import Question, called, log, query_of, readable
from archive.acts.facets import Count, Facet
from archive.acts.narrowing import LISTED, narrowed
from archive.acts.ordering import Sort, in_order
from archive.interview import Interview
from archive.parts import Archive
from archive.policy import Act, Principal
from archive.search import Filter, Repair, filters_alone

_ON_A_PAGE = 20


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of ``total`` interviews; facets count interviews.

    ``filters`` are those that were typed, ``repairs`` what was put right in them.
    """

    filters: tuple[Filter, ...] = field(repr=False)
    repairs: tuple[Repair, ...]
    shown: tuple[Interview, ...]
    total: int
    page: int
    pages: int
    collections: Mapping[str, str] = field(repr=False)
    facets: Mapping[Facet, tuple[Count, ...]]


def is_list(question: Question) -> bool:
    """Whether a question is answered by a list: it has no word to look for. Raises BadQuery."""
    if filters_alone(question.text) is not None:
        return True
    query_of(question)
    return False


def listing(house: Archive, who: Principal, question: Question, number: int = 1) -> Listing:
    """A page of the list, newest recording first unless it is said otherwise; a number beyond the last is the last.

    Raises BadQuery (it is no question for a list), Refused.
    """
    house.require(Act.SEARCH, who)
    found = filters_alone(question.text)
    filters, repairs = found if found is not None else (query_of(question).filters, ())
    visible = narrowed(readable(house, who), filters, LISTED)
    left = [one for one in visible if question.chosen.leaves(one)]
    ordered = in_order(left, Sort.NEWEST if question.sort is Sort.BEST else question.sort)
    pages = max(1, -(-len(ordered) // _ON_A_PAGE))
    page = min(max(1, number), pages)
    log(house, who)
    return Listing(
        filters=filters,
        repairs=repairs,
        shown=tuple(ordered[(page - 1) * _ON_A_PAGE : page * _ON_A_PAGE]),
        total=len(ordered),
        page=page,
        pages=pages,
        collections=called(house, visible),
        facets=facets.counted([(one, 1) for one in visible], question.chosen, visible),
    )
