"""What the machine still has to do. Ids, step names and codes only: nothing here is content, so nothing is sealed."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, Connection, Row, and_, insert, or_, select, update

from archive.catalogue.tables import jobs
from archive.catalogue.values import LIVE, Job, JobState
from archive.errors import Conflict, Unknown

_WORD = re.compile(r"[a-z0-9_.-]{1,40}")
_NUMBERS = re.compile(r"[0-9 ,.:;–-]{1,400}")
_WITHHELD = "-"


class Jobs:
    """One live job at most for an interview and a step, each held by one worker at most, for as long as its lease."""

    def __init__(self, connection: Connection, clock: Callable[[], datetime]) -> None:
        self._connection = connection
        self._clock = clock

    def enqueue(self, interview: UUID, step: str) -> Job:
        """The live job for that step: a new one, or the one there is. Raises Unknown if the interview is."""
        live = self._one(jobs.c.interview == interview, jobs.c.step == _code(step), jobs.c.state.in_(LIVE))
        if live is not None:
            return live
        job = Job(uuid4(), interview, str(step), JobState.READY, 0, 0.0, None, None, {}, self._clock())
        columns = ("id", "interview", "step", "state", "attempts", "progress", "queued_at")
        self._connection.execute(insert(jobs).values(facts="{}", **{name: getattr(job, name) for name in columns}))
        return job

    def claim(self, worker: UUID, now: datetime, lease: timedelta) -> Job | None:
        """The oldest job that waits or whose worker let its lease run out; it is this worker's for ``lease``."""
        left = and_(jobs.c.state == JobState.RUNNING, jobs.c.lease_until <= now)
        job = self._one(or_(jobs.c.state == JobState.READY, left))
        if job is None:
            return None
        taken = {"state": JobState.RUNNING, "worker": worker, "lease_until": now + lease, "attempts": job.attempts + 1}
        self._connection.execute(update(jobs).where(jobs.c.id == job.id).values(taken))
        return self.get(job.id)

    def renew(self, job: Job, worker: UUID, now: datetime, lease: timedelta) -> bool:
        """Keep it for longer. False if it was lost: cancelled, or taken over after the lease ran out."""
        return self._change(job, {"lease_until": now + lease}, jobs.c.worker == worker)

    def progress(self, job: Job, fraction: float, seconds_left: float | None) -> bool:
        """How far it is, 0 to 1. False if the job was lost."""
        return self._change(job, {"progress": min(1.0, max(0.0, fraction)), "seconds_left": seconds_left})

    def done(self, job: Job) -> None:
        """Raises Conflict if the job was lost, so that the transaction with its results is not committed."""
        self._finish(job, {"state": JobState.DONE, "progress": 1.0})

    def fail(self, job: Job, code: str, facts: Mapping[str, float | int | str]) -> None:
        """An error's code and facts. A fact that could be a text is not stored: a dash stands for it.

        Raises Conflict if the job was lost.
        """
        kept = json.dumps({name: _fact(value) for name, value in facts.items()})
        self._finish(job, {"state": JobState.FAILED, "code": _code(code), "facts": kept})

    def retry(self, job: Job) -> Job:
        """Make a failed job wait again. Returns the live job for its step, which may be another; raises Conflict
        unless it failed."""
        live = self._one(jobs.c.interview == job.interview, jobs.c.step == job.step, jobs.c.state.in_(LIVE))
        if live is not None:
            return live
        fresh = {"state": JobState.READY, "code": None, "facts": "{}", "progress": 0.0, "queued_at": self._clock()}
        failed = (jobs.c.id == job.id, jobs.c.state == JobState.FAILED)
        if self._connection.execute(update(jobs).where(*failed).values(fresh)).rowcount != 1:
            raise Conflict(f"job {job.id} did not fail")
        return self.get(job.id)

    def cancel(self, job: Job) -> None:
        """Nobody needs it any more. A worker that holds it notices when it renews, reports or finishes."""
        self._cancel(jobs.c.id == job.id)

    def cancel_all(self, interview: UUID) -> None:
        """Every live job of an interview, and what the failed ones said."""
        self._cancel(jobs.c.interview == interview)
        blank = {"code": None, "facts": "{}"}
        self._connection.execute(update(jobs).where(jobs.c.interview == interview).values(blank))

    def get(self, job: UUID) -> Job:
        """Raises Unknown."""
        found = self._one(jobs.c.id == job)
        if found is None:
            raise Unknown(f"job {job}")
        return found

    def of(self, interview: UUID) -> Job | None:
        """The interview's latest job."""
        latest = select(jobs).where(jobs.c.interview == interview).order_by(jobs.c.seq.desc()).limit(1)
        row = self._connection.execute(latest).first()
        return None if row is None else _job(row)

    def queue(self) -> list[Job]:
        """The live jobs in the order they will be done."""
        live = select(jobs).where(jobs.c.state.in_(LIVE)).order_by(jobs.c.queued_at, jobs.c.seq)
        return [_job(row) for row in self._connection.execute(live).all()]

    def _one(self, *where: ColumnElement[bool]) -> Job | None:
        row = self._connection.execute(
            select(jobs).where(*where).order_by(jobs.c.queued_at, jobs.c.seq).limit(1)
        ).first()
        return None if row is None else _job(row)

    def _change(self, job: Job, values: Mapping[str, Any], *where: ColumnElement[bool]) -> bool:
        """Only while this claim holds: the number of attempts tells it from a later one."""
        held = (jobs.c.id == job.id, jobs.c.state == JobState.RUNNING, jobs.c.attempts == job.attempts)
        return self._connection.execute(update(jobs).where(*held, *where).values(values)).rowcount == 1

    def _finish(self, job: Job, values: Mapping[str, Any]) -> None:
        if not self._change(job, {**values, "seconds_left": None, "worker": None, "lease_until": None}):
            raise Conflict(f"job {job.id} was lost")

    def _cancel(self, *where: ColumnElement[bool]) -> None:
        ended = {"state": JobState.CANCELLED, "seconds_left": None, "worker": None, "lease_until": None}
        self._connection.execute(update(jobs).where(*where, jobs.c.state.in_(LIVE)).values(ended))


def _job(row: Row[Any]) -> Job:
    return Job(
        row.id,
        row.interview,
        row.step,
        JobState(row.state),
        row.attempts,
        row.progress,
        row.seconds_left,
        row.code,
        json.loads(row.facts),
        row.queued_at,
    )


def _code(word: str) -> str:
    if not _WORD.fullmatch(word):
        raise ValueError("a job takes a code")
    return str(word)


def _fact(value: float | int | str) -> float | int | str:
    if isinstance(value, float | int):
        return value
    return value if _WORD.fullmatch(value) or _NUMBERS.fullmatch(value) else _WITHHELD
