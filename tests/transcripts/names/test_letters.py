"""What letters and counts say of a word that no dictionary knows."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from wordfreq import zipf_frequency

from transcripts.names.frequency import Frequencies
from transcripts.names.letters import FILE, likeness
from transcripts.names.training import spelling
from transcripts.shipped import shipped


@pytest.mark.parametrize("word", ["гоцуляк", "вахромеев", "вахромееву", "гецлаф", "амарилья"])
def test_surnames_look_like_surnames(word: str) -> None:
    """Also foreign ones, and whatever their ending is."""
    assert likeness(word) > 0.5


@pytest.mark.parametrize("word", ["взабраться", "класненько", "снежно", "росприроднадзору", "подбудили"])
def test_misspelt_words_do_not(word: str) -> None:
    """Nor do words that are new."""
    assert likeness(word) < 0


def test_other_signs_say_nothing() -> None:
    """Digits, Latin letters, nothing at all."""
    assert likeness("") == likeness("абв"[:1]) == likeness("smith") == 0


@pytest.mark.slow
def test_the_table_is_what_is_learnt(tmp_path: Path) -> None:
    """Nothing was put in by hand."""
    spelling.learn(tmp_path / FILE)

    np.testing.assert_array_equal(np.load(tmp_path / FILE), np.load(shipped("names") / FILE))


@pytest.mark.slow
@pytest.mark.parametrize("language", ["ru", "uk", "en"])
def test_frequencies_are_those_of_wordfreq(language: str) -> None:
    """Read from the same lists, kept in less memory."""
    found = Frequencies(language)

    for word in ("the", "и", "і", "дом", "house", "гоцуляк", "щщщъ"):
        assert found.zipf(word) == pytest.approx(zipf_frequency(word, language), abs=0.006)
        assert (word in found) == (zipf_frequency(word, language) > 0)
