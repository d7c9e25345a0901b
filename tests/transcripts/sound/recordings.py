"""Sounds for the tests of transcripts.sound, made here: no recording of a person is needed."""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass

import av
import numpy as np

from transcripts.shipped import shipped
from transcripts.sound import CanonicalSound, Limits, canonicalize

RATE = 16_000


@dataclass
class InMemory:
    """Samples that are read like a recording."""

    all: np.ndarray

    def read(self, start: int, stop: int) -> np.ndarray:
        """Those from ``start`` to ``stop``, as far as there are any."""
        return self.all[max(0, start) : max(0, stop)]


def speech(name: str = "irina") -> np.ndarray:
    """A bundled demo interview, decoded."""
    out = io.BytesIO()
    canonicalize(io.BytesIO(shipped(f"demo/{name}.opus").read_bytes()), out, Limits(), lambda *_: None)
    sound = CanonicalSound(out)
    return sound.read(0, sound.samples)


def chirps(seconds: float, seed: int = 1) -> np.ndarray:
    """A sound in which every moment differs from every other: places can be told by correlation."""
    rng = np.random.default_rng(seed)
    count = int(seconds * RATE)
    time = np.arange(count) / RATE
    pitch = np.repeat(rng.uniform(300, 2500, count // 800 + 1), 800)[:count]
    sound = np.sin(2 * np.pi * np.cumsum(pitch) / RATE) * (0.3 + 0.2 * np.sin(2 * np.pi * 3.1 * time))
    return (20_000 * sound + rng.normal(0, 200, count)).astype(np.int16)


def wav(samples: np.ndarray, *, rate: int = RATE, channels: int = 1, data_size: int | None = None) -> bytes:
    """A WAV written by hand, so that its header can lie."""
    data = samples.astype("<i2").tobytes()
    form = struct.pack("<HHIIHH", 1, channels, rate, rate * channels * 2 & 0xFFFFFFFF, channels * 2 & 0xFFFF, 16)
    size = len(data) if data_size is None else data_size
    return (
        b"RIFF"
        + struct.pack("<I", 36 + len(data))
        + b"WAVEfmt \x10\0\0\0"
        + form
        + b"data"
        + struct.pack("<I", size)
        + data
    )


def coded(samples: np.ndarray, container: str, codec: str, rate: int = RATE, **options: str) -> bytes:
    """``samples`` in another container and codec, with names in the tags as telephones put them there."""
    out = io.BytesIO()
    with av.open(out, "w", format=container, container_options=options) as muxer:
        muxer.metadata["title"] = "Interview with Nadezhda Secretova"
        stream = muxer.add_stream(codec, rate=rate)
        stream.codec_context.layout = "mono"
        if not codec.startswith("pcm"):
            stream.bit_rate = 64_000
        for start in range(0, len(samples), RATE):
            frame = av.AudioFrame.from_ndarray(samples[None, start : start + RATE], format="s16", layout="mono")
            frame.sample_rate, frame.pts = RATE, start
            muxer.mux(stream.encode(frame))
        muxer.mux(stream.encode(None))
    return out.getvalue()


def lag(original: np.ndarray, found: np.ndarray) -> int:
    """By how many samples ``found`` is later than ``original``."""
    size = 1 << (len(original) + len(found)).bit_length()
    spectrum = np.fft.rfft(found, size) * np.conj(np.fft.rfft(original, size))
    place = int(np.argmax(np.fft.irfft(spectrum, size)))
    return place if place < size // 2 else place - size


def likeness(left: np.ndarray, right: np.ndarray) -> float:
    """The correlation coefficient of two sounds of the same length; 0 for silence."""
    a, b = left.astype(float), right.astype(float)
    scale = np.sqrt((a @ a) * (b @ b))
    return float(abs(a @ b) / scale) if scale else 0.0
