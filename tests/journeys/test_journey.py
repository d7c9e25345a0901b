"""From a recording to a published excerpt, through the real parts."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import numpy as np
import pytest

from archive import worker
from archive.acts import answers, approval, changes, excerpts, intake, research, review
from archive.acts.editing import Conceal
from archive.consent import Voice
from archive.errors import NotSettled, Refused, Unknown
from archive.interview import Stage
from archive.parts import Archive
from archive.search import Page
from tests import make
from transcripts.names import Decision
from transcripts.shipped import shipped
from transcripts.sound import decoded

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def journey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Archive, UUID]]:
    """An archive with Irina's interview, which stays released: tests only read it, or work on another one."""
    made = make.archive_in(tmp_path_factory.mktemp("journey") / "home")
    yield made, make.released(made, sound=shipped("demo/irina.opus").read_bytes())
    made.close()


@pytest.fixture
def house(journey: tuple[Archive, UUID]) -> Archive:
    """The archive."""
    return journey[0]


@pytest.fixture
def id(journey: tuple[Archive, UUID]) -> UUID:
    """Irina's interview in it."""
    return journey[1]


def test_what_is_released_is_what_was_said_without_the_names(house: Archive, id: UUID) -> None:
    """The released text keeps the story and holds no form of a concealed surname; public figures stay."""
    text = " ".join(part.text for part in research.read(house, make.HISTORIAN, id).transcript.segments).lower()
    assert "чемодан" in text
    assert "путин" in text
    assert "лебедев" not in text
    assert "петровна" not in text
    assert "912" not in text


def test_the_sound_is_as_long_and_holds_tones_where_names_were(house: Archive, id: UUID) -> None:
    """The masked sound has every second of the original; inside a silence only the tone is left."""
    reading = research.read(house, make.HISTORIAN, id)
    stream = research.sound(house, make.HISTORIAN, id)
    with stream.reader as reader:
        samples = np.concatenate(list(decoded(reader)))
    assert abs(len(samples) / 16_000 - reading.interview.seconds) < 0.05
    word = next(
        segment.words[index]
        for segment in reading.transcript.segments
        for span in segment.withheld
        for index in segment.words_in(span.start, span.end)
    )
    inside = samples[int(word.start * 16_000) : int(word.end * 16_000)].astype(float)
    power = np.abs(np.fft.rfft(inside)) ** 2
    hz = np.fft.rfftfreq(len(inside), 1 / 16_000)
    assert power[np.abs(hz - 1_000) < 60].sum() > 0.98 * power.sum()


def test_search_finds_every_form_and_plays_at_the_hit(house: Archive) -> None:
    """A word is found in other cases, and the hit's second is where the word is heard."""
    found = answers.search(house, make.HISTORIAN, "граница")
    assert found.total >= 2
    first = found.results[0].found[0]
    marked = [
        segment.text[span.start : span.end].lower()
        for passage in found.results[0].found
        for segment, spans in zip(passage.segments, passage.marks, strict=True)
        for span in spans
    ]
    assert any(form.startswith("границ") and form != "граница" for form in marked)
    assert first.start <= first.play_from <= first.end


def test_searching_a_concealed_name_equals_searching_nonsense(house: Archive) -> None:
    """For every form of every concealed person the answer is that of a word that does not exist."""
    nonsense = answers.search(house, make.HISTORIAN, "зюбрыквап")
    assert nonsense.total == 0
    for query in ("Лебедева", "лебедевых", "лебед*", '"Антон Лебедев"', "Сергеевна"):
        found = answers.search(house, make.HISTORIAN, query)
        assert (found.total, found.interviews, found.results, found.pages) == (0, 0, (), 0), query


def test_an_excerpt_needs_the_narrators_yes_and_goes_at_once_when_taken_back(house: Archive, id: UUID) -> None:
    """Proposed by a historian, refused without agreement, published with it, gone after taking it back."""
    hit = answers.search(house, make.HISTORIAN, "чемодан").results[0].found[0]
    wish = excerpts.Wish(hit.start, hit.end, Voice.OWN, title="Чемодан Ирины Лебедевой")
    made = excerpts.propose(house, make.HISTORIAN, id, wish)
    assert "Лебедев" not in made.title
    with pytest.raises(Refused):
        excerpts.publish(house, make.ARCHIVIST, made.id)
    with pytest.raises(Refused):
        excerpts.shown(house, made.id)
    excerpts.record_agreement(house, make.INTERVIEWER, made.id, house.today())
    excerpts.publish(house, make.ARCHIVIST, made.id)
    shown = excerpts.shown(house, made.id)
    assert "чемодан" in " ".join(part.text for part in shown.segments)
    with excerpts.clip(house, made.id).reader as reader:
        seconds = sum(map(len, decoded(reader))) / 16_000
    assert abs(seconds - shown.seconds) < 0.1
    excerpts.take_back(house, make.ARCHIVIST, made.id)
    with pytest.raises(excerpts.Gone):
        excerpts.shown(house, made.id)
    with pytest.raises((Refused, Unknown)):
        excerpts.clip(house, made.id)


def test_a_name_found_later_goes_from_text_sound_and_index(tmp_path: Path) -> None:
    """Reopened, one more word concealed everywhere, released again: it is nowhere any more."""
    house = make.archive_in(tmp_path / "home")
    id = make.released(house, sound=make.recording("irina", start=34.0, stop=52.0))
    assert answers.search(house, make.HISTORIAN, "Путин").total == 1
    approval.reopen(house, make.ARCHIVIST, id)
    with pytest.raises(Refused):
        research.read(house, make.HISTORIAN, id)
    assert answers.search(house, make.HISTORIAN, "Путин").total == 0
    everything = house.engine.search("Путин", [id], Page(1, 20))
    assert everything.total == 0, "words of a reopened interview stay in the index"
    current = review.read(house, make.INTERVIEWER, id)
    version = changes.make(house, make.INTERVIEWER, id, Conceal("Путин"), current.version)
    with pytest.raises(NotSettled):
        approval.approve(house, make.INTERVIEWER, id, version)
    current = review.settled(house, make.INTERVIEWER, id)
    assert all(person.protected for person in current.roster.people if "Путин" in person.forms)
    approval.approve(house, make.INTERVIEWER, id, version)
    worker.work(house)
    assert make.stage(house, id) is Stage.RELEASED
    assert answers.search(house, make.HISTORIAN, "Путин").total == 0
    assert "Путин" not in str([part.text for part in research.read(house, make.HISTORIAN, id).transcript.segments])
    house.close()


def test_nobody_decides_against_the_protected_list(house: Archive, tmp_path) -> None:
    """A name on the narrator's list cannot be kept, not even by an archivist."""
    id = make.received(house)
    worker.work(house)
    current = review.read(house, make.ARCHIVIST, id)
    protected = next(person for person in current.roster.people if person.protected)
    with pytest.raises(intake.BadInput):
        review.decide(house, make.ARCHIVIST, id, {protected.key: review.Choice(Decision.KEEP)}, current.version)


def test_an_upload_that_is_refused_leaves_nothing(house: Archive) -> None:
    """After text called sound no row, no key and no file is left."""
    before = {path for path in house.settings.home.rglob("*") if path.is_file()}
    with house.catalogue.reading() as ledger:
        rows = len(ledger.interviews.all())
    with pytest.raises(Exception, match=r".") as caught:
        intake.receive(
            house, make.INTERVIEWER, io.BytesIO(b"not sound at all" * 100), intake.IntakeForm(make.consent())
        )
    assert caught.value.code == "sound-unknown"
    with house.catalogue.reading() as ledger:
        assert len(ledger.interviews.all()) == rows
    after = {path for path in house.settings.home.rglob("*") if path.is_file()}
    assert after == before
