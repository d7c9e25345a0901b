"""The worker: claims one job, runs one step, again. The catalogue says what is to be done; the bell only wakes it."""

from __future__ import annotations

import signal
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from types import FrameType
from uuid import uuid4

from archive.acts import indexing, uploads, withdraw
from archive.catalogue import Job
from archive.errors import Busy, OutOfSpace
from archive.parts import Archive
from archive.pipeline import JobLost, run


def work(house: Archive, watch: Callable[[Job], None] | None = None) -> list[Job]:
    """Runs jobs until none is ready; those it ran, as they ended. ``watch`` is told of each one before it runs."""
    worker, done = uuid4(), list[Job]()
    lease = timedelta(seconds=house.settings.worker.lease_seconds)
    while True:
        with house.catalogue.writing() as ledger:
            job = ledger.jobs.claim(worker, house.now(), lease)
        if job is None:
            return done
        if watch is not None:
            watch(job)
        try:
            run(house, job, worker)
        except JobLost:
            continue
        with house.catalogue.reading() as ledger:
            done.append(ledger.jobs.get(job.id))


def forever(house: Archive) -> None:
    """Tidies up after whatever was killed, then works until SIGTERM or SIGINT; the step under way is resumed later."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise SystemExit(0)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    tidy(house)
    while True:
        work(house)
        with suppress(OutOfSpace):
            house.ballast.renew()
        with suppress(Busy, OutOfSpace):  # somebody reads for long, or space is awaited: the next round
            withdraw.finish_all(house)
            uploads.sweep(house)
        house.bell.wait(house.settings.worker.poll_seconds)


def tidy(house: Archive) -> None:
    """Drops sessions, visits and uploads that have ended; after a kill, files and keys that no row knows. Finishes
    withdrawals begun, and builds the index anew if it is of another version.

    Raises Busy, OutOfSpace.
    """
    web = house.settings.web
    begun_before = house.now() - timedelta(hours=web.session_hours)
    seen_before = house.now() - timedelta(minutes=web.idle_minutes)
    with house.catalogue.writing() as ledger:  # so that nobody commits a row between the reading and the sweep
        interviews = ledger.interviews.all()
        house.vault.sweep(ledger.blobs.ids(), {interview.id for interview in interviews})
        ledger.sessions.remove_older(begun_before, seen_before)
        ledger.visits.remove_older(begun_before, seen_before)
    uploads.sweep(house)
    house.engine.sweep()
    withdraw.finish_all(house)
    indexing.renew(house)
