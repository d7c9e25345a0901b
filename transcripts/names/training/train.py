"""From labelled texts to models."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from random import Random
from typing import Any

import pycrfsuite

from transcripts.names import letters, vectors
from transcripts.names.detector import evidence
from transcripts.names.document import Document
from transcripts.names.features import Features
from transcripts.names.learned import REGIMES, Regime, runs
from transcripts.names.mention import Passage
from transcripts.names.training import meaning, spelling
from transcripts.names.training.fingerprint import FINGERPRINT, fingerprint
from transcripts.names.training.hearing import misheard
from transcripts.names.training.renaming import renamed
from transcripts.names.training.samples import Sample, read, spoken
from transcripts.names.training.talk import invented
from transcripts.shipped import shipped

# Only what may be given away again: MIT, CC BY-SA, ours. The other sets are for measuring.
SETS = {"factrueval": 3, "taiga": 3, "uk_parlamint": 2, "interviews_handmade": 3}  # how many copies of each
TALK = {"ru": 60, "uk": 20}  # invented texts
LABELS = ("surname", "patronymic", "name", "nickname")
LANGUAGES = {regime.language for regime in REGIMES}
NOTHING = "-"
_SEED = 20
_OPTIONS = {"c1": 0.3, "c2": 0.5, "max_iterations": 80, "feature.minfreq": 3, "feature.possible_transitions": True}

Sequences = dict[Regime, list[tuple[Any, list[str]]]]


def train(sets: Path, models: Path) -> None:
    """Writes a model for each regime into the folder ``models``; before, into ours, the tables that they all need."""
    spelling.learn(shipped("names") / letters.FILE)
    meaning.learn(shipped("names") / vectors.FILE)
    parts = [*(sequences_of(read(sets / f"{name}.jsonl"), copies) for name, copies in SETS.items()), talk()]
    for regime, sequences in joined(parts).items():
        fit(sequences, models / regime.file_name)
    (models / FINGERPRINT).write_text(f"{fingerprint()}\n", encoding="ascii")


def sequences_of(samples: Iterable[Sample], copies: int) -> Sequences:
    """What the models learn from: each sample and copies with other, misheard names, all also as they are spoken."""
    found: Sequences = defaultdict(list)
    for sample in samples:
        if sample.language not in LANGUAGES:
            continue
        chance = Random(f"{_SEED} {sample.id}")  # noqa: S311  # no secret
        for text in (sample, *(misheard(renamed(sample, chance), chance) for _ in range(copies))):
            for written in (text, spoken(text)):
                for regime, items, labels in labelled(written):
                    found[regime].append((items, labels))
    return found


def talk() -> Sequences:
    """The same of invented talk in every language; half of it is misheard already."""
    return sequences_of((one for language, count in TALK.items() for one in invented(language, count, _SEED)), 0)


def joined(parts: Iterable[Sequences]) -> Sequences:
    """The sequences of several parts together."""
    whole: Sequences = defaultdict(list)
    for part in parts:
        for regime, sequences in part.items():
            whole[regime] += sequences
    return whole


def labelled(sample: Sample) -> Iterator[tuple[Regime, Any, list[str]]]:
    """The features and labels of a sample, by stretches of one regime."""
    document = Document([Passage(sample.text, sample.language)])
    features = Features(document, evidence(document))
    labels = _labels(sample)
    for regime, tokens in runs(document):
        items = pycrfsuite.ItemSequence(features.rows(tokens))
        yield regime, items, [labels.get(document.tokens[at].start, NOTHING) for at in tokens]


def fit(sequences: Sequence[tuple[Any, list[str]]], path: Path) -> None:
    """Writes the model that explains the sequences."""
    trainer = pycrfsuite.Trainer(verbose=False)
    for items, labels in sequences:
        trainer.append(items, labels)
    trainer.select("lbfgs")
    trainer.set_params(_OPTIONS)
    trainer.train(str(path))


def _labels(sample: Sample) -> Mapping[int, str]:
    """The label of every code point that has one to be learnt."""
    return {n: span.label for span in sample.spans if span.label in LABELS for n in range(span.start, span.end)}
