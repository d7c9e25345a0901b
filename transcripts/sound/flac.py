"""The canonical sound: FLAC, 16 kHz, mono, 16 bits. Writing it as it comes, reading any part of it exactly."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from fractions import Fraction
from typing import ClassVar

import av
import av.error
import numpy as np
import numpy.typing as npt
from av.audio.codeccontext import AudioCodecContext
from av.audio.frame import AudioFrame

from transcripts.errors import Unreadable
from transcripts.sound.child import RATE
from transcripts.sound.files import Readable, Writable

Samples = npt.NDArray[np.int16]

BLOCK = 4096  # samples in one FLAC frame, 0.256 s
HEADER = 42  # bytes: "fLaC", one STREAMINFO block
COUNT_AT = 21  # the 36 bits of STREAMINFO that hold the sample count are the low ones of the 5 bytes from here
NEAR = 30 * RATE  # samples that are decoded and skipped rather than sought


def as_frame(block: Samples, at: int) -> AudioFrame:
    """``block`` as PyAV takes it; ``at`` is the sample it starts with."""
    frame = AudioFrame.from_ndarray(np.ascontiguousarray(block[np.newaxis]), format="s16", layout="mono")
    frame.sample_rate = RATE
    frame.time_base = Fraction(1, RATE)
    frame.pts = at
    return frame


class FlacWriter:
    """Blocks of int16 samples in, FLAC out. The header cannot know the length yet and leaves it open: see Playable."""

    def __init__(self, out: Writable) -> None:
        self.samples = 0
        self._out = out
        encoder = av.CodecContext.create("flac", "w")
        assert isinstance(encoder, AudioCodecContext)
        encoder.sample_rate = RATE
        encoder.format = "s16"
        encoder.layout = "mono"
        encoder.time_base = Fraction(1, RATE)
        encoder.options = {"compression_level": "5", "frame_size": str(BLOCK)}
        encoder.open()
        self._encoder = encoder
        out.write(b"fLaC\x80\x00\x00\x22" + bytes(encoder.extradata or b""))

    def write(self, block: Samples) -> None:
        if len(block):
            self._put(as_frame(block, self.samples))
            self.samples += len(block)

    def close(self) -> None:
        """Writes what the encoder still holds; ``out`` stays open."""
        self._put(None)

    def _put(self, frame: AudioFrame | None) -> None:
        for packet in self._encoder.encode(frame):
            self._out.write(bytes(packet))


def with_count(header: bytes, samples: int) -> bytes:
    """The first HEADER bytes of a FLAC file, saying that it holds ``samples``."""
    field = int.from_bytes(header[COUNT_AT : COUNT_AT + 5], "big") >> 36 << 36 | samples
    return header[:COUNT_AT] + field.to_bytes(5, "big") + header[COUNT_AT + 5 :]


class Playable(io.RawIOBase):
    """A canonical FLAC as a player should get it: the same bytes, with the length filled in, so that it can seek."""

    def __init__(self, file: Readable, samples: int) -> None:
        self._file = file
        self._at = 0
        self.length = file.seek(0, os.SEEK_END)
        file.seek(0)
        self._header = with_count(_whole(file, HEADER), samples)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self.length}[whence]
        self._at = max(0, base + offset)
        return self._at

    def read(self, count: int = -1) -> bytes:
        left = max(0, self.length - self._at)
        count = left if count < 0 else min(count, left)
        found = self._header[self._at : self._at + count]
        if len(found) < count:
            self._file.seek(self._at + len(found))
            found += _whole(self._file, count - len(found))
        self._at += len(found)
        return found

    def close(self) -> None:
        if not self.closed:
            self._file.close()
        super().close()


class CanonicalSound:
    """Exact random access to a canonical FLAC in ``file`` (seekable; stays open). For one thread at a time.

    Only for what ``canonicalize`` wrote and the vault vouches for: it is decoded in this process. Raises Unreadable if
    it is something else; what ``file`` raises passes unchanged.
    """

    rate: ClassVar[int] = RATE

    def __init__(self, file: Readable) -> None:
        self._file = file
        self._held_at = 0
        self._held: Samples = np.zeros(0, np.int16)
        self._start_over()
        self.samples = self._counted()

    @property
    def seconds(self) -> float:
        return self.samples / RATE

    def read(self, start: int, stop: int) -> Samples:
        """The samples from ``start`` up to ``stop``, cut to the recording like a slice."""
        start, stop = max(0, start), min(stop, self.samples)
        if start >= stop:
            return np.zeros(0, np.int16)
        if not self._held_at <= start < self._held_at + len(self._held) + NEAR:
            self._go_to(start)
        parts = []
        while True:
            piece = self._held[max(0, start - self._held_at) : max(0, stop - self._held_at)]
            parts.append(piece)
            if self._held_at + len(self._held) >= stop:
                return np.concatenate(parts)
            if not self._next():
                raise Unreadable

    def blocks(self, size: int = RATE) -> Iterator[Samples]:
        """The whole recording in blocks of ``size`` samples; the last may be shorter."""
        for start in range(0, self.samples, size):
            yield self.read(start, start + size)

    def _counted(self) -> int:
        self._go_to(1 << 50)
        while self._next():
            pass
        return self._held_at + len(self._held)

    def _start_over(self) -> None:
        self._file.seek(0)
        try:
            self._container = av.open(self._file, "r", format="flac", buffer_size=1 << 16)
            self._stream = self._container.streams.audio[0]
        except (av.error.FFmpegError, IndexError) as cause:
            raise Unreadable from cause
        codec = self._stream.codec_context
        if codec.format is None or (codec.sample_rate, codec.channels, codec.format.name) != (RATE, 1, "s16"):
            raise Unreadable
        codec.thread_count = 1
        self._let_go()

    def _go_to(self, sample: int) -> None:
        """Moves to the frame that holds ``sample``, to one before it, or to the last one."""
        try:
            self._container.seek(sample, stream=self._stream)
        except av.error.FFmpegError:
            self._start_over()  # libavformat cannot seek in one or two frames
        else:
            self._let_go()
        if not self._next():
            raise Unreadable
        if self._held_at > sample:
            self._start_over()

    def _let_go(self) -> None:
        self._frames = self._decoded()
        self._held_at, self._held = 0, self._held[:0]

    def _next(self) -> bool:
        frame = next(self._frames, None)
        if frame is None:
            return False
        self._held_at, self._held = frame.pts or 0, frame.to_ndarray()[0]
        return True

    def _decoded(self) -> Iterator[AudioFrame]:
        try:
            yield from self._container.decode(self._stream)
        except av.error.FFmpegError as cause:
            raise Unreadable from cause


def _whole(file: Readable, count: int) -> bytes:
    found = bytearray()
    while len(found) < count and (piece := file.read(count - len(found))):
        found += piece
    return bytes(found)
