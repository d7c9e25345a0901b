"""Numbers in words."""

from __future__ import annotations

import itertools

import pytest

from transcripts.language import lemmas
from transcripts.numerals import LARGEST, in_words, value


def _said(text: str) -> int | None:
    return value([lemmas(word, None) for word in text.split()])


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("сорок один", 41), ("сорок первый", 41), ("сорок первом", 41), ("тысяча девятьсот сорок первом", 1941),
        ("тысяча девятьсот тридцать седьмого", 1937), ("две тысячи двадцать второй", 2022), ("девяностые", 90),
        ("двухтысячном", 2000), ("ноль", 0), ("сто", 100), ("семнадцатого", 17), ("трёх", 3), ("пятьюстами", 500),
        ("тисяча дев'ятсот сорок першого", 1941), ("тридцять третьому", 33),
        ("двое", 2), ("двоих", 2), ("троими", 3), ("четверым", 4), ("семеро", 7), ("десятеро", 10), ("сорок трое", 43),
        ("двоє", 2), ("трьох", 3), ("п'ятеро", 5), ("двое трое", None), ("трое сорок", None), ("оба", None),
        ("девять тысяч девятьсот девяносто девять", 9999),
        ("пять шесть", None), ("сорок сорок", None), ("первый сорок", None), ("сорок одиннадцать", None),
        ("хлеб", None), ("", None), ("сто тысяча", None), ("двадцать ноль", None), ("пять сто", None),
    ],
)  # fmt: skip
def test_words_are_read_as_the_number_they_say(text: str, number: int | None) -> None:
    """Cardinals, collectives and ordinals in any case, in both languages; words in a row need not be one."""
    assert _said(text) == number


def test_every_number_is_read_back() -> None:
    """However it is said, by cardinals and by the ordinal."""
    for number in range(LARGEST + 1):
        for way in (*in_words(number), *in_words(number, ordinal=True)):
            for said in itertools.product(*way):
                assert value([(word,) for word in said]) == number, (number, said)
    assert in_words(LARGEST + 1) == in_words(-1) == []
