"""The waveform that a player draws."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from transcripts.sound.child import RATE
from transcripts.sound.flac import Samples


class Waveform:
    """The loudest amplitude of each 1/``per_second`` s of the int16 samples at 16 kHz that pass through.

    ``per_second`` must divide 16000. ``peaks`` are one byte each, 255 the loudest; the last may stand for less time.
    """

    def __init__(self, per_second: int = 20) -> None:
        self._step = RATE // per_second
        if self._step * per_second != RATE:
            raise ValueError("per_second must divide the sample rate")
        self._made = bytearray()
        self._left: Samples = np.zeros(0, np.int16)

    def through(self, blocks: Iterable[Samples]) -> Iterator[Samples]:
        """The blocks unchanged, on their way to somebody else: reading and masking a recording twice is dear."""
        for block in blocks:
            joined = np.concatenate([self._left, block])
            whole = len(joined) - len(joined) % self._step
            self._made += _loudest(joined[:whole].reshape(-1, self._step))
            self._left = joined[whole:]
            yield block

    @property
    def peaks(self) -> bytes:
        """What has passed so far."""
        return bytes(self._made + _loudest(self._left[np.newaxis]))


def _loudest(rows: Samples) -> bytes:
    if not rows.size:
        return b""
    most = np.maximum(rows.max(axis=1).astype(np.int32), -rows.min(axis=1).astype(np.int32))
    return bytes((most * 255 // 32768).astype(np.uint8))
