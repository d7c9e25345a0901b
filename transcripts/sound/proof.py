"""Whether a masked file really holds nothing of the original where it must not: read back as listeners get it.

Independent of the recognizer, which may be deaf, and of mask.py, which may be wrong: the published file is decoded and
compared with the original, sample by sample.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

from transcripts.errors import Unreadable
from transcripts.sound.child import RATE
from transcripts.sound.encode import decoded
from transcripts.sound.files import Readable
from transcripts.sound.flac import Samples
from transcripts.sound.mask import Tone

SMEAR = RATE * 3 // 50  # samples at both ends of a cut over which lossy codecs smear what is beside it: 60 ms
_LOOK = RATE // 20  # samples looked at together: 50 ms
_PIECE = 200 * _LOOK  # samples read at once: ten seconds
_LONGEST = 2 * RATE  # samples of one place that is told
_KEPT = 60 * RATE  # samples that stay at hand behind the newest ones: reading goes forward, with short steps back
_FAINT = 24.0  # amplitude (of 32767) of the original that no listener finds beside a tone; codecs hit 16 by chance
_SHARE = 0.05  # of the original's loudness: -26 dB, far above what codecs make up by chance in 50 ms
_FAINT_OF_ALL, _SHARE_OF_ALL = 4.0, 0.01  # the same over a whole cut, where chance evens out: -78 dB, -40 dB

Looks = npt.NDArray[np.float64]


class Read(Protocol):
    """Sound of which any part can be read: int16, 16 kHz."""

    def read(self, start: int, stop: int) -> Samples: ...


class Played:
    """A file that ``encode`` made, as ``samples`` samples of which any part can be read; in bounded memory.

    It is decoded front to back; going back by more than a minute begins anew. What the codec adds at the end is cut
    off; Unreadable is raised if sound is missing there. ``file`` stays open.
    """

    def __init__(self, file: Readable, samples: int) -> None:
        self.samples = samples
        self._file = file
        self._first = samples  # where what is held begins; the first read, which is before, begins anew
        self._held: Samples = np.zeros(0, np.int16)
        self._blocks: Iterator[Samples] = iter(())

    @property
    def seconds(self) -> float:
        return self.samples / RATE

    def read(self, start: int, stop: int) -> Samples:
        """The samples from ``start`` up to ``stop``, cut to the recording like a slice. Raises Unreadable."""
        start, stop = max(0, start), min(stop, self.samples)
        if start >= stop:
            return np.zeros(0, np.int16)
        if start < self._first:
            self._begin()
        pieces = [self._held]
        reached = self._first + len(self._held)
        while reached < stop:
            piece = next(self._blocks, None)
            if piece is None:
                raise Unreadable
            reached += len(piece)
            pieces.append(piece)
            while reached - self._first - len(pieces[0]) > _KEPT and self._first + len(pieces[0]) <= start:
                self._first += len(pieces.pop(0))
        self._held = np.concatenate(pieces)
        found = self._held[start - self._first : stop - self._first]
        old = max(0, min(start, reached - _KEPT) - self._first)
        self._held, self._first = self._held[old:].copy(), self._first + old
        return found

    def _begin(self) -> None:
        self._blocks, self._held, self._first = decoded(self._file), self._held[:0], 0


def unmasked(masked: Read, original: Read, ranges: Sequence[tuple[int, int]], tone: Tone) -> list[tuple[float, float]]:
    """The seconds (from, to) in which ``masked`` does not hold the tone alone inside ``ranges``.

    ``ranges`` are samples, see ``cuts``. What is told are pieces of two seconds at most, which a person can listen to.
    The first 60 ms on either side of a cut, where codecs smear, are left out: they lie in the pad.
    """
    found: list[tuple[int, int]] = []
    for first, stop in ranges:
        for at in _wrong(masked, original, (first + SMEAR, stop - SMEAR), tone):
            if found and at - found[-1][0] < _LONGEST:
                found[-1] = (found[-1][0], at + _LOOK)
            else:
                found.append((at, at + _LOOK))
    return [(start / RATE, stop / RATE) for start, stop in found]


def without(blocks: Iterable[Samples], ranges: Sequence[tuple[int, int]]) -> Iterator[Samples]:
    """``blocks`` with silence in ``ranges`` (samples): the recording as if nothing had been said there.

    Coding is deterministic. If this, masked, gives the same file byte for byte, then nothing in the file depends on
    what was said there, however much noise of the codec resembles it.
    """
    position = 0
    for block in blocks:
        made = block.copy()
        for first, stop in ranges:
            made[max(0, first - position) : max(0, stop - position)] = 0
        yield made
        position += len(block)


def _wrong(masked: Read, original: Read, within: tuple[int, int], tone: Tone) -> list[int]:
    """Where looks of ``within`` begin that hold something else than the tone; all of them if only the whole tells."""
    first, stop = within
    leaked = there = 0.0
    wrong: list[int] = []
    for start in range(first, stop, _PIECE):
        end = min(start + _PIECE, stop)
        is_, was = _looks(masked, start, end), _looks(original, start, end)
        is_, was = is_[: len(was)], was[: len(is_)]  # a cut may reach past the end of the recording
        left, (_, lost) = _apart(is_, tone), _apart(was, tone)
        loud, rest = left
        common, power = (rest * lost).sum(axis=1), (lost * lost).sum(axis=1)
        leak = np.abs(common) / np.sqrt(np.maximum(power, 1.0) * _LOOK)
        bad = leak > _FAINT + _SHARE * np.sqrt(power / _LOOK)
        bad |= (loud < 0.5 * 32767 * tone.level) | (loud > 2 * 32767 * tone.level + _FAINT)
        wrong += [start + int(n) * _LOOK for n in np.flatnonzero(bad)]
        leaked, there = leaked + float(common.sum()), there + float(power.sum())
    allowed = _SHARE_OF_ALL * there + _FAINT_OF_ALL * math.sqrt(there * max(0, stop - first))
    return list(range(first, stop, _LOOK)) if not wrong and abs(leaked) > allowed else wrong


def _looks(sound: Read, start: int, stop: int) -> Looks:
    """The samples as rows of 50 ms; the last one reaches back so that every sample is in one."""
    samples = sound.read(start, stop).astype(np.float64)
    whole = samples[: len(samples) - len(samples) % _LOOK].reshape(-1, _LOOK)
    return np.vstack([whole, samples[-_LOOK:]]) if len(samples) % _LOOK and len(samples) > _LOOK else whole


def _apart(looks: Looks, tone: Tone) -> tuple[npt.NDArray[np.float64], Looks]:
    """The amplitude of the tone in each row, and what is left of the row without it."""
    turns = 2 * np.pi * tone.hz / RATE * np.arange(_LOOK)
    basis, _ = np.linalg.qr(np.column_stack([np.sin(turns), np.cos(turns)]))
    shares = looks @ basis
    return np.sqrt((shares * shares).sum(axis=1) * 2 / _LOOK), looks - shares @ basis.T
