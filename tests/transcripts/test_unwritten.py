"""A name that a reviewer took out of the text is not heard either."""

from __future__ import annotations

import pytest

from transcripts.corrections import reworded
from transcripts.names import Choice, Decision, Detector, Passage, group
from transcripts.pseudonyms import pseudonymise, silences, unwritten
from transcripts.words import Segment, Transcript, Word

SAID = "Потом пришла Вера Хмельницкая и принесла документы."


def transcript(text: str = SAID) -> Transcript:
    """One turn, a word each half second."""
    words = tuple(Word(one, n / 2, n / 2 + 0.45, 0.9) for n, one in enumerate(text.split()))
    return Transcript("t", (Segment(words, "ru"),), len(words) / 2, "test")


def quiet(said: str, corrected: str, **choices: Choice) -> list[tuple[float, float]]:
    """What falls silent for having left the text; ``choices`` by surname."""
    heard = transcript(said)
    segments = (reworded(heard.segments[0], corrected.split()),)
    reviewed = Transcript("r", segments, heard.seconds, "person")
    find = Detector(None).find
    there = [Passage(segment.text, "ru") for segment in reviewed.segments]
    roster = group(find(there), there)
    passages = [Passage(segment.text, "ru") for segment in heard.segments]
    named = group(find(passages), passages)
    decided = {
        person.key: choice
        for person in (*named.people, *roster.people)
        for surname, choice in choices.items()
        if surname in person.forms
    }
    return unwritten(heard, named, decided, pseudonymise(reviewed, roster, decided).transcript)


def covers(spans: list[tuple[float, float]], start: float, end: float) -> bool:
    return any(first <= start and end <= last for first, last in spans)


@pytest.mark.parametrize(
    "corrected",
    [
        "Потом пришла Вера и принесла документы.",  # struck out
        "Потом пришла Вера одна и принесла документы.",  # written over
        "Потом пришла она и принесла документы.",  # first name and all
        "Потом пришла и принесла документы.",
    ],
)
def test_a_name_struck_out_falls_silent(corrected: str) -> None:
    """Its sound is where the machine heard it, whatever stands there now."""
    assert covers(quiet(SAID, corrected), 1.5, 1.95)


@pytest.mark.parametrize(
    ("said", "corrected"),
    [
        (SAID, "Потом пришла Вера Хмельницкая и принесла бумаги."),  # withheld in the text, hence silent without this
        (SAID, "Потом пришла Вера Хмельнитская и принесла документы."),  # the spelling alone
        ("Потом пришла зима и принесла снег.", "Потом пришла зима и принесла дождь."),
    ],
)
def test_what_the_text_still_has_is_the_texts_matter(said: str, corrected: str) -> None:
    """Nothing more falls silent than what the text withholds."""
    assert quiet(said, corrected) == []


def test_a_kept_person_may_be_struck_out() -> None:
    """Whoever may be heard may also be left out of the text."""
    keep = Choice(Decision.KEEP)
    assert quiet(SAID, "Потом пришла Вера и принесла документы.", хмельницкая=keep) == []
    assert quiet(SAID, "Потом пришла Вера и принесла документы.") != []


def test_both_kinds_of_silence_meet() -> None:
    """A name withheld in the text and one struck out beside it: both are silent."""
    said = "Пришли Вера Хмельницкая и Павел Нурмухаметов вечером."
    heard = transcript(said)
    spans = quiet(said, "Пришли Вера Хмельницкая и Павел вечером.")
    assert covers(spans, 2.5, 2.95)
    there = [Passage(said, "ru")]
    whole = silences(pseudonymise(heard, group(Detector(None).find(there), there), {}).transcript)
    assert covers(whole, 1.0, 1.45)
