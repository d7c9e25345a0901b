"""Where somebody speaks: Silero's detector over a recording of any length, in bounded memory."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from transcripts.speech.recognizer import RATE, Samples, Sound, as_floats

FRAME = 512
"""Samples that get one probability: 32 ms."""

_PIECE = 60 * RATE // FRAME * 5  # frames read at a time, five minutes
_WARM_UP = 4 * RATE // FRAME  # frames before a piece that the detector hears first, to be in the state it would be in


def voice(sound: Sound, tick: Callable[[], None] = lambda: None) -> npt.NDArray[np.float32]:
    """The probability of speech for every FRAME samples, the last one padded with silence.

    ``tick`` is called before each piece of five minutes; what it raises passes through.
    """
    # Loads ONNX's runtime and the engine: a second and 150 MB that nobody pays who only names this module.
    from faster_whisper.vad import get_vad_model  # noqa: PLC0415

    detector = get_vad_model()
    frames = -(-sound.samples // FRAME)
    found = [np.zeros(0, np.float32)]
    for first in range(0, frames, _PIECE):
        tick()
        from_ = max(0, first - _WARM_UP)
        upto = min(frames, first + _PIECE)
        samples = as_floats(sound.read(from_ * FRAME, min(upto * FRAME, sound.samples)))
        found.append(_probabilities(detector, samples)[first - from_ :])
    return np.concatenate(found)


def _probabilities(detector: Any, samples: Samples) -> npt.NDArray[np.float32]:
    # One frame more than needed: the detector blanks the end of the last one. It also writes into what it is given.
    padded = np.zeros((len(samples) // FRAME + 2) * FRAME, np.float32)
    padded[: len(samples)] = samples
    probabilities: npt.NDArray[np.float32] = detector(padded).reshape(-1)[: -(-len(samples) // FRAME)]
    return probabilities
