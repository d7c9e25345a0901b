"""CPU seconds per hour of sound, on the demo interviews: the recognizer's own, and what goes on around it.

    python tests/bench/speech.py [NAME ...]

Around it: decoding to the canonical sound, finding out who speaks when, cutting, reading windows, records written and
flushed. ``around_percent`` is their share of the recognizer's own. One thread. One JSON line.
"""

from __future__ import annotations

import io
import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from typing import IO, Any

from transcripts.shipped import shipped
from transcripts.sound import CanonicalSound, Limits, canonicalize
from transcripts.speech import Heard, Options, Recognizer, Samples, load, transcribe
from transcripts.speech.voice import voice


class Timed:
    """A recognizer that counts its own CPU and clock seconds."""

    def __init__(self, inner: Recognizer) -> None:
        self._inner = inner
        self.name, self.window_seconds, self.knows = inner.name, inner.window_seconds, inner.knows
        self.cpu = self.clock = 0.0

    def recognize(self, samples: Samples, language: str | None, hotwords: Sequence[str]) -> list[Heard]:
        cpu, clock = time.process_time(), time.perf_counter()
        heard = self._inner.recognize(samples, language, hotwords)
        self.cpu += time.process_time() - cpu
        self.clock += time.perf_counter() - clock
        return heard


class Flushed:
    """Checkpoints that are on the disk before the next window, as an archive's are."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def done(self, plan: str) -> Mapping[int, Mapping[str, Any]]:
        return {}

    def add(self, plan: str, index: int, record: Mapping[str, Any]) -> None:
        self._file.write(json.dumps(record).encode())
        self._file.flush()
        os.fsync(self._file.fileno())


def used() -> float:
    """CPU seconds of this process and of the children it waited for."""
    child = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + child.ru_utime + child.ru_stime


def main() -> None:
    names = sys.argv[1:] or ["irina", "dmitry"]
    recognizer = Timed(load("demo", 1))
    voice(CanonicalSound(_canonical(names[0])))  # loads the detector, once per process
    seconds = decoding = 0.0
    clock, cpu = time.perf_counter(), used()
    for name in names:
        began = used()
        sound = CanonicalSound(_canonical(name))
        decoding += used() - began
        seconds += sound.seconds
        with tempfile.TemporaryFile() as file:
            transcribe(sound, recognizer, Options("bench", language="ru"), Flushed(file), lambda at: None)
    clock, cpu = time.perf_counter() - clock, used() - cpu
    hour = 3600 / seconds
    figures = {
        "sound_seconds": seconds,
        "recognizer": recognizer.cpu * hour,
        "around": (cpu - recognizer.cpu) * hour,
        "around_decoding": decoding * hour,
        "around_percent": 100 * (cpu - recognizer.cpu) / recognizer.cpu,
        "recognizer_clock": recognizer.clock * hour,
        "around_clock": (clock - recognizer.clock) * hour,
        "peak_megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    rounded = {name: round(figure, 1) for name, figure in figures.items()}
    print(json.dumps({"bench": "speech", "unit": "CPU s per hour of sound", **rounded}))


def _canonical(name: str) -> io.BytesIO:
    canonical = io.BytesIO()
    with shipped(f"demo/{name}.opus").open("rb") as source:
        canonicalize(source, canonical, Limits(), lambda done, total: None)
    return canonical


if __name__ == "__main__":
    main()
