"""Answers compared with the plainest possible way to find them, and with those of a smaller index."""

from __future__ import annotations

import tempfile
from pathlib import Path
from uuid import UUID

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.search import Page, Passage, WhooshEngine
from archive.search.evaluate import Places, Shelf, evaluate
from archive.search.query import All, Either, Node, Phrase, Prefix, Query, Word, parse
from tests.archive.search.search_fakes import FilesInMemory, cut, everything, interview
from transcripts.language import folded, lemmas, tokens

# Few words, so that they meet; forms of one another, words with two lemmas, a prefix of another, both alphabets.
VOCABULARY = ["хлеб", "хлеба", "хлебный", "стали", "сталь", "стать", "шёл", "идти", "печь", "печи", "bread", "снег"]

_texts = st.lists(st.sampled_from(VOCABULARY), min_size=1, max_size=8).map(" ".join)
_interviews = st.lists(st.lists(_texts, min_size=1, max_size=4), min_size=1, max_size=5)

_word = st.sampled_from(VOCABULARY).map(Word)
_leaf = st.one_of(
    _word,
    st.lists(_word, min_size=2, max_size=3).map(lambda words: Phrase(tuple(words))),
    st.sampled_from(["хле", "ста", "печ", "bre", "хлеба"]).map(Prefix),
)


def _branches(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    some = st.lists(inner, min_size=1, max_size=3).map(tuple)
    few = st.lists(inner, max_size=2).map(tuple)
    several = st.lists(inner, min_size=2, max_size=3).map(tuple)
    both = st.builds(All, some, few).filter(lambda node: len(node.wanted) + len(node.unwanted) > 1)
    return st.one_of(both, st.builds(Either, several))


_queries = st.recursive(_leaf, _branches, max_leaves=5).map(Query)


def _means(node: Node, words: list[set[str]]) -> bool:
    """Whether a passage, as the keys of its words, answers: by looking at every place."""
    if isinstance(node, All):
        return all(_means(part, words) for part in node.wanted) and not any(
            _means(part, words) for part in node.unwanted
        )
    if isinstance(node, Either):
        return any(_means(part, words) for part in node.options)
    if isinstance(node, Phrase):
        rows = range(len(words) - len(node.words) + 1)
        return any(all(_meets(word, words[row + step]) for step, word in enumerate(node.words)) for row in rows)
    return any(_meets(node, keys) for keys in words)


def _meets(leaf: Word | Prefix, keys: set[str]) -> bool:
    if isinstance(leaf, Prefix) and any(key.startswith(folded(leaf.text)) for key in keys):
        return True
    return bool(keys & set(leaf.keys))


class _Long:
    """Two passages: "хлеб" as the 65,536th word of the first, "снег" as the first of the second."""

    size = 2

    def places(self, key: str) -> Places:
        return np.array({"хлеб": [0xFFFF], "снег": [1 << 16]}.get(key, []), np.int64)

    def keys(self, start: str) -> list[str]:
        return [key for key in ("снег", "хлеб") if key.startswith(start)]


def test_a_phrase_does_not_reach_into_the_next_passage() -> None:
    """However long the first one is."""
    shelf = Shelf(_Long(), np.ones(2, bool))
    assert len(evaluate(parse('"хлеб снег"'), [shelf])[0].passages) == 0
    assert len(evaluate(parse("хлеб OR снег"), [shelf])[0].passages) == 2


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
        if _means(query.root, [set(lemmas(token.text, "ru")) for token in tokens(passage.text)])
    }
    assert parse(str(query)) == query
    answer = _engine(*passages).search(str(query), [interview(number) for number in range(9)], Page(1, 100))
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
    some = _engine(*passages).search(str(query), visible, Page(1, 5))
    assert some == _engine(*alone).search(str(query), visible, Page(1, 5))
