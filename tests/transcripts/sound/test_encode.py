"""Sound that is given out: the right length, in its place, without a word about where it came from."""

from __future__ import annotations

import io

import av
import numpy as np
import pytest

from tests.transcripts.sound.recordings import chirps, lag, likeness
from transcripts.errors import Unreadable
from transcripts.sound import RATE, SoundForm, Waveform, decoded, encode

SAMPLES = chirps(7.3)
BLOCKS = [SAMPLES[start : start + 5000] for start in range(0, len(SAMPLES), 5000)]
FRAME = 1024  # samples, the longest frame of these codecs


class WriteOnly:
    """What a sealed writer can do."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []

    def write(self, piece: bytes) -> int:
        self.pieces.append(bytes(piece))
        return len(piece)


@pytest.mark.parametrize("form", list(SoundForm))
def test_every_form_keeps_length_and_place(form: SoundForm) -> None:
    """A time in the transcript is the same time in every form."""
    out = WriteOnly()
    assert encode(BLOCKS, out, form) == pytest.approx(7.3)  # type: ignore[arg-type]
    file = io.BytesIO(b"".join(out.pieces))
    found = np.concatenate(list(decoded(file)))
    assert 0 <= len(found) - len(SAMPLES) < FRAME
    assert lag(SAMPLES, found) == 0
    assert likeness(SAMPLES, found[: len(SAMPLES)]) > 0.98
    file.seek(0)
    with av.open(file) as container:
        assert container.duration == pytest.approx(7.3e6, abs=0.1e6)


def test_how_the_sound_is_cut_into_blocks_does_not_matter() -> None:
    """A disguised recording comes as one block, a masked one in many."""
    long = chirps(65)
    whole, pieces = io.BytesIO(), io.BytesIO()
    encode([long], whole, SoundForm.OPUS)
    encode((long[start : start + 7001] for start in range(0, len(long), 7001)), pieces, SoundForm.OPUS)
    assert whole.getvalue() == pieces.getvalue()


@pytest.mark.parametrize("form", [SoundForm.FLAC, SoundForm.WAV])
def test_lossless_forms_are_exact(form: SoundForm) -> None:
    """Not one sample is changed."""
    out = io.BytesIO()
    encode(BLOCKS, out, form)
    assert np.array_equal(np.concatenate(list(decoded(out))), SAMPLES)


@pytest.mark.parametrize("form", list(SoundForm))
def test_there_are_no_tags_and_no_trace_of_tools(form: SoundForm) -> None:
    """No title, date, chapter or version; the same sound gives the same bytes."""
    files = []
    for _ in range(2):
        out = io.BytesIO()
        encode(BLOCKS, out, form)
        files.append(out.getvalue())
    assert files[0] == files[1]
    traces = (
        (b"Lavc", b"encoder", b"ENCODER", b"ID3")
        if form is SoundForm.MP3
        else (b"Lavf", b"Lavc", b"encoder", b"ENCODER")
    )
    assert not any(trace in files[0] for trace in traces)
    with av.open(io.BytesIO(files[0])) as container:
        told = {**container.metadata, **container.streams[0].metadata}
        assert not container.chapters()
    structural = {"major_brand", "minor_version", "compatible_brands", "language", "handler_name", "vendor_id"}
    assert set(told) <= structural
    assert told.get("language", "und") == "und"


def test_opus_is_written_as_it_is_made() -> None:
    """A long recording is not held in memory."""
    out = WriteOnly()
    sizes = []

    def watched() -> object:
        for start in range(0, 120):
            sizes.append(sum(map(len, out.pieces)))
            yield SAMPLES[start * 400 : start * 400 + RATE]

    encode(watched(), out, SoundForm.OPUS)  # type: ignore[arg-type]
    assert sizes[60] > 0.3 * sizes[-1]


@pytest.mark.parametrize("form", list(SoundForm))
def test_errors_of_both_ends_pass_unchanged(form: SoundForm) -> None:
    """A full disk and a tampered original are told as what they are."""
    error = OSError(28, "No space left on device")

    class Full:
        def write(self, _: bytes) -> int:
            raise error

    class FullLater(io.BytesIO):
        """A file of one's own, that forms which return to their beginning are written to directly."""

        def write(self, piece: object, /) -> int:
            if self.tell() > 500:
                raise error
            return super().write(piece)  # type: ignore[arg-type]

    def broken() -> object:
        yield from BLOCKS
        raise error

    for blocks, out in ((BLOCKS, Full()), (BLOCKS, FullLater()), (broken(), io.BytesIO()), (broken(), WriteOnly())):
        with pytest.raises(OSError, match="No space") as caught:
            encode(blocks, out, form)  # type: ignore[arg-type]
        assert caught.value is error


def test_only_our_own_forms_are_decoded_here() -> None:
    """Anything else belongs into the child."""
    with pytest.raises(Unreadable):
        list(decoded(io.BytesIO(b"#EXTM3U\n" * 20)))


@pytest.mark.parametrize("size", [1, 799, 800, 16_000, 1_000_000])
def test_peaks_are_the_loudest_samples(size: int) -> None:
    """One byte for each twentieth of a second, however the blocks fall."""
    samples = SAMPLES.copy()
    samples[4000], samples[100_000] = -32_768, 32_767
    blocks = (
        [samples[start : start + size] for start in range(0, 16_500, size)]
        if size == 1
        else [samples[start : start + size] for start in range(0, len(samples), size)]
    )
    waveform = Waveform()
    joined = np.concatenate(list(waveform.through(blocks)))
    found = waveform.peaks
    assert np.array_equal(joined, np.concatenate(blocks)), "what passes through must not change"
    rows = [np.abs(joined[start : start + 800].astype(int)).max() for start in range(0, len(joined), 800)]
    assert list(found) == [int(row) * 255 // 32_768 for row in rows]
    assert found[5] == 255


def test_peaks_of_nothing_are_nothing() -> None:
    """An empty recording has no waveform; a rate that does not fit is a mistake of the caller."""
    waveform = Waveform()
    assert list(waveform.through([])) == []
    assert waveform.peaks == b""
    with pytest.raises(ValueError, match="divide"):
        Waveform(per_second=7)
