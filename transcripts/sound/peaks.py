"""The waveform that a player draws."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from transcripts.sound.child import RATE
from transcripts.sound.flac import Samples


def peaks(blocks: Iterable[Samples], per_second: int = 20) -> bytes:
    """The loudest amplitude of each 1/``per_second`` s of int16 samples at 16 kHz, one byte each, 255 the loudest.

    ``per_second`` must divide 16000; the last byte may stand for less time.
    """
    step = RATE // per_second
    if step * per_second != RATE:
        raise ValueError("per_second must divide the sample rate")
    made = bytearray()
    left: Samples = np.zeros(0, np.int16)
    for block in blocks:
        joined = np.concatenate([left, block])
        whole = len(joined) - len(joined) % step
        made += _loudest(joined[:whole].reshape(-1, step))
        left = joined[whole:]
    return bytes(made + _loudest(left[np.newaxis])) if len(left) else bytes(made)


def _loudest(rows: Samples) -> bytes:
    if not rows.size:
        return b""
    most = np.maximum(rows.max(axis=1).astype(np.int32), -rows.min(axis=1).astype(np.int32))
    return bytes((most * 255 // 32768).astype(np.uint8))
