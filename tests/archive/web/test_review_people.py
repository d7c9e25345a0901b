"""People in review: told apart, put together, given cover names; and the roster shown to nobody else."""

from __future__ import annotations

import ast
import re
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

from archive.acts import approval, changes, review
from archive.acts.editing import Regroup, Reword
from archive.catalogue import KIND_LAYER, PaperKind
from archive.errors import BadInput, Refused
from archive.policy import Act, Layer, Role
from archive.web import wording
from archive.web.review import people
from tests.browsing import text_of
from tests.rooms import Rooms, in_review, put
from transcripts.names import Choice, Decision, Decisions, Detector, Passage, group, relations
from transcripts.words import Segment, Transcript, Word

ROOT = Path(__file__).resolve().parents[3]
TURNS = (
    "Меня зовут Ирина Сергеевна Лебедева.",
    "Пришёл мой брат Антон Лебедев.",
    "Потом Антон Лебедев ушёл.",
    "Лебедевы уехали, а Зоя Мороз осталась.",
)


@pytest.fixture(scope="module")
def reviewed(rooms: Rooms) -> UUID:
    """The one interview of these tests; none of them takes it out of review."""
    return in_review(rooms.house, rooms.who[Role.INTERVIEWER])


@pytest.fixture
def interview(rooms: Rooms, reviewed: UUID) -> UUID:
    """An interview in which a few people are named, and nothing is decided."""
    put(rooms.house, rooms.who[Role.INTERVIEWER], reviewed, {PaperKind.DECISIONS: Decisions().as_json()})
    name(rooms, reviewed, TURNS)
    return reviewed


def name(rooms: Rooms, id: UUID, turns: tuple[str, ...], speaker: str = "S1") -> None:
    """Gives an interview in review other words, and their people."""
    segments = []
    for n, text in enumerate(turns):
        words = tuple(Word(word, n * 7 + at / 2, n * 7 + at / 2 + 0.4) for at, word in enumerate(text.split()))
        segments.append(Segment(words, "ru", speaker))
    said = Transcript("t", tuple(segments), 30.0, "person")
    passages = [Passage(text, "ru") for text in turns]
    found = group(Detector(None).find(passages, ()), passages)
    put(rooms.house, rooms.who[Role.INTERVIEWER], id, {
        PaperKind.REVIEWED: said.as_json(), PaperKind.ROSTER: found.as_json(),
    })  # fmt: skip


def current(rooms: Rooms, id: UUID) -> review.Review:
    """The review as it stands."""
    return review.read(rooms.house, rooms.who[Role.INTERVIEWER], id)


def decide(rooms: Rooms, id: UUID, key: str, choice: Choice) -> None:
    """One decision."""
    review.decide(rooms.house, rooms.who[Role.INTERVIEWER], id, {key: choice}, current(rooms, id).version)


def regroup(rooms: Rooms, id: UUID, wish: Regroup) -> review.Review:
    """One change of who is who."""
    changes.make(rooms.house, rooms.who[Role.INTERVIEWER], id, wish, current(rooms, id).version)
    return current(rooms, id)


def shown(rooms: Rooms, id: UUID) -> list[str]:
    """What others would read."""
    seen = approval.preview(rooms.house, rooms.who[Role.INTERVIEWER], id).transcript
    return [segment.text for segment in seen.segments]


def test_two_rows_become_one_person_and_two_again(rooms: Rooms, interview: UUID) -> None:
    """One number and one decision; undone, everybody is as the machine found them."""
    before = current(rooms, interview)
    irina, anton, family, zoya = before.roster.people
    together = regroup(rooms, interview, Regroup(zoya.key, family.key))

    assert [one.number for one in together.roster.people] == [1, 2, 3]
    assert shown(rooms, interview)[3] == "[имя-3] уехали, а Зоя [имя-3] осталась."
    assert regroup(rooms, interview, Regroup(family.key, undo=True)).roster == before.roster
    assert (irina.number, anton.number) == (1, 2)


def test_what_was_kept_for_one_is_not_kept_for_both(rooms: Rooms, interview: UUID) -> None:
    """Two decisions that differ are none."""
    _, anton, _, zoya = current(rooms, interview).roster.people
    decide(rooms, interview, anton.key, Choice(Decision.KEEP))
    together = regroup(rooms, interview, Regroup(zoya.key, anton.key))

    assert together.left == len(together.roster.people)
    assert "Мороз" not in " ".join(shown(rooms, interview))


def test_a_namesake_is_taken_out_of_one_turn_and_put_back(rooms: Rooms, interview: UUID) -> None:
    """In the turn that the reviewer names it is somebody else, who is concealed until decided."""
    before = current(rooms, interview)
    anton = before.roster.people[1]
    decide(rooms, interview, anton.key, Choice(Decision.KEEP))
    apart = regroup(rooms, interview, Regroup(anton.key, turn="2"))

    assert shown(rooms, interview)[1:3] == [TURNS[1], "Потом Антон [имя-5] ушёл."]
    other = next(one for one in apart.roster.people if one.number == 5)
    assert regroup(rooms, interview, Regroup(other.key, undo=True)).roster == before.roster


@pytest.mark.parametrize(
    "wish",
    [
        Regroup("nobody"),
        Regroup("", "nobody"),
        Regroup("липитиф/антан", turn="0"),
        Regroup("марас/саи", turn="3"),
    ],
)
def test_who_is_who_cannot_be_told_of_nobody(rooms: Rooms, interview: UUID, wish: Regroup) -> None:
    """Unknown people, turns without them, the only turn somebody has."""
    with pytest.raises(BadInput):
        regroup(rooms, interview, wish)


def test_a_circle_of_the_same_people_loses_nobody(rooms: Rooms, interview: UUID) -> None:
    """A is B and B is A: one of them is there with the mentions of both."""
    irina, anton, *_ = current(rooms, interview).roster.people
    regroup(rooms, interview, Regroup(irina.key, anton.key))
    stored = current(rooms, interview).decisions
    put(rooms.house, rooms.who[Role.INTERVIEWER], interview, {
        PaperKind.DECISIONS: {**stored.as_json(), "joined": {irina.key: anton.key, anton.key: irina.key}},
    })  # fmt: skip

    assert "Лебедев" not in " ".join(shown(rooms, interview))


def test_numbers_stay_when_the_text_is_corrected(rooms: Rooms, interview: UUID) -> None:
    """Somebody new who is named first does not take another's number."""
    who, before = rooms.who[Role.INTERVIEWER], current(rooms, interview)
    changes.make(rooms.house, who, interview, Reword("0", "Путин и я, Ирина Сергеевна Лебедева."), before.version)
    after = {one.key: one.number for one in current(rooms, interview).roster.people}
    known = {one.key: one.number for one in before.roster.people}
    # The archive of this test finds the names of its list alone; those it finds twice keep their numbers.
    assert after
    assert len(set(after.values())) == len(after)
    assert all(known.get(key, number) == number for key, number in after.items())
    assert all(number > max(known.values()) for key, number in after.items() if key not in known)


@pytest.mark.parametrize(
    "cover",
    ["Лебедева", "лебедевым", "Анна Либедева", "Lebedev", "Мороз", "мороз", "Лебе-дева", "Ле\u0301бедева", "Сергеевна"],
)
def test_a_cover_name_that_is_somebodys_is_refused(rooms: Rooms, interview: UUID, cover: str) -> None:
    """In any form, spelling or script; the answer names the field."""
    zoya = current(rooms, interview).roster.people[3]
    with pytest.raises(BadInput) as caught:
        decide(rooms, interview, zoya.key, Choice(Decision.CONCEAL, cover))
    assert caught.value.field == "cover"


def test_a_cover_name_of_the_protected_list_is_refused(rooms: Rooms, interview: UUID) -> None:
    """Also one that nobody said, and diminutives of a first name on it."""
    who, house = rooms.who[Role.INTERVIEWER], rooms.house
    for selected, cover in (("Хмельницкий", "Хмельницкая"), ("Светлана", "Света Кузнецова")):
        stored = current(rooms, interview).decisions
        put(house, who, interview, {PaperKind.DECISIONS: {**stored.as_json(), "extra": [selected]}})
        zoya = current(rooms, interview).roster.people[3]
        with pytest.raises(BadInput):
            decide(rooms, interview, zoya.key, Choice(Decision.CONCEAL, cover))
        decide(rooms, interview, zoya.key, Choice(Decision.CONCEAL, "Анна Лесная"))


def test_the_page_says_who_why_and_how_sure(rooms: Rooms, interview: UUID) -> None:
    """In plain words; what is unsure says so, comes first, and is concealed until somebody decides."""
    passages = [Passage(text, "ru") for text in TURNS]
    asked = group(Detector(None).find(passages, ()), passages, 1.0)
    put(rooms.house, rooms.who[Role.INTERVIEWER], interview, {PaperKind.ROSTER: asked.as_json()})
    page = text_of(rooms.client(Role.INTERVIEWER).get(f"/interviews/{interview}/review"))

    for words in ("the narrator", "brother", "family", "recognised as a surname", "Unsure: is this a name?"):
        assert words in page
    rows = people(current(rooms, interview))
    doubtful = [row for row in rows if row.asked]
    assert doubtful
    assert rows[: len(doubtful)] == doubtful
    assert all(one.is_concealed({}) for one in asked.people)


def test_a_name_without_a_place_in_the_sound_keeps_the_interview_from_approval(rooms: Rooms, interview: UUID) -> None:
    """The preview says where to listen and has no button; whoever sends the form all the same reads the same."""
    said = review.read(rooms.house, rooms.who[Role.INTERVIEWER], interview).transcript
    lone = tuple(
        replace(one, words=tuple(Word(word.text, n * 100.0, n * 100.0) for word in one.words))
        for n, one in enumerate(said.segments)
    )
    papers = {PaperKind.REVIEWED: replace(said, segments=lone, seconds=400.0).as_json()}
    put(rooms.house, rooms.who[Role.INTERVIEWER], interview, papers)
    for person in current(rooms, interview).roster.people:
        decide(rooms, interview, person.key, Choice(Decision.CONCEAL))
    browser, page = rooms.client(Role.INTERVIEWER), f"/interviews/{interview}/preview"
    shown = browser.get(page).text
    assert re.search(r"<button class=.button act. disabled>Approve", shown)
    assert "1:40" in shown
    sent = browser.post(
        page.replace("preview", "approve"), on=page, read="yes", version=str(current(rooms, interview).version)
    )
    assert sent.status_code == 422
    assert "1:40" in text_of(sent)


# Secrecy


def test_the_roster_lies_in_the_protected_layer_alone() -> None:
    """No kind of released or public blob holds it, and no act that opens only those can read it."""
    assert PaperKind.ROSTER.value not in {
        kind.value for kind, layer in KIND_LAYER.items() if layer is not Layer.PROTECTED
    }


@pytest.mark.parametrize("act", [Act.READ_RELEASED, Act.HEAR_RELEASED])
def test_a_permit_for_the_released_layer_opens_no_roster(rooms: Rooms, act: Act) -> None:
    """Nor the decisions: a historian's permit is refused by the shelf itself."""
    house, historian = rooms.house, rooms.who[Role.HISTORIAN]
    with house.catalogue.reading() as ledger:
        permit = house.require(act, historian, ledger.interviews.get(rooms.released))
        for kind in (PaperKind.ROSTER, PaperKind.DECISIONS, PaperKind.FINDINGS, PaperKind.REVIEWED):
            with pytest.raises(Refused):
                ledger.papers.get(permit, rooms.released, kind)


def test_only_one_function_reads_a_stored_roster() -> None:
    """What reviewers put together and took apart is never forgotten: nobody reads the roster without the decisions.

    But naming.py, which carries a stored one along with the text and stores it again.
    """
    readers = [
        path.relative_to(ROOT).as_posix()
        for package in ("archive", "transcripts")
        for path in sorted((ROOT / package).rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr == "from_json"
        if isinstance(node.value, ast.Name) and node.value.id == "Roster"
    ]
    assert readers == ["archive/acts/naming.py", "transcripts/names/people.py"]


def test_a_review_shows_no_name_when_it_is_printed(rooms: Rooms, interview: UUID) -> None:
    """The review, decisions, choices, wishes: a log line by mistake holds nothing."""
    zoya = current(rooms, interview).roster.people[3]
    decide(rooms, interview, zoya.key, Choice(Decision.CONCEAL, "Анна Лесная"))
    regroup(rooms, interview, Regroup(current(rooms, interview).roster.people[2].key, zoya.key))
    printed = repr(current(rooms, interview)) + repr(people(current(rooms, interview)))

    assert not re.search("лебед|липити|мороз|марас|лесн|антон|ирин", printed, re.IGNORECASE)


def test_every_reason_and_relation_has_words(rooms: Rooms) -> None:
    """Each code a finder gives, and each relation of the list, in plain words for the page."""
    assert set(wording.RELATIONS) == set(relations.codes())
    assert reasons() - set(wording.WHY) == set()


def reasons() -> set[str]:
    """The codes that the finders write: third argument of a mention's, or ``why``."""
    found = set()
    for path in sorted((ROOT / "transcripts" / "names").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            named = [word.value for word in node.keywords if word.arg == "why"]
            given = node.args[1:2] if isinstance(node.func, ast.Attribute) and node.func.attr == "mention" else []
            for value in (*named, *given):
                if isinstance(value, ast.Constant):
                    found.add(str(value.value))
    return found | {"protected", "public-figure"}
