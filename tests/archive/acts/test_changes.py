"""The log of a review: two reviewers at once, unlimited undo that survives, and nothing acknowledged that is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.acts import approval, changes, naming, review, undoing
from archive.acts.cells import Change, Draft, Text
from archive.acts.changes import Sent
from archive.acts.description import Description
from archive.acts.editing import (
    Conceal,
    Describe,
    Join,
    Operation,
    Regroup,
    RenameSpeaker,
    Replace,
    Reword,
    Silence,
    Speak,
    Split,
)
from archive.catalogue import Paper, PaperKind
from archive.errors import BadInput, Conflict, NotSettled, Refused, SignedAlready
from archive.interview import Stage
from archive.parts import Archive
from archive.policy import Act, Principal
from tests import make
from tests.rooms import ListedNames, cheap, in_review
from transcripts.errors import SoundNotFound
from transcripts.names import Choice, Decision, Passage, group
from transcripts.words import Segment, Transcript, Word

TURNS = (
    "Меня зовут Ирина Лебедева и я помню.",
    "Пришёл мой брат Антон Лебедев домой.",
    "Потом про Путина говорили все.",
    "Лебедевы уехали потом в Самару.",
    "Больше я ничего не знаю.",
)
ONE, OTHER = make.INTERVIEWER, make.ARCHIVIST
TYPED = Description("Чемодан и письма", ("Самара",), ("эмиграция", "школа"), 1991)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """An archive whose recognizer and finders cost nothing."""
    made = cheap(make.archive_in(tmp_path_factory.mktemp("changes") / "home"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def interview(house: Archive) -> UUID:
    """An interview in review; each test begins with ``fresh``."""
    return in_review(house, ONE)


def fresh(house: Archive, id: UUID) -> int:
    """The review as the machine left it; its version."""
    segments = tuple(
        Segment(
            tuple(Word(text, n * 9 + at, n * 9 + at + 0.5, 0.9) for at, text in enumerate(turn.split())), "ru",
            "S1" if n % 2 else "S2",
        )
        for n, turn in enumerate(TURNS)
    )  # fmt: skip
    passages = [Passage(turn, "ru") for turn in TURNS]
    papers: dict[PaperKind, dict[str, Any]] = {
        PaperKind.REVIEWED: Transcript("t", segments, 60.0, "machine").as_json(),
        PaperKind.ROSTER: group(ListedNames().find(passages), passages).as_json(),
        PaperKind.LISTENED: {"silenced": [], "cleared": []},
        PaperKind.INTAKE: {"file_name": "запись.ogg", "notes": "", **TYPED.as_json()},
        PaperKind.TRANSLATIONS: {},
        PaperKind.DECISIONS: {"choices": {}, "extra": []},
    }
    with house.catalogue.writing() as ledger:
        permit = house.require(Act.DECIDE, ONE, ledger.interviews.get(id))
        ledger.papers.remove(id, PaperKind.CHANGE)
        for kind, content in papers.items():
            old = ledger.papers.get(permit, id, kind)
            new = ledger.papers.put(permit, Paper.new(id, kind, content), old.version if old else 0)
    return new.version


def stored(house: Archive, id: UUID, kind: PaperKind = PaperKind.REVIEWED) -> Mapping[str, Any]:
    """A paper as it is kept, by default the text."""
    with house.catalogue.reading() as ledger:
        paper = ledger.papers.get(house.require(Act.DECIDE, ONE, ledger.interviews.get(id)), id, kind)
    assert paper is not None
    return paper.content


def stands(house: Archive, id: UUID) -> tuple[Any, ...]:
    """All that reviewers can change, comparable."""
    current = review.read(house, ONE, id)
    turns = [(turn, one.text, one.speaker, one.words) for turn, one in
             zip(current.turns, current.transcript.segments, strict=True)]  # fmt: skip
    decided, told = current.decisions, current.description
    people = dict(decided.choices), decided.selected, dict(decided.joined), set(decided.parted)
    return turns, *people, current.listened, told


def keys(house: Archive, id: UUID) -> list[str]:
    """The people's keys."""
    return [person.key for person in review.read(house, ONE, id).roster.people]


def decide(house: Archive, who: Principal, id: UUID, key: str, on: changes.On) -> int:
    """Keeps somebody."""
    return review.decide(house, who, id, {key: Choice(Decision.KEEP)}, on)


def of_each_kind(house: Archive, id: UUID) -> list[Operation]:
    """One change of every kind, to be made one after the other."""
    first, second = keys(house, id)[:2]
    return [
        Reword("0", "Меня зовут Ирина Лебедева, и я всё помню."),
        Split("1", 3),
        Speak("3/2", "S3"),
        Join("3/2"),
        RenameSpeaker("S2", "Ирина"),
        Replace("потом", "затем"),
        Regroup(second, first),
        Silence((2.0, 3.5), 60.0),
        Silence((3.0, 4.0), 60.0),
        Conceal("Самару"),
        Describe(Description("Письма", (), ("школа",), None), 2026),
    ]


def test_every_kind_of_change_is_undone_and_made_again(house: Archive, interview: UUID) -> None:
    """Decision, text, cut, join, speaker, rename, replace, people put together, silence, concealing, description."""
    fresh(house, interview)
    seen = [stands(house, interview)]
    decide(house, ONE, interview, keys(house, interview)[-1], review.read(house, ONE, interview).version)
    seen.append(stands(house, interview))
    for operation in of_each_kind(house, interview):
        changes.make(house, ONE, interview, operation, review.read(house, ONE, interview).version)
        seen.append(stands(house, interview))
        assert seen[-1] != seen[-2], operation
    for before in reversed(seen[:-1]):
        undoing.undo(house, ONE, interview, review.read(house, ONE, interview).version)
        assert stands(house, interview) == before
    with pytest.raises(BadInput):
        undoing.undo(house, ONE, interview, review.read(house, ONE, interview).version)
    for after in seen[1:]:
        undoing.undo(house, ONE, interview, review.read(house, ONE, interview).version, again=True)
        assert stands(house, interview) == after
    with pytest.raises(BadInput):
        undoing.undo(house, ONE, interview, review.read(house, ONE, interview).version, again=True)


def test_a_text_is_stored_turn_by_turn_and_one_that_an_older_version_kept_reads_the_same(
    house: Archive, interview: UUID
) -> None:
    """Turns are parsed only where they are asked for; whoever reads the whole sees one transcript in both forms."""
    fresh(house, interview)
    before = Text(stored(house, interview))
    assert all(isinstance(one["words"], list) for one in stored(house, interview)["segments"])
    changes.make(house, ONE, interview, Speak("0", "S7"), review.read(house, ONE, interview).version)
    packed = stored(house, interview)
    assert all(isinstance(one["words"], str) for one in packed["segments"])
    after = Text(packed)
    assert [one.words for one in after.transcript.segments] == [one.words for one in before.transcript.segments]
    assert after.transcript.segments == Transcript.from_json(packed).segments
    assert list(after.spoken()) == list(before.spoken())
    assert after.at(3) == before.at(3)
    assert after.cell("turn", "2") == before.cell("turn", "2")


@pytest.mark.parametrize(("turn", "start", "fits"), [
    ("0", 9.0, True), ("0", 9.1, False), ("2", 8.9, False), ("2", 27.1, False), ("2", 20.0, True), ("4", 26.9, False),
    ("4", 99.0, True), ("5/2", 20.0, True), ("5/2", 17.9, False), ("5/2", 27.1, False),
])  # fmt: skip
def test_a_turn_that_would_begin_before_the_one_it_follows_is_told(
    house: Archive, interview: UUID, turn: str, start: float, fits: bool
) -> None:
    """Whichever of the two was put; and so is one that says nothing."""
    fresh(house, interview)
    text = Text(stored(house, interview))
    text.put("turn", turn, {"words": [["слово", start, start + 0.5, 1.0]], "language": "ru"})
    assert text.is_in_order == fits
    text.put("turn", turn, {"words": [], "language": "ru"})
    assert not text.is_in_order


def test_undo_survives_a_restart_and_is_each_reviewers_own(house: Archive, interview: UUID) -> None:
    """The log lies in the archive; what somebody else did meanwhile stays."""
    version = fresh(house, interview)
    changes.make(house, ONE, interview, Reword("0", "Меня зовут Ирина."), version)
    changes.make(house, OTHER, interview, Reword("4", "Больше ничего."), version)
    undoing.undo(house, ONE, interview, version + 2)
    assert [turn[1] for turn in stands(house, interview)[0]] == [*TURNS[:4], "Больше ничего."]


def test_typing_in_a_turn_is_one_step_to_undo(house: Archive, interview: UUID) -> None:
    """Saved every two seconds, undone together; a word that was deleted and typed again has its sound again."""
    version = fresh(house, interview)
    before = stands(house, interview)
    whole = TURNS[1].split()
    version = changes.make(house, ONE, interview, Reword("1", " ".join(whole[:3])), Sent(version, "a", "s"))
    version = changes.make(house, ONE, interview, Reword("1", " ".join([*whole[:3], "Антон", "Лебедев", "домой."])),
                           Sent(version, "b", "s"))  # fmt: skip
    assert stands(house, interview)[0][1][3] == before[0][1][3], "the words have their old times"
    version = changes.make(house, ONE, interview, Reword("1", "Пришёл брат Антон."), Sent(version, "c", "s"))
    undoing.undo(house, ONE, interview, version)
    assert stands(house, interview) == before


def test_a_change_that_comes_twice_is_made_once(house: Archive, interview: UUID) -> None:
    """The answer was lost on its way: the same token on the same version changes nothing more."""
    version = fresh(house, interview)
    made = changes.make(house, ONE, interview, Split("0", 2), Sent(version, "token"))
    assert changes.make(house, ONE, interview, Split("0", 2), Sent(version, "token")) == made
    assert len(stands(house, interview)[0]) == len(TURNS) + 1
    undone = undoing.undo(house, ONE, interview, Sent(made, "again"))
    assert undoing.undo(house, ONE, interview, Sent(made, "again")) == undone


def test_the_same_turn_or_person_is_a_conflict_and_others_merge(house: Archive, interview: UUID) -> None:
    """Made on one version: another turn and another person join, the same is refused, and nothing of it is written."""
    version = fresh(house, interview)
    first, second = keys(house, interview)[-2:]
    decide(house, ONE, interview, first, version)
    changes.make(house, ONE, interview, Reword("0", "Меня зовут Ирина."), version)
    decide(house, OTHER, interview, second, version)
    changes.make(house, OTHER, interview, Split("3", 2), version)
    changes.make(house, OTHER, interview, Speak("0", "S7"), version)
    for refused in (Reword("0", "Я Ирина."), Join("1"), Split("0", 1), Replace("Меня", "Тебя")):
        before = stands(house, interview)
        with pytest.raises((Conflict, BadInput)):
            changes.make(house, OTHER, interview, refused, version)
        assert stands(house, interview) == before
    with pytest.raises(Conflict):
        decide(house, OTHER, interview, first, version)
    with pytest.raises(Conflict):
        changes.make(house, OTHER, interview, Regroup(first, keys(house, interview)[0]), version)


def test_a_decision_made_about_one_is_not_made_about_two(house: Archive, interview: UUID) -> None:
    """Somebody put two people together; whoever keeps one of them on the older version keeps nobody."""
    version = fresh(house, interview)
    first, second = keys(house, interview)[-2:]
    changes.make(house, ONE, interview, Regroup(first, second), version)
    with pytest.raises(Conflict):
        decide(house, OTHER, interview, second, version)


def test_what_others_changed_since_is_not_undone_over_their_heads(house: Archive, interview: UUID) -> None:
    """A turn that somebody else rewrote afterwards stays as they wrote it."""
    version = fresh(house, interview)
    version = changes.make(house, ONE, interview, Reword("2", "Потом говорили."), version)
    version = changes.make(house, OTHER, interview, Reword("2", "Говорили все."), version)
    with pytest.raises(Conflict):
        undoing.undo(house, ONE, interview, version)


def test_a_change_that_others_built_on_is_skipped_and_older_ones_are_undone(house: Archive, interview: UUID) -> None:
    """One's own older change is not out of reach for ever, and the log says what was passed over."""
    version = fresh(house, interview)
    older = changes.make(house, ONE, interview, Reword("0", "Меня зовут Ирина."), version)
    newer = changes.make(house, ONE, interview, Reword("2", "Потом говорили."), older)
    version = changes.make(house, OTHER, interview, Reword("2", "Говорили все."), newer)
    done = undoing.undo(house, ONE, interview, Sent(version, "token"))
    assert (done.undoes, done.skipped) == ((older,), (newer,))
    assert [turn[1] for turn in stands(house, interview)[0]][:3] == [TURNS[0], TURNS[1], "Говорили все."]
    assert undoing.undo(house, ONE, interview, Sent(version, "token")) == done, "sent twice, done and said once"
    with pytest.raises(Conflict):
        undoing.undo(house, ONE, interview, done.version)
    undoing.undo(house, OTHER, interview, done.version)
    assert undoing.undo(house, ONE, interview, done.version + 1).undoes == (newer,), "nobody builds on it any more"


def test_what_another_also_wanted_concealed_stays_concealed(house: Archive, interview: UUID) -> None:
    """Somebody concealed what was concealed already and was told that it is saved: it is theirs to undo, too."""
    version = fresh(house, interview)
    version = changes.make(house, ONE, interview, Conceal("Самару"), version)
    version = changes.make(house, OTHER, interview, Conceal("Самару"), version)
    with pytest.raises(Conflict):
        undoing.undo(house, ONE, interview, version)
    assert review.read(house, ONE, interview).decisions.selected == ("Самару",)


def test_people_put_together_are_not_taken_apart_under_a_decision(house: Archive, interview: UUID) -> None:
    """Somebody decided about both as one person."""
    version = fresh(house, interview)
    first, second = keys(house, interview)[-2:]
    version = changes.make(house, ONE, interview, Regroup(first, second), version)
    version = decide(house, OTHER, interview, second, version)
    with pytest.raises(Conflict):
        undoing.undo(house, ONE, interview, version)


def test_what_lies_under_a_change_that_was_skipped_stays(house: Archive, interview: UUID) -> None:
    """One's own later change was made for it as it stood: whom one put with somebody else is decided with them."""
    version = fresh(house, interview)
    first, second = keys(house, interview)[-2:]
    decided = decide(house, ONE, interview, first, version)
    version = changes.make(house, ONE, interview, Regroup(first, second), decided)
    decide(house, OTHER, interview, second, version)
    with pytest.raises(Conflict):
        undoing.undo(house, ONE, interview, version + 1)


def test_a_namesake_stays_somebody_else_when_the_turn_is_cut_or_joined(house: Archive, interview: UUID) -> None:
    """In a part of the turn, and in the whole, nobody is kept for the sake of another who is kept."""
    version = fresh(house, interview)
    person = next(one for one in review.read(house, ONE, interview).roster.people if len(one.mentions) > 1)
    decide(house, ONE, interview, person.key, version)
    changes.make(house, ONE, interview, Regroup(person.key, turn="1"), version + 1)
    for operation in (Split("1", 3), Join("3/2"), Join("1")):
        changes.make(house, ONE, interview, operation, review.read(house, ONE, interview).version)
        naming.settle(house, ONE, interview)
        shown = " ".join(one.text for one in approval.preview(house, ONE, interview).transcript.segments)
        assert "Антон Лебедев" not in shown, operation


def test_the_log_is_opened_by_reviewers_alone(house: Archive, interview: UUID) -> None:
    """It holds names and text: the permits of readers and of the machine's public side do not open it."""
    version = fresh(house, interview)
    changes.make(house, ONE, interview, Reword("0", "Меня зовут Ирина."), version)
    with house.catalogue.reading() as ledger:
        permit = house.require(Act.DECIDE, ONE, ledger.interviews.get(interview))
        paper = ledger.papers.get(permit, interview, PaperKind.CHANGE, version + 1)
        assert paper is not None
        assert "Лебедева" not in repr(paper) + repr(changes.Entry.of(paper))
        with pytest.raises(Refused):
            undoing.undo(house, make.HISTORIAN, interview, version + 1)


# What is written about the interview


def described(house: Archive, who: Principal, id: UUID, on: int, **values: object) -> int:
    """These fields otherwise than they are in ``TYPED``."""
    return changes.make(house, who, id, Describe(replace(TYPED, **values), 2026), on)  # type: ignore[arg-type]


def test_two_who_describe_an_interview_write_what_each_of_them_changed(house: Archive, interview: UUID) -> None:
    """A form holds every field: what its author left as they saw it is not written over what others wrote since."""
    version = fresh(house, interview)
    described(house, ONE, interview, version, title="Письма")
    described(house, OTHER, interview, version, themes=("школа",), left_in=None)
    both = replace(TYPED, title="Письма", themes=("школа",), left_in=None)
    assert review.read(house, ONE, interview).description == both
    with pytest.raises(Conflict):
        described(house, OTHER, interview, version, title="Чемодан", places=("Рига",))
    assert review.read(house, ONE, interview).description == both
    undoing.undo(house, ONE, interview, version + 2)
    assert review.read(house, ONE, interview).description == replace(both, title=TYPED.title)
    assert stored(house, interview, PaperKind.INTAKE)["file_name"] == "запись.ogg"


def test_a_form_that_changes_nothing_is_no_change(house: Archive, interview: UUID) -> None:
    """It voids no signature and is no step to undo."""
    version = fresh(house, interview)
    assert described(house, ONE, interview, version) == version
    assert review.read(house, ONE, interview).version == version
    with pytest.raises(BadInput):
        undoing.undo(house, ONE, interview, version)


def test_an_interview_of_an_older_version_is_described_too(house: Archive, interview: UUID) -> None:
    """Its paper knows a title alone."""
    fresh(house, interview)
    with house.catalogue.writing() as ledger:
        permit = house.require(Act.DECIDE, ONE, ledger.interviews.get(interview))
        old = ledger.papers.get(permit, interview, PaperKind.INTAKE)
        assert old is not None
        paper = Paper.new(interview, PaperKind.INTAKE, {"title": "Письма", "file_name": "", "notes": ""})
        ledger.papers.put(permit, paper, old.version)
    version = review.read(house, ONE, interview).version
    changes.make(house, ONE, interview, Describe(Description("Письма", ("Самара",)), 2026), version)
    assert review.read(house, ONE, interview).description == Description("Письма", ("Самара",))
    undoing.undo(house, ONE, interview, version + 1)
    assert review.read(house, ONE, interview).description == Description("Письма")


@dataclass(frozen=True)
class _While:
    """A change of the description during whose making something else happens."""

    needs_text: ClassVar[bool] = False
    act: ClassVar[Act] = Act.DECIDE
    happens: Callable[[], object]
    description: Description

    def change(self, draft: Draft) -> Change:
        """What else happens, happens once."""
        self.happens()
        return Describe(self.description, 2026).change(draft)


def test_nothing_is_changed_between_the_approval_and_the_release(house: Archive, interview: UUID) -> None:
    """Approved by somebody else after the change was allowed and before it was written: what was approved stands."""
    version = fresh(house, interview)
    for key in keys(house, interview):
        version = review.decide(house, ONE, interview, {key: Choice(Decision.CONCEAL)}, version)
    operation = _While(lambda: approval.approve(house, OTHER, interview, version), replace(TYPED, title="Письма"))
    with pytest.raises(Refused):
        changes.make(house, ONE, interview, operation, version)
    assert make.stage(house, interview) is Stage.APPROVED
    with pytest.raises(Refused):
        described(house, ONE, interview, version, title="Письма")
    approval.send_back(house, ONE, interview)
    current = review.read(house, ONE, interview)
    assert (current.version, current.description) == (version, TYPED)


def test_a_change_that_another_overtakes_is_made_on_top_of_it(house: Archive, interview: UUID) -> None:
    """Both are written: the papers of the one that came too late were not written by halves."""
    version = fresh(house, interview)
    others = iter([1990])

    def overtake() -> None:
        for year in others:
            described(house, OTHER, interview, version, left_in=year)

    operation = _While(overtake, replace(TYPED, title="Письма"))
    assert changes.make(house, ONE, interview, operation, version) == version + 2
    assert review.read(house, ONE, interview).description == replace(TYPED, title="Письма", left_in=1990)


@given(st.dictionaries(st.sampled_from("abcdef"), st.tuples(st.integers(0, 3), st.integers(0, 3))))
def test_the_inverse_of_an_inverse_is_the_change(cells: dict[str, tuple[int, int]]) -> None:
    """As far as something changed; cells that were only looked at are left out."""
    change = Change(cells)
    assert change.inverse.inverse == Change({cell: pair for cell, pair in cells.items() if pair[0] != pair[1]})


@settings(deadline=None)
@given(st.integers(2, 12))
def test_between_two_turns_there_is_always_room(depth: int) -> None:
    """Names of turns are fractions."""
    from fractions import Fraction

    from archive.acts.editing import _between

    later = "1"
    for _ in range(depth):
        made = _between("0", later)
        assert Fraction(0) < Fraction(made) < Fraction(later)
        later = made


# Approval


def test_two_signatures_where_the_archive_asks_for_them(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The first one is kept and releases nothing, a change voids it, nobody signs twice, a second account releases."""
    home = tmp_path_factory.mktemp("signed") / "home"
    house = cheap(make.archive_in(home, review={"signatures": 2}))
    id = in_review(house, ONE)
    fresh(house, id)
    for key in keys(house, id):
        decide(house, ONE, id, key, review.read(house, ONE, id).version)
    version = review.read(house, ONE, id).version
    assert not approval.approve(house, ONE, id, version)
    assert make.stage(house, id) is Stage.IN_REVIEW
    with pytest.raises(SignedAlready):
        approval.approve(house, ONE, id, version)
    version = changes.make(house, ONE, id, Speak("0", "S5"), version)
    assert review.read(house, ONE, id).signed == ()
    assert not approval.approve(house, OTHER, id, version)
    assert described(house, ONE, id, version) == version, "nothing was changed"
    version = described(house, ONE, id, version, title="Письма")
    assert review.read(house, ONE, id).signed == ()
    assert not approval.approve(house, OTHER, id, version)
    assert approval.approve(house, ONE, id, version)
    assert make.stage(house, id) is Stage.APPROVED
    house.close()


def test_approval_waits_until_names_were_found_in_what_was_changed(house: Archive, interview: UUID) -> None:
    """A corrected turn may name somebody whom nobody has decided about."""
    fresh(house, interview)
    for key in keys(house, interview):
        decide(house, ONE, interview, key, review.read(house, ONE, interview).version)
    version = review.read(house, ONE, interview).version
    version = changes.make(house, ONE, interview, Reword("4", "Больше я ничего не помню."), version)
    with pytest.raises(NotSettled):
        approval.approve(house, ONE, interview, version)
    assert not review.settled(house, ONE, interview).stale


def test_approval_waits_until_every_concealed_word_has_a_place_in_the_sound(house: Archive, interview: UUID) -> None:
    """A name whose time cannot be right, far from any other word: refused before masking, saying where to listen."""
    fresh(house, interview)
    with house.catalogue.writing() as ledger:
        permit = house.require(Act.DECIDE, ONE, ledger.interviews.get(interview))
        words = [Word("Лебедева", 45.0, 45.0), Word("Антон", 300.0, 300.4)]
        said = Transcript("t", tuple(Segment((word,), "ru", "S1") for word in words), 310.0, "machine")
        passages = [Passage(word.text, "ru") for word in words]
        people = group(ListedNames().find(passages), passages)
        for kind, content in ((PaperKind.REVIEWED, said.as_json()), (PaperKind.ROSTER, people.as_json())):
            there = ledger.papers.get(permit, interview, kind)
            ledger.papers.put(permit, Paper.new(interview, kind, content), there.version if there else 0)
    for key in keys(house, interview):
        version = review.read(house, ONE, interview).version
        version = review.decide(house, ONE, interview, {key: Choice(Decision.CONCEAL)}, version)
    with pytest.raises(SoundNotFound) as refused:
        approval.approve(house, ONE, interview, version)
    assert "0:45" in refused.value.told()
    assert make.stage(house, interview) is Stage.IN_REVIEW
    assert approval.preview(house, ONE, interview).lost == "0:45"
    changes.make(house, ONE, interview, Silence((44.0, 46.0), 310.0), version)
    assert approval.approve(house, ONE, interview, version + 1)
    approval.send_back(house, ONE, interview)
