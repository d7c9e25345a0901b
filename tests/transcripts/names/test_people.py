"""Mentions put together into people."""

from __future__ import annotations

import json

import pytest

from transcripts.names import Choice, Decision, Detector, Passage, PublicFigures, Roster, group
from transcripts.shipped import shipped

STORY = (
    Passage("Меня зовут Ирина Сергеевна Лебедева.", "ru"),
    Passage("К брату, Антону Лебедеву, приходила полиция.", "ru"),
    Passage("Путин объявил мобилизацию. Помогла Зоя Мороз.", "ru"),
    Passage("У Лебедевых разбили окно, а Морозы уехали.", "ru"),
)


def roster(protected: tuple[str, ...] = ()) -> Roster:
    """The people of the story."""
    detector = Detector(PublicFigures.load(shipped("public_figures.toml")))
    return group(detector.find(STORY, protected), STORY)


def test_a_family_in_all_its_forms_is_one_person_numbered_by_appearance() -> None:
    """One decision conceals Лебедева, Лебедеву and the Лебедевы, and the patronymic with them."""
    people = roster().people

    assert [person.number for person in people] == [1, 2, 3]
    assert people[0].forms == ("сергеевна", "лебедева", "лебедеву", "лебедевых")
    assert people[0].first_name == "Ирина, Антон"
    assert people[2].forms == ("мороз", "морозы")


def test_only_a_public_figure_is_proposed_to_be_kept() -> None:
    """Everybody else is proposed for concealment."""
    made = roster()

    assert [person.proposal for person in made.people] == [Decision.CONCEAL, Decision.PUBLIC_FIGURE, Decision.CONCEAL]
    assert made.proposed() == {made.people[1].key: Choice(Decision.PUBLIC_FIGURE)}


def test_undecided_and_protected_people_are_concealed() -> None:
    """Keeping somebody takes a decision, and for the protected not even that is enough."""
    first, figure, _ = roster(("Лебедева",)).people

    assert figure.is_concealed({})
    assert not figure.is_concealed({figure.key: Choice(Decision.KEEP)})
    assert first.protected
    assert first.is_concealed({first.key: Choice(Decision.KEEP)})


def test_below_the_threshold_a_person_is_asked() -> None:
    """Unsure is a question, not a silence."""
    mentions = Detector(None).find(STORY)

    assert {person.proposal for person in group(mentions, STORY, conceal_above=0.99).people} == {Decision.ASK}


def test_a_roster_survives_json_and_shows_no_name() -> None:
    """What is stored is what was found; what is logged by mistake is empty."""
    made = roster(("Зоя Мороз", "+7 912 000 15 47"))

    assert Roster.from_json(made.as_json()) == made
    assert "ороз" not in repr(made).lower()
    assert "марас" not in repr(made)


@pytest.mark.parametrize(
    ("name", "concealed", "kept"),
    [
        (
            "irina",
            [
                {"сергеевна", "лебедева", "петровна", "лебедев", "лебедеву", "лебедевы", "лебедевых"},
                {"мороз"},
                {"8 912 000 15 47"},
            ],
            {"путин"},
        ),
        (
            "dmitry",
            [
                {"олегович"},
                {"ковалёв", "иванович", "ковалёвым"},
                {"соколова", "соколовы"},
                {"громов"},
                {"вебер"},
            ],
            {"навальный"},
        ),
    ],
)
def test_the_demo_interviews_conceal_whom_they_name(name: str, concealed: list[set[str]], kept: set[str]) -> None:
    """What the demo shows first: families together, the frost left alone, figures kept."""
    turns = json.loads(shipped(f"demo/{name}.json").read_text(encoding="utf-8"))
    passages = [Passage(turn["text"], "ru") for turn in turns]
    detector = Detector(PublicFigures.load(shipped("public_figures.toml")))
    people = group(detector.find(passages), passages)
    proposed = people.proposed()

    assert [set(one.forms) for one in people.people if one.is_concealed(proposed)] == concealed
    assert {form for one in people.people if not one.is_concealed(proposed) for form in one.forms} == kept
    assert not any("мороз" in passages[m.passage].text for one in people.people for m in one.mentions)
