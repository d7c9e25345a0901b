"""Which words of a shown text are marked."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.search import Page, WhooshEngine
from archive.search.grammar import parse
from archive.search.highlight import highlights, occurrences
from archive.search.query import Leaf, Query
from tests.archive.search.search_fakes import FilesInMemory, cut, everything, interview
from tests.archive.search.test_evaluate import VOCABULARY, leaves

CASES = [
    ("хлеб", "Хлебом пахло, а хлеба не было.", ["Хлебом", "хлеба"]),
    ("ребёнок", "Дети ели снег.", ["Дети"]),
    ('"по этап"', "По дороге везли по этапу.", ["по", "этапу"]),
    ('"этап по"', "Везли по этапу.", []),
    ("арест*", "Арестовали за то, что арест.", ["Арестовали", "арест"]),
    ("арестова*", "Его арестовали.", ["арестовали"]),
    ("хлеб -снег", "Хлеб и снег.", ["Хлеб"]),
    ("=хлеба", "Хлеб и хлеба.", ["хлеба"]),
    ("*леба", "Хлеб и хлеба.", ["хлеба"]),
    ("х*еб", "Хлеб и хлеба.", ["Хлеб"]),
    ("хлеп~", "Хлеб, хлебом и снег.", ["Хлеб", "хлебом"]),
    ('"хлеб снег"~2', "Снег и хлеб. Потом, много позже, снег.", ["Снег", "хлеб"]),
    ('"хлеб снег"~0', "Снег и хлеб.", []),
    ("писать", "Он написал и подписал.", ["написал"]),
    ("1941", "В 1941-м и в тысяча девятьсот сорок первом.", ["1941-м", "тысяча", "девятьсот", "сорок", "первом"]),
    ("сорок первый", "В 41-м доме сорок сороков.", ["41-м", "сорок", "сороков"]),
    ("хлеб place:Рига", "Хлеб из Риги.", ["Хлеб"]),
    ("хлеб OR снег", "Хлеб и снег.", ["Хлеб", "снег"]),
    ("имя 1", "Пришёл [имя 1] и назвал имя.", ["имя"]),
    ('"пришел и"', "Пришёл [имя 1] и сел.", []),
    ("берлин", "In Berlin-е", []),
    ("berlin", "In Berlin-е", ["Berlin-е"]),
]


@pytest.mark.parametrize(("typed", "text", "marked"), CASES)
def test_the_words_that_answer_are_marked(typed: str, text: str, marked: list[str]) -> None:
    """In every form, phrases only in a row, nothing within square brackets, nothing unwanted."""
    assert [text[start:end] for start, end in highlights(parse(typed), text, "ru")] == marked


def test_ukrainian_is_marked_in_its_own_forms() -> None:
    """The language of the text, not of the query, decides."""
    text = "Прийшли люди, багато людей."
    found = highlights(parse("людина"), text, "uk")
    assert [text[start:end] for start, end in found] == ["люди", "людей"]


@pytest.mark.parametrize(
    ("typed", "places"),
    [
        ('"по этап"', ["по этапу", "По этапу"]),
        ("этап по", ["по", "этапу", "По", "этапу"]),
        ('"везти этап"~2', ["Везли по этапу", "этапу везли"]),
        ("1941", ["в сорок первом"]),
        ('"по этапу" OR этап', ["по этапу", "По этапу"]),
        ("снег", []),
    ],
)
def test_a_phrase_is_one_line_of_a_concordance(typed: str, places: list[str]) -> None:
    """From its first word to its last; of places that overlap the first and longest."""
    text = "Везли по этапу. По этапу везли в сорок первом году."
    assert [text[start:end] for start, end in occurrences(parse(typed), text, "ru")] == places


def test_pairs_can_be_switched_off() -> None:
    """For marks as for hits."""
    assert highlights(parse("писать", pairs=False), "Он написал.", "ru") == []


@pytest.mark.slow
@given(st.lists(st.sampled_from(VOCABULARY), min_size=1, max_size=12).map(" ".join), leaves)
@settings(max_examples=300)
def test_a_leaf_is_marked_where_the_engine_finds_it(text: str, leaf: Leaf) -> None:
    """Postings and marks are read by different code; they must agree on every text."""
    query = Query(leaf)
    engine = WhooshEngine(FilesInMemory(Path(tempfile.gettempdir())))
    engine.replace(everything(cut(1, text)))
    found = engine.search(query, [interview(1)], Page()).total
    assert bool(found) == bool(highlights(query, text, "ru")) == bool(occurrences(query, text, "ru"))
