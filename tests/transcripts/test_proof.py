"""What is heard in the masked sound is compared with everybody concealed, and nothing excuses too much."""

from __future__ import annotations

import pytest

from transcripts.names import Choice, Decision, Detector, Passage, group
from transcripts.pseudonyms import Cleared, Finding, Listened, pseudonymise, still_heard
from transcripts.words import Segment, Transcript, Word

LINES = (
    "Меня зовут Ирина Сергеевна Хмельницкая.",
    "Был мороз, и помогла Зоя Мороз.",
    "Звоните 8 912 345 67 89 или соседям Кирпичёвым.",
)
LISTED = ("Хмельницкая", "Зоя Мороз", "Кирпичёв")


def talk(*lines: str, at: float = 0.0) -> Transcript:
    """A transcript with half a second to each word."""
    segments, now = [], at
    for line in lines:
        words = tuple(Word(text, now + n / 2, now + n / 2 + 0.4) for n, text in enumerate(line.split()))
        segments.append(Segment(words, "ru"))
        now = words[-1].end + 1
    return Transcript("t", tuple(segments), now, "test")


SAID = talk(*LINES)
PASSAGES = [Passage(segment.text, "ru") for segment in SAID.segments]
PEOPLE = group(Detector(None).find(PASSAGES, LISTED), PASSAGES)
RELEASED = pseudonymise(SAID, PEOPLE, {}).transcript


def number(form: str) -> int:
    return next(one.number for one in PEOPLE.people if any(form in known for known in one.forms))


def heard(line: str, at: float, pace: float = 0.5) -> list[Segment]:
    """One window in which ``line`` is heard from ``at`` on."""
    words = tuple(Word(text, at + n * pace, at + n * pace + 0.8 * pace) for n, text in enumerate(line.split()))
    return [Segment(words, "ru")]


def found(*windows: list[Segment], choices: dict[str, Choice] | None = None) -> list[Finding]:
    quiet = pseudonymise(SAID, PEOPLE, choices or {}).silences
    return still_heard(windows, PEOPLE, choices or {}, RELEASED, quiet)


def numbers(*windows: list[Segment]) -> set[int]:
    return {one.number for one in found(*windows)}


@pytest.mark.parametrize(
    "line",
    [
        "а Хмельницкая пришла",
        "о хмельницкой говорили",
        "про Хмильницких помню",
        "это Хмель ницкая была",
        "это хмель ниц кая была",
        "тут ухмельницкая была",
        "тут хмельницкаяговорила была",
    ],
)
def test_a_name_is_heard_however_it_is_written(line: str) -> None:
    """In another form, misheard, split in two or three, run into its neighbour."""
    assert numbers(heard(line, 30.0)) == {number("хмельницк")}


@pytest.mark.parametrize(
    "line",
    ["мы жили тогда в посёлке у реки и работали", "хмель рос у дома", "он кирпич принёс", "сергей и соседи пришли"],
)
def test_ordinary_words_are_nobody(line: str) -> None:
    """The parts of a name that are words, alone, do not stop a release."""
    assert found(heard(line, 30.0)) == []


def test_what_stays_audible_is_excused_at_its_own_place_only() -> None:
    """The frost is to be heard, once, at its moment; the woman of that name beside it is not."""
    frost = SAID.segments[1].words[1]
    assert found(heard("мороз", frost.start)) == []
    assert numbers(heard("мороз", frost.start + 30)) == {number("мороз")}
    assert numbers(heard("мороз мороз", frost.start - 0.1, pace=0.3)) == {number("мороз")}


def test_each_window_may_hear_what_is_kept() -> None:
    """Windows overlap, so the same frost is heard twice."""
    frost = SAID.segments[1].words[1]
    assert found(heard("мороз", frost.start), heard("мороз", frost.start + 0.1)) == []


def test_inside_a_silence_nothing_is_excused() -> None:
    """A word heard under the tone is not the kept one next to it."""
    name = SAID.segments[1].words[5]
    assert name.text == "Мороз."
    close = talk("мороз", at=name.start - 0.3)
    excusing = Transcript("t", (*RELEASED.segments[:1], *close.segments, RELEASED.segments[2]), SAID.seconds, "test")
    window = heard("мороз", name.start)
    assert still_heard([window], PEOPLE, {}, excusing, []) == []
    quiet = [(name.start, name.end)]
    assert [one.number for one in still_heard([window], PEOPLE, {}, excusing, quiet)] == [number("мороз")]


def test_a_piece_of_a_number_gives_it_away() -> None:
    """Five digits in a row are as good as all of them; four, or others, are not."""
    assert numbers(heard("это 912 345 вот", 40.0)) == {number("912")}
    assert numbers(heard("это 12 34 вот", 40.0)) == set()
    assert numbers(heard("это 999 000 вот", 40.0)) == set()


def test_who_is_kept_may_be_heard() -> None:
    """The decisions of the reviewer are asked, not the finders."""
    kept = {one.key: Choice(Decision.KEEP) for one in PEOPLE.people if one.number == number("912")}
    assert found(heard("это 912 345 вот", 40.0), choices=kept) == []
    assert number("хмельницк") in numbers(heard("Хмельницкая", 40.0))


def test_findings_say_from_when_to_when_and_once() -> None:
    """A name heard whole and in parts, or in two windows, is one place to listen to."""
    assert found(heard("у Хмельницкой", 30.0), heard("Хмельницкой", 30.45)) == [
        Finding(30.45, pytest.approx(30.9), number("хмельницк"))
    ]


def test_a_person_who_listened_clears_one_place_and_one_name() -> None:
    """Not the same name elsewhere, nor another name at that place; the answer outlives a store."""
    listened = Listened(((1.0, 2.5),), (Cleared(30.2, "хмельницк", "somebody", "2026-11-26"),))
    assert listened.clears(30.45, "хмельницк")
    assert not listened.clears(32.0, "хмельницк")
    assert not listened.clears(30.45, "мороз")
    assert Listened.from_json(listened.as_json()) == listened
    assert "хмельницк" not in repr(listened)
