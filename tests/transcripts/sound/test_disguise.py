"""The changed voice: another pitch, the same times, nothing on a disk, a few seconds in memory."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from transcripts.errors import SoundError, ToolMissing
from transcripts.sound import RATE, disguised


def voice(seconds: float) -> np.ndarray:
    """A hum of 200 Hz with overtones that is heard from the second second to the third."""
    time = np.arange(int(seconds * RATE)) / RATE
    hum = sum(np.sin(2 * np.pi * 200 * k * time) / k for k in range(1, 6))
    return (6000 * hum * ((time >= 1) & (time < 2))).astype(np.int16)


def changed(*blocks: np.ndarray) -> np.ndarray:
    return np.concatenate([np.zeros(0, np.int16), *disguised(iter(blocks))])


def test_the_voice_changes_and_its_times_stay() -> None:
    """Pitch is moved by the factor; words are where the transcript says."""
    original = voice(3)
    found = changed(original)
    spectrum = np.abs(np.fft.rfft(found.astype(float)))
    spectrum[: 100 * 3] = 0
    assert np.argmax(spectrum) / 3 == pytest.approx(160, abs=8)
    assert len(found) == len(original)
    heard = np.flatnonzero(np.abs(found) > 1500) / RATE
    assert heard[0] == pytest.approx(1, abs=0.06)
    assert heard[-1] == pytest.approx(2, abs=0.06)


@pytest.mark.parametrize("size", [997, 16_000, 31_000])
def test_how_the_sound_is_cut_into_blocks_does_not_matter(size: int) -> None:
    """A long recording comes in many blocks and is the same as in one."""
    original = voice(3)
    pieces = [original[start : start + size] for start in range(0, len(original), size)]
    assert np.array_equal(changed(*pieces), changed(original))


@pytest.mark.slow
def test_a_long_recording_is_not_held() -> None:
    """What goes in comes out while more goes in."""
    fed = 0

    def blocks() -> Iterator[np.ndarray]:
        nonlocal fed
        for _ in range(60):
            fed += 2 * RATE
            yield voice(3)[RATE:]

    given, behind = 0, []
    for piece in disguised(blocks()):
        given += len(piece)
        behind.append(fed - given)
    assert given == fed == 120 * RATE
    assert max(behind) < 60 * RATE


def test_nothing_stays_nothing() -> None:
    """An empty clip has no voice to change."""
    assert len(changed()) == 0
    assert len(changed(np.zeros(0, np.int16))) == 0


def test_what_the_blocks_raise_passes_unchanged() -> None:
    """A tampered original is told as what it is, and no process is left."""
    error = OSError("tampered")

    def broken() -> Iterator[np.ndarray]:
        yield voice(1)
        raise error

    with pytest.raises(OSError, match="tampered") as caught:
        list(disguised(broken()))
    assert caught.value is error


def test_a_program_that_fails_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a voice must not be taken for a whole one."""
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", "/bin/false")
    with pytest.raises(SoundError):
        changed(voice(1), voice(1))


def test_a_missing_tool_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The person is told to install it, not shown a stack."""
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", str(tmp_path / "none"))
    with pytest.raises(ToolMissing):
        changed(voice(1))
