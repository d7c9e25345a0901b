"""What a query's words stand for: the keys a term is found by, and the other ways in which a number is said.

All of this happens when a query is run; the index knows nothing of it, but for "93-м" (see years.py). The same rows are
looked for in the index and marked in a shown text.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TypeAlias

from archive.search import years
from archive.search.analysis import exact_key
from archive.search.query import All, Either, Fuzzy, Leaf, Node, Pattern, Phrase, Prefix, Query, Term, Word
from archive.search.years import Keys, ShortYear
from transcripts.aspects import partners
from transcripts.language import lemmas, surface
from transcripts.numerals import in_words, value

Slot: TypeAlias = Keys | Prefix | Pattern | Fuzzy
"""What may stand at one place."""

Row: TypeAlias = tuple[Slot, ...]
"""Slots in a row (or near one another, if the leaf says so)."""

_MOST_ROWS = 24
_LONGEST_NUMBER = 6  # words: "девять тысяч девятьсот девяносто девять"


def planned(query: Query) -> Node:
    """The tree that is run: words that say a number together may also be written in figures."""
    return _planned(query.root)


def rows(leaf: Leaf, pairs: bool) -> tuple[Row, ...]:
    """The rows any of which answers a leaf; with ``pairs`` verbs stand for their aspect partners too."""
    if not isinstance(leaf, Phrase):
        return tuple(dict.fromkeys(((_slot(leaf, pairs),), *_said(leaf), *years.said(_figures(leaf)))))
    if leaf.within is not None:
        return (tuple(_slot(term, pairs) for term in leaf.terms),)
    ways = itertools.islice(itertools.product(*_stretches(leaf.terms, pairs)), _MOST_ROWS)
    return tuple(dict.fromkeys(tuple(itertools.chain.from_iterable(way)) for way in ways))


def _slot(term: Term, pairs: bool) -> Slot:
    if not isinstance(term, Word):
        return term
    if term.exact:
        return (exact_key(term.text),)
    keys = lemmas(term.text, None)
    more = [key for lemma in keys for key in partners(lemma)] if pairs else []
    number = value([keys])
    return tuple(dict.fromkeys((*keys, *more, *([] if number is None else [str(number)]))))


def _figures(term: Node) -> int:
    """The number that a word of a query is, in figures; -1 for anything else."""
    figures = surface(term.text) if isinstance(term, Word) and not term.exact else ""
    if not (figures.isdecimal() and figures.isascii() and len(figures) <= 4):
        return -1
    return int(figures) if str(int(figures)) == figures else -1


def _said(term: Term) -> Iterator[Row]:
    """How a number in figures is said."""
    for words in in_words(_figures(term)):
        yield tuple(map(years.any_of, words))


def _stretches(terms: Sequence[Term], pairs: bool) -> Iterator[list[Row]]:
    """A phrase cut into stretches, each in the ways it may stand in a text."""
    place = 0
    while place < len(terms):
        if year := years.typed(terms, place):
            yield list(_short_year(terms[place : place + len(year)], year, pairs))
            place += len(year)
            continue
        length, number = _number_at(terms, place)
        spelled = tuple(_slot(term, pairs) for term in terms[place : place + length])
        if length > 1:
            yield [spelled, ((str(number),),)]
        else:
            follows = (_slot(terms[place + 1], pairs),) if _is_year(terms[place : place + 2]) else ()
            after_in = place > 0 and years.is_in(terms[place - 1])
            for_short = years.said(_figures(terms[place]), after_in)
            yield [*((*said, *follows) for said in (spelled, *_said(terms[place]))), *for_short]
            place += len(follows)
        place += length


def _short_year(terms: Sequence[Term], year: ShortYear, pairs: bool) -> Iterator[Row]:
    """The ways of "в 93-м году" in a phrase: as it is typed, and in figures or words, with and without the century."""
    slots = [_slot(term, pairs) for term in terms]
    number = slice(year.before, year.before + year.number)
    ways: list[Row] = [tuple(slots[number])]
    for figures in map(str, (year.short, *year.years)):
        ways += [((figures,),), *_said(Word(figures))]
    for way in ways:
        yield (*slots[: number.start], *way, *slots[number.stop :])


def _is_year(terms: Sequence[Term]) -> bool:
    """Whether these are figures and the word for a year."""
    return _figures(terms[0]) >= 0 and years.is_year(terms, 1)


def _number_at(nodes: Sequence[Node], place: int) -> tuple[int, int]:
    """How many words from there on say one number, and which; one word is left to itself."""
    for length in range(min(_LONGEST_NUMBER, len(nodes) - place), 1, -1):
        words = [node for node in nodes[place : place + length] if isinstance(node, Word) and not node.exact]
        if len(words) == length:
            number = value([lemmas(word.text, None) for word in words])
            if number is not None:
                return length, number
    return 1, 0


def _planned(node: Node) -> Node:
    if isinstance(node, Either):
        return Either(tuple(map(_planned, node.options)))
    if not isinstance(node, All):
        return node
    wanted: list[Node] = []
    place = 0
    while place < len(node.wanted):
        if year := years.typed(node.wanted, place):
            part = _in_figures(node.wanted[place : place + len(year)])
            wanted.append(Either((All(tuple(part)), *(Word(str(full)) for full in year.years))))
            place += len(year)
        else:
            length, _ = _number_at(node.wanted, place)
            wanted += _in_figures(node.wanted[place : place + length])
            place += length
    return replace(node, wanted=tuple(wanted), unwanted=tuple(map(_planned, node.unwanted)))


def _in_figures(nodes: Sequence[Node]) -> Iterator[Node]:
    place = 0
    while place < len(nodes):
        length, number = _number_at(nodes, place)
        part = tuple(nodes[place : place + length])
        yield Either((All(part), Word(str(number)))) if length > 1 else _planned(part[0])
        place += length
