"""What the models were trained with, in one number: a test compares it, so that no model outlives its features."""

from __future__ import annotations

import json
from collections.abc import Iterator
from hashlib import sha256
from random import Random

from transcripts.names.detector import evidence
from transcripts.names.document import Document
from transcripts.names.features import Features
from transcripts.names.mention import Passage
from transcripts.names.training.hearing import misheard
from transcripts.names.training.renaming import renamed
from transcripts.names.training.samples import Sample, spoken
from transcripts.names.training.talk import invented
from transcripts.shipped import shipped

FINGERPRINT = "trained_with.sha256"
_LISTS = ("ru.toml", "uk.toml", "talk_ru.toml", "talk_uk.toml", "diminutives.toml")
_TEXTS = {"ru": 4, "uk": 2}
_SEED = 7


def fingerprint() -> str:
    """The digest of the word lists and of every feature of some invented talk, as it would be learnt from."""
    digest = sha256()
    for name in _LISTS:
        digest.update((shipped("names") / name).read_bytes())
    for sample in _samples():
        digest.update(json.dumps([sample.text, *_features(sample)]).encode())
    return digest.hexdigest()


def _samples() -> Iterator[Sample]:
    for language, count in _TEXTS.items():
        for sample in invented(language, count, _SEED):
            chance = Random(sample.id)  # noqa: S311  # no secret
            for text in (sample, misheard(renamed(sample, chance), chance)):
                yield from (text, spoken(text))


def _features(sample: Sample) -> list[list[str]]:
    """By token the names of its features; the figures that the tagger sees are left out, machines round differently."""
    document = Document([Passage(sample.text, sample.language)])
    rows = Features(document, evidence(document)).rows(range(len(document.tokens)))
    return [sorted(name for name, value in row.items() if value == 1.0 and not name.endswith("person")) for row in rows]
