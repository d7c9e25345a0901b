"""The changed voice: another pitch, the same times, nothing on a disk."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from transcripts.errors import ToolMissing
from transcripts.sound import RATE, disguised


def voice(seconds: float) -> np.ndarray:
    """A hum of 200 Hz with overtones that is heard from the second second to the third."""
    time = np.arange(int(seconds * RATE)) / RATE
    hum = sum(np.sin(2 * np.pi * 200 * k * time) / k for k in range(1, 6))
    return (6000 * hum * ((time >= 1) & (time < 2))).astype(np.int16)


def test_the_voice_changes_and_its_times_stay() -> None:
    """Pitch is moved by the factor; words are where the transcript says."""
    original = voice(3)
    found = disguised(original, pitch=0.8)
    spectrum = np.abs(np.fft.rfft(found.astype(float)))
    spectrum[: 100 * 3] = 0
    assert np.argmax(spectrum) / 3 == pytest.approx(160, abs=8)
    assert len(found) == len(original)
    heard = np.flatnonzero(np.abs(found) > 1500) / RATE
    assert heard[0] == pytest.approx(1, abs=0.06)
    assert heard[-1] == pytest.approx(2, abs=0.06)


def test_nothing_stays_nothing() -> None:
    """No process is started for an empty clip."""
    assert len(disguised(np.zeros(0, np.int16))) == 0


def test_a_missing_tool_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The person is told to install it, not shown a stack."""
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", str(tmp_path / "none"))
    with pytest.raises(ToolMissing):
        disguised(voice(1))
