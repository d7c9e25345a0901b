"""The one way a step is run: open, work, seal, audit and advance in one transaction.

Blob first, row second: a kill at any line leaves at most a blob without a row, which is swept at the next start.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from datetime import timedelta
from uuid import UUID

from archive.catalogue import Job, PaperKind
from archive.errors import ArchiveError, Busy, Conflict, IllegalMove
from archive.interview import Interview, advance
from archive.parts import Archive
from archive.pipeline.bench import Bench
from archive.pipeline.steps import STEPS, Step
from archive.policy import MACHINE, Act
from transcripts.errors import TranscriptsError

_MOST_ATTEMPTS = 20
"""Claims of one job before it is given up: machines are switched off now and then, a poisoned file kills every time."""

_BETWEEN_REPORTS = 0.5  # seconds


class JobLost(Exception):
    """The lease went to somebody else, or the job was cancelled: stop, write nothing."""


def run(house: Archive, job: Job, worker: UUID) -> None:
    """Does what the job asks for and puts the next one into the queue; a failure becomes a note on the job.

    Raises JobLost. Errors outside the two trees are bugs and pass through: the lease then runs out and the job is
    tried again, a few times.
    """
    if job.attempts > _MOST_ATTEMPTS:
        _fail(house, job, "worker-died", {})
        return
    try:
        with house.catalogue.reading() as ledger:
            interview = ledger.interviews.get(job.interview)
        if interview.stage not in STEPS:  # moved by a person since the job was queued
            raise IllegalMove(f"nothing to do for an interview that is {interview.stage}")
        with _lease(house, job, worker) as report:
            for step in STEPS[interview.stage]:
                interview = _one(house, (job, worker), step, interview, report)
    except (ArchiveError, TranscriptsError) as error:
        _fail(house, job, error.code, error.facts)


def _one(house: Archive, lease: tuple[Job, UUID], step: Step, interview: Interview, report: _Report) -> Interview:
    """One step, unless an earlier run did it; the interview as it is afterwards."""
    job, worker = lease
    with house.catalogue.reading() as ledger:
        done = step.gives and all(ledger.blobs.newest(interview.id, kind) for kind in step.gives)
    bench = Bench(house, interview, house.require(Act.PROCESS, MACHINE, interview), report)
    with house.half_made(bench.made), house.engine.alone() if step.alone else nullcontext():
        if not done:
            for kind in step.needs:
                bench.blob(kind)
            step.work(bench)
        return _seal(house, (job, worker), step, bench)


def _seal(house: Archive, lease: tuple[Job, UUID], step: Step, bench: Bench) -> Interview:
    """Rows for what the step made, the new stage, the audit entry and the next job: all of it or nothing."""
    job, worker = lease
    after = bench.interview if step.event is None else advance(bench.interview, step.event)
    following = None
    with house.catalogue.writing() as ledger:
        if not ledger.jobs.renew(job, worker, house.now(), _length(house)):
            raise JobLost
        for blob in bench.made:
            ledger.blobs.add(blob)
        saved = ledger.interviews.save(after)
        if step.event is not None:
            ledger.audit.append(step.event, None, saved.id, house.now())
            ledger.jobs.done(job)
            ledger.papers.remove(saved.id, PaperKind.WINDOW)  # checkpoints have served
            if saved.stage in STEPS:
                following = ledger.jobs.enqueue(saved.id, saved.stage)
    bench.made.clear()
    if following is not None:
        house.bell.ring(following.id)
    return saved


def _fail(house: Archive, job: Job, code: str, facts: dict[str, float | int | str]) -> None:
    """A note on the job. Raises JobLost: whoever withdraws or sends back takes files and job away from under a step,
    which then fails for that reason alone."""
    try:
        with house.catalogue.writing() as ledger:
            ledger.jobs.fail(job, code, facts)
    except Conflict as cause:
        raise JobLost from cause


def _length(house: Archive) -> timedelta:
    return timedelta(seconds=house.settings.worker.lease_seconds)


class _Report:
    """Progress for the people who wait; called by steps with a fraction of the whole. Raises JobLost."""

    def __init__(self, house: Archive, job: Job) -> None:
        self._house, self._job = house, job
        self._began = self._told = time.monotonic()
        self._from: float | None = None
        self.lost = threading.Event()

    def __call__(self, fraction: float) -> None:
        if self.lost.is_set():
            raise JobLost
        now = time.monotonic()
        if self._from is None:
            self._from = fraction  # resumed in the middle: what was done before says nothing about the speed
        if now - self._told < _BETWEEN_REPORTS:
            return
        self._told = now
        gained = fraction - self._from
        left = (now - self._began) / gained * (1 - fraction) if gained > 0 else None
        with self._house.catalogue.writing() as ledger:
            ledger.jobs.progress(self._job, min(1.0, max(0.0, fraction)), left)


@contextmanager
def _lease(house: Archive, job: Job, worker: UUID) -> Iterator[_Report]:
    """Keeps the lease alive from a thread beside the work, however long a single step is silent."""
    report, over = _Report(house, job), threading.Event()

    def beat() -> None:
        while not over.wait(house.settings.worker.lease_seconds / 3):
            with suppress(Busy), house.catalogue.writing() as ledger:  # too busy now: the next beat comes in time
                if not ledger.jobs.renew(job, worker, house.now(), _length(house)):
                    report.lost.set()
                    return

    thread = threading.Thread(target=beat, name="lease", daemon=True)
    thread.start()
    try:
        yield report
    finally:
        over.set()
        thread.join()
