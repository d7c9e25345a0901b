"""What other processes do in the tests: module level functions, so that a fresh interpreter can run them."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from uuid import UUID, uuid4

from archive.catalogue import Catalogue
from tests.archive.catalogue.catalogue_fakes import FakeSealer, a_blob, an_interview

LEASE = timedelta(seconds=30)


def open_and_close(path: Path, times: int, told: Connection) -> None:
    """Races for the file's creation, its migration, and the moment when its last user leaves."""
    for number in range(times):
        catalogue = Catalogue.open(path, FakeSealer())
        with catalogue.writing() as ledger:
            ledger.marks.put(f"{os.getpid()}", {"n": number})
        catalogue.close()
    told.send(os.getpid())


def count(path: Path, times: int, told: Connection) -> None:
    """Reads a number and writes the next one, as fast as it can."""
    catalogue = Catalogue.open(path, FakeSealer())
    for _ in range(times):
        with catalogue.writing() as ledger:
            found = ledger.marks.get("count") or {"n": 0}
            ledger.marks.put("count", {"n": found["n"] + 1})
            ledger.audit.append("process", None, None, datetime.now(UTC))
    catalogue.close()
    told.send(times)


def work(path: Path, told: Connection) -> None:
    """A worker: claims until there is nothing left, and tells the jobs it finished."""
    catalogue = Catalogue.open(path, FakeSealer())
    me, mine = uuid4(), []
    while True:
        with catalogue.writing() as ledger:
            job = ledger.jobs.claim(me, datetime.now(UTC), LEASE)
        if job is None:
            break
        with catalogue.writing() as ledger:
            assert ledger.jobs.progress(job, 0.5, 1.0)
        with catalogue.writing() as ledger:
            ledger.jobs.done(job)
        mine.append((job.id, job.attempts))
    catalogue.close()
    told.send(mine)


def hold_a_job(path: Path, told: Connection) -> None:
    """Claims one for two seconds and hangs."""
    catalogue = Catalogue.open(path, FakeSealer())
    with catalogue.writing() as ledger:
        job = ledger.jobs.claim(uuid4(), datetime.now(UTC), timedelta(seconds=2))
    assert job is not None
    told.send(job.id)
    time.sleep(600)


def blobs_then_rows(path: Path, store: Path, told: Connection) -> None:
    """Intake without end: file first, fsync, then its row; tells each interview once it is acknowledged."""
    catalogue = Catalogue.open(path, FakeSealer())
    told.send(None)
    while True:
        new = an_interview()
        blob = a_blob(new)
        _stored(store, blob.id)
        with catalogue.writing() as ledger:
            ledger.interviews.add(new)
            ledger.blobs.add(blob)
            ledger.jobs.enqueue(new.id, new.stage)
            ledger.audit.append("receive", None, new.id, datetime.now(UTC))
        told.send(new.id)


def _stored(store: Path, blob: UUID) -> None:
    part = store / f"{blob}.part"
    with part.open("wb") as file:
        file.write(os.urandom(4096))
        file.flush()
        os.fsync(file.fileno())
    part.rename(store / str(blob))


def only_open(path: Path, told: Connection) -> None:
    """Makes a catalogue; to be killed while it does."""
    told.send(None)
    Catalogue.open(path, FakeSealer()).close()
    told.send("made")
