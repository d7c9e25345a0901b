"""Answers compared with the plainest possible way to find them, and with those of a smaller index."""

from __future__ import annotations

import tempfile
from fnmatch import fnmatchcase
from pathlib import Path
from uuid import UUID

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from archive.search import Page, Passage, WhooshEngine
from archive.search.evaluate import Places, Shelf, evaluate
from archive.search.grammar import parse
from archive.search.query import All, Either, Field, Fuzzy, Node, Pattern, Phrase, Prefix, Query, Term, Word
from archive.search.vocabulary import Vocabulary
from tests.archive.search.search_fakes import FilesInMemory, cut, distance, everything, interview
from transcripts.language import folded, lemmas

# Few words, so that they meet; forms of one another, words with two lemmas, a prefix of another, both alphabets.
VOCABULARY = ["хлеб", "хлеба", "хлебный", "стали", "сталь", "стать", "шёл", "идти", "печь", "печи", "bread", "снег"]

_texts = st.lists(st.sampled_from(VOCABULARY), min_size=1, max_size=8).map(" ".join)
_interviews = st.lists(st.lists(_texts, min_size=1, max_size=4), min_size=1, max_size=5)

_word = st.builds(Word, st.sampled_from(VOCABULARY), st.booleans())
_term = st.one_of(
    _word,
    _word,
    st.sampled_from(["хле", "ста", "печ", "bre", "хлеба"]).map(Prefix),
    st.sampled_from(["*леб", "*еча", "х*леб*", "*еба", "с*али", "*хлеб*"]).map(Pattern),
    st.sampled_from([("хлеп", 1), ("сталь", 1), ("хлебнай", 2), ("снего", 1), ("печька", 1)]).map(
        lambda of: Fuzzy(*of)
    ),
)
leaves = st.one_of(
    _term, st.builds(Phrase, st.lists(_term, min_size=2, max_size=3).map(tuple), st.none() | st.integers(0, 4))
)


def _branches(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    some = st.lists(inner, min_size=1, max_size=3).map(tuple)
    few = st.lists(inner, max_size=2).map(tuple)
    several = st.lists(inner, min_size=2, max_size=3).map(tuple)
    both = st.builds(All, some, few).filter(lambda node: len(node.wanted) + len(node.unwanted) > 1)
    return st.one_of(both, st.builds(Either, several))


_queries = st.recursive(leaves, _branches, max_leaves=5).map(lambda root: Query(root, pairs=False))


def _means(node: Node, words: list[set[str]]) -> bool:
    """Whether a passage, as the keys of its words, answers: by looking at every place."""
    if isinstance(node, All):
        return all(_means(part, words) for part in node.wanted) and not any(
            _means(part, words) for part in node.unwanted
        )
    if isinstance(node, Either):
        return any(_means(part, words) for part in node.options)
    if isinstance(node, Phrase) and node.within is not None:
        return any(_near(node, words, start) for start in range(len(words)))
    if isinstance(node, Phrase):
        rows = range(len(words) - len(node.terms) + 1)
        return any(all(_meets(word, words[row + step]) for step, word in enumerate(node.terms)) for row in rows)
    return any(_meets(node, keys) for keys in words)


def _near(node: Phrase, words: list[set[str]], start: int) -> bool:
    assert node.within is not None
    window = words[start : start + node.within + 2]
    return all(any(_meets(term, keys) for keys in window) for term in node.terms)


def _meets(leaf: Term, keys: set[str]) -> bool:
    """Whether a word with these keys, "=" before that of its form, answers a term."""
    (form,) = (key[1:] for key in keys if key.startswith("="))
    if isinstance(leaf, Prefix):
        return form.startswith(folded(leaf.text))
    if isinstance(leaf, Pattern):
        return fnmatchcase(form, folded(leaf.text))
    if isinstance(leaf, Fuzzy):
        return any(distance(folded(leaf.text), key.removeprefix("=")) <= leaf.edits for key in keys)
    return form == folded(leaf.text) if leaf.exact else bool(keys & set(lemmas(leaf.text, None)))


class _Long:
    """Two passages: "хлеб" as the 65,536th word of the first, "снег" as the first of the second."""

    size = 2

    def places(self, key: str) -> Places:
        return np.array({"хлеб": [0xFFFF], "снег": [1 << 16]}.get(key, []), np.int64)

    def under(self, start: str) -> Places:
        return np.empty(0, np.int64)

    def counts(self, start: str) -> tuple[list[str], NDArray[np.int64]]:
        return [], np.empty(0, np.int64)

    vocabulary = Vocabulary.of(["снег", "хлеб"])

    def column(self, field: Field) -> tuple[list[str], NDArray[np.int64]]:
        return [""], np.zeros(2, np.int64)


def test_a_phrase_does_not_reach_into_the_next_passage() -> None:
    """However long the first one is."""
    shelf = Shelf(_Long(), np.ones(2, bool))
    assert len(evaluate(parse('"хлеб снег"'), [shelf]).found[0].passages) == 0
    assert len(evaluate(parse("хлеб OR снег"), [shelf]).found[0].passages) == 2


def _engine(*interviews: list[Passage]) -> WhooshEngine:
    """One commit per interview, so that there are several segments."""
    engine = WhooshEngine(FilesInMemory(Path(tempfile.gettempdir())))
    for passages in interviews:
        engine.replace(everything(passages))
    return engine


def _cut(archive: list[list[str]]) -> list[list[Passage]]:
    return [cut(number, *texts) for number, texts in enumerate(archive)]


@given(_interviews, _queries)
@settings(max_examples=60)
def test_the_hits_are_those_that_looking_everywhere_finds(archive: list[list[str]], query: Query) -> None:
    """Whatever the query: no passage too many, none too few, and it means the same read back."""
    passages = _cut(archive)
    expected = {
        passage.id
        for group in passages
        for passage in group
        if _means(query.root, [{"=" + folded(word), *lemmas(word, "ru")} for word in passage.text.split()])
    }
    assert parse(str(query), query.pairs) == query
    answer = _engine(*passages).search(query, [interview(number) for number in range(9)], Page(1, 100))
    assert {hit.passage_id for hit in answer.hits} == expected
    assert answer.total == len(expected)
    assert answer.interviews == len({id.partition(":")[0] for id in expected})


@pytest.mark.slow
@given(_interviews, _queries, st.sets(st.integers(0, 4)))
@settings(max_examples=60)
def test_what_is_hidden_changes_nothing_in_an_answer(archive: list[list[str]], query: Query, shown: set[int]) -> None:
    """The answer over some interviews of an index is, to the last score, the one of an index of those alone."""
    passages = _cut(archive)
    visible: list[UUID] = [interview(number) for number in shown]
    alone = [group for number, group in enumerate(passages) if number in shown]
    some = _engine(*passages).search(query, visible, Page(1, 5))
    assert some == _engine(*alone).search(query, visible, Page(1, 5))
