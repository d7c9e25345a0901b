"""The queue: one worker a job, leases that run out, nothing lost and nothing done twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from archive.catalogue import Catalogue, Job, JobState, Ledger
from archive.errors import Conflict
from archive.interview import Interview
from tests.archive.catalogue.catalogue_fakes import Clock, Sealing, stored_interview

MINUTE = timedelta(minutes=1)
ANNA, BORIS = UUID(int=1), UUID(int=2)

pytestmark = pytest.mark.parametrize("sealing", ["fake"], indirect=True)  # no row of this is sealed


def _queued(catalogue: Catalogue, interview: Interview, step: str = "received") -> Job:
    with catalogue.writing() as ledger:
        return ledger.jobs.enqueue(interview.id, step)


def _claim(catalogue: Catalogue, clock: Clock, worker: UUID = ANNA) -> Job | None:
    with catalogue.writing() as ledger:
        return ledger.jobs.claim(worker, clock.now, MINUTE)


def test_enqueueing_twice_gives_one_job(catalogue: Catalogue, interview: Interview, clock: Clock) -> None:
    """While it is live; once it is done there may be a new one."""
    first = _queued(catalogue, interview)
    assert (first.state, first.attempts, first.queued_at) == (JobState.READY, 0, clock.now)
    assert _queued(catalogue, interview) == first
    claimed = _claim(catalogue, clock)
    assert claimed is not None
    assert _queued(catalogue, interview) == claimed
    with catalogue.writing() as ledger:
        ledger.jobs.done(claimed)
        ledger.jobs.cancel(claimed)
        assert ledger.jobs.get(first.id).state is JobState.DONE, "what is done stays done"
    again = _queued(catalogue, interview)
    assert again.id != first.id
    with catalogue.reading() as ledger:
        assert ledger.jobs.of(interview.id) == again


def test_the_oldest_is_claimed_first_and_by_one_only(
    catalogue: Catalogue, interview: Interview, another: Interview, clock: Clock
) -> None:
    """Two jobs, three claims."""
    old = _queued(catalogue, another)
    clock.pass_by(seconds=1)
    new = _queued(catalogue, interview)
    with catalogue.reading() as ledger:
        assert ledger.jobs.queue() == [old, new]
    first, second, third = (_claim(catalogue, clock, worker) for worker in (ANNA, BORIS, ANNA))
    assert first == replace(old, state=JobState.RUNNING, attempts=1)
    assert second == replace(new, state=JobState.RUNNING, attempts=1)
    assert third is None


def test_a_lease_is_taken_over_when_it_runs_out_and_not_before(
    catalogue: Catalogue, interview: Interview, clock: Clock
) -> None:
    """At its very end it is free."""
    _queued(catalogue, interview)
    mine = _claim(catalogue, clock)
    assert mine is not None
    clock.pass_by(seconds=59.999)
    assert _claim(catalogue, clock, BORIS) is None
    clock.pass_by(seconds=0.001)
    theirs = _claim(catalogue, clock, BORIS)
    assert theirs == replace(mine, attempts=2)


def test_a_renewed_lease_holds_longer(catalogue: Catalogue, interview: Interview, clock: Clock) -> None:
    """Only its own worker can renew it, for as long as it says from then."""
    _queued(catalogue, interview)
    mine = _claim(catalogue, clock)
    assert mine is not None
    clock.pass_by(seconds=50)
    with catalogue.writing() as ledger:
        assert not ledger.jobs.renew(mine, BORIS, clock.now, MINUTE)
        assert ledger.jobs.renew(mine, ANNA, clock.now, MINUTE)
    clock.pass_by(seconds=59)
    assert _claim(catalogue, clock, BORIS) is None
    clock.pass_by(seconds=1)
    assert _claim(catalogue, clock, BORIS) is not None


@pytest.mark.parametrize("how", ["taken over", "taken over by itself", "cancelled"])
def test_who_lost_a_job_cannot_touch_it(catalogue: Catalogue, interview: Interview, clock: Clock, how: str) -> None:
    """A worker that slept through its lease: its results are rolled back with its ``done``."""
    _queued(catalogue, interview)
    mine = _claim(catalogue, clock)
    assert mine is not None
    clock.pass_by(minutes=2)
    with catalogue.writing() as ledger:
        if how == "cancelled":
            ledger.jobs.cancel(mine)
        else:
            assert ledger.jobs.claim(BORIS if how == "taken over" else ANNA, clock.now, MINUTE)
        theirs = ledger.jobs.get(mine.id)
    with catalogue.writing() as ledger:
        assert not ledger.jobs.renew(mine, ANNA, clock.now, MINUTE)
        assert not ledger.jobs.progress(mine, 0.9, 1.0)
    with pytest.raises(Conflict), catalogue.writing() as ledger:
        ledger.jobs.done(_with_result(ledger, mine))
    with pytest.raises(Conflict), catalogue.writing() as ledger:
        ledger.jobs.fail(mine, "out-of-memory", {})
    with catalogue.reading() as ledger:
        assert ledger.jobs.get(mine.id) == theirs
        assert ledger.marks.get("result") is None


def _with_result(ledger: Ledger, job: Job) -> Job:
    ledger.marks.put("result", {})
    return job


def test_progress_is_shown_and_kept_through_a_takeover(
    catalogue: Catalogue, interview: Interview, clock: Clock
) -> None:
    """It stays between 0 and 1."""
    _queued(catalogue, interview)
    mine = _claim(catalogue, clock)
    assert mine is not None
    with catalogue.writing() as ledger:
        assert ledger.jobs.progress(mine, 0.25, 90.0)
    with catalogue.reading() as ledger:
        (shown,) = ledger.jobs.queue()
    assert (shown.progress, shown.seconds_left) == (0.25, 90.0)
    with catalogue.writing() as ledger:
        ledger.jobs.progress(mine, 1.5, None)
        assert ledger.jobs.get(mine.id).progress == 1.0
        ledger.jobs.done(mine)
    with catalogue.reading() as ledger:
        assert ledger.jobs.get(mine.id).seconds_left is None


def test_a_failure_is_told_and_can_be_retried(catalogue: Catalogue, interview: Interview, clock: Clock) -> None:
    """The code and the facts, until somebody tries again; then behind those who wait."""
    _queued(catalogue, interview)
    mine = _claim(catalogue, clock)
    assert mine is not None
    with catalogue.writing() as ledger:
        assert ledger.jobs.retry(mine) == mine, "it runs: nothing to retry"
        ledger.jobs.fail(mine, "too-long", {"hours": 13.5, "codec": "pcm_s16le", "places": "00:12:01, 00:15:59"})
    with catalogue.reading() as ledger:
        failed = ledger.jobs.of(interview.id)
    assert failed is not None
    assert (failed.state, failed.code) == (JobState.FAILED, "too-long")
    assert failed.facts == {"hours": 13.5, "codec": "pcm_s16le", "places": "00:12:01, 00:15:59"}
    assert _claim(catalogue, clock) is None
    clock.pass_by(minutes=5)
    with catalogue.writing() as ledger:
        again = ledger.jobs.retry(failed)
        assert (again.id, again.state, again.code, again.facts) == (failed.id, JobState.READY, None, {})
        assert again.queued_at == clock.now
        assert ledger.jobs.retry(failed) == again
        ledger.jobs.cancel(again)
        with pytest.raises(Conflict):
            ledger.jobs.retry(failed)


def test_a_fact_that_could_be_a_text_is_not_stored(catalogue: Catalogue, interview: Interview, clock: Clock) -> None:
    """A bug elsewhere cannot put a name into a plain column; nor can a code or a step be one."""
    _queued(catalogue, interview)
    mine = _claim(catalogue, clock)
    assert mine is not None
    with catalogue.writing() as ledger:
        ledger.jobs.fail(mine, "damaged", {"file": "Irina Lebedeva.mp3", "name": "Лебедева", "packets": 3})
        assert ledger.jobs.get(mine.id).facts == {"file": "-", "name": "-", "packets": 3}
        for act in (lambda: ledger.jobs.enqueue(interview.id, "Irina L"), lambda: ledger.jobs.fail(mine, "Ой", {})):
            with pytest.raises(ValueError, match="takes a code"):
                act()


class _Queue(RuleBasedStateMachine):
    """Random work by two workers, beside a model that is three lines long."""

    catalogue: Catalogue
    interviews: list[Interview]

    def __init__(self) -> None:
        super().__init__()
        self.clock = Clock()
        self.held: dict[UUID, tuple[UUID, Job]] = {}
        self.begun: dict[UUID, Any] = {}
        with self.catalogue.writing() as ledger:
            for interview in self.interviews:
                ledger.jobs.cancel_all(interview.id)

    @rule(number=st.integers(0, 2), step=st.sampled_from(["received", "approved"]))
    def enqueue(self, number: int, step: str) -> None:
        with self.catalogue.writing() as ledger:
            ledger.jobs.enqueue(self.interviews[number].id, step)

    @rule(worker=st.sampled_from([ANNA, BORIS]))
    def claim(self, worker: UUID) -> None:
        job = _claim(self.catalogue, self.clock, worker)
        if job is not None:
            held_since = self.begun.get(job.id)
            assert held_since is None or self.clock.now - held_since >= MINUTE, "two workers hold one job"
            self.held[job.id], self.begun[job.id] = (worker, job), self.clock.now

    @rule(seconds=st.sampled_from([1, 30, 60, 61]))
    def wait(self, seconds: int) -> None:
        self.clock.pass_by(seconds=seconds)

    @rule(how=st.sampled_from(["done", "fail", "renew", "retry"]))
    def work(self, how: str) -> None:
        for worker, job in list(self.held.values()):
            with self.catalogue.writing() as ledger:
                if how == "renew":
                    assert ledger.jobs.renew(job, worker, self.clock.now, MINUTE)
                    self.begun[job.id] = self.clock.now
                    continue
                if how == "retry":
                    ledger.jobs.retry(job)
                    continue
                ledger.jobs.done(job) if how == "done" else ledger.jobs.fail(job, "oops", {})
                del self.held[job.id], self.begun[job.id]

    @invariant()
    def the_queue_is_what_is_held_and_what_waits(self) -> None:
        with self.catalogue.reading() as ledger:
            queue = ledger.jobs.queue()
        assert {job.id for job in queue if job.state is JobState.RUNNING} == self.held.keys()
        assert len({(job.interview, job.step) for job in queue}) == len(queue)
        assert queue == sorted(queue, key=lambda job: job.queued_at)


@pytest.mark.slow
def test_any_order_of_work_keeps_the_promises(catalogue: Catalogue, sealing: Sealing) -> None:
    """Nobody holds what another holds, and a step has one live job, whatever happens in whatever order."""
    interviews = [stored_interview(catalogue, sealing, accession=f"2026-{uuid4().hex[:4]}") for _ in range(3)]

    class Machine(_Queue):
        pass

    Machine.catalogue, Machine.interviews = catalogue, interviews
    run_state_machine_as_test(Machine, settings=settings(max_examples=25, stateful_step_count=25, deadline=None))
