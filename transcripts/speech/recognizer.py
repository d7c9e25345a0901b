"""What the rest of the program knows of a recognizer: a window of samples in, words with times out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.float32]

RATE = 16_000
"""Samples a second of all sound that is listened to."""


class Sound(Protocol):
    """A recording of RATE samples a second, mono, of which any part can be read."""

    @property
    def samples(self) -> int: ...

    @property
    def seconds(self) -> float: ...

    def read(self, start: int, stop: int) -> npt.NDArray[Any]:
        """The samples from ``start`` up to ``stop``: int16, or floats between -1 and 1."""
        ...


@dataclass(frozen=True, slots=True)
class HeardWord:
    """A word as an engine gives it: seconds from the start of the window, which may be missing (NaN) or nonsense.

    White space before the text parts it from the word before; without, it is the rest of that word.
    """

    text: str
    start: float
    end: float
    sureness: float


@dataclass(frozen=True, slots=True)
class Heard:
    """A run of words that an engine gives as one; ``language`` is the one it was heard as."""

    words: tuple[HeardWord, ...]
    language: str

    @property
    def text(self) -> str:
        return " ".join("".join(word.text for word in self.words).split())


class Recognizer(Protocol):
    """Speech to text for one window at a time; what it heard before does not change what it hears now."""

    @property
    def name(self) -> str:
        """Engine, model and a digest of the model: two recognizers of one name hear the same."""
        ...

    @property
    def window_seconds(self) -> float:
        """The longest window it takes."""
        ...

    @property
    def knows(self) -> str | None:
        """A sentence about the limits of what it knows, for people; None if there is nothing to warn of."""
        ...

    def recognize(self, samples: Samples, language: str | None, hotwords: Sequence[str]) -> list[Heard]:
        """What is said in ``samples`` (RATE, -1 to 1). No language, or one it does not know: it decides by itself.

        ``hotwords`` are names that may occur. Raises what its engine raises.
        """
        ...


def as_floats(samples: npt.NDArray[Any]) -> Samples:
    """Samples between -1 and 1, whichever kind they were."""
    if samples.dtype == np.int16:
        return samples.astype(np.float32) / np.float32(32768)
    return samples.astype(np.float32, copy=False)
