"""Where a recording is cut."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transcripts.speech.recognizer import RATE
from transcripts.speech.voice import FRAME
from transcripts.speech.windows import Ear, windows

SECOND = RATE // FRAME  # frames


def frames(*parts: tuple[float, float]) -> np.ndarray:
    """(seconds, probability) pairs as probabilities of frames."""
    return np.concatenate([np.full(round(seconds * SECOND), chance, np.float32) for seconds, chance in parts])


@given(
    st.lists(st.tuples(st.floats(0.04, 9), st.floats(0, 1)), max_size=40),
    st.floats(1, 30),
    st.integers(0, FRAME - 1),
    st.integers(0, 2**32 - 1),
)
def test_windows_hold_all_speech_in_order_and_none_is_too_long(
    parts: list[tuple[float, float]], longest: float, short: int, seed: int
) -> None:
    """Whatever the probabilities: in order, apart, inside the recording, short enough, every spoken frame in one."""
    voice = frames((0.04, 0.0), *parts)
    voice = np.clip(voice + np.random.default_rng(seed).normal(0, 0.2, len(voice)), 0, 1).astype(np.float32)
    samples = len(voice) * FRAME - short
    found = windows(voice, samples, longest)
    edge = 0
    held = np.zeros(samples, bool)
    for window in found:
        assert edge <= window.start < window.stop <= samples
        assert window.stop - window.start <= longest * RATE
        held[window.start : window.stop] = True
        edge = window.stop
    spoken = np.repeat(voice >= Ear().begin, FRAME)[:samples]
    assert held[spoken].all()


def test_silence_makes_no_window() -> None:
    """Nothing is listened to where nobody speaks, in an empty recording either."""
    assert windows(frames((60, 0.01)), 60 * RATE, 29.6) == []
    assert windows(np.zeros(0, np.float32), 0, 29.6) == []


def test_speech_without_a_pause_is_cut_where_it_is_least_likely() -> None:
    """A run longer than a window ends in its one doubtful moment, not in the middle of a word."""
    voice = frames((6, 0.9), (0.1, 0.3), (5, 0.9))
    first, second = windows(voice, len(voice) * FRAME, 8.0)
    assert first.stop == second.start
    assert first.stop / FRAME / SECOND == pytest.approx(6.05, abs=0.1)


def test_of_several_pauses_the_longest_ends_a_window() -> None:
    """Sentences stay together: the cut goes into the long pause even if a later, shorter one would fit too."""
    voice = frames((5, 0.9), (2, 0.0), (1, 0.9), (0.6, 0.0), (1, 0.9), (0.6, 0.0), (4, 0.9))
    found = windows(voice, len(voice) * FRAME, 10.0)
    assert 5 < found[0].stop / RATE < 7
    assert len(found) == 2


def test_words_at_the_edges_get_room() -> None:
    """The padding goes to both sides and never beyond the recording or into a neighbour."""
    voice = frames((0.1, 0.9), (1, 0.0), (1, 0.9), (1, 0.0))
    first, second = windows(voice, len(voice) * FRAME, 1.7)
    assert first.start == 0
    assert first.stop > 0.25 * RATE
    assert second.start < 1.0 * RATE
    assert first.stop <= second.start
