"""One timeline: a word is at its second in whatever form the same interview is uploaded, masked and given out."""

from __future__ import annotations

import io
import json
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from tests.conftest import SHARED
from tests.transcripts.sound.recordings import lag, likeness
from transcripts.sound import RATE, CanonicalSound, Limits, SoundForm, canonicalize, decoded, encode

pytestmark = pytest.mark.shared

MOCK = SHARED / "data" / "mock"
FORMS = sorted(path.name for path in MOCK.glob("interview*") if path.suffix != ".json")
MOST = 0.03  # seconds that a codec may move a sound


@cache
def canonical(name: str) -> np.ndarray:
    out = io.BytesIO()
    with (MOCK / name).open("rb") as file:
        canonicalize(file, out, Limits(), lambda *_: None)
    sound = CanonicalSound(out)
    return sound.read(0, sound.samples)


def drift(one: np.ndarray, other: np.ndarray) -> list[float]:
    """By how many seconds ``other`` is late, at ten places from the first second to the last ones."""
    places = np.linspace(0, min(len(one), len(other)) - 4 * RATE, 10).astype(int)
    return [lag(one[at : at + 4 * RATE], other[at : at + 4 * RATE]) / RATE for at in places]


@pytest.mark.parametrize("name", [name for name in FORMS if not name.endswith(".wav")])
def test_every_form_of_an_upload_has_the_same_times(name: str) -> None:
    """MP3, M4A, Opus, AMR and the sound of videos run beside the WAV they were made from, to the end."""
    found = drift(canonical("interview_stereo.wav"), canonical(name))
    assert max(map(abs, found)) < MOST, found


@pytest.mark.slow
@pytest.mark.parametrize("form", list(SoundForm))
def test_what_is_given_out_has_the_times_of_the_canonical_sound(form: SoundForm) -> None:
    """The player's second is the transcript's."""
    original, out = canonical("interview.ogg"), io.BytesIO()
    encode([original], out, form)
    heard = np.concatenate(list(decoded(out)))
    assert max(map(abs, drift(original, heard))) < 1 / RATE
    assert likeness(original, heard[: len(original)]) > 0.9


@pytest.mark.slow
@pytest.mark.parametrize("name", FORMS)
def test_the_words_are_where_the_synthesizer_put_them(name: str) -> None:
    """Words are louder than the pauses between turns, at the times that are known."""
    turns = json.loads((Path(MOCK) / "interview.json").read_text(encoding="utf-8"))["turns"]
    sound = canonical(name).astype(float)
    loud = [
        np.abs(sound[int(one["start"] * RATE) :][: int((one["end"] - one["start"]) * RATE)]).mean() for one in turns
    ]
    pauses = [
        np.abs(sound[int((before["end"] + 0.05) * RATE) : int((after["start"] - 0.05) * RATE)]).mean()
        for before, after in pairwise(turns)
        if after["start"] - before["end"] > 0.3
    ]
    assert pauses
    assert max(pauses) < 0.25 * min(loud)
