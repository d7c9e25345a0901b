"""Inside a concealed span nothing of the original is left: exactly in samples, and not to be heard after coding."""

from __future__ import annotations

import io
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.transcripts.sound.recordings import chirps, likeness
from transcripts.errors import BadSpans
from transcripts.sound import RATE, SoundForm, Tone, cuts, decoded, encode, masked

SECONDS = 6.0
ONE, OTHER = chirps(SECONDS, seed=1), chirps(SECONDS, seed=2)

moments = st.floats(0, SECONDS + 1)
spans = st.lists(st.tuples(moments, st.floats(0, 1.5)).map(lambda span: (span[0], span[0] + span[1])), max_size=6)
tones = st.builds(
    Tone,
    hz=st.floats(100, 4000),
    pad_seconds=st.sampled_from([0.0, 0.08, 0.25]),
    ramp_seconds=st.sampled_from([0.0, 0.01, 0.05]),
    level=st.sampled_from([0.0, 0.1, 1.0]),
)


def cut_up(samples: np.ndarray, size: int) -> Iterator[np.ndarray]:
    return (samples[start : start + size] for start in range(0, len(samples), size))


def whole(blocks: Iterator[np.ndarray]) -> np.ndarray:
    return np.concatenate(list(blocks))


@given(spans, tones, st.integers(1, 40_000).filter(lambda size: size > 50))
def test_what_stands_in_a_span_does_not_depend_on_the_original(
    concealed: list[tuple[float, float]], tone: Tone, size: int
) -> None:
    """Two different recordings are the same inside the spans and pads: not one sample of either is left there."""
    one, other = (whole(masked(cut_up(samples, size), concealed, tone)) for samples in (ONE, OTHER))
    inside, near = np.zeros(len(ONE), bool), np.zeros(len(ONE), bool)
    for start, end in concealed:
        first, last = (start - tone.pad_seconds) * RATE, (end + tone.pad_seconds) * RATE
        inside[max(0, int(np.floor(first))) : int(np.ceil(last))] = True
        reach = 3 * tone.ramp_seconds * RATE + 4  # spans closer than two ramps become one
        near[max(0, int(first - reach)) : int(last + reach)] = True
    assert len(one) == len(ONE)
    assert one.dtype == np.int16
    assert np.array_equal(one[inside], other[inside])
    assert np.array_equal(one[~near], ONE[~near])


@given(spans, tones, st.integers(100, 30_000))
def test_where_blocks_end_does_not_matter(concealed: list[tuple[float, float]], tone: Tone, size: int) -> None:
    """A span that crosses from one block to the next is concealed as any other."""
    assert np.array_equal(
        whole(masked(cut_up(ONE, size), concealed, tone)), whole(masked(iter([ONE]), concealed, tone))
    )


def test_a_thousand_spans_are_concealed() -> None:
    """ffmpeg's own way of doing this ends at a hundred."""
    rng = np.random.default_rng(3)
    starts = rng.uniform(0, 119, 1000)
    concealed = [(start, start + length) for start, length in zip(starts, rng.uniform(0.05, 0.4, 1000), strict=True)]
    one, other = chirps(120, seed=4), chirps(120, seed=5)
    tone = Tone(pad_seconds=0)
    found = [whole(masked(cut_up(samples, RATE), concealed, tone)) for samples in (one, other)]
    for start, end in concealed:
        place = slice(int(start * RATE), int(np.ceil(end * RATE)))
        assert np.array_equal(found[0][place], found[1][place])
        assert found[0][place].any()


@pytest.mark.parametrize("span", [(2.0, 1.0), (float("nan"), 1.0), (0.0, float("inf")), (1.0, float("nan"))])
def test_a_span_that_cannot_be_is_refused_before_any_sound_is_given(span: tuple[float, float]) -> None:
    """Passing over it would leave a name to be heard."""
    with pytest.raises(BadSpans) as caught:
        masked(iter([ONE]), [(0.0, 1.0), span], Tone())
    assert caught.value.facts == {"number": 2}


def test_cuts_are_in_order_and_joined() -> None:
    """Spans in any order, overlapping or touching, become ranges that do not."""
    tone = Tone(pad_seconds=0.1, ramp_seconds=0.01)
    assert cuts([(3, 4), (0.05, 1), (0.9, 2)], tone) == [(0, 33_600), (46_400, 65_600)]


def without(tone_hz: float, samples: np.ndarray) -> np.ndarray:
    """``samples`` with the band of the tone taken out."""
    spectrum = np.fft.rfft(samples * np.hanning(len(samples)))
    hz = np.fft.rfftfreq(len(samples), 1 / RATE)
    spectrum[abs(hz - tone_hz) < 80] = 0
    return np.fft.irfft(spectrum, len(samples))


@pytest.mark.slow
@pytest.mark.parametrize("form", list(SoundForm))
def test_after_coding_no_name_is_heard(form: SoundForm) -> None:
    """What a listener's player makes of the masked file has nothing of the original inside the spans."""
    original = chirps(40, seed=7)
    rng = np.random.default_rng(8)
    concealed = [(start, start + rng.uniform(0.2, 0.8)) for start in np.arange(1.0, 38.0, 2.0)]
    out = io.BytesIO()
    encode(masked(cut_up(original, RATE), concealed, Tone(hz=1000, pad_seconds=0.08)), out, form)
    heard = whole(decoded(out))
    for start, end in concealed:
        span = slice(int(start * RATE), int(end * RATE))
        was, left = without(1000, original[span]), without(1000, heard[span])
        assert np.linalg.norm(left) < 0.02 * np.linalg.norm(was)
        assert abs(was @ left) < 0.005 * (was @ was)  # the share of the original in what is left: -46 dB
        beside = slice(int((end + 0.2) * RATE), int((end + 0.35) * RATE))
        assert likeness(original[beside], heard[beside]) > 0.8
