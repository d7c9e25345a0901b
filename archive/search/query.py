"""A query as a tree: what is looked for, and the filters that narrow it. How it is typed is grammar's business.

``str`` writes a tree in the query language; reading that again gives the same tree. ``reading`` tells it to people.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from transcripts.language import folded

OPERATORS = {"AND": "AND", "И": "AND", "І": "AND", "OR": "OR", "ИЛИ": "OR", "АБО": "OR", "NOT": "NOT", "НЕ": "NOT"}
"""Words that join others, in capitals only, and what they are called here."""


class Repair(StrEnum):
    """What was wrong with a query as it was typed, and put right."""

    QUOTE_CLOSED = "quote-closed"
    BRACKET_CLOSED = "bracket-closed"
    BRACKET_DROPPED = "bracket-dropped"
    OPERATOR_DROPPED = "operator-dropped"
    UNWANTED_DROPPED = "unwanted-dropped"
    SIGN_DROPPED = "sign-dropped"
    """A star, tilde or equals sign where it means nothing."""
    NO_SUCH_FIELD = "no-such-field"
    """What stands before the colon is no field; it was looked for as a word."""
    FIELD_FOR_ALL = "field-for-all"
    """A field within a group narrows the whole query all the same."""
    DISTANCE_CHANGED = "distance-changed"


class Field(StrEnum):
    """What a filter speaks of. Speaker and language are the passage's; the others are the interview's."""

    SPEAKER = "speaker"
    LANGUAGE = "lang"
    PLACE = "place"
    YEAR = "year"
    LEFT = "left"
    THEME = "theme"
    TRANSLATED = "translated"


YEARS = frozenset({Field.YEAR, Field.LEFT})
"""Fields whose values are years: of recording, and of leaving the country."""


class Sense(StrEnum):
    """What a part of a query means, for reading it back."""

    WORD = "word"
    EXACT = "exact"
    BEGINNING = "beginning"
    PATTERN = "pattern"
    ALIKE = "alike"
    PHRASE = "phrase"
    NEAR = "near"
    ALL = "all"
    ANY = "any"
    WITHOUT = "without"


@dataclass(frozen=True, slots=True)
class Reading:
    """A part of a query in a form that can be said in any language: its sense, its words or its parts.

    ``number`` is the edits of ALIKE and the words that may stand between those of NEAR. The parts of ALL that are not
    wanted are each a WITHOUT with one part.
    """

    sense: Sense
    text: str = field(default="", repr=False)
    parts: tuple[Reading, ...] = ()
    number: int = 0


@dataclass(frozen=True, slots=True)
class Word:
    """A word in all its forms, or ``exact``ly as it is written (but for case and ё)."""

    text: str = field(repr=False)
    exact: bool = False

    def __str__(self) -> str:
        if self.exact:
            return f"={self.text}"
        return f'"{self.text}"' if self.text in OPERATORS else self.text

    def reading(self) -> Reading:
        """See Reading."""
        return Reading(Sense.EXACT if self.exact else Sense.WORD, self.text)


@dataclass(frozen=True, slots=True)
class Prefix:
    """Words that are written so at their beginning."""

    text: str = field(repr=False)

    @property
    def start(self) -> str:
        """What the word begins with, folded."""
        return folded(self.text)

    def __str__(self) -> str:
        return f"{self.text}*"

    def reading(self) -> Reading:
        """See Reading."""
        return Reading(Sense.BEGINNING, self.text)


@dataclass(frozen=True, slots=True)
class Pattern:
    """Words written so, with any letters or none in place of each star."""

    text: str = field(repr=False)

    def __str__(self) -> str:
        return self.text

    def reading(self) -> Reading:
        """See Reading."""
        return Reading(Sense.PATTERN, self.text)


@dataclass(frozen=True, slots=True)
class Fuzzy:
    """Words of which a form is at most so many letters added, left out or changed away from this one."""

    text: str = field(repr=False)
    edits: int = 1

    def __str__(self) -> str:
        return f"{self.text}~{self.edits if self.edits > 1 else ''}"

    def reading(self) -> Reading:
        """See Reading."""
        return Reading(Sense.ALIKE, self.text, number=self.edits)


Term: TypeAlias = Word | Prefix | Pattern | Fuzzy


@dataclass(frozen=True, slots=True)
class Phrase:
    """Two terms or more in a row; or, with ``within``, in any order with at most so many words in between."""

    terms: tuple[Term, ...]
    within: int | None = None

    def __str__(self) -> str:
        inside = " ".join(term.text if isinstance(term, Word) and not term.exact else str(term) for term in self.terms)
        return f'"{inside}"' + ("" if self.within is None else f"~{self.within}")

    def reading(self) -> Reading:
        """See Reading."""
        parts = tuple(term.reading() for term in self.terms)
        if self.within is None:
            return Reading(Sense.PHRASE, parts=parts)
        return Reading(Sense.NEAR, parts=parts, number=self.within)


@dataclass(frozen=True, slots=True)
class All:
    """All of ``wanted`` (one at least) and none of ``unwanted``."""

    wanted: tuple[Node, ...]
    unwanted: tuple[Node, ...] = ()

    def __str__(self) -> str:
        shown = [*(_grouped(node) for node in self.wanted), *(f"-{_grouped(node)}" for node in self.unwanted)]
        return " ".join(shown)

    def reading(self) -> Reading:
        """See Reading."""
        without = (Reading(Sense.WITHOUT, parts=(node.reading(),)) for node in self.unwanted)
        return Reading(Sense.ALL, parts=(*(node.reading() for node in self.wanted), *without))


@dataclass(frozen=True, slots=True)
class Either:
    """One of ``options`` (two at least), or several."""

    options: tuple[Node, ...]

    def __str__(self) -> str:
        return " OR ".join(f"({node})" if isinstance(node, Either) else str(node) for node in self.options)

    def reading(self) -> Reading:
        """See Reading."""
        return Reading(Sense.ANY, parts=tuple(node.reading() for node in self.options))


Leaf: TypeAlias = Term | Phrase
Node: TypeAlias = Leaf | All | Either


@dataclass(frozen=True, slots=True)
class Filter:
    """Narrows what is searched. Of one field any wanted value will do; an ``unwanted`` one excludes."""

    name: Field
    value: str = field(repr=False)
    unwanted: bool = False

    def __str__(self) -> str:
        shown = self.value if self.value.replace(".", "").isalnum() else f'"{self.value}"'
        return f"{'-' if self.unwanted else ''}{self.name}:{shown}"

    @property
    def years(self) -> range:
        """The years of "2019", "2019..2022", "..1950" or "1991..", both ends included."""
        first, dots, last = self.value.partition("..")
        return range(int(first or 0), int(last or 9_999 if dots else first) + 1)


@dataclass(frozen=True, slots=True)
class Query:
    """A query that can be run. With ``pairs`` a verb also stands for its aspect partner (писать, написать)."""

    root: Node
    filters: tuple[Filter, ...] = ()
    repairs: tuple[Repair, ...] = ()
    pairs: bool = True

    def __str__(self) -> str:
        # What was typed with OR is one group where a filter stands beside it.
        root = _grouped(self.root) if self.filters and isinstance(self.root, Either) else str(self.root)
        return " ".join((root, *map(str, self.filters)))

    def reading(self) -> Reading:
        """The query without its filters."""
        return self.root.reading()

    def wanted(self) -> Iterator[Leaf]:
        """The leaves a passage may be found by, in order; the unwanted ones are not among them."""
        yield from wanted(self.root)


def wanted(node: Node) -> Iterator[Leaf]:
    """The leaves under a node that are not excluded."""
    if isinstance(node, All):
        for part in node.wanted:
            yield from wanted(part)
    elif isinstance(node, Either):
        for part in node.options:
            yield from wanted(part)
    else:
        yield node


def leaves(node: Node) -> Iterator[Leaf]:
    """All leaves under a node."""
    if isinstance(node, All):
        for part in (*node.wanted, *node.unwanted):
            yield from leaves(part)
    elif isinstance(node, Either):
        for part in node.options:
            yield from leaves(part)
    else:
        yield node


def terms_of(leaf: Leaf) -> tuple[Term, ...]:
    """The terms of a phrase, or the one that a leaf is."""
    return leaf.terms if isinstance(leaf, Phrase) else (leaf,)


def _grouped(node: Node) -> str:
    return f"({node})" if isinstance(node, All | Either) else str(node)
