"""Corrections: what a person writes keeps, or gets, a time under which masking covers it."""

from __future__ import annotations

from transcripts.corrections import reworded
from transcripts.names import Detector, Passage, group
from transcripts.pseudonyms import pseudonymise
from transcripts.words import Segment, Transcript, Word


def test_a_name_added_between_two_words_silences_both() -> None:
    """The recognizer ran it together with them; the pause between them is not where it was said."""
    heard = Segment((Word("Иван", 1.0, 1.5), Word("пришёл", 1.65, 2.9), Word("домой.", 3.0, 3.5)), "ru")
    corrected = reworded(heard, ["Иван", "Лебедев", "пришёл", "домой."])
    passages = [Passage(corrected.text, "ru")]
    people = group(Detector(None).find(passages, ["Лебедев"]), passages)

    made = pseudonymise(Transcript("t", (corrected,), 4.0, "person"), people, {})

    assert made.silences == [(1.0, 2.9)]
