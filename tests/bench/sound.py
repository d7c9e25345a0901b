"""CPU seconds per hour of sound: decoding to the canonical FLAC, reading it, masking and coding it. One JSON line.

python tests/bench/sound.py [MINUTES]
"""

from __future__ import annotations

import io
import json
import resource
import sys
import time
from collections.abc import Callable

import av
import numpy as np

from transcripts.sound import RATE, CanonicalSound, Limits, SoundForm, Tone, canonicalize, encode, masked


def speechlike(seconds: int) -> np.ndarray:
    """Noise that swells and fades like syllables: nothing that a codec gets for free."""
    rng = np.random.default_rng(1)
    time_ = np.arange(seconds * RATE) / RATE
    swell = np.clip(np.sin(2 * np.pi * 2.5 * time_) + 0.3, 0, 1) * (np.sin(2 * np.pi * 0.1 * time_) > -0.7)
    voice = sum(np.sin(2 * np.pi * 120 * k * time_ + k) / k for k in range(1, 12)) + rng.normal(0, 0.3, len(time_))
    return (3000 * swell * voice).astype(np.int16)


def upload(samples: np.ndarray, container: str, codec: str, rate: int, bit_rate: int) -> io.BytesIO:
    """``samples`` as a recorder would store them."""
    out = io.BytesIO()
    with av.open(out, "w", format=container) as muxer:
        stream = muxer.add_stream(codec, rate=rate)
        stream.codec_context.layout = "mono"
        stream.bit_rate = bit_rate
        for start in range(0, len(samples), RATE):
            frame = av.AudioFrame.from_ndarray(samples[None, start : start + RATE], format="s16", layout="mono")
            frame.sample_rate, frame.pts = RATE, start
            muxer.mux(stream.encode(frame))
        muxer.mux(stream.encode(None))
    return out


def cpu(act: Callable[[], object]) -> float:
    """CPU seconds of this process and its children."""
    before = _used()
    act()
    return _used() - before


def _used() -> float:
    child = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + child.ru_utime + child.ru_stime


def main() -> None:
    minutes = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    samples = speechlike(60 * minutes)
    per_hour = 60 / minutes
    figures: dict[str, float] = {}
    canonical = io.BytesIO()
    uploads = {
        "m4a": ("ipod", "aac", 44_100, 64_000),
        "mp3": ("mp3", "libmp3lame", 44_100, 64_000),
        "opus": ("ogg", "libopus", 48_000, 24_000),
        "wav": ("wav", "pcm_s16le", 48_000, 0),
    }
    for name, (container, codec, rate, bit_rate) in uploads.items():
        source = upload(samples, container, codec, rate, bit_rate)
        canonical = io.BytesIO()
        used = cpu(lambda: canonicalize(source, canonical, Limits(), lambda *_: None))  # noqa: B023 - called at once
        figures[f"canonicalize_{name}"] = used * per_hour
    sound = CanonicalSound(canonical)
    spans = [(20.0 * index + 3, 20.0 * index + 3.6) for index in range(3 * minutes)]
    figures["read"] = cpu(lambda: [None for _ in sound.blocks()]) * per_hour
    figures["mask"] = cpu(lambda: [None for _ in masked(sound.blocks(), spans, Tone())]) * per_hour - figures["read"]
    for form in SoundForm:
        used = cpu(lambda: encode(masked(sound.blocks(), spans, Tone()), io.BytesIO(), form))  # noqa: B023
        figures[f"mask_and_{form.name.lower()}"] = used * per_hour
    figures = {name: round(figure, 2) for name, figure in figures.items()}
    facts = {"minutes": minutes, "flac_megabytes_per_hour": round(len(canonical.getbuffer()) / 1e6 * per_hour, 1)}
    print(json.dumps({"bench": "sound", "unit": "CPU s per hour of sound", **facts, **figures}))


if __name__ == "__main__":
    main()
