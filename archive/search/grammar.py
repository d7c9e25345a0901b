"""The query language: what a person types, read into a tree. Any text is read; what cannot be run raises BadQuery.

    хлеб война        both words, in any form           арест* *ский  words that begin or end so (3 letters or more)
    "по этапу"        these words in a row              -война        without it (also NOT, НЕ)
    "хлеб война"~5    near: at most 5 words between     =хлеба        this form alone; ="по этапу" too
    хлеб OR каша      either (also ИЛИ)                 ( )           groups
    гулак~            a letter apart; ~2 in long words  place:Рига    theme: year: left: translated: lang: speaker:

Typing slips are repaired and said: an open quote or bracket is closed, an operator without words is dropped.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from typing import TypeAlias

from archive.errors import (
    EmptyQuery,
    QueryTooDeep,
    QueryTooLong,
    TooManyNear,
    TooManyShapes,
    TooManyWords,
    WordTooShort,
    YearUnclear,
)
from archive.search.query import (
    OPERATORS,
    YEARS,
    All,
    Either,
    Field,
    Filter,
    Fuzzy,
    Leaf,
    Node,
    Pattern,
    Phrase,
    Prefix,
    Query,
    Repair,
    Term,
    Word,
    leaves,
    terms_of,
)
from transcripts.language import folded, surface, tokens

_LONGEST = 1_000
_MOST_WORDS = 64
_MOST_SHAPES = 16
_MOST_NEAR = 8
_DEEPEST = 20
_SHORTEST = 3
"""Letters that a beginning or a pattern must have; what is alike is looked for from here on, too."""
_LONG = 7
"""Letters from which on two edits still leave a word."""
_FARTHEST = 50

_FIELDS = {
    **{name: Field.SPEAKER for name in ("speaker", "говорящий", "говорит", "мовець")},
    **{name: Field.LANGUAGE for name in ("lang", "language", "язык", "мова")},
    **{name: Field.PLACE for name in ("place", "место", "місце")},
    **{name: Field.YEAR for name in ("year", "год", "рік")},
    **{name: Field.LEFT for name in ("left", "departed", "уехал", "отъезд", "виїзд")},
    **{name: Field.THEME for name in ("theme", "тема")},
    **{name: Field.TRANSLATED for name in ("translated", "перевод", "переклад")},
}
_LANGUAGES = {
    **dict.fromkeys(("русский", "російська", "russian"), "ru"),
    **dict.fromkeys(("украинский", "українська", "ukrainian"), "uk"),
    **dict.fromkeys(("английский", "англійська", "english"), "en"),
}
_YEARS = re.compile(r"\d{4}|\d{4}\.\.\d{4}|\d{4}\.\.|\.\.\d{4}")

_QUOTES = '"«»“”„'
_LEXEME = re.compile(
    rf"""(?<![^\s(])(?P<minus>[-−])(?=[{_QUOTES}(=*\w])
       | (?P<name>[^\W\d_]+):(?:[{_QUOTES}](?P<quoted>[^{_QUOTES}]*)(?P<shut>[{_QUOTES}]?)|(?P<value>[^\s(){_QUOTES}]+))
       | (?P<exact>=?)(?P<open>[{_QUOTES}])(?P<phrase>[^{_QUOTES}]*)(?P<close>[{_QUOTES}]?)(?P<near>~\d*)?
       | (?P<bracket>[()])
       | (?P<chunk>[^\s(){_QUOTES}]+)""",
    re.VERBOSE,
)
_PIECE = re.compile(r"(?P<exact>=?)(?P<word>[^\s=~]*)(?P<alike>~\d*)?")

_Lexeme: TypeAlias = "str | Leaf | Filter"


def parse(text: str, pairs: bool = True) -> Query:
    """What was typed, as a tree. Raises BadQuery if nothing is left to look for, or if it asks for too much."""
    if len(text) > _LONGEST:
        raise QueryTooLong(most=_LONGEST)
    reader = _reader(text)
    root = reader.read()
    if root is None:
        raise EmptyQuery
    if len({term for leaf in leaves(root) for term in terms_of(leaf) if not isinstance(term, Word)}) > _MOST_SHAPES:
        raise TooManyShapes(most=_MOST_SHAPES)
    return Query(root, tuple(reader.filters), tuple(dict.fromkeys(reader.repairs)), pairs)


def filters_alone(text: str) -> tuple[tuple[Filter, ...], tuple[Repair, ...]] | None:
    """The filters of interviews where no word is looked for, and what was put right; no filter where nothing was typed.

    None if there is something to look for, or nothing that interviews could be told apart by: that is for ``parse``.
    Raises BadQuery.
    """
    if not text.strip():
        return (), ()
    if len(text) > _LONGEST:
        return None
    reader = _reader(text)
    if reader.read() is not None or not reader.filters or Repair.UNWANTED_DROPPED in reader.repairs:
        return None
    if any(each.name is Field.SPEAKER for each in reader.filters):
        return None
    return tuple(reader.filters), tuple(dict.fromkeys(reader.repairs))


def _reader(text: str) -> _Reader:
    return _Reader(unicodedata.normalize("NFC", "".join(_printable(char) for char in text)))


def _printable(char: str) -> str:
    """Control characters as spaces; what is invisible within a word (soft hyphens, zero-width marks) as nothing."""
    category = unicodedata.category(char)
    if category == "Cf":
        return ""
    return " " if category.startswith("C") else char


def _words_in(lexeme: str | Leaf | Filter) -> int:
    """How many words are looked for: a long phrase costs as much as its words."""
    if isinstance(lexeme, str):
        return 0
    return 1 if isinstance(lexeme, Filter) else len(terms_of(lexeme))


class _Reader:
    """Recursive descent over lexemes: strings are brackets and operators, the rest are leaves and filters."""

    def __init__(self, text: str) -> None:
        self.repairs: list[Repair] = []
        self.filters: list[Filter] = []
        self._lexemes = list(self._lexed(text))
        self._at = 0
        if sum(map(_words_in, self._lexemes)) > _MOST_WORDS:
            raise TooManyWords(most=_MOST_WORDS)

    def read(self) -> Node | None:
        options = []
        while True:
            options.append(self._either(0))
            if self._next() is None:
                break
            self._take()  # a closing bracket that nothing opened
            self._repaired(Repair.BRACKET_DROPPED)
        return _all([node for node in options if node is not None], [])

    def _repaired(self, repair: Repair, happened: bool = True) -> None:
        if happened:
            self.repairs.append(repair)

    def _either(self, depth: int) -> Node | None:
        if depth > _DEEPEST:
            raise QueryTooDeep
        options = [self._all(depth)]
        while self._next() == "OR":
            self._take()
            options.append(self._all(depth))
        found = [node for node in options if node is not None]
        self._repaired(Repair.OPERATOR_DROPPED, len(found) < len(options) and len(options) > 1)
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
                slip = not (wanted or unwanted) or self._next() in (None, "AND", "OR", ")")
                self._repaired(Repair.OPERATOR_DROPPED, slip)
                continue
            negative = self._negative()
            if isinstance(self._next(), Filter):
                self._filter(negative, depth)
            elif (node := self._operand(depth)) is None:
                self._repaired(Repair.OPERATOR_DROPPED)
            else:
                (unwanted if negative else wanted).append(node)
        self._repaired(Repair.UNWANTED_DROPPED, bool(unwanted and not wanted))
        return _all(wanted, unwanted)

    def _filter(self, negative: bool, depth: int) -> None:
        found = self._next()
        assert isinstance(found, Filter)
        self._take()
        self.filters.append(replace(found, unwanted=negative))
        self._repaired(Repair.FIELD_FOR_ALL, depth > 0)

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
            self._repaired(Repair.BRACKET_CLOSED, self._next() is None)
            self._take()
            return node
        if isinstance(lexeme, str) or lexeme is None:
            return None  # an operator that has nothing to work on; whoever called meets it next
        self._take()
        assert not isinstance(lexeme, Filter)
        return lexeme

    def _next(self) -> _Lexeme | None:
        return self._lexemes[self._at] if self._at < len(self._lexemes) else None

    def _take(self) -> None:
        self._at += 1

    def _lexed(self, text: str) -> Iterator[_Lexeme]:
        for found in _LEXEME.finditer(text):
            if found["bracket"]:
                yield found["bracket"]
            elif found["minus"]:
                yield "-"
            elif found["name"]:
                yield from self._field(found)
            elif found["open"]:
                self._repaired(Repair.QUOTE_CLOSED, not found["close"])
                yield from self._phrase(found["phrase"], bool(found["exact"]), found["near"])
            elif found["chunk"] in OPERATORS:
                yield OPERATORS[found["chunk"]]
            else:
                yield from self._phrase(found["chunk"], False, None)

    def _field(self, found: re.Match[str]) -> Iterator[_Lexeme]:
        name = _FIELDS.get(folded(found["name"]))
        given = found["value"] if found["value"] is not None else found["quoted"]
        value = " ".join(given.split())
        if name is None or not any(map(str.isalnum, value)):
            self._repaired(Repair.NO_SUCH_FIELD)
            yield from self._phrase(found.group(), False, None)
            return
        self._repaired(Repair.QUOTE_CLOSED, found["value"] is None and not found["shut"])
        if name in YEARS:
            value = value.replace("-", "..").replace("–", "..")
            if not _YEARS.fullmatch(value):
                raise YearUnclear
        if name in (Field.LANGUAGE, Field.TRANSLATED):
            value = _LANGUAGES.get(folded(value), folded(value))
        yield Filter(name, value)

    def _phrase(self, text: str, exact: bool, near: str | None) -> Iterator[Leaf]:
        """A run of words between quotes or without spaces: a phrase, or a single term."""
        terms = [term for found in _PIECE.finditer(text) for term in self._terms(found, exact)]
        if len(terms) < 2:
            self._repaired(Repair.DISTANCE_CHANGED, near is not None and bool(terms))
            yield from terms
        elif near is None:
            yield Phrase(tuple(terms))
        else:
            if len(terms) > _MOST_NEAR:
                raise TooManyNear(most=_MOST_NEAR)
            given = int(near[1:6] or 5)
            self._repaired(Repair.DISTANCE_CHANGED, given > _FARTHEST or len(near) > 6)
            yield Phrase(tuple(terms), min(given, _FARTHEST))

    def _terms(self, found: re.Match[str], exact: bool) -> Iterator[Term]:
        """What a piece without spaces stands for: mostly one word, with its signs."""
        written, alike = found["word"], found["alike"]
        plain = written.replace("*", "")
        words = [token.text for token in tokens(plain)]
        starred = "*" in written
        one = len(words) == 1 and plain.strip(_AROUND) == words[0]
        if starred and one and not alike:
            yield self._starred(written, words[0])
        elif alike and len(words) == 1:
            yield self._alike(words[0], alike)
        else:
            if starred:
                words = [token.text for part in written.split("*") for token in tokens(part)]
            self._repaired(Repair.SIGN_DROPPED, starred or bool(alike))
            yield from (Word(word, exact or bool(found["exact"])) for word in words)
            return
        self._repaired(Repair.SIGN_DROPPED, exact or bool(found["exact"]))

    def _starred(self, written: str, word: str) -> Prefix | Pattern:
        core = written.strip(_AROUND + "*")
        head, _, tail = written.partition(core)
        shape = re.sub(r"\*+", "*", f"{'*' * ('*' in head)}{core}{'*' * ('*' in tail)}")
        if len(folded(word)) < _SHORTEST:
            raise WordTooShort(least=_SHORTEST)
        if shape.index("*") == len(shape) - 1:
            return Prefix(word)
        return Pattern(shape)

    def _alike(self, word: str, alike: str) -> Word | Fuzzy:
        most = 2 if len(surface(word)) >= _LONG else 1
        given = int(alike[1:4] or 1)
        if len(surface(word)) < _SHORTEST or not given:
            self._repaired(Repair.SIGN_DROPPED)
            return Word(word)
        self._repaired(Repair.DISTANCE_CHANGED, given > most)
        return Fuzzy(word, min(given, most))


_AROUND = ".,;:!?…()[]{}<>'\"-–—"


def _all(wanted: list[Node], unwanted: list[Node]) -> Node | None:
    """Nothing wanted is nothing at all: what is merely not there would be the whole archive."""
    if not wanted:
        return None
    return wanted[0] if len(wanted) == 1 and not unwanted else All(tuple(wanted), tuple(unwanted))
