"""Who speaks when, in recordings of any length."""

from __future__ import annotations

import numpy as np
import pytest

from tests.fakes import FakeSound
from tests.transcripts.speech.listening import demo_sound
from transcripts.speech import voice as voice_module
from transcripts.speech.recognizer import RATE
from transcripts.speech.voice import FRAME, voice


def test_pieces_hear_what_the_whole_hears(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read twenty seconds at a time, the probabilities are those of one long read, and no read is longer."""
    samples = demo_sound("irina")[: 70 * RATE]
    whole = voice(FakeSound(samples))
    monkeypatch.setattr(voice_module, "_PIECE", 20 * RATE // FRAME)
    sound = FakeSound(samples)
    pieces = voice(sound)
    assert len(pieces) == len(whole) == -(-len(samples) // FRAME)
    assert np.mean((pieces >= 0.5) != (whole >= 0.5)) < 0.005
    assert sound.largest <= 25 * RATE


@pytest.mark.parametrize("length", [0, 1, FRAME - 1, FRAME, FRAME + 1])
def test_shortest_recordings(length: int) -> None:
    """One probability for every begun frame, and nobody speaks in silence."""
    found = voice(FakeSound(np.zeros(length, np.int16)))
    assert len(found) == -(-length // FRAME)
    assert (found < 0.5).all()


def test_the_callers_samples_are_left_alone() -> None:
    """The detector writes into what it is given: it is given a copy."""
    samples = demo_sound("irina")[: 3 * RATE].astype(np.float32) / 32768
    before = samples.copy()
    voice(FakeSound(samples))
    assert (samples == before).all()


def test_what_the_tick_raises_ends_the_listening() -> None:
    """A job that was cancelled stops before the next piece."""

    class Cancelled(Exception):
        pass

    def tick() -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        voice(FakeSound(np.zeros(RATE, np.int16)), tick)
