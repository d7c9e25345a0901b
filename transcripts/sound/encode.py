"""Sound files for people: coded without tags, names, dates or chapters; and our own files back to samples."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from fractions import Fraction
from itertools import chain
from typing import Any

import av
import av.error
import numpy as np
from av.audio.fifo import AudioFifo
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream

from transcripts.errors import Unreadable
from transcripts.sound.child import RATE
from transcripts.sound.files import Readable, Rewritable, Writable
from transcripts.sound.flac import HEADER, FlacWriter, Samples, as_frame, with_count

LONGEST = 30 * RATE  # samples handed to an encoder at once: a whole recording in one block is not copied whole
_TOGETHER = 250  # decoded frames that are resampled at once: 5 s of Opus


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a form is made, with options of its codec and its muxer.

    ``seeks``: the muxer returns to the start of the file, so it is put together in memory.
    """

    container: str
    codec: str
    mime: str
    bit_rate: int = 0
    seeks: bool = False
    options: dict[str, str] = field(default_factory=dict)
    muxer: dict[str, str] = field(default_factory=dict)


class SoundForm(Enum):
    """The forms in which sound is given out, all 16 kHz and mono."""

    # Complexity 3 is as near to the original as 5 at this rate (2.8 dB of log spectrum) and costs a fifth less.
    OPUS = Recipe("ogg", "libopus", "audio/ogg", 32_000, options={"application": "audio", "compression_level": "3"})
    FLAC = Recipe("flac", "flac", "audio/flac", seeks=True)
    WAV = Recipe("wav", "pcm_s16le", "audio/wav", seeks=True)
    # No ID3 tag. The first frame, which holds the length and the encoder's delay, names LAME, as every such file does.
    MP3 = Recipe("mp3", "libmp3lame", "audio/mpeg", 64_000, seeks=True, muxer={"id3v2_version": "0"})
    AAC = Recipe("ipod", "aac", "audio/mp4", 48_000, seeks=True, options={"aac_coder": "fast"})

    @property
    def mime(self) -> str:
        return self.value.mime


def encode(blocks: Iterable[Samples], out: Writable, form: SoundForm) -> float:
    """Writes ``blocks`` (int16, 16 kHz) to ``out`` and returns the seconds written.

    Opus is written front to back, as it is made. The other forms return to their beginning: where ``out`` cannot, they
    are put together in memory and written at the end. What ``blocks`` and ``out`` raise passes unchanged.
    """
    samples = _flac(blocks, out) if form is SoundForm.FLAC else _muxed(blocks, out, form.value)
    return samples / RATE


def decoded(file: Readable) -> Iterator[Samples]:
    """The samples (int16, 16 kHz) of a file that ``encode`` made, for proving what is no longer in it.

    Only for our own files: it decodes in this process. Opus and AAC give up to a frame of silence more at the end.
    Raises Unreadable.
    """
    file.seek(0)
    resampler = AudioResampler("s16", "mono", RATE)
    try:
        with av.open(file, "r", options={"format_whitelist": "ogg,flac,wav,mov,mp4,m4a,mp3"}) as container:
            for frame in chain(_joined(container.decode(audio=0)), (None,)):
                yield from (made.to_ndarray()[0] for made in resampler.resample(frame))
    except (av.error.FFmpegError, IndexError) as cause:
        raise Unreadable from cause


def _joined(frames: Iterable[AudioFrame]) -> Iterator[AudioFrame]:
    """Frames put together to some seconds: an Opus frame is 20 ms, and each one that is resampled has its price."""
    fifo = AudioFifo()
    for number, frame in enumerate(frames, 1):
        frame.pts = None
        fifo.write(frame)
        if number % _TOGETHER == 0 and (joined := fifo.read()) is not None:
            yield joined
    if fifo.samples and (joined := fifo.read(partial=True)) is not None:
        yield joined


class _Drain:
    """A file for a muxer that never seeks; what it holds is taken out after each packet, so that ``out`` fails here
    and not inside of libavformat."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, piece: bytes) -> int:
        self._pieces.append(bytes(piece))
        return len(piece)

    def take(self) -> bytes:
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)


class _Direct:
    """A file for a muxer that seeks; what ``out`` raises is kept, because libavformat makes something else of it."""

    def __init__(self, out: Rewritable) -> None:
        self.failure: Exception | None = None
        self._out = out
        self.tell = out.tell

    def write(self, piece: bytes) -> int:
        return self._kept(lambda: self._out.write(piece))

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._kept(lambda: self._out.seek(offset, whence))

    def _kept(self, act: Callable[[], int]) -> int:
        try:
            return act()
        except Exception as failure:
            self.failure = self.failure or failure
            raise


def _rewritten(blocks: Iterable[Samples], out: Rewritable, recipe: Recipe) -> int:
    direct = _Direct(out)
    try:
        return _written(blocks, direct, recipe, lambda: None)
    except av.error.FFmpegError as failure:
        raise direct.failure or failure from None


def _muxed(blocks: Iterable[Samples], out: Writable, recipe: Recipe) -> int:
    if not recipe.seeks:
        drain = _Drain()
        samples = _written(blocks, drain, recipe, lambda: out.write(drain.take()))
        out.write(drain.take())
        return samples
    if isinstance(out, Rewritable):
        return _rewritten(blocks, out, recipe)
    memory = io.BytesIO()
    samples = _written(blocks, memory, recipe, lambda: None)
    out.write(memory.getbuffer())
    return samples


def _written(blocks: Iterable[Samples], target: Any, recipe: Recipe, between: Callable[[], object]) -> int:
    """Muxes into ``target`` and calls ``between`` after each packet; the samples written."""
    samples = 0
    # bitexact leaves out the names and versions of the tools; nothing else is ever put into the tags.
    options = {"fflags": "+bitexact", **recipe.muxer}
    with av.open(target, "w", format=recipe.container, container_options=options) as muxer:
        stream = muxer.add_stream(recipe.codec, rate=RATE, options={"flags": "+bitexact", **recipe.options})
        assert isinstance(stream, AudioStream)
        stream.codec_context.layout = "mono"
        stream.codec_context.time_base = Fraction(1, RATE)
        if recipe.bit_rate:
            stream.bit_rate = recipe.bit_rate
        for frame, count in _frames(blocks):
            muxer.mux(stream.encode(frame))
            between()
            samples += count
    return samples


def _frames(blocks: Iterable[Samples]) -> Iterator[tuple[AudioFrame | None, int]]:
    """Frames and their lengths; None at the end, which flushes an encoder."""
    at = 0
    for block in blocks:
        for start in range(0, len(block), LONGEST):
            piece = np.asarray(block[start : start + LONGEST], np.int16)
            yield as_frame(piece, at), len(piece)
            at += len(piece)
    yield None, 0


def _flac(blocks: Iterable[Samples], out: Writable) -> int:
    """FLAC, whose header says how long it is: known at the end, so it is written again then."""
    file = out if isinstance(out, Rewritable) else io.BytesIO()
    start = file.tell()
    first = _Head(file)
    writer = FlacWriter(first)
    for block in blocks:
        writer.write(block)
    writer.close()
    file.seek(start)
    file.write(with_count(first.head, writer.samples))
    file.seek(0, io.SEEK_END)
    if isinstance(file, io.BytesIO) and file is not out:
        out.write(file.getbuffer())
    return writer.samples


class _Head:
    """A file that remembers how it begins."""

    def __init__(self, out: Writable) -> None:
        self.head = b""
        self._out = out

    def write(self, piece: bytes | memoryview) -> int:
        if len(self.head) < HEADER:
            self.head = (self.head + bytes(piece))[:HEADER]
        return self._out.write(piece)
