"""The web and the worker are two processes on one file, and any of them may be killed at any moment."""

from __future__ import annotations

import contextlib
import multiprocessing
import random
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from archive.catalogue import Catalogue, Ledger
from archive.interview import Interview
from tests.archive.catalogue import catalogue_children as children
from tests.archive.catalogue.catalogue_fakes import FakeSealer, an_interview

_SPAWN = multiprocessing.get_context("spawn")


class Child:
    """A process that tells things through a pipe."""

    def __init__(self, act: Callable[..., None], *given: Any) -> None:
        self._pipe, theirs = _SPAWN.Pipe(duplex=False)
        self.process = _SPAWN.Process(target=act, args=(*given, theirs))
        self.process.start()
        theirs.close()

    def hear(self, seconds: float = 60) -> Any:
        """The next thing it tells; fails if it died without."""
        assert self._pipe.poll(seconds), "nothing heard"
        return self._pipe.recv()

    def rest(self) -> Iterator[Any]:
        """Whatever it still told before it died."""
        with contextlib.suppress(EOFError):
            while self._pipe.poll(0):
                yield self._pipe.recv()

    def kill(self) -> None:
        """SIGKILL: no handler, no rollback, no goodbye."""
        self.process.kill()
        self.process.join()

    def end(self) -> None:
        """It ended well."""
        self.process.join(60)
        assert self.process.exitcode == 0


@pytest.fixture
def ours(path: Path) -> Iterator[Catalogue]:
    """The same catalogue in this process, over the fake sealer: it can be shared without a vault."""
    made = Catalogue.open(path, FakeSealer())
    yield made
    made.close()


def _interviews(catalogue: Catalogue, count: int) -> list[Interview]:
    with catalogue.writing() as ledger:
        return [ledger.interviews.add(an_interview()) for _ in range(count)]


@pytest.mark.slow
def test_processes_may_make_and_leave_the_catalogue_at_once(path: Path) -> None:
    """Creation, migration and the last one's cleaning up, raced for: nobody sees a locked file."""
    started = [Child(children.open_and_close, path, 15) for _ in range(4)]
    for pid in [child.hear() for child in started]:
        with contextlib.closing(Catalogue.open(path, FakeSealer())) as catalogue, catalogue.reading() as ledger:
            assert ledger.marks.get(f"{pid}") == {"n": 14}
            assert ledger.verify() == []
    for child in started:
        child.end()


@pytest.mark.slow
def test_two_processes_and_their_threads_lose_no_change(path: Path, ours: Catalogue) -> None:
    """Read, add one, write: 2 processes and 4 threads here, and every one of the increments counts."""
    started = [Child(children.count, path, 100) for _ in range(2)]
    failed: list[BaseException] = []

    def add() -> None:
        try:
            for _ in range(25):
                with ours.writing() as ledger:
                    ledger.marks.put("count", {"n": (ledger.marks.get("count") or {"n": 0})["n"] + 1})
                with ours.reading() as ledger:
                    ledger.marks.get("count")
        except BaseException as error:  # noqa: BLE001  # to be told in the test's own thread
            failed.append(error)

    threads = [threading.Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert [child.hear() for child in started] == [100, 100]
    with ours.reading() as ledger:
        assert ledger.marks.get("count") == {"n": 300}
        assert len(ledger.audit.all()) == 200
        assert ledger.verify() == []
    for child in started:
        child.end()


@pytest.mark.slow
def test_two_workers_never_hold_one_job(path: Path, ours: Catalogue) -> None:
    """120 jobs, 3 workers: each is claimed once and done once."""
    with ours.writing() as ledger:
        made = [ledger.interviews.add(an_interview()) for _ in range(120)]
        queued = {ledger.jobs.enqueue(each.id, "received").id for each in made}
    started = [Child(children.work, path) for _ in range(3)]
    done = [finished for child in started for finished in child.hear()]
    assert sorted(done) == sorted((job, 1) for job in queued)
    for child in started:
        child.end()


@pytest.mark.slow
def test_a_killed_workers_job_goes_on_after_its_lease(path: Path, ours: Catalogue) -> None:
    """Not before, and with nothing lost."""
    (interview,) = _interviews(ours, 1)
    with ours.writing() as ledger:
        queued = ledger.jobs.enqueue(interview.id, "received")
    child = Child(children.hold_a_job, path)
    assert child.hear() == queued.id
    child.kill()
    began = time.monotonic()
    while (job := _claim(ours)) is None:
        assert time.monotonic() - began < 20
        time.sleep(0.05)
    assert (job.id, job.attempts) == (queued.id, 2)
    with ours.writing() as ledger:
        ledger.jobs.done(job)


def _claim(catalogue: Catalogue) -> Any:
    with catalogue.writing() as ledger:
        return ledger.jobs.claim(uuid4(), datetime.now(UTC), children.LEASE)


@pytest.mark.slow
def test_a_kill_between_blob_and_row_leaves_the_catalogue_readable(path: Path, tmp_path: Path) -> None:
    """Killed at random moments: what was acknowledged is there, no row is without its file, all rows open."""
    store = tmp_path / "store"
    store.mkdir()
    promised: set[UUID] = set()
    chance = random.Random(20260517)
    for _ in range(8):
        child = Child(children.blobs_then_rows, path, store)
        assert child.hear() is None
        time.sleep(chance.uniform(0, 0.4))
        child.kill()
        promised |= set(child.rest())
        _is_whole(path, store, promised)
    assert promised


def _is_whole(path: Path, store: Path, promised: set[UUID]) -> None:
    with contextlib.closing(Catalogue.open(path, FakeSealer())) as catalogue:
        with catalogue.reading() as ledger:
            files = {UUID(file.name) for file in store.iterdir() if file.suffix != ".part"}
            known = {each.id for each in ledger.interviews.all()}
            assert promised <= known
            assert ledger.blobs.ids() <= files
            assert {job.interview for job in ledger.jobs.queue()} == known
            assert [entry.subject for entry in ledger.audit.all()] == [each.id for each in ledger.interviews.all()][
                ::-1
            ]
            assert ledger.verify() == []
        with catalogue.writing() as ledger:
            _still_works(ledger)


def _still_works(ledger: Ledger) -> None:
    ledger.marks.put("after", {"n": (ledger.marks.get("after") or {"n": 0})["n"] + 1})


@pytest.mark.slow
def test_a_kill_while_the_catalogue_is_made_leaves_one_that_opens(tmp_path: Path) -> None:
    """From the empty file to the last table, at moments spread over the time it takes."""
    began = time.monotonic()
    child = Child(children.only_open, tmp_path / "whole.db")
    child.hear()
    ready = time.monotonic()
    assert child.hear() == "made"
    takes = time.monotonic() - ready
    child.end()
    assert ready > began
    for number in range(8):
        path = tmp_path / f"{number}.db"
        child = Child(children.only_open, path)
        child.hear()
        time.sleep(takes * number / 7)
        child.kill()
        with contextlib.closing(Catalogue.open(path, FakeSealer())) as catalogue, catalogue.reading() as ledger:
            assert ledger.verify() == []
