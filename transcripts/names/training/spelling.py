"""The table behind transcripts/names/letters.py, from natasha's list of surnames and wordfreq's of words."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from wordfreq import top_n_list

from transcripts.names.letters import SIZE, STEP, groups
from transcripts.names.lists import first_names, surnames

_WORDS = 120_000
_FIRST = 500  # of them are particles and pronouns, whose letters are too many times there


def learn(path: Path) -> None:
    """Writes the table: the logarithm of how much more often surnames have three letters than words, in STEPs."""
    names = surnames() | first_names()
    words = [word for word in top_n_list("ru", _WORDS)[_FIRST:] if word not in names]
    ratio = np.log(_shares(surnames()) / _shares(words))
    np.save(path, np.clip(np.round(STEP * ratio), -127, 127).astype(np.int8))


def _shares(words: Iterable[str]) -> NDArray[np.float64]:
    places = np.fromiter((place for word in words for place in groups(word)), np.int64)
    counts = np.bincount(places, minlength=SIZE**3) + 1.0
    shares: NDArray[np.float64] = counts / counts.sum()
    return shares
