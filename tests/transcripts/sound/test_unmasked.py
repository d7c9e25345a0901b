"""The proof reads what listeners get, and goes red when masking was sabotaged."""

from __future__ import annotations

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.transcripts.sound.recordings import InMemory, chirps, speech
from transcripts.errors import Unreadable
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

TONE = Tone()
SPANS = [(1.0, 1.5), (6.0, 6.05), (9.0, 11.5), (15.2, 16.0), (19.0, 19.4)]


ORIGINALS = {"speech": speech()[: 20 * RATE], "chirps": chirps(20, seed=11)}


def found(original: np.ndarray, spans: list[tuple[float, float]], tone: Tone, form: SoundForm) -> list[float]:
    """What the proof says of ``original`` masked at ``spans`` with ``tone``, when SPANS should be silent."""
    out = io.BytesIO()
    encode(masked(iter([original]), spans, tone), out, form)
    return unmasked(Played(out, len(original)), InMemory(original), cuts(SPANS, TONE), TONE)


@pytest.mark.parametrize("form", list(SoundForm))
@pytest.mark.parametrize("what", ORIGINALS)
def test_honest_masking_is_proved(what: str, form: SoundForm) -> None:
    """Neither what a codec adds nor what it smears into the pad is taken for the original."""
    assert found(ORIGINALS[what], SPANS, TONE, form) == []


SABOTAGE = {
    "shifted": ([(start + 0.3, end + 0.3) for start, end in SPANS], TONE),
    "shifted back": ([(start - 0.3, end - 0.3) for start, end in SPANS], TONE),
    "dropped": (SPANS[:2] + SPANS[3:], TONE),
    "without pad": (SPANS, Tone(pad_seconds=0)),
    "half a pad": (SPANS, Tone(pad_seconds=0.12)),
    "silence in place of the tone": (SPANS, Tone(level=0.0)),
    "the last one cut short": ([*SPANS[:-1], (19.0, 19.2)], TONE),
}


@pytest.mark.parametrize("form", [SoundForm.OPUS, SoundForm.AAC, SoundForm.FLAC])
@pytest.mark.parametrize("how", SABOTAGE)
@pytest.mark.parametrize("what", ORIGINALS)
def test_sabotaged_masking_is_found(what: str, how: str, form: SoundForm) -> None:
    """Each way of masking wrongly is found, and where."""
    wrong = found(ORIGINALS[what], *SABOTAGE[how], form)
    assert wrong
    for first, last in wrong:
        assert last - first < 2.1
        assert any(start - 0.3 <= first < last <= end + 0.3 for start, end in SPANS)


@pytest.mark.parametrize("share", [0.05, 0.1])
def test_a_faint_rest_of_the_name_is_found(share: float) -> None:
    """Loud speech turned down to a twentieth under the tone can still be made out."""
    original = ORIGINALS["chirps"]
    made = np.concatenate(list(masked(iter([original]), SPANS, TONE)))
    within = slice(int(9.2 * RATE), int(11.3 * RATE))
    made[within] += (original[within] * share).astype(np.int16)
    assert unmasked(InMemory(made), InMemory(original), cuts(SPANS, TONE), TONE)


def test_a_cut_at_either_end_and_none_at_all() -> None:
    """Spans over the edges of the recording are proved as far as it goes."""
    original = ORIGINALS["speech"]
    spans = [(0.0, 0.4), (19.8, 40.0), (100.0, 101.0)]
    made = np.concatenate(list(masked(iter([original]), spans, TONE)))
    assert unmasked(InMemory(made), InMemory(original), cuts(spans, TONE), TONE) == []
    assert unmasked(InMemory(original), InMemory(original), cuts(spans, TONE), TONE) != []
    assert unmasked(InMemory(original), InMemory(original), [], TONE) == []


LONG = chirps(150, seed=12)
FLAC = io.BytesIO()
encode([LONG], FLAC, SoundForm.FLAC)


@pytest.mark.slow
@given(st.lists(st.tuples(st.integers(-9, len(LONG) + 9), st.integers(0, 20 * RATE)), min_size=1, max_size=6))
def test_a_published_file_is_read_anywhere(reads: list[tuple[int, int]]) -> None:
    """A read is a slice, wherever the reads before it were."""
    played = Played(FLAC, len(LONG))
    for start, count in reads:
        assert np.array_equal(played.read(start, start + count), LONG[max(0, start) : max(0, start + count)])


def test_only_the_newest_minute_is_held() -> None:
    """Four hours must not lie in memory."""
    played = Played(FLAC, len(LONG))
    for start in range(0, len(LONG), RATE):
        played.read(start, start + 2 * RATE)
        assert len(played._held) <= 66 * RATE


def test_a_file_that_is_too_short_is_not_proved() -> None:
    """Sound that is missing at the end was not listened to."""
    with pytest.raises(Unreadable):
        Played(FLAC, len(LONG) + RATE).read(len(LONG) - 10, len(LONG) + RATE)
