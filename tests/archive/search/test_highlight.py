"""Which words of a shown text are marked."""

from __future__ import annotations

import pytest

from archive.search.grammar import parse
from archive.search.highlight import highlights

CASES = [
    ("хлеб", "Хлебом пахло, а хлеба не было.", ["Хлебом", "хлеба"]),
    ("ребёнок", "Дети ели снег.", ["Дети"]),
    ('"по этап"', "По дороге везли по этапу.", ["по", "этапу"]),
    ('"этап по"', "Везли по этапу.", []),
    ("арест*", "Арестовали за то, что арест.", ["Арестовали", "арест"]),
    ("арестова*", "Его арестовали.", ["арестовали"]),
    ("хлеб -снег", "Хлеб и снег.", ["Хлеб"]),
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
