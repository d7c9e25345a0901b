"""How far off the time left is that the list tells while the machine listens.

    python tests/bench/progress.py [MINUTES]

The demo interviews one after the other, MINUTES long (default 12), heard by the real worker while somebody reads the
row every second, as the list's script does. After the first minute what it told is compared with what it took. One JSON
line.
"""

from __future__ import annotations

import io
import json
import sys
import tempfile
import threading
import time
from pathlib import Path
from statistics import median

import av

from archive import worker
from archive.acts import worklist
from tests import make
from transcripts.shipped import shipped

_SHORTEST = 5.0  # seconds left below which a percentage says nothing


def looped(minutes: float) -> bytes:
    """Both demo interviews in turns, as Ogg Opus."""
    out, wanted, done = io.BytesIO(), minutes * 60 * 48_000, 0
    with av.open(out, "w", format="ogg") as made:
        stream = made.add_stream("libopus", rate=48_000, layout="mono")
        resampler = av.AudioResampler(format="flt", layout="mono", rate=48_000)
        while done < wanted:
            for name in ("irina", "dmitry"):
                with av.open(str(shipped(f"demo/{name}.opus"))) as source:
                    for frame in source.decode(audio=0):
                        frame.pts = None
                        for piece in resampler.resample(frame):
                            done += piece.samples
                            made.mux(stream.encode(piece))
        made.mux(stream.encode(None))
    return out.getvalue()


def main() -> None:
    minutes = float(sys.argv[1]) if len(sys.argv) > 1 else 12.0
    told: list[tuple[float, float]] = []
    with tempfile.TemporaryDirectory() as folder:
        house = make.archive_in(Path(folder) / "home")
        id = make.received(house, sound=looped(minutes), consent=make.demo_form("irina").consent)
        over = threading.Event()

        def watch() -> None:
            while not over.wait(1.0):
                job = worklist.one(house, make.INTERVIEWER, id).job
                if job is not None and job.step == "received" and job.seconds_left is not None and job.is_live:
                    told.append((time.perf_counter(), job.seconds_left))

        thread = threading.Thread(target=watch, daemon=True)
        thread.start()
        began = time.perf_counter()
        ends: list[float] = []
        worker.work(house, lambda _job: ends.append(time.perf_counter()))
        listened = ends[1]  # when the second job, the finding of names, began
        over.set()
        thread.join()
        house.close()
    wrong = [
        abs(left - (listened - at)) / (listened - at)
        for at, left in told
        if at - began > 60 and listened - at > _SHORTEST
    ]
    found = {
        "bench": "progress",
        "unit": f"% of what was left, {minutes:g} minutes of sound",
        "listening_s": round(listened - began),
        "median": round(100 * median(wrong), 1),
        "p95": round(100 * sorted(wrong)[int(len(wrong) * 0.95)], 1),
        "worst": round(100 * max(wrong), 1),
        "readings": len(wrong),
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main()
