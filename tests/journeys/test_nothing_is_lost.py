"""Killed at any moment and started again, the archive ends with the same result."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from uuid import UUID

import pytest

from archive import worker
from archive.acts import answers, research
from archive.catalogue import Kind
from archive.interview import Stage
from archive.parts import Archive
from tests import make

pytestmark = pytest.mark.slow


def start_worker(home: Path) -> subprocess.Popen[bytes]:
    """A worker process of its own, as ``golosa serve`` starts it."""
    reading, writing = os.pipe()
    command = [sys.executable, "-m", "archive", "worker", "--home", str(home), "--passphrase-fd", str(reading)]
    process = subprocess.Popen(command, pass_fds=(reading,), stderr=subprocess.DEVNULL)
    os.close(reading)
    os.write(writing, make.PASSPHRASE.encode() + b"\n")
    os.close(writing)
    return process


def run_killing(house: Archive, id: UUID, until: Stage, chance: random.Random) -> None:
    """Workers that are killed with -9 after a random while, which grows, until the stage is reached."""
    for tries in range(1, 18):
        process = start_worker(house.settings.home)
        ends = time.monotonic() + chance.uniform(2.0, 6.0 + tries)
        while time.monotonic() < ends and make.stage(house, id) is not until:
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
        process.wait()
        if make.stage(house, id) is until:
            return
    raise AssertionError(f"never got there: {make.stage(house, id)}")


def essence(house: Archive, id: UUID) -> tuple[object, ...]:
    """What must be the same however often the work was interrupted."""
    transcript = research.read(house, make.ARCHIVIST, id).transcript
    segments = tuple((part.text, part.start, part.end, part.withheld) for part in transcript.segments)
    found = answers.search(house, make.ARCHIVIST, "Самара")
    return segments, research.peaks(house, make.ARCHIVIST, id), found.total


def test_a_worker_killed_again_and_again_ends_with_the_same_result(tmp_path: Path) -> None:
    """Text, withheld spans, waveform and hits equal those of a run that nobody disturbed."""
    sound = make.recording("irina", stop=32.0)
    quiet = make.archive_in(tmp_path / "quiet")
    calm = make.released(quiet, sound=sound)
    shaken = make.archive_in(tmp_path / "shaken")
    id = make.received(shaken, sound=sound)
    chance = random.Random(20240514)
    run_killing(shaken, id, Stage.IN_REVIEW, chance)
    make.approved(shaken, id)
    run_killing(shaken, id, Stage.RELEASED, chance)
    assert essence(shaken, id) == essence(quiet, calm)
    worker.tidy(shaken)
    with shaken.catalogue.reading() as ledger:
        known = {(blob.interview, blob.id) for blob in ledger.blobs.of(id)}
        kinds = sorted(blob.kind for blob in ledger.blobs.of(id))
    stored = {(UUID(path.parent.name), UUID(path.stem)) for path in (tmp_path / "shaken" / "store").glob("*/*")}
    assert stored == known, "a file without a row, or a row without its file"
    assert len(kinds) == len(set(kinds)), "a step was counted twice"
    assert Kind.RECORDING in kinds
    for one in (quiet, shaken):
        one.close()
