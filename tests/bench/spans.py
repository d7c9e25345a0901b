"""Random spans masked, coded and decoded again: in how many sets anything of the original is left. One JSON line.

python -m tests.bench.spans [SETS] [FORM ...]: that many sets of spans in each form (1,000 in all five), each in another
four seconds of speech. ``left`` counts the sets of which another file comes, byte for byte, when there is silence in
the original where nothing must be heard: in all others nothing depends on what was said there. ``doubted``: those in
which the comparison with the original finds something. ``worst_db`` is the loudest share of the original in what a
codec added to the tone in any span: chance correlation with its noise, as long as nothing is left.
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
    without,
)

SECONDS = 4
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


def coded(samples: np.ndarray, spans: list[tuple[float, float]], form: SoundForm) -> tuple[np.ndarray, io.BytesIO]:
    """The masked samples, and the file that comes of them."""
    out = io.BytesIO()
    made = np.concatenate(list(masked(iter([samples]), spans, TONE)))
    encode([made], out, form)
    return made, out


def tried(rng: np.random.Generator, original: np.ndarray, form: SoundForm) -> tuple[bool, bool, float]:
    """Whether anything is left, or doubted, after one set of spans, and the loudest share in one of them."""
    spans = spans_in(rng)
    made, out = coded(original, spans, form)
    unsaid = next(without([original], cuts(spans, TONE)))
    left = coded(unsaid, spans, form)[1].getvalue() != out.getvalue()
    played = Played(out, len(original))
    heard = played.read(0, len(original))
    doubted = bool(unmasked(played, InMemory(original), cuts(spans, TONE), TONE))
    worst = 0.0
    for start, end in spans:
        here = slice(max(0, int(start * RATE)), max(0, int(np.ceil(end * RATE))))
        if len(original[here]) > 300:
            worst = max(worst, share(original[here], heard[here].astype(float) - made[here]))
    return left, doubted, worst


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
        figures[f"{name}_left"] = sum(left for left, _, _ in found)
        figures[f"{name}_doubted"] = sum(doubted for _, doubted, _ in found)
        figures[f"{name}_worst_db"] = round(20 * float(np.log10(max(worst for _, _, worst in found) + 1e-9)), 1)
    print(json.dumps({"bench": "spans", "unit": "sets of spans, dB", "sets_a_form": sets, **figures}))


if __name__ == "__main__":
    main()
