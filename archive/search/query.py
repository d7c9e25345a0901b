"""The query language: what a person types, as a tree. Any text is read; what cannot be run raises BadQuery.

    хлеб война          both words, in any form           арест*       words that begin so (three letters or more)
    "по этапу"          these words in a row              -война       without it (also NOT война)
    хлеб OR каша        either                            ( )          groups

Typing slips are repaired and said: an open quote or bracket is closed, an operator without words is dropped.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from archive.errors import BadQuery
from transcripts.language import folded, is_known, lemmas, tokens

_LONGEST = 1_000
_MOST_WORDS = 64
_DEEPEST = 20
_SHORTEST_PREFIX = 3

_QUOTES = '"«»“”„'
_LEXEME = re.compile(
    rf"""(?P<open>[{_QUOTES}])(?P<phrase>[^{_QUOTES}]*)(?P<close>[{_QUOTES}]?)
       | (?P<bracket>[()])
       | (?<![^\s(])(?P<minus>[-−])(?=[{_QUOTES}(\w])
       | (?P<chunk>[^\s(){_QUOTES}]+)""",
    re.VERBOSE,
)
_OPERATORS = frozenset({"AND", "OR", "NOT"})


@dataclass(frozen=True, slots=True)
class Word:
    """A word in all its forms."""

    text: str = field(repr=False)

    @property
    def keys(self) -> tuple[str, ...]:
        """What the index may hold it under, in either Cyrillic language."""
        return lemmas(self.text, None)

    def __str__(self) -> str:
        return f'"{self.text}"' if self.text in _OPERATORS else self.text


@dataclass(frozen=True, slots=True)
class Phrase:
    """Two words or more in a row, each in all its forms."""

    words: tuple[Word, ...]

    def __str__(self) -> str:
        return '"' + " ".join(word.text for word in self.words) + '"'


@dataclass(frozen=True, slots=True)
class Prefix:
    """Dictionary forms that begin so; a beginning that is itself a word stands for all forms of that word too."""

    text: str = field(repr=False)

    @property
    def start(self) -> str:
        """What a key begins with."""
        return folded(self.text)

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys it is found by besides: "арестован" begins no dictionary form, but is a form of one."""
        return lemmas(self.text, None) if is_known(self.text) else ()

    def __str__(self) -> str:
        return f"{self.text}*"


@dataclass(frozen=True, slots=True)
class All:
    """All of ``wanted`` (one at least) and none of ``unwanted``."""

    wanted: tuple[Node, ...]
    unwanted: tuple[Node, ...] = ()

    def __str__(self) -> str:
        shown = [*(_grouped(node) for node in self.wanted), *(f"-{_grouped(node)}" for node in self.unwanted)]
        return " ".join(shown)


@dataclass(frozen=True, slots=True)
class Either:
    """One of ``options`` (two at least), or several."""

    options: tuple[Node, ...]

    def __str__(self) -> str:
        return " OR ".join(f"({node})" if isinstance(node, Either) else str(node) for node in self.options)


Leaf: TypeAlias = Word | Phrase | Prefix
Node: TypeAlias = Leaf | All | Either


@dataclass(frozen=True, slots=True)
class Query:
    """A query that can be run. ``str`` reads it back in its own language; reading that again gives the same tree."""

    root: Node
    repaired: bool = False

    def __str__(self) -> str:
        return str(self.root)

    def wanted(self) -> Iterator[Leaf]:
        """The leaves a passage may be found by, in order; the unwanted ones are not among them."""
        yield from _wanted(self.root)


def parse(text: str) -> Query:
    """What was typed, as a tree. Raises BadQuery if nothing is left to look for, or if it asks for too much."""
    if len(text) > _LONGEST:
        raise BadQuery("too long")
    reader = _Reader(unicodedata.normalize("NFC", "".join(_printable(char) for char in text)))
    root = reader.read()
    if root is None:
        raise BadQuery("nothing to look for")
    return Query(root, reader.repaired)


def _printable(char: str) -> str:
    """Control characters as spaces; what is invisible within a word (soft hyphens, zero-width marks) as nothing."""
    category = unicodedata.category(char)
    if category == "Cf":
        return ""
    return " " if category.startswith("C") else char


class _Reader:
    """Recursive descent over lexemes: strings are brackets and operators, the rest are leaves."""

    def __init__(self, text: str) -> None:
        self.repaired = False
        self._lexemes = list(self._lexed(text))
        self._at = 0
        if sum(not isinstance(lexeme, str) for lexeme in self._lexemes) > _MOST_WORDS:
            raise BadQuery("too many words")

    def read(self) -> Node | None:
        options = []
        while True:
            options.append(self._either(0))
            if self._next() is None:
                break
            self._take()  # a closing bracket that nothing opened
            self.repaired = True
        return _all([node for node in options if node is not None], [])

    def _either(self, depth: int) -> Node | None:
        if depth > _DEEPEST:
            raise BadQuery("nested too deep")
        options = [self._all(depth)]
        while self._next() == "OR":
            self._take()
            options.append(self._all(depth))
        found = [node for node in options if node is not None]
        if len(found) < len(options) and len(options) > 1:
            self.repaired = True
        if len(found) > 1:
            return Either(tuple(found))
        return found[0] if found else None

    def _all(self, depth: int) -> Node | None:
        wanted: list[Node] = []
        unwanted: list[Node] = []
        while (lexeme := self._next()) not in (None, "OR", ")"):
            if lexeme == "AND":
                self._take()
                # It says nothing by itself; between anything but two operands it is a slip.
                self.repaired |= not (wanted or unwanted) or self._next() in (None, "AND", "OR", ")")
                continue
            negative = self._negative()
            node = self._operand(depth)
            if node is None:
                self.repaired = True
            else:
                (unwanted if negative else wanted).append(node)
        self.repaired |= bool(unwanted and not wanted)
        return _all(wanted, unwanted)

    def _negative(self) -> bool:
        negative = False
        while self._next() in ("NOT", "-"):
            self._take()
            negative = not negative
        return negative

    def _operand(self, depth: int) -> Node | None:
        lexeme = self._next()
        if lexeme == "(":
            self._take()
            node = self._either(depth + 1)
            self.repaired |= self._next() is None
            self._take()
            return node
        if isinstance(lexeme, str):
            return None  # an operator that has nothing to work on; whoever called meets it next
        self._take()
        return lexeme

    def _next(self) -> str | Leaf | None:
        return self._lexemes[self._at] if self._at < len(self._lexemes) else None

    def _take(self) -> None:
        self._at += 1

    def _lexed(self, text: str) -> Iterator[str | Leaf]:
        for found in _LEXEME.finditer(text):
            if found["bracket"]:
                yield found["bracket"]
            elif found["minus"]:
                yield "-"
            elif found["open"]:
                self.repaired |= not found["close"] or "*" in found["phrase"]
                yield from _words(found["phrase"])
            elif found["chunk"] in _OPERATORS:
                yield found["chunk"]
            else:
                yield from self._chunk(found["chunk"])

    def _chunk(self, chunk: str) -> Iterator[Leaf]:
        """A run without spaces. Only a star at the end of a word means anything."""
        head, star, rest = chunk.lstrip("*").partition("*")
        if not star:
            self.repaired |= chunk.startswith("*")
            yield from _words(head)
            return
        parts = list(tokens(head))
        self.repaired |= chunk.startswith("*") or bool(rest.strip("*")) or len(parts) != 1
        if not parts:
            return
        yield from _words(head[: parts[-1].start])
        if len(folded(parts[-1].text)) < _SHORTEST_PREFIX:
            raise BadQuery("prefix too short")
        yield Prefix(parts[-1].text)


def _words(text: str) -> Iterator[Leaf]:
    words = tuple(Word(token.text) for token in tokens(text))
    if len(words) > 1:
        yield Phrase(words)
    else:
        yield from words


def _all(wanted: list[Node], unwanted: list[Node]) -> Node | None:
    """Nothing wanted is nothing at all: what is merely not there would be the whole archive."""
    if not wanted:
        return None
    return wanted[0] if len(wanted) == 1 and not unwanted else All(tuple(wanted), tuple(unwanted))


def _grouped(node: Node) -> str:
    return f"({node})" if isinstance(node, All | Either) else str(node)


def _wanted(node: Node) -> Iterator[Leaf]:
    if isinstance(node, All):
        for part in node.wanted:
            yield from _wanted(part)
    elif isinstance(node, Either):
        for part in node.options:
            yield from _wanted(part)
    else:
        yield node
