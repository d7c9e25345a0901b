"""Mentions put together into people: who is one, who is another, who they are, and what nobody may see."""

from __future__ import annotations

import json
import traceback

import pytest

from transcripts.errors import BadNames
from transcripts.names import Choice, Decision, Detector, Passage, Person, PublicFigures, Roster, group
from transcripts.names.relations import codes
from transcripts.shipped import shipped

STORY = (
    Passage("Меня зовут Ирина Сергеевна Лебедева.", "ru"),
    Passage("К брату, Антону Лебедеву, приходила полиция.", "ru"),
    Passage("Путин объявил мобилизацию. Помогла Зоя Мороз.", "ru"),
    Passage("У Лебедевых разбили окно, а Морозы уехали.", "ru"),
)
DETECTOR = Detector(PublicFigures.load(shipped("public_figures.toml")))


def roster(protected: tuple[str, ...] = ()) -> Roster:
    """The people of the story."""
    return group(DETECTOR.find(STORY, protected), STORY)


def people(*texts: str, language: str = "ru", protected: tuple[str, ...] = ()) -> tuple[Person, ...]:
    """The people of a few turns, each turn in one language."""
    passages = [Passage(text, language) for text in texts]
    return group(Detector(None).find(passages, protected), passages).people


def test_people_are_told_apart_by_first_name_and_the_family_is_its_own() -> None:
    """Brother and sister are two, the family is a third; all know that they share the surname."""
    irina, anton, _, zoya, lebedevs, morozy = roster().people

    assert [one.number for one in roster().people] == [1, 2, 3, 4, 5, 6]
    assert (irina.forms, irina.first_name, irina.whose) == (("сергеевна", "лебедева"), "Ирина", "f")
    assert (anton.forms, anton.first_name, anton.whose) == (("лебедеву",), "Антон", "m")
    assert (lebedevs.forms, lebedevs.whose) == (("лебедевых",), "family")
    assert (zoya.forms, morozy.forms) == (("мороз",), ("морозы",))
    assert set(irina.names) & set(anton.names) & set(lebedevs.names)


@pytest.mark.parametrize(
    ("texts", "together"),
    [
        (("Пришла Света Соколова.", "Светлане Соколовой дали срок."), 1),  # a diminutive is the same woman
        (("Пришёл Саша Соколов.", "Пришла Саша Соколова."), 2),  # one diminutive, two people
        (("Александр Соколов.", "Александра Соколова.", "Саша Соколова."), 2),
        (("Александр Соколов.", "Видели Александра Соколова.", "Пришла Александра Соколова."), 3),  # he, or she?
        (("Пришёл Иван Лебедев.", "Пришёл Пётр Лебедев."), 2),  # namesakes
        (("Иван Петрович Лебедев вошёл.", "Иван Сергеевич Лебедев вышел."), 2),
        (("Ирина Сергеевна Лебедева пришла.", "Потом Ирина Сергеевна ушла."), 1),
        (("Ирина Сергеевна Лебедева пришла.", "Потом Анна Сергеевна ушла."), 2),
        (("Лебедева Ирина Сергеевна пришла.", "Ирина Лебедева ушла."), 1),
        (("Пришёл Лебедев.", "Лебедевой дали срок."), 2),  # gender alone
        (("Иван Нурмухаметов пришёл.", "Иван Нурмухамтов ушёл."), 1),  # one edit apart, one first name
        (("Иван Петров пришёл.", "Иван Ветров ушёл."), 2),  # one edit apart, and both are surnames
        (("Иван Ковалёв пришёл.", "Иван Кавалев ушёл."), 1),  # sounds alike
        (("Иван Лебедев пришёл.", "Ivan Lebedev ушёл."), 1),  # two scripts
        (("Пришёл А. С. Кузнецов.", "Кузнецову А. С. дали срок."), 1),
        (("Зоя Мороз пришла.", "К Зое Мороз пришли. Мороз плакала."), 1),  # indeclinable for a woman
    ],
)
def test_who_is_one_person_and_who_is_not(texts: tuple[str, ...], together: int) -> None:
    """Forms, diminutives, spellings and scripts of one; namesakes of several."""
    assert len(people(*texts)) == together


def test_a_surname_that_fits_two_is_a_row_of_its_own() -> None:
    """What is unclear is not given to one of them: a reviewer who keeps Иван has not kept it."""
    ivan, pyotr, unclear = people("Пришёл Иван Лебедев.", "Пришёл Пётр Лебедев.", "Лебедев молчал.")

    assert (ivan.first_name, pyotr.first_name, unclear.first_name) == ("Иван", "Пётр", None)
    assert unclear.is_concealed({ivan.key: Choice(Decision.KEEP), pyotr.key: Choice(Decision.KEEP)})


@pytest.mark.parametrize(
    ("text", "owner"),
    [("Лебедева сказала.", "Ирина"), ("У Лебедева был обыск.", "Антон"), ("Это Лебедева.", None)],
)
def test_verb_and_preposition_tell_whose_a_form_is(text: str, owner: str | None) -> None:
    """“Лебедева” is her, or of him."""
    found = people("Ирина Лебедева и Антон Лебедев пришли.", text)

    assert next(one.first_name for one in found if any(each.passage == 1 for each in one.mentions)) == owner


@pytest.mark.parametrize(
    ("text", "language", "code"),
    [
        ("Меня зовут Ирина Лебедева.", "ru", "narrator"),
        ("My name is Anna Lebedeva.", "en", "narrator"),
        ("Мой брат Павел Сорока уехал.", "ru", "brother"),
        ("Павел Сорока, мой брат, уехал.", "ru", "brother"),
        ("К брату, Антону Лебедеву, пришли.", "ru", "brother"),
        ("Сестра моей жены, Вера Громова, уехала.", "ru", "in-law"),
        ("Жена моего брата Павла Сороки осталась.", "ru", "brother"),
        ("Его брат Павел Сорока уехал.", "ru", ""),
        ("Наш участковый Громов пришёл.", "ru", "police"),
        ("Брат уехал. Павел Сорока остался.", "ru", ""),
        ("Моя сусідка Оксана Шевчук поїхала.", "uk", "neighbour"),
        ("My neighbour Anna Lebedeva left.", "en", "neighbour"),
        ("His brother Ivan Lebedev left.", "en", ""),
    ],
)
def test_who_somebody_is_to_the_narrator(text: str, language: str, code: str) -> None:
    """What is said beside the name, in a closed list; another's relative is nobody's we know."""
    found = people(text, language=language)

    assert [one.relation for one in found] == [code]
    assert code in ("", *codes())


def test_only_a_public_figure_is_proposed_to_be_kept() -> None:
    """Everybody else is proposed for concealment."""
    made = roster()

    assert [one.number for one in made.people if one.proposal is not Decision.CONCEAL] == [3]
    assert made.proposed() == {made.people[2].key: Choice(Decision.PUBLIC_FIGURE)}


def test_undecided_and_protected_people_are_concealed() -> None:
    """Keeping somebody takes a decision, and for the protected not even that is enough."""
    made = roster(("Лебедева",)).people
    first, figure = made[0], made[2]

    assert figure.is_concealed({})
    assert not figure.is_concealed({figure.key: Choice(Decision.KEEP)})
    assert first.protected
    assert first.is_concealed({first.key: Choice(Decision.KEEP)})


def test_below_the_threshold_a_person_is_asked() -> None:
    """Unsure is a question, not a silence; until it is answered the person is concealed."""
    asked = group(Detector(None).find(STORY), STORY, conceal_above=1).people

    assert {person.proposal for person in asked} == {Decision.ASK}
    assert all(person.is_concealed({}) for person in asked)


def test_a_roster_survives_json_and_shows_no_name() -> None:
    """What is stored is what was found; what is logged by mistake is empty."""
    made = roster(("Зоя Мороз", "+7 912 000 15 47"))

    assert Roster.from_json(made.as_json()) == made
    for shown in (repr(made), str(made), repr(made.people[0].mentions)):
        assert not [part for part in ("ороз", "марас", "рина", "нтон", "липити", "brother") if part in shown.lower()]


@pytest.mark.parametrize("field", ["number", "sureness", "label", "proposal", "mentions"])
def test_a_damaged_roster_is_no_way_out(field: str) -> None:
    """The error, with all that led to it, quotes nothing of what it could not read."""
    spoilt = roster().as_json()
    spoilt["people"][0][field] = "Лебедева"

    with pytest.raises(BadNames) as caught:
        Roster.from_json(spoilt)
    assert "Лебедев" not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize(
    ("name", "concealed", "kept"),
    [
        (
            "irina",
            [
                {"сергеевна", "лебедева"},
                {"петровна", "лебедева"},
                {"лебедеву", "лебедев"},
                {"лебедевы", "лебедевых"},
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
                {"соколова"},
                {"соколовы"},
                {"громов"},
                {"вебер"},
            ],
            {"навальный"},
        ),
    ],
)
def test_the_demo_interviews_conceal_whom_they_name(name: str, concealed: list[set[str]], kept: set[str]) -> None:
    """What the demo shows first: people apart, their families too, the frost left alone, figures kept."""
    turns = json.loads(shipped(f"demo/{name}.json").read_text(encoding="utf-8"))
    passages = [Passage(turn["text"], "ru") for turn in turns]
    people = group(DETECTOR.find(passages), passages)
    proposed = people.proposed()
    hidden = [set(one.forms) for one in people.people if one.is_concealed(proposed)]

    assert sorted(hidden, key=sorted) == sorted(concealed, key=sorted)
    assert {form for one in people.people if not one.is_concealed(proposed) for form in one.forms} == kept
    assert not any("мороз" in passages[m.passage].text for one in people.people for m in one.mentions)
