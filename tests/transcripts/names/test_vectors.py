"""What the company a word keeps, and its letters, say of it. No text is read."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from transcripts.names.frequency import Frequencies
from transcripts.names.lexicon import facts
from transcripts.names.strange import most_like, strangeness
from transcripts.names.training import meaning
from transcripts.names.vectors import FILE, KINDS, kinds
from transcripts.shipped import shipped


def likeliest(word: str) -> str:
    """The likeliest kind of a word."""
    found = kinds(word)
    assert found is not None
    return KINDS[int(found.argmax())]


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("морозов", "surname"),
        ("мясоедов", "surname"),  # which no dictionary has
        ("карлос", "first"),
        ("саратове", "place"),
        ("кровать", "thing"),
    ],
)
def test_a_word_is_known_by_the_company_it_keeps(word: str, kind: str) -> None:
    """In the news that the vectors were made from."""
    assert likeliest(word) == kind


def test_shares_add_up_and_an_unseen_word_has_none() -> None:
    """Ten kinds, and None for what no vector is known of."""
    found = kinds("морозов")

    assert found is not None
    assert found.shape == (len(KINDS),)
    assert found.sum() == pytest.approx(1, abs=1e-5)
    assert kinds("щщщъ") is None
    assert not any("by-use" in mark for mark in facts("щщщъ", "ru").marks)


@pytest.mark.slow
def test_the_table_is_what_is_learnt(tmp_path: Path) -> None:
    """Nothing was put in by hand."""
    meaning.learn(tmp_path / FILE)

    np.testing.assert_allclose(np.load(tmp_path / FILE), np.load(shipped("names") / FILE), rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize(
    ("word", "marks"),
    [
        ("кзж", {"voweless"}),
        ("ураааа", {"stretched"}),
        ("красиваяулица", {"run-together"}),
        ("гоцуляк", set()),
        ("петровскойй", set()),
    ],
)
def test_what_is_no_name_by_its_letters(word: str, marks: set[str]) -> None:
    """Abbreviations, cries, several words in one."""
    assert set(strangeness(word, Frequencies("ru"))) == marks


@pytest.mark.parametrize(("misspelt", "word"), [("обоятельная", "обаятельная"), ("ивонов", "иванов")])
def test_a_misspelt_word_is_like_the_one_it_was_to_be(misspelt: str, word: str) -> None:
    """A letter too many, missing, wrong or swapped."""
    assert most_like(misspelt, Frequencies("ru"))[0] == word


@pytest.mark.parametrize(("word", "mark"), [("обоятельная", "like=word"), ("карнеев", "like=Surn")])
def test_the_learned_finder_is_told_what_kind_of_word_was_misspelt(word: str, mark: str) -> None:
    """A slip of the pen is no name, a name misheard is."""
    assert mark in facts(word, "ru").marks
