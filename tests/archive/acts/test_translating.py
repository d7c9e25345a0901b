"""Translations: laid beside the turns in review, pseudonymised by the same decisions, read beside what is released."""

from __future__ import annotations

from uuid import UUID

import pytest

from archive import worker
from archive.acts import approval, changes, research, review, translating, undoing
from archive.acts.editing import Join, Reword, Split
from archive.acts.translating import LayBeside, Render, TakeAway
from archive.errors import BadInput, Conflict, Refused
from archive.interview import Stage
from archive.parts import Archive
from tests import make
from tests.rooms import ArchiveWith
from transcripts.formats import WRITERS
from transcripts.names import Decision
from transcripts.words import Segment, Transcript, Word

WHO = make.INTERVIEWER


@pytest.fixture
def reviewed(archive_with: ArchiveWith) -> tuple[Archive, UUID]:
    """An interview in review."""
    house, (id,) = archive_with(Stage.IN_REVIEW)
    return house, id


def render(house: Archive, id: UUID, texts: dict[str, str], language: str = "en") -> int:
    """Translations of turns as they read now."""
    on = review.read(house, WHO, id).version
    return changes.make(house, WHO, id, Render(language, {turn: (text, "") for turn, text in texts.items()}), on)


def previewed(house: Archive, id: UUID) -> dict[str, list[str | None]]:
    """The translations as others would read them."""
    found = approval.preview(house, WHO, id).translations
    return {
        one.rendered.translation.language: [part.text if part else None for part in one.rendered.translation.segments]
        for one in found
    }


def test_what_was_previewed_is_what_is_read(reviewed: tuple[Archive, UUID]) -> None:
    """Concealed by the decisions about the transcript, in the released layer alone, and gone while it is reviewed."""
    house, id = reviewed
    named = _turn_that_names(house, id, "Лебедев")
    render(house, id, {str(named): "My name is Irina Lebedeva, nobody knows Lebedevs."})
    seen = previewed(house, id)["en"]
    assert seen[named] is not None
    assert "Lebedev" not in seen[named]
    make.approved(house, id)
    worker.work(house)

    reading = research.read(house, make.HISTORIAN, id, "en")
    assert reading.interview.translations == ("en",)
    assert reading.beside is not None
    assert [part.text if part else None for part in reading.beside.segments] == seen
    assert research.read(house, make.HISTORIAN, id, "uk").beside is None
    assert research.export(house, make.HISTORIAN, id, "en").segments[0].text == seen[named]
    with pytest.raises(BadInput):
        research.export(house, make.HISTORIAN, id, "uk")
    with pytest.raises(Refused):
        render(house, id, {str(named): "Irina Lebedeva"})

    approval.reopen(house, make.ARCHIVIST, id)
    changes.make(house, make.ARCHIVIST, id, TakeAway("en"), review.read(house, make.ARCHIVIST, id).version)
    make.approved(house, id)
    worker.work(house)
    assert research.read(house, make.HISTORIAN, id, "en").interview.translations == ()


def _turn_that_names(house: Archive, id: UUID, name: str) -> int:
    segments = review.read(house, WHO, id).transcript.segments
    return next(n for n, segment in enumerate(segments) if name in segment.text)


def test_a_turn_that_was_changed_since_is_left_out_until_somebody_looks(reviewed: tuple[Archive, UUID]) -> None:
    """What was struck out of the text is struck out of its translation; undone, it is there again."""
    house, id = reviewed
    render(house, id, {"0": "One, two.", "1": "My brother deserted."})
    on = review.read(house, WHO, id).version
    changes.make(house, WHO, id, Reword("1", "Об этом я не скажу."), on)
    assert previewed(house, id)["en"][:2] == ["One, two.", None]
    (told,) = approval.preview(house, WHO, id).translations
    assert told.outdated == (1,)
    (progress,) = translating.sheet(house, WHO, id, "en").progress
    assert (progress.done, progress.old, progress.next) == (2, 1, 1)

    undoing.undo(house, WHO, id, on + 1)
    assert previewed(house, id)["en"][:2] == ["One, two.", "My brother deserted."]
    changes.make(house, WHO, id, Reword("1", "Об этом я не скажу."), on + 2)
    row = translating.sheet(house, WHO, id, "en").rows[1]
    assert row.old
    changes.make(house, WHO, id, Render("en", {"1": ("I will not speak of it.", row.of)}), on + 3)
    assert previewed(house, id)["en"][:2] == ["One, two.", "I will not speak of it."]


def test_a_page_that_showed_another_text_translates_nothing(reviewed: tuple[Archive, UUID]) -> None:
    """Its digest is that of what was shown: what somebody else corrected meanwhile was not translated."""
    house, id = reviewed
    shown = translating.sheet(house, WHO, id, "en")
    changes.make(house, WHO, id, Reword("1", "Совсем другое."), shown.version)
    changes.make(house, WHO, id, Render("en", {"1": ("As it was.", shown.rows[1].of)}), shown.version)
    assert previewed(house, id)["en"][1] is None


def test_turns_that_are_cut_or_put_together_lose_their_translation(reviewed: tuple[Archive, UUID]) -> None:
    """And have it again when that is undone."""
    house, id = reviewed
    render(house, id, {"0": "First.", "1": "Second.", "2": "Third."})
    for operation in (Split("1", 1), Join("2")):
        on = review.read(house, WHO, id).version
        changes.make(house, WHO, id, operation, on)
        seen = previewed(house, id)["en"]
        assert [one for one in seen if one] in (["First.", "Third."], ["First."])
        undoing.undo(house, WHO, id, on + 1)
    assert previewed(house, id)["en"][:3] == ["First.", "Second.", "Third."]


def test_two_who_translate_never_overwrite_each_other(reviewed: tuple[Archive, UUID]) -> None:
    """The same turn is a conflict, different ones are merged; each undoes what is theirs."""
    house, id = reviewed
    on = review.read(house, WHO, id).version
    changes.make(house, WHO, id, Render("en", {"0": ("Mine.", "")}), on)
    changes.make(house, make.ARCHIVIST, id, Render("en", {"1": ("Another’s.", "")}), on)
    with pytest.raises(Conflict):
        changes.make(house, make.ARCHIVIST, id, Render("en", {"0": ("Theirs.", "")}), on)
    undoing.undo(house, make.ARCHIVIST, id, on + 2)
    assert previewed(house, id)["en"][:2] == ["Mine.", None]


def test_a_translation_voids_what_was_read_before(reviewed: tuple[Archive, UUID]) -> None:
    """Nothing is released that whoever approves it did not see."""
    house, id = reviewed
    before = review.read(house, WHO, id).version
    render(house, id, {"0": "One."})
    with pytest.raises(Conflict):
        approval.approve(house, WHO, id, before)


@pytest.mark.parametrize("form", ["vtt", "srt", "json"])
def test_a_file_lies_beside_the_turns_it_was_made_from(reviewed: tuple[Archive, UUID], form: str) -> None:
    """What was exported, translated and sent back; and it takes the place of what stood there."""
    house, id = reviewed
    spoken = review.read(house, WHO, id).transcript
    render(house, id, {"0": "Old.", str(len(spoken.segments) - 1): "Old, too."})
    told = [f"Turn {n}, as it was said." for n in range(len(spoken.segments) - 1)]
    segments = tuple(
        Segment((*_words(text, one),), "en", one.speaker) for text, one in zip(told, spoken.segments, strict=False)
    )
    file = WRITERS[form](Transcript("t", segments, spoken.seconds, "person")).encode()
    on = review.read(house, WHO, id).version
    changes.make(house, WHO, id, LayBeside.of(file, "en"), on)
    assert previewed(house, id)["en"] == [*told, None]
    undoing.undo(house, WHO, id, on + 1)
    assert previewed(house, id)["en"][0] == "Old."


def _words(text: str, one: Segment) -> list[Word]:
    return [Word(word, one.start, one.end) for word in text.split()]


@pytest.mark.parametrize(
    "file",
    [
        b"",
        b"WEBVTT\n",
        b"\xff\xfe\x00",
        b"{",
        b'{"segments": 3}',
        "Просто текст".encode(),
        b"1\n00:00:09,000 --> x\na\n",
    ],
)
def test_a_file_that_is_none_is_told_without_its_words(file: bytes) -> None:
    """One sentence, beside the field."""
    with pytest.raises(BadInput) as caught:
        LayBeside.of(file, "en")
    assert caught.value.field == "file"
    assert caught.value.__cause__ is None


def test_what_is_no_translation_of_this_is_refused(reviewed: tuple[Archive, UUID]) -> None:
    """Times beyond the recording, turns that are not there, languages in which no names are found, endless texts."""
    house, id = reviewed
    on = review.read(house, WHO, id).version
    late = b"1\n01:00:00,000 --> 01:00:02,000\nLate.\n"
    for operation in (
        LayBeside.of(late, "en"),
        Render("en", {"77": ("Nowhere.", "")}),
        Render("de", {"0": ("Eins.", "")}),
        Render("en", {"0": ("a" * 20_001, "")}),
    ):
        with pytest.raises(BadInput):
            changes.make(house, WHO, id, operation, on)
    with pytest.raises(BadInput):
        translating.sheet(house, WHO, id, "de")
    with pytest.raises(Refused):
        translating.sheet(house, make.HISTORIAN, id)
    assert review.read(house, WHO, id).version == on


def test_a_decision_holds_in_both_languages(reviewed: tuple[Archive, UUID]) -> None:
    """Kept in the text, kept in the translation; a cover name stands in the letters of the translation."""
    house, id = reviewed
    named = _turn_that_names(house, id, "Лебедев")
    render(house, id, {str(named): "Irina Lebedeva."})
    current = review.read(house, WHO, id)
    key = next(one.key for one in current.roster.people if any("лебедев" in form for form in one.forms))
    for choice, expected in (
        (review.Choice(Decision.CONCEAL, "Соколова"), "Irina Sokolova."),
        (review.Choice(Decision.CONCEAL), "Irina [name-"),
    ):
        review.decide(house, WHO, id, {key: choice}, review.read(house, WHO, id).version)
        seen = previewed(house, id)["en"][named]
        assert seen is not None
        assert seen.startswith(expected)
