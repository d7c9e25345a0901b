"""Random spans masked, coded and decoded again: in how many sets anything of the original is left. One JSON line.

python -m tests.bench.spans [SETS] [FORM ...]: that many sets of spans in each form (1,000 in all five), each in another
four seconds of speech. ``left`` counts the sets in which the proof finds something, in lossless forms also those with
any sample that depends on the original. ``worst_db`` is the loudest share of the original in what a codec added to the
tone in any span: chance correlation with its noise, as long as nothing is left.
"""

from __future__ import annotations

import io
import json
import sys

import numpy as np

from tests.transcripts.sound.recordings import InMemory, speech
from transcripts.sound import (
    RATE,
    Played,
    SoundForm,
    Tone,
    cuts,
    encode,
    masked,
    unmasked,
)

SECONDS = 4
LOSSLESS = (SoundForm.FLAC, SoundForm.WAV)
TONE = Tone()


def spans_in(rng: np.random.Generator) -> list[tuple[float, float]]:
    """One to four spans anywhere, overlapping, empty, at and over both ends."""
    starts = rng.uniform(-0.2, SECONDS, rng.integers(1, 5))
    lengths = rng.choice([0, 0.05, 0.3, 0.6, 1.2], len(starts))
    return [(start, start + length) for start, length in zip(starts, lengths, strict=True)]


def share(was: np.ndarray, left: np.ndarray) -> float:
    """How much of the original is in what is left; 1 is all of it."""
    one, other = was.astype(float), left.astype(float)
    return float(abs(one @ other) / max(one @ one, 100.0 * len(was)))  # an original fainter than 10 is nothing to hide


def tried(rng: np.random.Generator, original: np.ndarray, form: SoundForm) -> tuple[bool, float]:
    """Whether anything is left after one set of spans in ``form``, and the loudest share in one of them."""
    spans = spans_in(rng)
    out = io.BytesIO()
    made = np.concatenate(list(masked(iter([original]), spans, TONE)))
    encode([made], out, form)
    played = Played(out, len(original))
    heard = played.read(0, len(original))
    left = bool(unmasked(played, InMemory(original), cuts(spans, TONE), TONE))
    worst = 0.0
    for start, end in spans:
        here = slice(max(0, int(start * RATE)), max(0, int(np.ceil(end * RATE))))
        if len(original[here]) > 300:
            worst = max(worst, share(original[here], heard[here].astype(float) - made[here]))
    if form in LOSSLESS:
        other = np.concatenate(list(masked(iter([original[::-1].copy()]), spans, TONE)))
        left |= any(not np.array_equal(heard[first:stop], other[first:stop]) for first, stop in cuts(spans, TONE))
    return left, worst


def main() -> None:
    sets = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    forms = [SoundForm[name.upper()] for name in sys.argv[2:]] or list(SoundForm)
    whole = np.concatenate([speech("irina"), speech("dmitry")])  # five minutes
    figures: dict[str, float] = {}
    for form in forms:
        rng = np.random.default_rng(7)
        found = []
        for _ in range(sets):
            at = int(rng.integers(0, len(whole) - SECONDS * RATE))
            found.append(tried(rng, whole[at : at + SECONDS * RATE], form))
        name = form.name.lower()
        figures[f"{name}_left"] = sum(left for left, _ in found)
        figures[f"{name}_worst_db"] = round(20 * float(np.log10(max(worst for _, worst in found) + 1e-9)), 1)
    print(json.dumps({"bench": "spans", "unit": "sets of spans, dB", "sets_a_form": sets, **figures}))


if __name__ == "__main__":
    main()
