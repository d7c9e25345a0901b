"""What the whole pipeline costs on top of the recognizer's own time, and how long the demo takes.

    python tests/bench/pipeline.py

Both demo interviews from intake to release with real parts: CPU seconds of the recognizer (first listening and
verification), of everything around it, and of that the finders' dictionaries, which are loaded once per worker. One
thread each. ``around_percent`` counts the dictionaries, ``around_percent_warm`` does not. One JSON line.
"""

from __future__ import annotations

import json
import resource
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from archive import worker
from tests import make
from transcripts.names import Passage
from transcripts.shipped import shipped

_SECONDS = 316  # of sound in both


class Timed:
    """A recognizer that counts its own CPU seconds."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner
        self.name, self.window_seconds, self.knows = inner.name, inner.window_seconds, inner.knows
        self.cpu = 0.0

    def recognize(self, samples: Any, language: str | None, hotwords: Sequence[str]) -> Any:
        began = time.process_time()
        heard = self._inner.recognize(samples, language, hotwords)
        self.cpu += time.process_time() - began
        return heard


def used() -> float:
    """CPU seconds of this process and of the children it waited for."""
    child = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + child.ru_utime + child.ru_stime


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        house = make.archive_in(Path(folder) / "home")
        before = used()
        house.detector.find([Passage("Пришла Вера Ковалёва.", "ru")])
        loading = used() - before
        timed = Timed(house.recognizer)
        house.__dict__["recognizer"] = timed
        began, clock = used(), time.perf_counter()
        ids = []
        for name in ("irina", "dmitry"):
            form = make.demo_form(name)
            sound = shipped(f"demo/{name}.opus").read_bytes()
            ids.append(make.received(house, sound=sound, consent=form.consent, title=form.title))
        worker.work(house)
        for id in ids:
            make.approved(house, id)
        worker.work(house)
        total, wall = used() - began, time.perf_counter() - clock
        stages = [str(make.stage(house, id)) for id in ids]
        house.close()
    around = total - timed.cpu
    found = {
        "bench": "pipeline",
        "unit": f"s, both demo interviews ({_SECONDS} s of sound)",
        "recognizer_cpu": round(timed.cpu, 1),
        "around_cpu": round(around + loading, 1),
        "dictionaries_cpu": round(loading, 1),
        "around_per_hour_of_sound": round(around * 3600 / _SECONDS, 1),
        "around_percent": round(100 * (around + loading) / timed.cpu, 1),
        "around_percent_warm": round(100 * around / timed.cpu, 1),
        "clock": round(wall, 1),
        "stages": ", ".join(stages),
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main()
