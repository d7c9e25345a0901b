"""Concealing spans of time in samples. Inside a span nothing of the original is left, not faintly, not for a moment.

It is done here and not with ffmpeg: its ``volume=enable`` leaves 8 to 36 ms of a name at the start of each span, and
its expression parser ends at 100 spans.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from transcripts.errors import BadSpans
from transcripts.sound.child import RATE
from transcripts.sound.flac import Samples


@dataclass(frozen=True, slots=True)
class Tone:
    """What stands in for a concealed word.

    ``hz``: its pitch. ``pad_seconds``: concealed before and after each span as well, since the times of words are
    coarse and a lossy codec smears sound over some 20 ms. ``ramp_seconds``: how long the original fades, outside of
    the pad. ``level``: amplitude, 0 (silence) to 1.
    """

    hz: float = 1000.0
    pad_seconds: float = 0.25
    ramp_seconds: float = 0.01
    level: float = 0.1


def cuts(spans: Iterable[tuple[float, float]], tone: Tone) -> list[tuple[int, int]]:
    """The spans with their pads as sample ranges, rounded outwards, in order; those that touch are one.

    Raises BadSpans for a span that runs backwards or is not made of finite numbers.
    """
    ranges = []
    for number, (start, end) in enumerate(spans, start=1):
        if not (math.isfinite(start) and math.isfinite(end) and start <= end):
            raise BadSpans(number=number)
        first = math.floor((start - tone.pad_seconds) * RATE)
        ranges.append((max(0, first), math.ceil((end + tone.pad_seconds) * RATE)))
    return _joined(ranges, 2 * _ramp(tone))


def masked(blocks: Iterable[Samples], spans: Sequence[tuple[float, float]], tone: Tone = Tone()) -> Iterator[Samples]:
    """``blocks`` (int16, 16 kHz) with ``tone`` in place of ``spans`` (seconds); the length stays the same.

    Raises BadSpans before the first block is given out.
    """
    return _masked(blocks, cuts(spans, tone), tone)


def _masked(blocks: Iterable[Samples], ranges: Sequence[tuple[int, int]], tone: Tone) -> Iterator[Samples]:
    ramp = _ramp(tone)
    position, nearest = 0, 0
    for block in blocks:
        end = position + len(block)
        while nearest < len(ranges) and ranges[nearest][1] + ramp <= position:
            nearest += 1
        made = block
        for first, stop in ranges[nearest:]:
            if first - ramp >= end:
                break
            made = _with_cut(made, position, (first, stop), tone)
        yield made
        position = end


def _with_cut(block: Samples, position: int, cut: tuple[int, int], tone: Tone) -> Samples:
    """``block``, which starts at sample ``position``, with one range replaced and the original fading around it."""
    ramp = _ramp(tone)
    first, stop = cut
    here = slice(max(0, first - ramp - position), min(len(block), stop + ramp - position))
    time = np.arange(position + here.start, position + here.stop)
    outside = np.maximum(np.maximum(first - time, time - stop + 1), 0)  # samples from the range; 0 inside: all is gone
    depth = np.minimum(time - first, stop - 1 - time)  # samples from its edges, negative outside
    kept = block[here] * (np.minimum(outside, ramp) / max(ramp, 1))
    swell = np.clip(depth / max(ramp, 1), 0, 1)
    made = block.copy()
    made[here] = np.rint(kept + 32767 * tone.level * swell * np.sin(2 * np.pi * tone.hz / RATE * time))
    return made


def _ramp(tone: Tone) -> int:
    return max(1, round(tone.ramp_seconds * RATE))


def _joined(ranges: list[tuple[int, int]], nearness: int) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for first, stop in sorted(ranges):
        if joined and first <= joined[-1][1] + nearness:
            joined[-1] = (joined[-1][0], max(joined[-1][1], stop))
        else:
            joined.append((first, stop))
    return joined
