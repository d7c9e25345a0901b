"""How well names are found in documents that the models have not seen: the whole detector, the sets' own score."""

from __future__ import annotations

import importlib.util
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from transcripts.names.detector import Detector, Thresholds
from transcripts.names.figures import PUBLIC_FIGURE, PublicFigures
from transcripts.names.learned import Learned
from transcripts.names.mention import Passage
from transcripts.names.training.samples import read
from transcripts.names.training.train import SETS, Sequences, fit, joined, sequences_of, talk
from transcripts.shipped import shipped

# Set, language. The last but one is never trained on.
JUDGED = (
    *(("factrueval", "ru"), ("taiga", "ru"), ("interviews_handmade", "ru")),
    *(("uk_parlamint", "uk"), ("uk_iu", "uk"), ("interviews_handmade", "uk")),
)
VARIANTS = ("", ".spoken", ".asr", ".asr_spoken")
_COLUMNS = {
    "recall": "surname_recall",
    "patronymic": "patronymic_recall",
    "precision": "precision",
    "false/1000": "false_per_1000_words",
    "no leak": "documents_without_leak",
    "kept hurt": "keep_violations",
}


def report(sets: Path, folds: int) -> None:
    """Prints a table of figures."""
    print(f"{'':34}" + "".join(f"{name:>12}" for name in _COLUMNS))
    with tempfile.TemporaryDirectory() as folder:
        models = models_without(sets, folds, Path(folder))
        for name, language in JUDGED:
            for variant in VARIANTS:
                found = judged(sets, f"{name}{variant}", language, models)
                cells = (found.get(key) for key in _COLUMNS.values())
                row = "".join(f"{'' if one is None else one:>12}" for one in cells)
                print(f"{f'{name}{variant} {language}':34}{row}", flush=True)


def models_without(sets: Path, folds: int, folder: Path) -> list[Learned]:
    """For each fold models of all documents but its own; a document is in the fold of its number modulo ``folds``."""
    parts: list[list[Sequences]] = [[] for _ in range(folds)]
    for name, copies in SETS.items():
        samples = read(sets / f"{name}.jsonl")
        for fold in range(folds):
            parts[fold].append(sequences_of(samples[fold::folds], copies))
    parts.append([talk()])
    others = [[one for n, part in enumerate(parts) if n != fold for one in part] for fold in range(folds)]
    return [_fitted(joined(others[fold]), folder / str(fold)) for fold in range(folds)]


def judged(sets: Path, name: str, language: str, models: Sequence[Learned]) -> dict[str, Any]:
    """The evaluator's figures for one set, each document judged by the models that have not seen it."""
    evaluate = _evaluator(sets)
    documents = evaluate.read_jsonl(sets / f"{name}.jsonl")
    # Public figures are labelled surnames in all sets but the handmade one.
    figures = PublicFigures.load(shipped("public_figures.toml")) if name.startswith("interviews") else None
    detectors = [Detector(figures, Thresholds(), learned) for learned in models]
    predictions = []
    for n, document in enumerate(documents):
        if document["lang"] == language:
            found = detectors[n % len(models)].find([Passage(document["text"], language)])
            kept = [one for one in found if one.why != PUBLIC_FIGURE]
            spans = [{"start": one.start, "end": one.end, "label": one.label.value} for one in kept]
            predictions.append({"id": document["id"], "spans": spans})
    scored: dict[str, Any] = evaluate.score([one for one in documents if one["lang"] == language], predictions)[0]
    return scored


def _fitted(sequences: Sequences, folder: Path) -> Learned:
    folder.mkdir()
    for regime, part in sequences.items():
        fit(part, folder / regime.file_name)
    return Learned({regime: folder / regime.file_name for regime in sequences})


def _evaluator(sets: Path) -> Any:
    spec = importlib.util.spec_from_file_location("evaluate", sets / "evaluate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
