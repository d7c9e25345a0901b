"""Consent after intake: versions, what a narrower word closes, papers, receipts, and the narrator's own page."""

from __future__ import annotations

import contextlib
import io
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from archive import worker
from archive.acts import answers, consents, excerpts, narration, research, review
from archive.acts.excerpts import Wish
from archive.acts.narration import WrongCode
from archive.catalogue import Kind, PaperKind
from archive.consent import Consent, Excerpts, Research, Terms, Voice
from archive.errors import BadInput, Conflict, Refused, Unknown
from archive.excerpt import ExcerptState
from archive.interview import Stage
from archive.parts import Archive
from archive.policy import PUBLIC, Act, Principal, Role
from tests import make, rooms
from tests.rooms import Rooms

OPEN = make.consent()
PAPER = b"%PDF-1.7 signed by hand"


@pytest.fixture(scope="module")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Rooms:
    """Made once; each test changes a copy of its own."""
    found = rooms.archive_with_rooms(tmp_path_factory.mktemp("pattern") / "home")
    found.house.close()
    return found


@pytest.fixture
def made(pattern: Rooms, tmp_path: Path) -> Iterator[Rooms]:
    found = rooms.copied(pattern, tmp_path / "home")
    yield found
    found.house.close()


def now_says(rooms: Rooms, id: UUID, **terms: object) -> Consent:
    """The consent in force with some answers changed."""
    current = consents.consent_file(rooms.house, rooms.who[Role.INTERVIEWER], id).current
    return replace(current, terms=replace(current.terms, **terms))


def change(rooms: Rooms, id: UUID, consent: Consent) -> None:
    who = rooms.who[Role.INTERVIEWER]
    consents.change(rooms.house, who, id, consent, consents.consent_file(rooms.house, who, id).version)


def hits(rooms: Rooms) -> int:
    """How many passages a historian finds for a word that the released interview holds."""
    return answers.search(rooms.house, rooms.who[Role.HISTORIAN], "ереван").total


def as_narrator(rooms: Rooms, id: UUID) -> Principal:
    code = consents.issue_receipt(rooms.house, rooms.who[Role.INTERVIEWER], id)
    found = narration.visiting(rooms.house, narration.enter(rooms.house, code))
    assert found is not None
    return found


def proposed(rooms: Rooms) -> UUID:
    """A passage of the released interview."""
    wish = Wish(0.0, 9.0, Voice.TEXT_ONLY, title="О чемодане")
    return excerpts.propose(rooms.house, rooms.who[Role.HISTORIAN], rooms.released, wish).id


def state(house: Archive, id: UUID) -> ExcerptState:
    with house.catalogue.reading() as ledger:
        return ledger.excerpts.get(id).state


@pytest.mark.slow
def test_every_version_is_kept_with_its_day_and_who(made: Rooms) -> None:
    """The newest is in force; what it said before can be read, in its order."""
    change(made, made.released, now_says(made, made.released, excerpts=Excerpts.NEVER))
    change(made, made.released, now_says(made, made.released, research=Research.NO))
    found = consents.consent_file(made.house, made.who[Role.INTERVIEWER], made.released)
    said = [(one.terms.research, one.terms.excerpts) for one in (*found.earlier, found.current)]
    assert said == [
        (Research.YES, Excerpts.ASK),
        (Research.YES, Excerpts.NEVER),
        (Research.NO, Excerpts.NEVER),
    ]
    assert found.names == {made.who[Role.INTERVIEWER].account: "interviewer"}
    assert all(one.recorded_at for one in (*found.earlier, found.current))


@pytest.mark.slow
def test_a_stale_page_overwrites_nothing(made: Rooms) -> None:
    """Two people record at once: the second is told, and the first word stands."""
    who = made.who[Role.INTERVIEWER]
    version = consents.consent_file(made.house, who, made.released).version
    consents.change(made.house, who, made.released, now_says(made, made.released, excerpts=Excerpts.NEVER), version)
    with pytest.raises(Conflict):
        consents.change(made.house, who, made.released, OPEN, version)


@pytest.mark.slow
def test_a_narrower_word_closes_at_once(made: Rooms) -> None:
    """Research taken back: the historian's next question is refused, and the search finds nothing."""
    historian = made.who[Role.HISTORIAN]
    assert research.read(made.house, historian, made.released)
    assert hits(made)
    change(made, made.released, now_says(made, made.released, research=Research.NO, excerpts=Excerpts.NEVER))
    with pytest.raises(Refused):
        research.read(made.house, historian, made.released)
    assert hits(made) == 0


@pytest.mark.slow
def test_a_name_that_joins_the_list_brings_a_release_back_to_review(made: Rooms) -> None:
    """Closed in the same transaction, its words out of the index, and the name found in the text already."""
    before = consents.consent_file(made.house, made.who[Role.INTERVIEWER], made.released).current
    change(made, made.released, replace(before, protected_names=(*before.protected_names, "Ирина")))
    assert make.stage(made.house, made.released) is Stage.IN_REVIEW
    assert hits(made) == 0
    found = review.read(made.house, made.who[Role.INTERVIEWER], made.released)
    assert any(person.protected for person in found.roster.people)
    with pytest.raises(Refused):
        research.read(made.house, made.who[Role.HISTORIAN], made.released)


@pytest.mark.slow
def test_a_name_that_joins_the_list_is_found_in_a_review_that_is_under_way(made: Rooms) -> None:
    """Whoever reviews meanwhile is told; approving an old page does not pass it by."""
    who, id = made.who[Role.INTERVIEWER], made.in_review
    old = review.read(made.house, who, id)
    word = next(word.text for word in old.transcript.segments[-1].words if len(word.text) > 7).strip(".,?!")
    change(made, id, replace(OPEN, protected_names=(*OPEN.protected_names, word)))
    with pytest.raises(Conflict):
        review.decide(made.house, who, id, {}, old.version)
    found = review.read(made.house, who, id)
    assert len([one for one in found.roster.people if one.protected]) > len(
        [one for one in old.roster.people if one.protected]
    )


@pytest.mark.slow
def test_a_name_that_joins_the_list_while_the_machine_looks_for_names_is_looked_for(made: Rooms) -> None:
    """A word recorded before the text is there reaches the finder, whatever was queued."""
    who = made.who[Role.INTERVIEWER]
    id = make.received(made.house, who, make.recording(stop=4))
    change(made, id, replace(OPEN, protected_names=("Каноничевская",)))
    worker.work(made.house)
    assert make.stage(made.house, id) is Stage.IN_REVIEW
    kept = consents.consent_file(made.house, who, id)
    assert kept.current.protected_names == ("Каноничевская",)


@pytest.mark.slow
def test_names_that_were_found_under_the_old_list_are_never_taken_for_those_of_the_new(made: Rooms) -> None:
    """The machine ended its search while somebody wrote the new list down: nothing is written, it is done again."""
    who, house = made.who[Role.INTERVIEWER], made.house
    longer = replace(OPEN, protected_names=(*OPEN.protected_names, "Каноничевская"))
    with house.catalogue.writing() as ledger:
        interview = ledger.interviews.get(made.in_review)
        permit = house.require(Act.CHANGE_CONSENT, who, interview)
        with pytest.raises(Conflict):
            consents.put(house, ledger, permit, interview, longer, None)


@pytest.mark.slow
def test_a_visit_that_ended_leaves_no_row(made: Rooms) -> None:
    """When a narrator looked at the page is nobody's business later."""
    narration.enter(made.house, consents.issue_receipt(made.house, made.who[Role.INTERVIEWER], made.released))
    made.house.now = lambda: datetime.now(UTC) + timedelta(minutes=31)
    worker.tidy(made.house)
    with contextlib.closing(sqlite3.connect(made.house.settings.home / "catalogue.db")) as file:
        assert file.execute("SELECT count(*) FROM visits").fetchall() == [(0,)]


@pytest.mark.slow
def test_a_voice_that_was_never_made_brings_it_back_to_review(made: Rooms) -> None:
    """Own voice before, disguised from now on: nobody hears the own voice until there is a disguised one."""
    terms = {"voice_for_research": Voice.DISGUISED, "voice_for_public": Voice.TEXT_ONLY}
    change(made, made.released, now_says(made, made.released, **terms))
    assert make.stage(made.house, made.released) is Stage.IN_REVIEW
    with pytest.raises(Refused):
        research.sound(made.house, made.who[Role.HISTORIAN], made.released)


@pytest.mark.slow
def test_a_voice_that_is_about_to_be_made_is_waited_for(made: Rooms) -> None:
    """Approved with the own voice, disguised from now on, and then another word: the machine goes on and makes it."""
    house, id = made.house, made.in_review
    make.approved(house, id, made.who[Role.INTERVIEWER])
    terms = {"voice_for_research": Voice.DISGUISED, "voice_for_public": Voice.TEXT_ONLY}
    change(made, id, now_says(made, id, **terms))
    change(made, id, now_says(made, id, excerpts=Excerpts.NEVER))
    assert make.stage(house, id) is Stage.APPROVED
    worker.work(house)
    assert make.stage(house, id) is Stage.RELEASED
    with house.catalogue.reading() as ledger:
        assert ledger.blobs.newest(id, Kind.DISGUISED_SOUND) is not None
    assert research.sound(house, made.who[Role.HISTORIAN], id).length > 0


@pytest.mark.slow
def test_papers_are_kept_and_destroyed(made: Rooms) -> None:
    """What is attached comes back byte for byte, to reviewers alone; what does not belong there goes."""
    who, id = made.who[Role.INTERVIEWER], made.in_review
    blob = consents.attach(made.house, who, id, io.BytesIO(PAPER), "Согласие Лебедевой.pdf")
    with consents.proof(made.house, who, id, blob.id).reader as reader:  # type: ignore[attr-defined]
        assert reader.read() == PAPER
    for stranger in (made.who[Role.HISTORIAN], made.who[Role.ADMIN], PUBLIC):
        with pytest.raises(Refused):
            consents.proof(made.house, stranger, id, blob.id)
    with pytest.raises(Unknown):
        consents.proof(made.house, who, made.released, blob.id)
    consents.detach(made.house, who, id, blob.id)
    with pytest.raises(Unknown):
        consents.proof(made.house, who, id, blob.id)
    with pytest.raises(BadInput, match="PDF"):
        consents.attach(made.house, who, id, io.BytesIO(b"#!/bin/sh"), "x.pdf")


@pytest.mark.slow
def test_a_receipt_is_a_code_that_is_kept_nowhere(made: Rooms) -> None:
    """Sixteen digits open the page; a new receipt makes the old void and ends its visits; no file holds the code."""
    who, id = made.who[Role.INTERVIEWER], made.released
    first = consents.issue_receipt(made.house, who, id)
    token = narration.enter(made.house, " ".join(first[at : at + 4] for at in range(0, 16, 4)))
    assert narration.visiting(made.house, token) == Principal(Role.NARRATOR, interview=id)
    second = consents.issue_receipt(made.house, who, id)
    assert narration.visiting(made.house, token) is None
    with pytest.raises(WrongCode):
        narration.enter(made.house, first)
    assert narration.enter(made.house, second)
    for path in made.house.settings.home.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert first.encode() not in content, path
            assert second.encode() not in content, path


@pytest.mark.parametrize("typed", ["", "123", "12345678901234567", "1234 5678 9012 345x", "١٢٣٤٥٦٧٨٩٠١٢٣٤٥٦"])
@pytest.mark.slow
def test_what_is_no_code_is_said_so(made: Rooms, typed: str) -> None:
    with pytest.raises(BadInput, match="16 digits"):
        narration.enter(made.house, typed)


@pytest.mark.slow
def test_a_visit_ends(made: Rooms) -> None:
    """Idle for half an hour, or two hours old, or left."""
    code = consents.issue_receipt(made.house, made.who[Role.INTERVIEWER], made.released)
    token = narration.enter(made.house, code)
    made.house.now = lambda: datetime.now(UTC) + timedelta(minutes=31)
    assert narration.visiting(made.house, token) is None
    made.house.now = lambda: datetime.now(UTC)
    token = narration.enter(made.house, code)
    narration.leave(made.house, token)
    assert narration.visiting(made.house, token) is None


@pytest.mark.slow
def test_the_narrator_sees_exactly_what_historians_see(made: Rooms) -> None:
    """The same text and the same sound; nothing when nobody else may read."""
    narrator = as_narrator(made, made.released)
    page = narration.own_page(made.house, narrator)
    assert page.transcript == research.read(made.house, made.who[Role.HISTORIAN], made.released).transcript
    theirs, ours = (
        research.sound(made.house, made.who[Role.HISTORIAN], made.released),
        narration.sound(made.house, narrator),
    )
    assert theirs.reader.read() == ours.reader.read()
    waiting = as_narrator(made, made.in_review)
    assert narration.own_page(made.house, waiting).transcript is None
    with pytest.raises(Refused):
        narration.sound(made.house, waiting)


@pytest.mark.slow
def test_yes_and_no_to_a_passage(made: Rooms) -> None:
    """Yes lets an archivist publish; no takes it off the public page at once; nobody answers for another narrator."""
    narrator, archivist = as_narrator(made, made.released), made.who[Role.ARCHIVIST]
    first = proposed(made)
    with pytest.raises(Refused):
        narration.answer_excerpt(made.house, as_narrator(made, made.in_review), first, yes=True)
    with pytest.raises(Refused):
        excerpts.publish(made.house, archivist, first)
    assert [one.excerpt.title for one in narration.own_page(made.house, narrator).excerpts] == [""]
    narration.answer_excerpt(made.house, narrator, first, yes=True)
    excerpts.publish(made.house, archivist, first)
    assert len(excerpts.published(made.house)) == 1
    narration.answer_excerpt(made.house, narrator, first, yes=False)
    assert excerpts.published(made.house) == []
    assert state(made.house, first) is ExcerptState.WITHDRAWN
    with pytest.raises(Unknown):
        narration.answer_excerpt(made.house, narrator, first, yes=False)


@pytest.mark.slow
def test_the_narrator_stops_everything_and_asks_for_destruction(made: Rooms) -> None:
    """Closed at once for reading, hearing, search and excerpts; a person destroys it, a found receipt cannot."""
    narrator, historian = as_narrator(made, made.released), made.who[Role.HISTORIAN]
    first = proposed(made)
    narration.answer_excerpt(made.house, narrator, first, yes=True)
    excerpts.publish(made.house, made.who[Role.ARCHIVIST], first)
    narration.stop_sharing(made.house, narrator, withdraw=True)
    assert excerpts.published(made.house) == []
    assert hits(made) == 0
    with pytest.raises(Refused):
        research.sound(made.house, historian, made.released)
    found = consents.consent_file(made.house, made.who[Role.INTERVIEWER], made.released)
    assert found.current.terms == Terms(naming=OPEN.terms.naming)
    assert found.current.protected_names == OPEN.protected_names
    assert [one.withdraw for one in found.requests if one.done is None] == [True]
    page = narration.own_page(made.house, narrator)
    assert (page.transcript, page.waiting) == (None, 1)


@pytest.mark.slow
def test_a_wish_reaches_the_list_and_is_seen_to(made: Rooms) -> None:
    """Its words are for reviewers alone, sealed; the narrator sees only that it waits."""
    narrator, who = as_narrator(made, made.released), made.who[Role.INTERVIEWER]
    narration.ask(made.house, narrator, "Уберите, пожалуйста, про Каноничевскую на 12-й минуте")
    found = consents.consent_file(made.house, who, made.released)
    assert "Каноничевскую" in found.requests[0].text
    assert "Каноничевскую" not in repr(found)
    consents.see_to(made.house, who, made.released, found.requests[0].number)
    assert narration.own_page(made.house, narrator).waiting == 0
    for wrong in ("", "  ", "x" * 2_001):
        with pytest.raises(BadInput):
            narration.ask(made.house, narrator, wrong)


@pytest.mark.slow
def test_what_was_kept_before_versions_opens_still(made: Rooms) -> None:
    """A consent without a recorder, as archives of the first format hold it."""
    old = {key: value for key, value in OPEN.as_json().items() if not key.startswith("recorded")}
    with made.house.catalogue.writing() as ledger:
        permit = made.house.require(
            Act.CHANGE_CONSENT, made.who[Role.INTERVIEWER], ledger.interviews.get(made.in_review)
        )
        paper = ledger.papers.get(permit, made.in_review, PaperKind.CONSENT)
        assert paper is not None
        ledger.papers.put(permit, replace(paper, content=old), paper.version)
    found = consents.consent_file(made.house, made.who[Role.INTERVIEWER], made.in_review)
    assert found.current == OPEN
