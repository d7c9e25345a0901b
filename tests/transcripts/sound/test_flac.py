"""The canonical sound can be read anywhere, exactly; players get its length."""

from __future__ import annotations

import io

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.transcripts.sound.recordings import chirps, coded
from transcripts.errors import Unreadable
from transcripts.sound import RATE, CanonicalSound, Playable
from transcripts.sound.flac import NEAR, FlacWriter

SAMPLES = chirps(75.3)


def written(samples: np.ndarray, size: int = 10_007) -> io.BytesIO:
    out = io.BytesIO()
    writer = FlacWriter(out)
    for start in range(0, len(samples), size):
        writer.write(samples[start : start + size])
    writer.close()
    return out


FLAC = written(SAMPLES).getvalue()


@given(st.lists(st.tuples(st.integers(-5, len(SAMPLES) + 5), st.integers(0, 3 * RATE)), min_size=1, max_size=8))
def test_any_reads_in_any_order_are_exact(reads: list[tuple[int, int]]) -> None:
    """A read is a slice, wherever the reads before it were."""
    sound = CanonicalSound(io.BytesIO(FLAC))
    for start, count in reads:
        expected = SAMPLES[max(0, start) : max(0, start + count)]
        assert np.array_equal(sound.read(start, start + count), expected)


def test_the_reads_reach_past_what_is_skipped() -> None:
    """The recording of these tests is long enough that both ways of moving on are taken."""
    assert len(SAMPLES) > 2 * NEAR


@pytest.mark.parametrize("length", [1, 4095, 4096, 4097, 8192, 50_000])
def test_the_length_is_counted_exactly(length: int) -> None:
    """Whether or not the last frame is a whole one."""
    sound = CanonicalSound(written(SAMPLES[:length]))
    assert sound.samples == length
    assert sound.seconds == length / RATE
    assert np.array_equal(np.concatenate(list(sound.blocks(999))), SAMPLES[:length])


def test_it_is_only_written_front_to_back() -> None:
    """A sealed writer cannot go back, so the canonical sound must not need it."""

    class Pipe:
        def __init__(self) -> None:
            self.data = b""

        def write(self, piece: bytes) -> int:
            self.data += piece
            return len(piece)

    pipe = Pipe()
    writer = FlacWriter(pipe)  # type: ignore[arg-type]
    writer.write(SAMPLES[:9000])
    writer.close()
    assert CanonicalSound(io.BytesIO(pipe.data)).samples == 9000


def test_what_the_file_raises_passes_unchanged() -> None:
    """The vault's Tampered must not become a sound error."""

    class Tampered(Exception):
        pass

    class Reader(io.BytesIO):
        broken = False

        def read(self, count: int | None = -1, /) -> bytes:
            if self.broken:
                raise error
            return super().read(count)

    error = Tampered()
    reader = Reader(FLAC)
    sound = CanonicalSound(reader)
    reader.broken = True
    with pytest.raises(Tampered) as caught:
        sound.read(0, RATE * 20)
    assert caught.value is error


@pytest.mark.parametrize("data", [b"", b"fLaC" + bytes(60), coded(chirps(1), "flac", "flac", 8000), bytes(5000)])
def test_something_else_is_unreadable(data: bytes) -> None:
    """Only what canonicalize wrote is taken."""
    with pytest.raises(Unreadable):
        CanonicalSound(io.BytesIO(data))


def test_a_player_gets_the_length_and_otherwise_the_same_bytes() -> None:
    """Without it browsers take the sound for endless and cannot seek."""
    playable = Playable(io.BytesIO(FLAC), len(SAMPLES))
    found = playable.read()
    with av.open(io.BytesIO(found)) as container:
        assert container.duration == pytest.approx(len(SAMPLES) / RATE * 1e6, abs=2)
    assert len(found) == playable.length == len(FLAC)
    assert [at for at in range(len(FLAC)) if found[at] != FLAC[at]] == [23, 24, 25]


@given(st.integers(0, len(FLAC) + 9), st.integers(0, 99), st.integers(0, 9))
def test_a_player_may_ask_for_any_range(start: int, count: int, before: int) -> None:
    """A range that begins inside the header, ends behind the file or lies between is the same slice."""
    playable = Playable(io.BytesIO(FLAC), len(SAMPLES))
    whole = playable.read()
    playable.seek(start // (10**before))
    assert playable.read(count) == whole[playable.tell() - len(whole[start // (10**before) :][:count]) :][:count]
