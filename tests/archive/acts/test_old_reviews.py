"""Reviews that an older version kept: names are found anew, and no decision keeps anybody who may be somebody else."""

from __future__ import annotations

from uuid import UUID

import pytest

from archive.acts import approval, changes, consents, naming, review
from archive.acts.editing import Reword
from archive.catalogue import PaperKind
from archive.errors import NotSettled
from archive.interview import Stage
from archive.parts import Archive
from archive.policy import Act
from tests import make
from tests.rooms import ArchiveWith, put
from transcripts.names import Choice, Decision


@pytest.fixture
def house(archive_with: ArchiveWith) -> Archive:
    """An archive with an interview in review."""
    return archive_with(Stage.IN_REVIEW)[0]


@pytest.fixture
def old(house: Archive) -> UUID:
    """That interview: two people are decided about, and its people lack what older versions did not know."""
    with house.catalogue.reading() as ledger:
        id = next(one.id for one in ledger.interviews.all() if one.stage is Stage.IN_REVIEW)
        permit = house.require(Act.REVIEW, make.INTERVIEWER, ledger.interviews.get(id))
        paper = ledger.papers.get(permit, id, PaperKind.ROSTER)
    assert paper is not None
    current = review.read(house, make.INTERVIEWER, id)
    concealed, kept = sorted(current.roster.people, key=lambda person: not person.protected)[:2]
    choices = {concealed.key: Choice(Decision.CONCEAL, "Ромашкина"), kept.key: Choice(Decision.KEEP)}
    review.decide(house, make.INTERVIEWER, id, choices, current.version)
    people = [{key: value for key, value in one.items() if key != "relation"} for one in paper.content["people"]]
    put(house, make.INTERVIEWER, id, {PaperKind.ROSTER: {"people": people}})
    return id


def test_names_are_found_anew_and_only_what_conceals_is_carried_over(house: Archive, old: UUID) -> None:
    """Nothing can be approved before; the reviewer is told how many decisions hold and how many do not."""
    unread = review.read(house, make.INTERVIEWER, old)
    assert (unread.roster.people, unread.stale, unread.renewed) == ((), True, None)
    with pytest.raises(NotSettled):
        approval.approve(house, make.INTERVIEWER, old, unread.version)

    found = review.settled(house, make.INTERVIEWER, old)

    assert not found.stale
    assert found.renewed == (1, 1)
    assert [choice.cover for choice in found.decisions.choices.values()] == ["Ромашкина"]
    assert set(found.decisions.choices) <= {person.key for person in found.roster.people}
    assert found.left == sum(not person.protected for person in found.roster.people)
    assert not naming.settle(house, make.INTERVIEWER, old)
    make.approved(house, old)


def test_an_old_review_can_be_corrected_before_names_are_found(house: Archive, old: UUID) -> None:
    """The correction is kept, and names are found in the corrected text."""
    unread = review.read(house, make.INTERVIEWER, old)
    changes.make(house, make.INTERVIEWER, old, Reword(unread.turns[0], "Пришла Лебедева"), unread.version)

    found = review.settled(house, make.INTERVIEWER, old)

    assert found.transcript.segments[0].text == "Пришла Лебедева"
    assert any(mention.passage == 0 for person in found.roster.people for mention in person.mentions)
    assert sum(found.renewed or ()) == 2
    assert all(choice.decision is Decision.CONCEAL for choice in found.decisions.choices.values())


def test_a_name_joins_the_list_of_an_old_review(house: Archive, old: UUID) -> None:
    """Recorded like any other; nothing can be approved before everybody is found, and then the name is among them."""
    spoken = review.read(house, make.INTERVIEWER, old).transcript
    name = next(word.text.strip(".,?!") for word in spoken.segments[0].words if len(word.text) > 6)
    consents.change(house, make.INTERVIEWER, old, make.consent(protected=("Лебедева", name)), 1)
    assert review.read(house, make.INTERVIEWER, old).stale

    found = review.settled(house, make.INTERVIEWER, old)

    assert any(person.protected and person.mentions[0].passage == 0 for person in found.roster.people)
    assert sum(found.renewed or ()) == 2
