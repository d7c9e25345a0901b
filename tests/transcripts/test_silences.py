"""What is withheld falls silent where it was really said, whatever times a recognizer or a correction left it with."""

from __future__ import annotations

from dataclasses import replace
from itertools import accumulate, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transcripts.corrections import reworded
from transcripts.errors import SoundNotFound
from transcripts.names import Label, Mention, Passage, group
from transcripts.pseudonyms import pseudonymise
from transcripts.pseudonyms.silences import has_place, is_plausible, letters, silences
from transcripts.words import Segment, Span, Transcript, Word

NAME = "Хмельницкий"
PLAIN = st.sampled_from(["мы", "тогда", "жили", "рядом", "потом", "уехали", "воскресенье"])
PACE = st.floats(0.04, 0.13)  # seconds a letter, quick to slow


@st.composite
def said(draw: st.DrawFn) -> tuple[tuple[Word, ...], int]:
    """Words with the times at which they are really said, and which of them is the name."""
    before = draw(st.lists(PLAIN, min_size=1, max_size=5))
    texts = [*before, NAME, *draw(st.lists(PLAIN, min_size=1, max_size=5))]
    lengths = [max(0.08, len(text) * draw(PACE)) for text in texts]
    edges = list(accumulate(lengths, initial=draw(st.floats(0, 3))))
    return tuple(Word(text, *times) for text, times in zip(texts, pairwise(edges), strict=True)), len(before)


def released(words: tuple[Word, ...], seconds: float, made_by: str = "test") -> list[tuple[float, float]]:
    """What falls silent when the name is concealed."""
    transcript = Transcript("t", (Segment(words, "ru"),), seconds, made_by)
    passages = [Passage(transcript.segments[0].text, "ru")]
    found = [
        Mention(0, at, at + len(NAME), Label.SURNAME, "хмельницк", "protected", 1.0)
        for at in [passages[0].text.find(NAME)]
    ]
    return silences(pseudonymise(transcript, group(found, passages), {}).transcript)


def covers(spans: list[tuple[float, float]], word: Word, pad: float = 0.25) -> bool:
    return any(start - pad <= word.start and word.end <= end + pad for start, end in spans)


WRONG = {
    "no length, at the start": lambda before, name, after: (before, replace(name, end=name.start), after),
    "no length, in the word before": lambda before, name, after: (
        replace(before, end=name.end),
        replace(name, start=before.end, end=before.end),
        after,
    ),
    "the word before has swallowed it": lambda before, name, after: (
        replace(before, end=name.end),
        replace(name, start=name.end, end=name.end),
        after,
    ),
    "the word after has swallowed it": lambda before, name, after: (
        before,
        replace(name, end=name.start),
        replace(after, start=name.start),
    ),
    "a moment, too short for its letters": lambda before, name, after: (
        before,
        replace(name, end=name.start + 0.06),
        replace(after, start=name.start + 0.06),
    ),
    "the end of its time, too short for its letters": lambda before, name, after: (
        replace(before, end=name.end - 0.1),
        replace(name, start=name.end - 0.1),
        after,
    ),
    "time that the next word has too": lambda before, name, after: (
        before,
        replace(name, end=name.start + (name.end - name.start) / 2),
        replace(after, start=name.start + 0.01),
    ),
    "longer than anybody says it": lambda before, name, after: (before, replace(name, start=before.start), after),
}


@pytest.mark.parametrize("how", WRONG)
@given(said())
def test_a_name_whose_time_is_wrong_falls_silent_where_it_is_said(
    how: str, truth: tuple[tuple[Word, ...], int]
) -> None:
    """The word before or after it has its sound, so their time is taken as well."""
    words, at = truth
    wrong = (*words[: at - 1], *WRONG[how](*words[at - 1 : at + 2]), *words[at + 2 :])
    assert covers(released(wrong, words[-1].end + 1), words[at])


@given(said())
def test_a_name_in_its_place_costs_no_neighbour(truth: tuple[tuple[Word, ...], int]) -> None:
    """What can be trusted is taken as it is, and as the whole answer."""
    words, at = truth
    assert released(words, words[-1].end + 1) == [(words[at].start, words[at].end)]


@given(said(), st.sampled_from(["да", "он", "Ян"]))
def test_a_short_word_corrected_to_a_longer_name_is_not_trusted(
    truth: tuple[tuple[Word, ...], int], heard: str
) -> None:
    """The recognizer heard a syllable of the name and gave the rest of it to the words around."""
    words, at = truth
    third = (words[at].end - words[at].start) / 8
    before = replace(words[at - 1], end=words[at].start + third)
    middle = Word(heard, before.end, before.end + min(third, 0.2))
    after = replace(words[at + 1], start=middle.end)
    machine = Segment((*words[: at - 1], before, middle, after, *words[at + 2 :]), "ru")
    corrected = reworded(machine, [word.text for word in words])
    assert covers(released(corrected.words, words[-1].end + 1, "person"), words[at])


@given(said())
def test_two_words_corrected_into_a_name_keep_their_stretch(truth: tuple[tuple[Word, ...], int]) -> None:
    """A name heard as two words has the time of both."""
    words, at = truth
    middle = (words[at].start + words[at].end) / 2
    halves = (Word("хмель", words[at].start, middle), Word("ницкий", middle, words[at].end))
    corrected = reworded(Segment((*words[:at], *halves, *words[at + 1 :]), "ru"), [word.text for word in words])
    assert released(corrected.words, words[-1].end + 1) == [(words[at].start, words[at].end)]


def mark(start: float, end: float, seconds: float, *others: Word) -> Transcript:
    """A transcript in which one mark stands among ``others``."""
    words = tuple(sorted((*others, Word("[имя-1]", start, end)), key=lambda word: word.start))
    text = " ".join(word.text for word in words)
    at = text.index("[имя-1]")
    return Transcript("t", (Segment(words, "ru", None, (Span(at, at + 7, "surname", 1),)),), seconds, "test")


@pytest.mark.parametrize(
    ("transcript", "place"),
    [
        (mark(40, 40, 300), "0:40"),
        (mark(100, 100, 300, Word("тогда", 10, 10.5), Word("потом", 200, 200.4)), "1:40"),
        (mark(70, 70, 60, Word("тогда", 59.0, 59.5)), "1:10"),
    ],
)
def test_a_name_that_nothing_places_is_told_and_not_guessed(transcript: Transcript, place: str) -> None:
    """Alone, too far from any word, behind the end: the reviewer is told where to listen."""
    with pytest.raises(SoundNotFound) as caught:
        silences(transcript)
    assert place in caught.value.told()


def test_a_person_who_marked_the_place_has_answered() -> None:
    """The seconds marked by hand fall silent, and stand for the name in them."""
    assert silences(mark(40, 40, 300), [(39.0, 42.5)]) == [(39.0, 42.5)]
    with pytest.raises(SoundNotFound):
        silences(mark(40, 40, 300), [(50.0, 52.0)])


@pytest.mark.parametrize(
    ("seconds", "text", "plausible"),
    [
        (0.06, "Нурмухамет", False),
        (4.0, "Нурмухамет", False),
        (0.5, "Нурмухамет", True),
        (0.05, "и", True),
        (0.0, "и", False),
        (0.2, "89151234567", False),
        (5.0, "89151234567", True),
        (0.3, "—", True),
    ],
)
def test_what_can_be_said_in_a_time(seconds: float, text: str, plausible: bool) -> None:
    """Digits are long to say; punctuation takes no time."""
    assert is_plausible(seconds, letters(text)) is plausible


def test_a_word_past_the_end_of_the_sound_has_no_place() -> None:
    """Nothing would be masked there."""
    words = (Word("тогда", 1.0, 1.4), Word(NAME, 9.5, 10.2))
    assert has_place(words, range(1, 2), 10.15)
    assert not has_place(words, range(1, 2), 9.9)


def test_a_pause_beside_a_name_falls_silent_too() -> None:
    """Recognizers cut endings off; nobody else speaks there, so nothing is lost. The words around stay."""
    words = (Word("тогда", 1.0, 1.4), Word(NAME, 2.0, 2.6), Word("приехал", 2.8, 3.2))
    assert released(words, 4.0) == [(1.6, 2.8)]
