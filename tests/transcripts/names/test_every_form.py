"""Whoever is named once with first name and patronymic is found in every form after it. All people are invented."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from transcripts.names import Detector, Passage
from transcripts.names.keys import key
from transcripts.names.lexicon import lexicon
from transcripts.names.training.hearing import misheard_word
from transcripts.names.training.renaming import inflected, plain_surnames

DETECTOR = Detector(None)
SURNAMES = [name for name in plain_surnames() if len(name) > 5]
TURNS = [
    ("У {} тогда болела нога.", "gent"),
    ("Мы пошли к {} за хлебом.", "datv"),
    ("Потом {} молчал до вечера.", "nomn"),
    ("С {} мы больше не виделись.", "ablt"),
    ("Про {} в газете не писали.", "accs"),
]
FIRST = ["Иван", "Павел", "Григорий", "Лев", "Пётр"]
FILLERS = ["", " э-э...", ", ну,", "... как его..."]


def is_told_apart(word: str) -> bool:
    """Whether a word is not common, no town and no first name: who “к Лондону” or “у тигранов” is, nobody can tell."""
    known = lexicon("ru").facts(word.lower())
    return not known.ordinary and not known.likely_place and not known.first


@st.composite
def interviews(draw: st.DrawFn) -> tuple[list[str], list[str]]:
    """Turns, and the forms of the surname in them: the first in full, the others bare, at most one of them misheard.

    What is misheard to a common word or is too short to be known again (four letters of a key) is left as it was.
    """
    surname = draw(st.sampled_from(SURNAMES).filter(is_told_apart))
    forms = [surname.title()]
    turns = [f"Меня зовут {draw(st.sampled_from(FIRST))} Петрович{draw(st.sampled_from(FILLERS))} {forms[0]}."]
    chosen = draw(st.lists(st.sampled_from(TURNS), min_size=1, max_size=4))
    misheard = draw(st.integers(0, len(chosen) - 1))
    for n, (turn, case) in enumerate(chosen):
        form = (inflected(surname, case, "masc", "sing") or surname).title()
        assume(is_told_apart(form))
        heard = misheard_word(form, Random(draw(st.integers(0, 99)))) if n == misheard else form
        forms.append(heard if is_told_apart(heard) and len(key(heard)) > 4 else form)
        turns.append(turn.format(forms[-1]))
    if draw(st.booleans()):
        return [turn.lower().replace(".", "").replace(",", "") for turn in turns], [form.lower() for form in forms]
    return turns, forms


@pytest.mark.slow
@settings(deadline=None, max_examples=25)
@given(interviews())
def test_every_form_of_a_surname_is_found(interview: tuple[list[str], list[str]]) -> None:
    """Inflected, misheard by one sound, without capitals, with fillers after the first name."""
    turns, forms = interview

    found = DETECTOR.find([Passage(turn, "ru") for turn in turns])

    for number, (turn, form) in enumerate(zip(turns, forms, strict=True)):
        start = turn.index(form)
        covered = {n for one in found if one.passage == number for n in range(one.start, one.end)}
        assert set(range(start, start + len(form))) <= covered, (turn, form)
