"""How the narrator is called in citations: what they allowed, unless it tells whom the text conceals."""

from __future__ import annotations

from functools import cache

import pytest

from archive.consent import Consent, Naming, Terms
from archive.pipeline.called import called
from transcripts.names import Choice, Decision, Detector, Passage, Roster, group

NARRATOR = "Ирина Сергеевна Лебедева"


@cache
def detector() -> Detector:
    """Loaded once."""
    return Detector(None)


def people(text: str, *protected: str) -> Roster:
    passages = [Passage(text, "ru")]
    return group(detector().find(passages, protected), passages)


def name(naming: Naming, roster: Roster, cover: str | None = None, protected: tuple[str, ...] = ()) -> str:
    """What ``called`` says; everybody in the roster is concealed, under ``cover``, unless it is None."""
    consent = Consent(terms=Terms(naming=naming), narrator=NARRATOR, protected_names=protected)
    decision = Decision.KEEP if cover is None else Decision.CONCEAL
    choices = {one.key: Choice(decision, cover or "") for one in roster.people}
    return called(consent, "ru", roster, choices)


def test_the_choice_of_naming_is_kept() -> None:
    """Nobody in the text is concealed: the whole name, the first name, nothing."""
    nobody = people("Вечером пили чай.")
    assert name(Naming.FULL_NAME, nobody) == NARRATOR
    assert name(Naming.FIRST_NAME, nobody) == "Ирина"
    assert name(Naming.NO_NAME, nobody) == ""
    assert name(Naming.COVER_NAME, nobody) == ""


def test_a_brother_who_is_concealed_takes_the_surname_along() -> None:
    """Whoever allowed the full name does not name the brother in whose name it is."""
    brother = people("Мой брат Павел Лебедев остался там.")
    assert name(Naming.FULL_NAME, brother, "") == "Ирина"
    assert name(Naming.FULL_NAME, brother) == NARRATOR


@pytest.mark.parametrize(("cover", "called"), [("", ""), ("Анна Лесная", "Анна Лесная"), ("Ирина Лесная", "")])
def test_a_cover_name_stands_only_where_one_was_chosen(cover: str, called: str) -> None:
    """Nothing of the real name stands in it."""
    roster = people("Меня зовут Ирина Сергеевна Лебедева.", "Ирина", "Сергеевна", "Лебедева")
    assert name(Naming.COVER_NAME, roster, cover) == called


def test_no_narrator_is_nobody() -> None:
    """A consent without a name."""
    consent = Consent(terms=Terms(naming=Naming.FULL_NAME))
    assert called(consent, "ru", Roster(), {}) == ""
