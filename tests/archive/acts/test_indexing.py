"""The index follows the catalogue: nothing released drops out of it, nothing closed stays in it, whatever is killed."""

from __future__ import annotations

import re
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from archive import parts, worker
from archive.acts import answers, approval, fixity, indexing, withdraw
from archive.catalogue import Job, database
from archive.errors import Busy, KeyGone, OutOfSpace, Tampered
from archive.interview import Stage
from archive.parts import Archive
from archive.policy import OPERATOR
from archive.search import IndexState, Page, Passage
from archive.settings import load
from tests import make
from tests.archive.cli.test_archive_commands import run
from tests.archive.search.search_fakes import plain
from tests.canary import Canary
from tests.killing import dying_at, killed_everywhere
from tests.rooms import ArchiveWith, cheap, in_review

WORD = "бухгалтером"  # Irina says it in her first half minute
CANARY = "Шпренгельштейн"


class _Enough(Exception):
    """The worker has come as far as the test wants."""


def opened(home: Path, hours: int) -> Archive:
    house = cheap(parts.unlock(load(home), make.PASSPHRASE))
    house.now = lambda: (
        datetime.now(UTC) + timedelta(hours=hours)
    )  # whatever was claimed before has to be claimed again
    return house


def released(house: Archive) -> UUID:
    id = in_review(house, make.INTERVIEWER)
    make.approved(house, id)
    worker.work(house)
    return id


def verified(house: Archive) -> UUID:
    """An interview whose release is the worker's next step."""
    id = in_review(house, make.INTERVIEWER)
    make.approved(house, id)

    def until(job: Job) -> None:
        if job.step == Stage.VERIFIED:
            raise _Enough

    with pytest.raises(_Enough):
        worker.work(house, until)
    return id


def indexed(house: Archive, id: UUID) -> bool:
    """Whether the index holds words of that interview, whoever may read them."""
    return house.engine.search(WORD, [id], Page(1, 10)).total > 0


def test_an_index_of_another_version_is_built_anew_by_the_worker(archive_with: ArchiveWith) -> None:
    """It is not read but refused, until the worker starts; one that is of this version is left alone."""
    house, (id,) = archive_with(Stage.RELEASED)
    for file in (house.settings.home / "index").glob("*v*g*"):
        file.rename(file.with_name(re.sub(r"v\d+g", "v0g", file.name)))
    house.keep_index_state(IndexState("v0g1", 5, "0" * 64))
    house = opened(house.settings.home, hours=0)
    with pytest.raises(Tampered):
        answers.search(house, make.HISTORIAN, WORD)
    worker.tidy(house)
    assert answers.search(house, make.HISTORIAN, WORD).total > 0
    state = house.index_state()
    assert state is not None
    assert state.generation == 6
    assert not list((house.settings.home / "index").glob("*v0g*"))
    worker.tidy(house)
    assert house.index_state() == state
    assert indexed(house, id)


def test_reindexing_tells_how_far_it_is(archive_with: ArchiveWith) -> None:
    """After each interview; what was not released counts for nothing."""
    house, _ = archive_with(Stage.RELEASED, Stage.IN_REVIEW, Stage.RELEASED)
    told: list[tuple[int, int]] = []
    count = indexing.rebuild(house, lambda done, of: told.append((done, of)))
    assert told == [(1, 2), (2, 2)]
    shown = make.golosa("reindex", home=house.settings.home)
    assert shown.returncode == 0
    assert f"{count} passages indexed" in shown.stdout


@pytest.mark.parametrize("meanwhile", ["rebuild", "withdrawal"])
def test_a_release_in_the_same_moment_does_not_drop_out(archive_with: ArchiveWith, meanwhile: str) -> None:
    """Its words are in the index, its row is not released yet, and somebody else builds the index just then."""
    house, (other, id) = archive_with(Stage.RELEASED, Stage.IN_REVIEW)
    make.approved(house, id)
    add, does = house.engine.replace, {
        "rebuild": lambda: indexing.rebuild(house),
        "withdrawal": lambda: withdraw.withdraw(house, make.ARCHIVIST, other),
    }  # fmt: skip
    beside = threading.Thread(target=does[meanwhile])

    def slow(passages: Any, after: Any = None) -> Any:
        state = add(passages, after)
        if id in passages:
            beside.start()
            beside.join(1.0)
        return state

    house.engine.replace = slow  # type: ignore[method-assign]
    worker.work(house)
    beside.join()

    assert make.stage(house, id) is Stage.RELEASED
    assert indexed(house, id)
    assert indexed(house, other) is (meanwhile == "rebuild")
    house.engine.check(house.index_state())


@pytest.mark.slow
def test_two_processes_build_and_release_at_once(house: Archive) -> None:
    """“golosa reindex” again and again in processes of its own while one interview after another is released."""
    ids = [in_review(house, make.INTERVIEWER) for _ in range(4)]
    over = threading.Event()
    ended: list[int] = []

    def reindexing() -> None:
        while not over.is_set():
            ended.append(make.golosa("reindex", home=house.settings.home).returncode)

    beside = threading.Thread(target=reindexing)
    beside.start()
    try:
        for id in ids:
            make.approved(house, id)
            worker.work(house)
    finally:
        over.set()
        beside.join()
    assert set(ended) == {0}
    assert [make.stage(house, id) for id in ids] == [Stage.RELEASED] * 4
    assert [id for id in ids if not indexed(house, id)] == []


def test_words_of_a_reopened_interview_leave_though_the_reopening_was_cut_short(
    archive_with: ArchiveWith, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Closed at once; the worker takes the words out. One that was released again meanwhile keeps them."""
    house, (gone, again) = archive_with(Stage.RELEASED, Stage.RELEASED)
    with monkeypatch.context() as cut:
        cut.setattr(indexing, "settle", lambda _house: None)
        for id in (gone, again):
            approval.reopen(house, make.ARCHIVIST, id)
    make.approved(house, again)
    worker.work(house)
    assert indexed(house, gone)
    withdraw.finish_all(house)
    assert (indexed(house, gone), indexed(house, again)) == (False, True)


def test_what_was_withdrawn_is_in_no_file_of_the_index(archive_with: ArchiveWith) -> None:
    """Another process does not find it at its next question, and every file, decrypted, holds nothing of it."""
    house, (gone, stays) = archive_with(Stage.RELEASED, Stage.RELEASED)
    own = Passage(f"{gone}:0", gone, f"{CANARY} молчал", "ru", CANARY, 0.0, 1.0, 0, 0)
    house.keep_index_state(house.engine.replace({gone: [own]}, house.index_state()))
    web = opened(house.settings.home, hours=0)
    assert web.engine.search(CANARY, [gone, stays], Page()).total == 1
    canary = Canary(CANARY)
    assert canary.in_bytes(plain(house.vault.index_files(house.settings.home / "index")))
    assert withdraw.withdraw(house, make.ARCHIVIST, gone).finished
    assert web.engine.search(CANARY, [gone, stays], Page()).total == 0
    assert indexed(web, stays)
    left = plain(house.vault.index_files(house.settings.home / "index"))
    assert canary.in_bytes(left) == {}
    assert gone.hex.encode() not in left
    assert stays.hex.encode() in left


def test_what_is_released_is_found_within_two_seconds(archive_with: ArchiveWith) -> None:
    """By another process, counted from the start of the worker's last step."""
    house, (id,) = archive_with(Stage.IN_REVIEW)
    web = opened(house.settings.home, hours=0)
    make.approved(house, id)
    last: list[float] = []

    def watch(job: Job) -> None:
        if job.step == Stage.VERIFIED:
            assert not indexed(web, id)
            last.append(time.perf_counter())

    worker.work(house, watch)
    assert indexed(web, id)
    web.engine.check(web.index_state())
    assert time.perf_counter() - last[0] < 2


def test_a_damaged_index_is_built_anew_by_a_withdrawal(archive_with: ArchiveWith) -> None:
    """What an index that does not open holds is not known: nothing of it stays."""
    house, (gone, stays) = archive_with(Stage.RELEASED, Stage.RELEASED)
    house.engine.close()
    for path in (house.settings.home / "index").glob("_v*.toc"):
        path.write_bytes(bytes(path.stat().st_size))
    assert withdraw.withdraw(house, make.ARCHIVIST, gone).finished
    assert (indexed(house, gone), indexed(house, stays)) == (False, True)


def test_verify_reads_the_whole_index(archive_with: ArchiveWith) -> None:
    """A changed byte in any of its files is told, though no question has met it yet."""
    house, _ = archive_with(Stage.RELEASED)
    assert fixity.verify(house, OPERATOR).damaged == ()
    for path in (house.settings.home / "index").glob("*v*g*"):
        whole = path.read_bytes()
        path.write_bytes(whole[:-20] + bytes([whole[-20] ^ 1]) + whole[-19:])
        assert fixity.verify(house, OPERATOR).damaged == ("index",), path.suffix
        path.write_bytes(whole)


@pytest.mark.parametrize("reason", [Busy, OutOfSpace])
def test_a_withdrawal_that_must_wait_says_so_and_the_worker_finishes_it(
    archive_with: ArchiveWith, monkeypatch: pytest.MonkeyPatch, reason: type[Exception]
) -> None:
    """Nothing opens any more at once; the certificate is dated when the last remains are gone, and so is the log."""
    house, (id,) = archive_with(Stage.RELEASED)
    home = house.settings.home
    with monkeypatch.context() as held:
        held.setattr(database, "scrub", lambda _path: (_ for _ in ()).throw(reason))
        told = run(home, "withdraw", str(id), "--yes")
    assert told.exit_code == 0, told.output
    assert "the worker takes out the last sealed remains" in told.stdout
    assert withdraw.certificate(house, make.ARCHIVIST, id).finished is None
    assert "withdrawals under way: 1\n" in run(home, "doctor").stdout
    with pytest.raises(KeyGone):
        house.vault.keeper.released_key(id)
    withdraw.finish_all(house)
    assert withdraw.certificate(house, make.ARCHIVIST, id).finished == house.today()
    assert "withdrawals under way: 0\n" in run(home, "doctor").stdout
    with house.catalogue.reading() as ledger:
        assert [entry.act for entry in ledger.audit.all() if entry.subject == id][-1] == "withdrawal-finished"


def test_a_reader_who_does_not_let_go_makes_a_withdrawal_wait(
    archive_with: ArchiveWith, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The real thing: a transaction held open on the same file."""
    monkeypatch.setattr(database, "PATIENCE_SECONDS", 0.3)
    house, (id,) = archive_with(Stage.RELEASED)
    with closing(sqlite3.connect(house.settings.home / "catalogue.db", isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM jobs").fetchall()
        assert withdraw.withdraw(house, make.ARCHIVIST, id).finished is None
        assert make.stage(house, id) is Stage.WITHDRAWN
    withdraw.finish_all(house)
    assert withdraw.certificate(house, make.ARCHIVIST, id).finished


def _reopened(house: Archive, id: UUID) -> None:
    approval.reopen(house, make.ARCHIVIST, id)


def _withdrawn(house: Archive, id: UUID) -> None:
    withdraw.withdraw(house, make.ARCHIVIST, id)


def _rebuilt(house: Archive, _id: UUID) -> None:
    indexing.rebuild(house)


def _released(house: Archive, _id: UUID) -> None:
    worker.work(house)


def _is_right(house: Archive, stays: UUID, id: UUID) -> None:
    """The index holds what is released and nothing else; nothing is half done; every row opens."""
    assert indexed(house, stays)
    assert indexed(house, id) is (make.stage(house, id) is Stage.RELEASED)
    assert withdraw.under_way(house) == []
    assert len(list((house.settings.home / "index").glob("_v*.toc"))) == 1, "an older state of the index lies about"
    house.engine.check(house.index_state())
    with house.catalogue.reading() as ledger:
        assert ledger.verify() == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("act", "prepare", "ends"),
    [
        (_rebuilt, released, {Stage.RELEASED}),
        (_released, verified, {Stage.RELEASED}),
        (_reopened, released, {Stage.IN_REVIEW}),
        (_withdrawn, released, {Stage.WITHDRAWN}),
    ],
    ids=["rebuild", "release", "reopening", "withdrawal"],
)
def test_killed_at_every_change_of_the_disk(
    tmp_path: Path, act: Callable[[Archive, UUID], None], prepare: Callable[[Archive], UUID], ends: set[Stage]
) -> None:
    """After the worker's next start what is released is found, what is closed is not, and nothing is left to finish."""
    model = cheap(make.archive_in(tmp_path / "model"))
    stays, id = released(model), prepare(model)
    model.close()
    home, seen = tmp_path / "home", set()

    def work(number: int) -> None:
        house = opened(home, 2)
        dying_at(number, after=number % 4 == 0)
        act(house, id)

    # Every other moment, before and after by turns: the time of the test halves.
    for _ in killed_everywhere(tmp_path / "model", home, work, step=2):
        house = opened(home, 4)
        worker.tidy(house)
        worker.work(house)
        seen.add(make.stage(house, id))
        _is_right(house, stays, id)
        house.close()
    assert seen == ends
