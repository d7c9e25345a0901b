"""A damaged recording: told, never passed over in silence, and gone on with only when a person says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive import worker
from archive.acts import worklist
from archive.catalogue import JobState
from archive.errors import BadInput, NothingStopped, Refused
from archive.interview import Stage
from archive.parts import Archive
from archive.policy import PUBLIC, Act, Principal, Role
from tests import make
from tests.archive.cli.test_archive_commands import run
from transcripts.errors import Damaged


def test_a_person_goes_on_with_what_can_be_read(house: Archive) -> None:
    """It stops at the decode and says how much is missing; who goes on stands in the audit log, the loss in the row."""
    id = make.received(house, sound=make.torn())
    (job,) = worker.work(house)
    assert (job.state, job.code) == (JobState.FAILED, Damaged.code)
    lost = worklist.one(house, make.INTERVIEWER, id).damage
    assert lost is not None
    assert lost > 3

    worklist.retry(house, make.INTERVIEWER, id)
    assert worker.work(house)[0].code == Damaged.code, "trying again is not the same as going on"
    assert worklist.take_damaged(house, make.INTERVIEWER, id) == lost
    worker.work(house)

    row = worklist.one(house, make.INTERVIEWER, id)
    assert (row.interview.stage, row.damage) == (Stage.IN_REVIEW, None)
    assert row.interview.lost_seconds == pytest.approx(lost)
    with house.catalogue.reading() as ledger:
        acts = [(entry.act, entry.who) for entry in ledger.audit.all()]
    assert (Act.TAKE_DAMAGED, make.INTERVIEWER.account) in acts


def test_going_on_is_for_those_who_answer_for_the_interview_and_only_after_damage(house: Archive) -> None:
    """Neither a stranger nor another interviewer; not for a job that waits, and not for one that failed otherwise."""
    id = make.received(house, sound=make.torn())
    for again in (worklist.take_damaged, worklist.retry):
        with pytest.raises(NothingStopped):
            again(house, make.INTERVIEWER, id)
    worklist.cancel(house, make.INTERVIEWER, id)
    with pytest.raises(BadInput):
        worklist.take_damaged(house, make.INTERVIEWER, id)
    worklist.retry(house, make.INTERVIEWER, id)
    worker.work(house)
    for who in (PUBLIC, make.HISTORIAN, Principal(Role.INTERVIEWER, make.ADMIN.account)):
        with pytest.raises(Refused):
            worklist.take_damaged(house, who, id)
    with house.catalogue.reading() as ledger:
        assert ledger.interviews.get(id).lost_seconds is None


def test_a_cut_off_recording_is_received_when_the_sender_says_that_there_is_no_better_one(house: Archive) -> None:
    """Refused at the door otherwise, because it says itself that it is not whole; a whole one is not called damaged."""
    with pytest.raises(Damaged):
        make.received(house, sound=make.cut_off_wav())
    damaged = make.received(house, sound=make.cut_off_wav(), even_damaged=True)
    whole = make.received(house, sound=make.recording(stop=3), even_damaged=True)
    worker.work(house)
    with house.catalogue.reading() as ledger:
        assert ledger.interviews.get(damaged).lost_seconds == pytest.approx(7.0, abs=0.1)
        assert ledger.interviews.get(damaged).seconds == pytest.approx(3.0, abs=0.1)
        assert ledger.interviews.get(whole).lost_seconds is None
        assert [entry.subject for entry in ledger.audit.all() if entry.act == Act.TAKE_DAMAGED] == [damaged, whole]


@pytest.mark.slow
def test_the_command_line_says_why_a_job_failed_and_goes_on(house: Archive, tmp_path: Path) -> None:
    """One line on stderr and status 1; “retry --what-can-be-read” says what is lost, and so does the list."""
    home, sound, consent = house.settings.home, tmp_path / "talk.opus", tmp_path / "consent.toml"
    sound.write_bytes(make.torn())
    consent.write_text("")
    failed = run(home, "ingest", str(sound), "--consent", str(consent), "--run")
    assert failed.exit_code == 1
    number = failed.stdout.split()[0]
    assert failed.stderr.startswith(f"{number}: The file says it holds 20 s but only ")
    assert len(failed.stderr.splitlines()) == 1
    assert run(home, "retry", number).exit_code == 0
    assert run(home, "worker", "--once").exit_code == 1

    gone_on = run(home, "retry", number, "--what-can-be-read")
    assert (gone_on.exit_code, gone_on.stdout[-11:]) == (0, "s are lost\n")
    assert run(home, "worker", "--once").stderr == ""
    assert "in-review  done  damaged: " in run(home, "status").stdout
    assert isinstance(run(home, "retry", number).exception, Refused), "there is nothing to try again"


@pytest.mark.slow
def test_the_exit_status_of_a_command_reaches_the_shell(house: Archive) -> None:
    """As scripts see it: not only inside click."""
    make.received(house, sound=make.torn())
    ended = make.golosa("worker", "--once", home=house.settings.home, LC_ALL="ru_RU.UTF-8")
    assert ended.returncode == 1
    assert ": По описанию в файле 20 с, но прочесть удаётся только " in ended.stderr
    assert len(ended.stderr.splitlines()) == 1
