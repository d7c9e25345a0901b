"""What stops a release after masking, what a person can answer, and that sabotage is caught."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

import numpy as np
import pytest

from archive import worker
from archive.acts import approval, changes, review
from archive.acts.editing import LetSound, Reword
from archive.catalogue import JobState, Kind
from archive.consent import Voice
from archive.errors import BadInput, Refused
from archive.interview import Stage
from archive.parts import Archive
from archive.pipeline import steps
from archive.policy import MACHINE, Act
from tests import make
from tests.rooms import ArchiveWith, HearsLittle
from transcripts.sound import RATE, Tone, decoded, disguised, masked
from transcripts.speech import Heard, HeardWord

NAME_AT = 2.0


class HearsAName(HearsLittle):
    """Hears a concealed surname two seconds into the first window; ``given`` are the names it was told of."""

    def __init__(self) -> None:
        self.given: Sequence[str] = ()
        self.windows = 0

    def recognize(self, samples: Any, language: str | None, hotwords: Sequence[str]) -> list[Any]:
        self.given = hotwords
        self.windows += 1
        if self.windows > 1:
            return []
        return [Heard((HeardWord(" Лебе", NAME_AT, NAME_AT + 0.3, 1), HeardWord(" девой", 2.4, 2.8, 1)), "ru")]


class HearsASentence(HearsLittle):
    """Hears three words in the first window, of which the second is a surname."""

    def __init__(self) -> None:
        self.windows = 0

    def recognize(self, *_: Any) -> list[Any]:
        self.windows += 1
        if self.windows > 1:
            return []
        words = ((" Пришла", 2.0, 2.4), (" Лебедева", 2.6, 3.2), (" домой", 3.4, 3.8))
        return [Heard(tuple(HeardWord(*word, 1) for word in words), "ru")]


@pytest.fixture
def house(archive_with: ArchiveWith) -> Archive:
    """An archive with an interview in review."""
    return archive_with(Stage.IN_REVIEW)[0]


@pytest.fixture
def waiting(house: Archive) -> UUID:
    """That interview."""
    with house.catalogue.reading() as ledger:
        return next(one.id for one in ledger.interviews.all() if one.stage is Stage.IN_REVIEW)


def failed(house: Archive, id: UUID) -> str | None:
    """The code with which the work on it ended."""
    with house.catalogue.reading() as ledger:
        job = ledger.jobs.of(id)
    assert job is not None
    return job.code if job.state is JobState.FAILED else None


@pytest.fixture
def stopped(house: Archive, waiting: UUID) -> UUID:
    """An interview back in review because a name was heard in its masked sound."""
    id = waiting
    make.approved(house, id)
    ear = HearsAName()
    house.__dict__["recognizer"] = ear
    worker.work(house)
    assert (make.stage(house, id), failed(house, id)) == (Stage.MASKED, "still-heard")
    assert ear.given == (), "told what to expect, it would hear it"
    approval.send_back(house, make.INTERVIEWER, id)
    return id


def again(house: Archive, id: UUID) -> None:
    """Approved and worked on once more, with the same ears."""
    make.approved(house, id)
    house.__dict__["recognizer"] = HearsAName()
    worker.work(house)


def test_a_name_that_is_heard_stops_the_release_until_a_person_has_listened(house: Archive, stopped: UUID) -> None:
    """It is shown with its second; whoever heard no name there clears it, which is kept with who and when."""
    current = review.read(house, make.INTERVIEWER, stopped)
    place = current.heard[0]
    assert (place.start, place.end, place.cleared) == (pytest.approx(NAME_AT), pytest.approx(2.8), False)
    again(house, stopped)
    assert failed(house, stopped) == "still-heard"
    approval.send_back(house, make.INTERVIEWER, stopped)

    current = review.read(house, make.INTERVIEWER, stopped)
    with pytest.raises(BadInput):
        review.clear_finding(house, make.INTERVIEWER, stopped, (9.0, place.key), current.version)
    with pytest.raises(Refused):
        review.clear_finding(house, make.HISTORIAN, stopped, (place.start, place.key), current.version)
    review.clear_finding(house, make.INTERVIEWER, stopped, (place.start, place.key), current.version)
    assert review.read(house, make.INTERVIEWER, stopped).heard[0].cleared
    again(house, stopped)

    assert make.stage(house, stopped) is Stage.RELEASED
    with house.catalogue.reading() as ledger:
        acts = [(entry.act, entry.who) for entry in ledger.audit.all() if entry.subject == stopped]
    assert (Act.CLEAR_FINDING, make.INTERVIEWER.account) in acts


def test_seconds_marked_by_hand_fall_silent(house: Archive, stopped: UUID) -> None:
    """Whatever is written there; a mark can be taken back, and nonsense is refused."""
    current = review.read(house, make.INTERVIEWER, stopped)
    for span in ((3.0, 2.0), (0.0, 2000.0), (-1.0, 2.0), (float("nan"), 2.0)):
        with pytest.raises(BadInput):
            review.silence(house, make.INTERVIEWER, stopped, span, current.version)
    version = review.silence(house, make.INTERVIEWER, stopped, (1.7, 3.1), current.version)
    version = review.silence(house, make.INTERVIEWER, stopped, (20.0, 21.0), version)
    changes.make(house, make.INTERVIEWER, stopped, LetSound(20.0), version)
    assert review.read(house, make.INTERVIEWER, stopped).listened.silenced == ((1.7, 3.1),)
    again(house, stopped)
    approval.send_back(house, make.INTERVIEWER, stopped)

    with review.masked_sound(house, make.INTERVIEWER, stopped).reader as reader:
        samples = np.concatenate(list(decoded(reader))).astype(float)
    assert tonal(samples[int(1.6 * RATE) : int(3.2 * RATE)]) > 0.98


def test_a_name_that_a_reviewer_struck_out_is_not_heard(house: Archive) -> None:
    """The text has no word for it any more; the masked sound has the tone where the machine heard it."""
    id = make.received(house)
    house.__dict__["recognizer"] = HearsASentence()
    worker.work(house)
    current = review.read(house, make.INTERVIEWER, id)
    name = current.transcript.segments[0].words[1]
    changes.make(house, make.INTERVIEWER, id, Reword("0", "Пришла домой"), current.version)
    make.approved(house, id)
    house.__dict__["recognizer"] = HearsLittle()
    worker.work(house)
    assert make.stage(house, id) is Stage.RELEASED
    approval.reopen(house, make.ARCHIVIST, id)
    with review.masked_sound(house, make.INTERVIEWER, id).reader as reader:
        samples = np.concatenate(list(decoded(reader))).astype(float)
    assert tonal(samples[int(name.start * RATE) : int(name.end * RATE)]) > 0.98


def tonal(samples: np.ndarray, hz: int = 1000) -> float:
    """The share of the tone in what is heard."""
    power = np.abs(np.fft.rfft(samples)) ** 2
    heard = np.fft.rfftfreq(len(samples), 1 / RATE)
    return float(power[np.abs(heard - hz) < 60].sum() / power.sum())


SABOTAGE = {
    "shifted": lambda blocks, spans, tone: masked(blocks, [(a + 0.3, b + 0.3) for a, b in spans], tone),
    "dropped": lambda blocks, spans, tone: masked(blocks, spans[1:], tone),
    "without pad": lambda blocks, spans, tone: masked(blocks, spans, Tone(pad_seconds=0)),
    "not at all": lambda blocks, spans, tone: blocks,
}


@pytest.mark.slow
@pytest.mark.parametrize("how", SABOTAGE)
def test_sabotaged_masking_does_not_pass(
    house: Archive, waiting: UUID, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even to a deaf recognizer: the published file is compared with the original."""
    id = waiting
    make.approved(house, id)
    with monkeypatch.context() as patch:
        patch.setattr(steps, "masked", SABOTAGE[how])
        worker.work(house)
    assert (make.stage(house, id), failed(house, id)) == (Stage.MASKED, "not-masked")
    assert {place.key for place in review.read(house, make.INTERVIEWER, id).heard} == {""}

    approval.send_back(house, make.INTERVIEWER, id)
    make.approved(house, id)
    worker.work(house)
    assert make.stage(house, id) is Stage.RELEASED


@pytest.fixture
def doubted(house: Archive, waiting: UUID, monkeypatch: pytest.MonkeyPatch) -> UUID:
    """An interview of which the proof says, each time, that in two places more than the tone is left."""
    monkeypatch.setattr(steps, "unmasked", lambda *_: [(2.0, 2.5), (7.0, 7.5)])
    make.approved(house, waiting)
    return waiting


def test_what_comes_of_silence_as_well_is_no_doubt(house: Archive, doubted: UUID) -> None:
    """Noise of the codec resembles what it covers by chance; nobody is asked."""
    worker.work(house)
    assert make.stage(house, doubted) is Stage.RELEASED


def test_doubts_about_the_masking_are_cleared_by_ear_one_by_one(
    house: Archive, doubted: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No doubt holds a release for ever; as long as one place was not listened to, it does."""
    monkeypatch.setattr(steps, "without", lambda blocks, _: (block[::-1] for block in blocks))
    worker.work(house)
    assert (make.stage(house, doubted), failed(house, doubted)) == (Stage.MASKED, "not-masked")
    approval.send_back(house, make.INTERVIEWER, doubted)
    places = review.read(house, make.INTERVIEWER, doubted).heard
    assert [(place.start, place.end, place.number) for place in places] == [(2.0, 2.5, None), (7.0, 7.5, None)]
    for place, stage in zip(places, (Stage.MASKED, Stage.RELEASED), strict=True):
        current = review.read(house, make.INTERVIEWER, doubted)
        review.clear_finding(house, make.INTERVIEWER, doubted, (place.start, place.key), current.version)
        make.approved(house, doubted)
        worker.work(house)
        assert make.stage(house, doubted) is stage
        if stage is Stage.MASKED:
            approval.send_back(house, make.INTERVIEWER, doubted)


def test_the_disguised_voice_is_made_of_the_sound_that_was_proved(
    house: Archive, waiting: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of the published file itself, not of another masking: what is not in there cannot be in here."""
    fed: list[np.ndarray] = []

    def listening(blocks: Iterator[np.ndarray]) -> Iterator[np.ndarray]:
        return disguised(block for block in blocks if fed.append(block) is None)

    monkeypatch.setattr(steps, "disguised", listening)
    with house.catalogue.writing() as ledger:
        interview = ledger.interviews.get(waiting)
        terms = replace(interview.terms, voice_for_research=Voice.DISGUISED, voice_for_public=Voice.DISGUISED)
        ledger.interviews.save(replace(interview, terms=terms))
    name = review.read(house, make.INTERVIEWER, waiting).roster.people[0].mentions[0]
    segment = review.read(house, make.INTERVIEWER, waiting).transcript.segments[name.passage]
    word = segment.words[segment.words_in(name.start, name.end)[0]]
    make.approved(house, waiting)
    worker.work(house)
    assert make.stage(house, waiting) is Stage.RELEASED

    permit = house.require(Act.PROCESS, MACHINE, interview)
    with house.catalogue.reading() as ledger:
        kinds = (Kind.MASKED_SOUND, Kind.DISGUISED_SOUND)
        masked_sound, other_voice = (ledger.blobs.newest(waiting, kind) for kind in kinds)
    assert masked_sound is not None
    assert other_voice is not None
    with house.vault.open(permit, masked_sound) as reader:
        published = np.concatenate(list(decoded(reader)))
    given = np.concatenate(fed)
    assert np.array_equal(given, published[: len(given)])
    with house.vault.open(permit, other_voice) as reader:
        samples = np.concatenate(list(decoded(reader))).astype(float)
    assert tonal(samples[int(word.start * RATE) : int(word.end * RATE)], hz=800) > 0.9


def test_the_masked_sound_is_for_reviewers_until_it_is_released(house: Archive, stopped: UUID) -> None:
    """It has not been proved yet."""
    with pytest.raises(Refused):
        review.masked_sound(house, make.HISTORIAN, stopped)
    with house.catalogue.reading() as ledger:
        assert ledger.blobs.newest(stopped, Kind.MASKED_SOUND) is not None
