"""Other engines over the same passages, for comparison: SQLite's FTS5 and plain Whoosh."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Any, TypeAlias

from whoosh import fields
from whoosh import query as whoosh_query
from whoosh.analysis import SpaceSeparatedTokenizer
from whoosh.filedb.filestore import RamStorage

from archive.search import Passage
from archive.search.analysis import placed
from archive.search.vocabulary import distances
from transcripts.language import lemmas, surface

TOP = 20
Asked: TypeAlias = tuple[str, str]
"""A kind of query and its text."""


class Stream:
    """The passages as one lemma a word, the likeliest: what an engine without several keys at one place is given."""

    def __init__(self, passages: Iterable[Passage]) -> None:
        self.rows = [" ".join(_plain(word.keys[1]) for word in placed(each.text, each.language)) for each in passages]
        self.lemmas = sorted({lemma for row in self.rows for lemma in row.split()})

    def terms(self, asked: Asked) -> list[list[str]]:
        """What the query looks for: all of these groups, any lemma of each."""
        kind, text = asked
        if kind == "prefix":
            start = surface(text.removesuffix("*"))
            return [[lemma for lemma in self.lemmas if lemma.startswith(start)]]
        if kind == "fuzzy":
            word = surface(text.removesuffix("~"))
            near = distances(word, self.lemmas) < 2
            return [[lemma for lemma, is_near in zip(self.lemmas, near.tolist(), strict=True) if is_near]]
        return [[_plain(lemmas(word, "ru")[0])] for word in text.strip('"').split()]


class Fts5:
    """Contentless, in memory, with prefix indexes."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._base = sqlite3.connect(":memory:")
        self._base.execute("CREATE VIRTUAL TABLE p USING fts5(body, content='', tokenize='ascii', prefix='12 16')")
        self._base.executemany(
            "INSERT INTO p(rowid, body) VALUES (?, ?)", ((n, _hexed(row)) for n, row in enumerate(stream.rows))
        )
        self._base.execute("INSERT INTO p(p) VALUES ('optimize')")

    def plan(self, asked: Asked) -> str:
        """The query in FTS5's language; what stands for a fuzzy word is looked up here, not timed."""
        kind, text = asked
        if kind == "prefix":
            return f"{_hexed(surface(text.removesuffix('*')))}*"
        if kind == "phrase":
            return '"' + " ".join(_hexed(group[0]) for group in self._stream.terms(asked)) + '"'
        groups = [" OR ".join(map(_hexed, group)) for group in self._stream.terms(asked)]
        return " AND ".join(f"({group})" for group in groups if group)

    def run(self, plan: str) -> tuple[int, list[int]]:
        """How many passages, and the best of them."""
        if not plan:
            return 0, []
        (count,) = self._base.execute("SELECT count(*) FROM p WHERE p MATCH ?", (plan,)).fetchone()
        best = self._base.execute("SELECT rowid FROM p WHERE p MATCH ? ORDER BY rank LIMIT ?", (plan, TOP))
        return count, [row for (row,) in best]


class PlainWhoosh:
    """Its own postings in memory, its own searcher and BM25F."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        body = fields.TEXT(analyzer=SpaceSeparatedTokenizer(), phrase=True)
        index = RamStorage().create_index(fields.Schema(number=fields.STORED(), body=body))
        writer = index.writer(limitmb=256)
        for number, row in enumerate(stream.rows):
            writer.add_document(number=number, body=row)
        writer.commit(optimize=True)
        self._searcher = index.searcher()

    def plan(self, asked: Asked) -> Any:
        """The query as Whoosh's tree."""
        groups = self._stream.terms(asked)
        if asked[0] == "phrase":
            return whoosh_query.Phrase("body", [group[0] for group in groups])
        if asked[0] == "prefix":
            return whoosh_query.Prefix("body", surface(asked[1].removesuffix("*")))
        terms = [whoosh_query.Or([whoosh_query.Term("body", lemma) for lemma in group]) for group in groups]
        return whoosh_query.And([term.normalize() for term in terms]).normalize()

    def run(self, plan: Any) -> tuple[int, list[int]]:
        """How many passages, and the best of them."""
        found = self._searcher.search(plan, limit=TOP)
        return len(found), [hit["number"] for hit in found]


def _plain(lemma: str) -> str:
    return lemma.replace("-", "_")


def _hexed(words: str) -> str:
    """Letters that FTS5's simplest tokenizer takes: a prefix of a word stays one."""
    return " ".join(word.encode("utf-16-be").hex() for word in words.split())
