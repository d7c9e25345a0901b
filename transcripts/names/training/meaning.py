"""The table behind ``vectors.kinds``: words that the dictionary has of one kind only say where each kind lies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from transcripts.names.lexicon import Slavic, is_of_dictionary, lexicon
from transcripts.names.vectors import KINDS, directions, vectors, vocabulary

_MARKS = {"Surn": "surname", "Name": "first", "Patr": "patronymic", "Geox": "place", "Orgn": "house"}
_SPEECH = {
    **dict.fromkeys(("VERB", "INFN", "GRND", "PRTS"), "verb"),
    **dict.fromkeys(("ADJF", "ADJS", "PRTF"), "adjective"),
}
_SMOOTHING = 1e-5  # of variances that are about a three hundredth


def learn(path: Path) -> None:
    """Writes the table: a linear discriminant analysis with a covariance in which each kind weighs the same."""
    groups = _groups()
    found = [directions(vectors().of(groups[kind])).astype(np.float64) for kind in KINDS]
    means = np.stack([one.mean(axis=0) for one in found])
    spread = np.mean([np.cov(one, rowvar=False, bias=True) for one in found], axis=0)
    weights = np.linalg.solve(spread + _SMOOTHING * np.eye(len(spread)), means.T)
    bias = -0.5 * (means.T * weights).sum(axis=0)
    np.save(path, np.vstack([weights, bias]).astype(np.float32))


def _groups() -> dict[str, list[str]]:
    """The words of each kind that can be nothing else."""
    russian = lexicon("ru")
    assert isinstance(russian, Slavic)
    groups: dict[str, list[str]] = defaultdict(list)
    for word in vocabulary():
        if len(word) > 2 and word.isalpha() and "а" <= word[0] <= "я" and "ё" not in word:
            kind = _only_kind(russian.parses(word))
            if kind is not None:
                groups[kind].append(word)
    return groups


def _only_kind(parses: Sequence[Any]) -> str | None:
    kinds = {_name_kind(parse) for parse in parses}
    if len(kinds) > 1 or not any(map(is_of_dictionary, parses)):
        return None
    best = parses[0].tag
    common = ("living" if "anim" in str(best) else "thing") if best.POS == "NOUN" else _SPEECH.get(best.POS, "small")
    return kinds.pop() or common


def _name_kind(parse: Any) -> str:
    tag = str(parse.tag)
    return next((kind for mark, kind in _MARKS.items() if mark in tag), "")
