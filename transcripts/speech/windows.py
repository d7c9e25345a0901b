"""Which parts of a recording are listened to at a time: probabilities of speech in, windows out. Pure arithmetic.

Windows are in order, never overlap, hold every frame that sounds like speech, and are cut where nobody speaks if there
is such a place. Nothing here knows how long a model's window is: that is given.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from transcripts.speech.recognizer import RATE
from transcripts.speech.voice import FRAME


@dataclass(frozen=True, slots=True)
class Window:
    """Samples ``start`` up to ``stop`` of the recording."""

    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class Ear:
    """When something counts as speech. Probabilities between 0 and 1; times in seconds.

    Speech begins above ``begin`` and lasts until it is below ``end`` for ``pause``; ``pad`` is added on both sides,
    as far as the neighbours leave room. The thresholds are below Silero's own 0.5 and 0.35: a name that is taken for
    silence is neither written down nor masked.
    """

    begin: float = 0.4
    end: float = 0.25
    pause: float = 0.3
    pad: float = 0.2


def windows(voice: npt.NDArray[np.float32], samples: int, longest: float, ear: Ear | None = None) -> list[Window]:
    """Windows of at most ``longest`` seconds over a recording of that many ``samples``."""
    ear = ear or Ear()
    limit = int(longest * RATE)
    runs = [part for run in _padded(_runs(voice, ear), samples, ear) for part in _cut(run, voice, limit)]
    found = []
    at = 0
    while at < len(runs):
        upto = _last_that_fits(runs, at, limit)
        found.append(Window(runs[at].start, runs[upto].stop))
        at = upto + 1
    return found


def overlapping(samples: int, longest: float, overlap: float) -> list[Window]:
    """Windows of ``longest`` seconds over all of a recording, each beginning ``overlap`` before the last one's end.

    For listening to everything, voice or not: what is cut at the edge of one window is whole in the next.
    """
    length, step = int(longest * RATE), int((longest - overlap) * RATE)
    starts = range(0, max(1, samples - int(overlap * RATE)), step)
    return [Window(start, min(start + length, samples)) for start in starts] if samples else []


def _runs(voice: npt.NDArray[np.float32], ear: Ear) -> list[tuple[int, int]]:
    """Frames ``first`` up to ``last`` of each run of speech."""
    spoken = np.flatnonzero(voice >= ear.begin)
    # A frame between the two thresholds goes on with what was before it: speech lasts until one is below both.
    silent = np.append(np.flatnonzero(voice < ear.end), len(voice))
    pause = int(ear.pause * RATE / FRAME)
    runs: list[tuple[int, int]] = []
    for first, last in zip(spoken.tolist(), silent[np.searchsorted(silent, spoken)].tolist(), strict=True):
        if runs and first - runs[-1][1] <= pause:
            runs[-1] = (runs[-1][0], last)
        else:
            runs.append((first, last))
    return runs


def _padded(runs: Sequence[tuple[int, int]], samples: int, ear: Ear) -> list[Window]:
    pad = int(ear.pad * RATE)
    edges = [0, *((before[1] + after[0]) * FRAME // 2 for before, after in pairwise(runs)), samples]
    return [
        Window(max(edges[number], first * FRAME - pad), min(edges[number + 1], last * FRAME + pad))
        for number, (first, last) in enumerate(runs)
    ]


def _cut(run: Window, voice: npt.NDArray[np.float32], limit: int) -> list[Window]:
    """``run`` in parts of at most ``limit`` samples, each cut where speech is least likely in its second half."""
    parts = []
    start = run.start
    while run.stop - start > limit:
        first, last = -(-(start + limit // 2) // FRAME), (start + limit) // FRAME
        # Three frames together: one alone may be a stop consonant inside a word.
        around = np.convolve(voice[first - 1 : last + 1], np.ones(3), mode="valid")
        stop = (first + int(np.argmin(around))) * FRAME + FRAME // 2
        parts.append(Window(start, stop))
        start = stop
    return [*parts, Window(start, run.stop)]


def _last_that_fits(runs: Sequence[Window], at: int, limit: int) -> int:
    """Which run ends the window that begins with run ``at``: of those in its second half the longest pause decides."""
    fitting = at
    while fitting + 1 < len(runs) and runs[fitting + 1].stop - runs[at].start <= limit:
        fitting += 1
    if fitting + 1 == len(runs):
        return fitting
    half = runs[at].start + limit // 2
    late = [number for number in range(at, fitting + 1) if runs[number].stop >= half] or [fitting]
    return max(late, key=lambda number: (runs[number + 1].start - runs[number].stop, number))
