"""The tagger: what it reads does not hang on what is read beside it."""

from __future__ import annotations

import numpy as np
import pytest

from transcripts.names import ner
from transcripts.names.shapes import shape

PIECES = (
    ["Вчера", "в", "Москве", "выступил", "депутат", "Иван", "Сергеев", "."],
    ["Дождь", "шёл", "весь", "день", "."],
    ["Зоя"],
    ["Газпром", "и", "Сбербанк", "договорились", "с", "Турцией", "о", "поставках", "."],
)


def test_a_person_a_place_and_a_company_are_told_apart() -> None:
    """As in the news that it was trained on."""
    person, nothing, _, companies = ner.read(PIECES)

    assert person.tags == ("", "", "LOC", "", "", "PER", "PER", "")
    assert set(nothing.tags) == {""}
    assert companies.tags[:3] == ("ORG", "", "ORG")
    assert person.person[6, 1] > 0.9  # goes on


def test_a_piece_is_read_alike_alone_and_among_others() -> None:
    """Pieces share multiplications, nothing else."""
    for together, piece in zip(ner.read(PIECES), PIECES, strict=True):
        (alone,) = ner.read([piece])

        assert together.tags == alone.tags
        np.testing.assert_allclose(together.seen, alone.seen, atol=1e-3)
        np.testing.assert_allclose(together.person, alone.person, atol=1e-3)


def test_nothing_is_read_of_nothing() -> None:
    """No piece, or no word in it."""
    assert ner.read([]) == []
    assert ner.read([["Зоя"], []])[1].tags == ()


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("Иван", "RU_Xx"),
        ("иван", "RU_xx"),
        ("ИВАН", "RU_XX"),
        ("И", "RU_X"),
        ("и", "RU_x"),
        ("Римский-Корсаков", "RU_Xx-Xx"),
        ("иВан", "RU_OTHER"),
        ("Ivan", "EN_Xx"),
        ("2024", "NUM"),
        (".", "PUNCT_."),
        ("?!", "PUNCT_OTHER"),
        ("☂", "OTHER"),
        ("їжак", "OTHER"),
        ("", "<pad>"),
    ],
)
def test_a_word_has_the_shape_that_the_network_knows(word: str, name: str) -> None:
    """The names are those of its vocabulary."""
    assert shape(word) == name
