"""Stand-ins for what is slow, large or far away. Each keeps the promises of what it stands for, told by tests."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from transcripts.speech import RATE, Heard, HeardWord, Samples


@dataclass
class FakeRecognizer:
    """Hears a word every half second, spelt after the sound itself: the same sound, the same words.

    ``heard`` counts the windows; ``fails_at`` makes the window of that number fail like an engine.
    """

    name: str = "fake-1"
    window_seconds: float = 4.0
    knows: str | None = None
    fails_at: int | None = None
    heard: int = 0

    def recognize(self, samples: Samples, language: str | None, hotwords: Sequence[str]) -> list[Heard]:
        self.heard += 1
        if self.heard == self.fails_at:
            raise RuntimeError("the engine broke down")
        assert samples.dtype == np.float32
        assert len(samples) <= self.window_seconds * RATE
        half = RATE // 2
        words = tuple(
            HeardWord(
                f" {_spelt(samples[start : start + half])}", start / RATE, min(start + half, len(samples)) / RATE, 1
            )
            for start in range(0, len(samples), half)
            if np.abs(samples[start : start + half]).max() > 0.01
        )
        return [Heard(words, language if language in ("ru", "en") else "ru")] if words else []


def _spelt(samples: Samples) -> str:
    return "".join("аеиоуклмнрст"[byte % 12] for byte in hashlib.sha256(samples.tobytes()).digest()[:6])


@dataclass
class FakeSound:
    """Samples in memory as the recognizer takes a recording; ``largest`` is the most that was read at once."""

    all: npt.NDArray[Any]
    largest: int = 0

    @property
    def samples(self) -> int:
        return len(self.all)

    @property
    def seconds(self) -> float:
        return len(self.all) / RATE

    def read(self, start: int, stop: int) -> npt.NDArray[Any]:
        self.largest = max(self.largest, stop - start)
        return self.all[start:stop]


@dataclass
class FakeCheckpoints:
    """Records in memory, by plan."""

    plans: dict[str, dict[int, Mapping[str, Any]]] = field(default_factory=dict)

    def done(self, plan: str) -> Mapping[int, Mapping[str, Any]]:
        return dict(self.plans.get(plan, {}))

    def add(self, plan: str, index: int, record: Mapping[str, Any]) -> None:
        self.plans.setdefault(plan, {})[index] = record
