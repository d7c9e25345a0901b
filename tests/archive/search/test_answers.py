"""How hits are put in order, shared out over pages and told interview by interview; and filters of passages."""

from __future__ import annotations

from dataclasses import replace

import pytest

from archive.search import Order, Page, WhooshEngine
from tests.archive.search.search_fakes import FilesInMemory, cut, everything, interview

ONE = cut(1, "хлеб", "снег", "хлеб хлеб", "хлеб")
TWO = cut(2, "снег", "хлеб хлеб хлеб")
THREE = cut(3, "снег", "снег")
ALL = [interview(2), interview(3), interview(1)]


@pytest.fixture
def engine(memory: FilesInMemory) -> WhooshEngine:
    made = WhooshEngine(memory)
    made.replace(everything(ONE))
    made.replace(everything(TWO, THREE))
    return made


def _places(engine: WhooshEngine, page: Page, typed: str = "хлеб") -> list[str]:
    return [f"{hit.interview.int}:{hit.number}" for hit in engine.search(typed, ALL, page).hits]


def test_every_interview_says_which_of_its_passages_were_hit(engine: WhooshEngine) -> None:
    """Not only those on the page; interviews without a hit are not among them."""
    answer = engine.search("хлеб", ALL, Page(1, 1))
    assert [(each.interview, each.numbers, len(each)) for each in answer.by_interview] == [
        (interview(1), (0, 2, 3), 3),
        (interview(2), (1,), 1),
    ]
    assert (answer.total, answer.interviews, len(answer.hits)) == (4, 2, 1)


def test_hits_come_best_first_or_as_interviews_are_given(engine: WhooshEngine) -> None:
    """In the order of the visible interviews, passages as they were said."""
    assert _places(engine, Page()) == ["2:1", "1:2", "1:0", "1:3"]
    assert _places(engine, Page(order=Order.AS_GIVEN)) == ["2:1", "1:0", "1:2", "1:3"]
    backwards = engine.search("хлеб", ALL[::-1], Page(order=Order.AS_GIVEN)).hits
    assert [hit.interview.int for hit in backwards] == [1, 1, 1, 2]
    assert _places(engine, Page(2, 3, Order.AS_GIVEN)) == ["1:3"]


def test_a_page_may_be_of_interviews(engine: WhooshEngine) -> None:
    """So many interviews, so many hits of each."""
    assert _places(engine, Page(1, 2, each=2)) == ["2:1", "1:2", "1:0"]
    assert _places(engine, Page(1, 1, each=5)) == ["2:1"]
    assert _places(engine, Page(2, 1, each=5)) == ["1:2", "1:0", "1:3"]
    assert _places(engine, Page(3, 1, each=5)) == []
    assert _places(engine, Page(1, 5, Order.AS_GIVEN, each=1), "снег OR хлеб") == ["2:0", "3:0", "1:0"]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("хлеб speaker:Р", {"1:0"}),
        ("хлеб говорящий:р", {"1:0"}),
        ("хлеб -speaker:Р", {"1:1", "1:2"}),
        ("хлеб speaker:Р speaker:И", {"1:0", "1:1"}),
        ("хлеб lang:uk", {"1:2"}),
        ("хлеб язык:русский", {"1:0", "1:1"}),
        ("хлеб lang:ru speaker:И", {"1:1"}),
        ("хлеб lang:de", set()),
        ("хлеб speaker:Никто", set()),
    ],
)
def test_passages_are_filtered_by_speaker_and_language(memory: FilesInMemory, typed: str, found: set[str]) -> None:
    """Several values of one field are alternatives, fields narrow each other, case does not matter."""
    passages = cut(1, "хлеб", "хлеб", "хлеб")
    passages[0], passages[1] = replace(passages[0], speaker="Р"), replace(passages[1], speaker="И")
    passages[2] = replace(passages[2], language="uk")
    engine = WhooshEngine(memory)
    engine.replace(everything(passages))
    assert set(_places(engine, Page(), typed)) == found


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("1941", {0, 1, 2, 3, 4}),
        ('"в 1941 году"', {0, 1, 3, 4}),
        ('"было в 1941"', {0, 1, 3}),
        ("тысяча девятьсот сорок первый", {0, 1, 2, 3, 4}),
        ('"тысяча девятьсот сорок первый"', {0, 1, 2}),
        ("41", {1, 2, 3, 4, 5, 6, 7}),
        ("сорок первый", {1, 2, 3, 4, 5, 6, 7}),
        ('"сорок один"', {4, 5, 6}),
        ("=1941", {0}),
        ("пять", {8, 9}),
        ("5", {8, 9}),
        ("двое", {10, 11}),
        ("2", {10, 11, 12}),
        ("два", {11, 12}),
        ('"двоих детей"', {10, 11}),
    ],
)
def test_numbers_are_found_in_words_and_in_figures(memory: FilesInMemory, typed: str, found: set[int]) -> None:
    """Cardinals and ordinals; a year by its last two figures only where it can be nothing else."""
    texts = [
        "Это было в 1941 году.",
        "Это было в тысяча девятьсот сорок первом году.",
        "Тысяча девятьсот сорок первый.",
        "Это было в сорок первом году.",
        "Ушёл в 41-м. В 41-м году.",
        "Дом 41.",
        "Мне сорок один год.",
        "Сорок первая школа.",
        "пять лет",
        "5 лет",
        "двое детей",
        "2 детей",
        "два дома",
    ]
    engine = WhooshEngine(memory)
    engine.replace(everything(cut(1, *texts)))
    assert {hit.number for hit in engine.search(typed, [interview(1)], Page()).hits} == found


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("1993", {0, 1, 2, 3, 4, 5, 6, 17}),
        ('"в 1993 году"', {0, 1, 2, 3, 4}),
        ('"в 1993"', {0, 1, 2, 3, 4}),
        ("в 93-м", {0, 1, 2, 3, 4, 5, 6, 7, 17}),
        ('"в 93-м году"', {0, 1, 2, 4}),
        ("93-й год", {0, 1, 2, 3, 4, 5, 6, 8, 17}),
        ("девяносто третий год", {0, 1, 2, 3, 4, 5, 6, 8, 17}),
        ("93 году", {0, 1, 2, 3, 4, 5, 6, 8, 17}),
        ("93-й", {1, 2, 3, 4, 5, 6, 7, 8, 17}),
        ("93 год", {1, 2, 4, 5, 6, 8}),
        ("2022", {9, 10, 11, 12}),
        ("1922", {10, 11, 12, 13}),
        ('"22-го года"', {9, 10, 13, 18}),
        ("1917", {14}),
        ("1921", set()),
        ("2010", {16}),
        ("=1993", {0}),
    ],
)
def test_a_year_is_found_by_its_last_two_figures(memory: FilesInMemory, typed: str, found: set[int]) -> None:
    """Where it can hardly be anything else, and the other way round; 22 may be of either century.

    What is typed for short is also looked for as it stands: "22-го года" among others as "двадцать два года".
    """
    texts = [
        "Уехали в 1993 году.",
        "Уехали в 93-м году.",
        "Уехали в девяносто третьем году.",
        "Уехали в 93‑м.",
        "Уехали в 93 году.",
        "После 93-го года",
        "Девяносто третий год был трудный.",
        "В школе 93-я парта.",
        "Ему 93 года.",
        "В 2022 году",
        "с 22-го года",
        "Это было в двадцать втором.",
        "в 22-м",
        "В 1922 году",
        "в 17-м году",
        "в 17-м веке, в 21-м веке",
        "в десятом году",
        "Выїхали у 93-му році, у дев'яносто третьому.",
        "десятый год живём, двадцать два года, двадцать второй день",
    ]
    engine = WhooshEngine(memory)
    engine.replace(everything(cut(1, *texts)))
    assert {hit.number for hit in engine.search(typed, [interview(1)], Page()).hits} == found
