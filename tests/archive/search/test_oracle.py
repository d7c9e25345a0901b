"""SQLite's FTS5 over the same words finds the same passages: another engine, written by others, as the judge.

FTS5 knows nothing of languages, so each written form is a token of its own and a word of a query becomes all the forms
that share a dictionary form with it. Phrases and nearness of such words are spelled out, one for each combination.
"""

from __future__ import annotations

import itertools
import random
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import wordfreq
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.search import Page, Passage, Query, WhooshEngine
from archive.search.query import All, Either, Fuzzy, Node, Phrase, Prefix, Term, Word
from tests.archive.search.search_fakes import FilesInMemory, cut, everything, interview
from transcripts.language import folded, lemmas

VOCABULARY = [
    "хлеб", "хлеба", "хлебный", "стали", "сталь", "стать", "шёл", "идти", "печь", "печи", "снег", "лес", "леса",
    "лесом", "лет", "год", "люди", "человек", "людей", "дети", "три", "трём", "мой", "мою", "мыть", "был", "есть",
    "ел", "замок", "рука", "руки", "радио", "bread", "news", "новый", "нова", "хліб", "день", "дня", "дні",
    "село", "пить", "пили",
]  # fmt: skip
LANGUAGES = ("ru", "uk")

_texts = st.lists(st.sampled_from(VOCABULARY), min_size=1, max_size=10).map(" ".join)
_interviews = st.lists(
    st.tuples(st.sampled_from(LANGUAGES), st.lists(_texts, min_size=1, max_size=4)), min_size=1, max_size=5
)
_words = st.builds(Word, st.sampled_from(VOCABULARY), st.booleans())
_terms = _words | st.sampled_from(["хле", "ста", "лес", "люд", "нов"]).map(Prefix)
_leaves = _terms | st.builds(Phrase, st.lists(_words, min_size=2, max_size=3).map(tuple), st.none() | st.integers(0, 6))


def _branches(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    some = st.lists(inner, min_size=1, max_size=3).map(tuple)
    both = st.builds(All, some, st.lists(inner, max_size=2).map(tuple))
    several = st.lists(inner, min_size=2, max_size=3).map(tuple)
    return both.filter(lambda node: len(node.wanted) + len(node.unwanted) > 1) | st.builds(Either, several)


_queries = st.recursive(_leaves, _branches, max_leaves=6).map(lambda root: Query(root, pairs=False))


class Oracle:
    """Passages in FTS5, in memory."""

    def __init__(self, passages: list[Passage]) -> None:
        self._tables = sqlite3.connect(":memory:")
        tokens = "unicode61 remove_diacritics 0 tokenchars '_-'"
        self._tables.execute(f'CREATE VIRTUAL TABLE f USING fts5(id UNINDEXED, body, tokenize = "{tokens}")')
        rows = [
            (each.id, " ".join(f"{each.language}_{folded(word)}" for word in each.text.split())) for each in passages
        ]
        self._tables.executemany("INSERT INTO f VALUES (?, ?)", rows)
        self._forms = sorted({tuple(token.split("_", 1)) for _, text in rows for token in text.split()})

    def found(self, query: Query) -> set[str]:
        """The ids of the passages."""
        said = self._said(query.root)
        return {id for (id,) in self._tables.execute("SELECT id FROM f WHERE f MATCH ?", (f"body : {said}",))}

    def _said(self, node: Node) -> str:
        if isinstance(node, All):
            wanted = " AND ".join(self._said(part) for part in node.wanted)
            unwanted = " OR ".join(self._said(part) for part in node.unwanted)
            return f"(({wanted}) NOT ({unwanted}))" if unwanted else f"({wanted})"
        if isinstance(node, Either):
            return "(" + " OR ".join(self._said(part) for part in node.options) + ")"
        if isinstance(node, Phrase):
            ways = itertools.product(*(self._tokens(term) for term in node.terms))
            return self._any(self._together(way, node.within) for way in ways)
        if isinstance(node, Prefix):
            return self._any(f'"{language}_{folded(node.text)}" *' for language in LANGUAGES)
        return self._any(f'"{token}"' for token in self._tokens(node))

    def _tokens(self, term: Term) -> Iterator[str]:
        assert isinstance(term, Word | Fuzzy)
        for language, form in self._forms:
            keys = lemmas(form, language)
            if isinstance(term, Fuzzy):
                is_meant = any(_are_alike(folded(term.text), key, term.edits) for key in (form, *keys))
            elif term.exact:
                is_meant = form == folded(term.text)
            else:
                is_meant = bool(set(lemmas(term.text, None)) & set(keys))
            if is_meant:
                yield f"{language}_{form}"

    @staticmethod
    def _together(tokens: tuple[str, ...], within: int | None) -> str:
        if within is None:
            return '"' + " ".join(tokens) + '"'
        return "NEAR(" + " ".join(f'"{token}"' for token in tokens) + f", {within})"

    @staticmethod
    def _any(ways: Iterator[str]) -> str:
        return "(" + (" OR ".join(ways) or '"nowhere"') + ")"


def _are_alike(one: str, other: str, edits: int) -> bool:
    """Levenshtein's table, as in the books."""
    if abs(len(one) - len(other)) > edits:
        return False
    row = list(range(len(other) + 1))
    for number, letter in enumerate(one, 1):
        last, row[0] = row[0], number
        for place, its in enumerate(other, 1):
            last, row[place] = row[place], min(row[place] + 1, row[place - 1] + 1, last + (letter != its))
    return row[-1] <= edits


@given(_interviews, _queries)
@settings(max_examples=100)
def test_another_engine_finds_the_same_passages(archive: list[tuple[str, list[str]]], query: Query) -> None:
    """Words in all their forms and in one, operators, phrases, beginnings, nearness, over both languages."""
    passages = [
        passage
        for number, (language, texts) in enumerate(archive)
        for passage in cut(number, *texts, language=language)
    ]
    engine = WhooshEngine(FilesInMemory(Path(tempfile.gettempdir())))
    engine.replace(everything(passages))
    answer = engine.search(query, [interview(number) for number in range(9)], Page(1, 100))
    assert {hit.passage_id for hit in answer.hits} == Oracle(passages).found(query)
    assert answer.total == len(answer.hits)


@pytest.mark.slow
def test_another_engine_counts_the_same_over_many_passages(tmp_path: Path) -> None:
    """Two hundred mixed queries over 2,000 passages of common words, in several segments."""
    chance = random.Random(7)
    words = [word for word in wordfreq.top_n_list("ru", 3_000) if word.isalpha()]
    often = [wordfreq.word_frequency(word, "ru") for word in words]
    texts = [" ".join(chance.choices(words, often, k=60)) for _ in range(2_000)]
    groups = [cut(number, *texts[40 * number : 40 * number + 40]) for number in range(50)]
    engine = WhooshEngine(FilesInMemory(tmp_path))
    for start in (0, 30, 42, 48):
        stop = {0: 30, 30: 42, 42: 48, 48: 50}[start]
        engine.replace(everything(*groups[start:stop]))
    oracle = Oracle([passage for group in groups for passage in group])
    visible = [interview(number) for number in range(50)]
    for _ in range(50):
        one, two, three = (Word(word) for word in chance.sample(words[:600], 3))
        near = Phrase((one, two), within=chance.randint(0, 20))
        for root in (one, All((one, two), (three,)), Either((Phrase((one, two)), near)), Prefix(one.text[:3] + "а")):
            query = Query(root, pairs=False)
            assert engine.search(query, visible, Page()).total == len(oracle.found(query)), query
