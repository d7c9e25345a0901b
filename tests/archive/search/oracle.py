"""How many passages answer a query, by SQLite's FTS5: another engine's postings, phrases and counts."""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Iterable, Iterator, Sequence

from archive.search import Passage
from archive.search.analysis import EXACT, placed
from archive.search.evaluate import MOST_KEYS
from archive.search.forms import Row, Slot, rows
from archive.search.grammar import parse
from archive.search.query import All, Fuzzy, Node, Phrase, Prefix, Query, Word
from archive.search.vocabulary import is_within
from transcripts.language import surface


class Oracle:
    """FTS5 told of every key: a word is two tokens, its form and the set of its other keys, in a column each.

    A term of ours is then any of the tokens that have one of its keys, and a phrase any row of them.
    """

    def __init__(self, passages: Iterable[Passage]) -> None:
        self._forms: dict[str, str] = {}
        self._sets: dict[tuple[str, ...], str] = {}
        self._base = sqlite3.connect(":memory:")
        self._base.execute("CREATE VIRTUAL TABLE p USING fts5(form, other, content='', tokenize='ascii')")
        self._base.executemany("INSERT INTO p(form, other) VALUES (?, ?)", (self._row(each) for each in passages))

    def count(self, text: str) -> int:
        """How many passages answer a query of leaves that are all wanted."""
        query = parse(text)
        root = query.root
        leaves = root.wanted if isinstance(root, All) else (root,)
        found = [self._matching(query, leaf) for leaf in leaves]
        return len(set.intersection(*found))

    def _row(self, passage: Passage) -> tuple[str, str]:
        words = [word.keys for word in placed(passage.text, passage.language)]
        forms = [self._forms.setdefault(keys[0], f"f{len(self._forms)}") for keys in words]
        others = [self._sets.setdefault(keys[1:], f"s{len(self._sets)}") for keys in words]
        return " ".join(forms), " ".join(others)

    def _matching(self, query: Query, leaf: Node) -> set[int]:
        assert isinstance(leaf, Word | Phrase | Prefix | Fuzzy)
        found: set[int] = set()
        for way in rows(leaf, query.pairs):
            phrases = self._phrases(way)
            while part := list(itertools.islice(phrases, 200)):
                plan = " OR ".join(part)
                found |= {row for (row,) in self._base.execute("SELECT rowid FROM p WHERE p MATCH ?", (plan,))}
        return found

    def _phrases(self, way: Row) -> Iterator[str]:
        tokens = [self._tokens(slot) for slot in way]
        for row in itertools.product(*tokens):
            yield ('form: "' if row[0].startswith("f") else 'other: "') + " ".join(row) + '"'

    def _tokens(self, slot: Slot) -> list[str]:
        if isinstance(slot, Prefix):
            start = EXACT + slot.start
            return [token for form, token in self._forms.items() if form.startswith(start)]
        if isinstance(slot, Fuzzy):
            word = surface(slot.text)
            keys = {key for known in (self._forms, *self._sets) for key in known}
            near = sorted(key for key in keys if is_within(slot.edits, word, key.removeprefix(EXACT)))[:MOST_KEYS]
            return self._with(near)
        assert isinstance(slot, tuple)
        return self._with(slot)

    def _with(self, keys: Sequence[str]) -> list[str]:
        wanted = set(keys)
        forms = [token for form, token in self._forms.items() if form in wanted]
        return forms + [token for others, token in self._sets.items() if not wanted.isdisjoint(others)]
