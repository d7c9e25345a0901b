"""What happens under a step while it runs costs that step, never the worker."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from archive import worker
from archive.acts import approval, excerpts, withdraw, worklist
from archive.acts.excerpts import Wish
from archive.catalogue import JobState, Kind
from archive.consent import Voice
from archive.errors import Refused
from archive.interview import Stage
from archive.parts import Archive
from archive.policy import Principal
from archive.search import Page
from tests import make
from tests.rooms import ArchiveWith, HearsLittle, in_review, spoken
from transcripts.errors import NoSpeech


def test_a_withdrawal_under_a_step_does_not_end_the_worker(house: Archive) -> None:
    """The keys vanish, the step fails for that, and its job is no longer there to be failed."""
    id = make.received(house, sound=make.recording(stop=5))

    class Withdraws(HearsLittle):
        def recognize(self, *_: Any) -> list[Any]:
            withdraw.withdraw(house, make.ARCHIVIST, id)
            return []

    house.load_recognizer = Withdraws
    other = make.received(house, sound=make.recording(stop=2))

    worker.work(
        house, lambda job: house.__dict__.update(recognizer=(Withdraws if job.interview == id else HearsLittle)())
    )

    assert make.stage(house, id) is Stage.WITHDRAWN
    assert make.stage(house, other) is Stage.IN_REVIEW


def test_a_recording_in_which_nobody_is_heard_waits_for_a_person(house: Archive) -> None:
    """Of sound whose words are not known no name can be concealed: it comes no nearer to release, and stays."""

    class Deaf(HearsLittle):
        name = "deaf"

        def recognize(self, *_: Any) -> list[Any]:
            return []

    house.load_recognizer = Deaf
    silent, spoken_in = (
        make.received(house, sound=make.quiet_wav(3)),
        make.received(house, sound=make.recording(stop=5)),
    )
    assert [(job.state, job.code) for job in worker.work(house)] == [(JobState.FAILED, NoSpeech.code)] * 2
    assert make.stage(house, silent) is make.stage(house, spoken_in) is Stage.RECEIVED

    house.__dict__["recognizer"] = HearsLittle()  # the larger model
    for id in (silent, spoken_in):
        worklist.retry(house, make.INTERVIEWER, id)
    worker.work(house)
    assert (make.stage(house, silent), make.stage(house, spoken_in)) == (Stage.RECEIVED, Stage.IN_REVIEW)


def test_a_job_for_a_stage_that_is_a_persons_is_a_failed_job(house: Archive) -> None:
    """However it came into the queue, the worker goes on to the next one."""
    id = make.received(house, sound=make.recording(stop=2))
    worker.work(house)
    with house.catalogue.writing() as ledger:
        job = ledger.jobs.enqueue(id, Stage.IN_REVIEW)

    worker.work(house)

    with house.catalogue.reading() as ledger:
        assert ledger.jobs.get(job.id).state is JobState.FAILED
    assert make.stage(house, id) is Stage.IN_REVIEW


def test_a_listed_name_that_stands_in_the_title_alone_is_concealed_there(house: Archive) -> None:
    """Titles name the narrator, whom the talk itself often never names."""
    listed = make.consent(protected=("Лебедева", "Аполлинария"))
    id = in_review(house, make.INTERVIEWER, title="Аполлинария о войне", consent=listed)
    make.approved(house, id)
    worker.work(house)
    released = excerpts.propose(house, make.HISTORIAN, id, Wish(0.0, 20.0, Voice.TEXT_ONLY, title="Аполлинария"))
    excerpts.record_agreement(house, make.INTERVIEWER, released.id, house.today())

    with house.catalogue.reading() as ledger:
        assert "Аполлинария" not in ledger.interviews.get(id).title
    assert "Аполлинария" not in excerpts.publish(house, make.ARCHIVIST, released.id).title


class Asked(HearsLittle):
    """A recognizer that notes what names it was told of, window by window."""

    def __init__(self) -> None:
        self.told: list[tuple[str, ...]] = []

    def recognize(self, *asked: Any) -> list[Any]:
        self.told.append(tuple(asked[2]))
        return super().recognize()


def test_the_list_helps_the_recognizer_but_not_the_proof(house: Archive) -> None:
    """Names in the nominative at the first listening; nothing where the masked sound is heard again."""
    asked = Asked()
    house.load_recognizer = lambda: asked  # type: ignore[assignment]
    listed = make.consent(protected=("Лебедевой", "+7 912 000-15-47"))
    id = in_review(house, make.INTERVIEWER, consent=listed)
    first, asked.told = set(asked.told), []
    make.approved(house, id)
    worker.work(house)

    assert {"Лебедева" in told and not any("912" in one for one in told) for told in first} == {True}
    assert set(asked.told) == {()}


def test_an_excerpt_does_not_come_back_with_the_next_release(archive_with: ArchiveWith) -> None:
    """An interview is reopened because of a name in it; what was cut before still holds that name."""
    house, (id,) = archive_with(Stage.RELEASED)
    made = excerpts.propose(house, make.HISTORIAN, id, Wish(0.0, 20.0, Voice.TEXT_ONLY))
    excerpts.record_agreement(house, make.INTERVIEWER, made.id, house.today())
    excerpts.publish(house, make.ARCHIVIST, made.id)
    assert len(excerpts.published(house)) == 1

    approval.reopen(house, make.ARCHIVIST, id)
    make.approved(house, id)
    worker.work(house)

    assert make.stage(house, id) is Stage.RELEASED
    assert excerpts.published(house) == []
    with pytest.raises(Refused):
        excerpts.shown(house, made.id)
    (draft,) = excerpts.drafts(house, make.ARCHIVIST)
    assert (draft.outdated, draft.may_publish) == (True, False)


def test_what_somebody_typed_into_a_proposal_is_not_for_other_historians(archive_with: ArchiveWith) -> None:
    """The finders miss a surname that is also a word. Its author and the staff see it, all do once it is out."""
    house, (id,) = archive_with(Stage.RELEASED)
    made = excerpts.propose(
        house, make.HISTORIAN, id, Wish(0.0, 20.0, Voice.TEXT_ONLY, title="Мороз о дороге", context="с Мороз")
    )
    other = replace(make.HISTORIAN, account=UUID(int=44), grants=(make.granted(UUID(int=44)),))

    def read_by(who: Principal) -> tuple[str, str]:
        (draft,) = excerpts.drafts(house, who)
        return draft.excerpt.title, draft.excerpt.context

    assert read_by(other) == ("", "")
    for who in (make.HISTORIAN, make.INTERVIEWER, make.ARCHIVIST):
        assert read_by(who) == ("Мороз о дороге", "с Мороз")
    excerpts.record_agreement(house, make.INTERVIEWER, made.id, house.today())
    excerpts.publish(house, make.ARCHIVIST, made.id)
    assert read_by(other) == ("Мороз о дороге", "с Мороз")
    approval.reopen(house, make.ARCHIVIST, id)
    make.approved(house, id)
    worker.work(house)
    assert read_by(other) == ("", ""), "the name it was reopened for may stand there"


def test_a_damaged_interview_does_not_keep_another_from_being_withdrawn(archive_with: ArchiveWith) -> None:
    """Its words leave the index all the same; the damage is for “golosa verify” to name."""
    house, (gone, damaged) = archive_with(Stage.RELEASED, Stage.RELEASED)
    with house.catalogue.reading() as ledger:
        blob = ledger.blobs.newest(damaged, Kind.RELEASED_TRANSCRIPT)
    assert blob is not None
    house.vault.remove(blob)

    withdraw.withdraw(house, make.ARCHIVIST, gone)

    assert withdraw.under_way(house) == []
    assert withdraw.certificate(house, make.ARCHIVIST, gone).finished == house.today()


def test_words_that_reach_the_index_after_a_withdrawal_are_taken_out_again(archive_with: ArchiveWith) -> None:
    """The withdrawal cleaned the index while the worker was about to write into it."""
    house, (id,) = archive_with(Stage.IN_REVIEW)
    make.approved(house, id)
    add = house.engine.replace
    withdrawal = threading.Thread(target=lambda: withdraw.withdraw(house, make.ARCHIVIST, id))

    def late(passages: Any, after: Any = None) -> Any:
        if make.stage(house, id) is Stage.VERIFIED:
            withdrawal.start()
            while make.stage(house, id) is not Stage.WITHDRAWN:
                time.sleep(0.01)
            withdrawal.join(0.5)  # it has to wait for its turn at the index
        return add(passages, house.index_state())

    house.engine.replace = late  # type: ignore[method-assign]
    worker.work(house)
    withdrawal.join()

    assert make.stage(house, id) is Stage.WITHDRAWN
    words = [word.text.strip(".,") for word in spoken().timed_words() if word.text.islower()]
    assert [word for word in words if house.engine.search(word, [id], Page(1, 10)).total] == []
    house.engine.check(house.index_state())
