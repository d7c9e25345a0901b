"""The rules alone, before the learned finder weighs what they say. Every person here is invented."""

from __future__ import annotations

import pytest

from transcripts.names import Passage
from transcripts.names.detector import evidence
from transcripts.names.document import Document


def found(text: str, why: str) -> list[str]:
    """What one finder finds in a Russian text."""
    return [text[one.start : one.end] for one in evidence(Document([Passage(text, "ru")])) if one.why == why]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Приезжал Ху Цзиньшань из Пекина.", ["Ху"]),
        ("У Кима Чен Хо была лавка.", ["Кима"]),
        ("мне и ли со ён помогли", ["ли"]),
        ("приезжал ху цзиньшань и хвалил", ["ху"]),
        ("Брюс Ли Цзиньшань", []),  # after a first name
        ("можно ли со мной", []),
        ("был ли полторагодика", []),
        ("Ли не пришёл.", []),
    ],
)
def test_eastern_surnames_stand_first(text: str, names: list[str]) -> None:
    """Before a strange word or two short ones."""
    assert found(text, "eastern") == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("меня зовут лев петрович э-э лутфий", ["лутфий"]),
        ("меня зовут павел петрович как его гамзатов", ["гамзатов"]),
        ("Меня зовут Павел Петрович, ну, Тулупов.", ["Тулупов"]),
        ("Пришёл Лев Петрович, Анна молчала.", []),
        ("Пришёл Лев Петрович. Тулупов молчал.", []),
    ],
)
def test_people_hesitate_after_a_patronymic(text: str, names: list[str]) -> None:
    """A comma alone ends a name, a filler does not."""
    assert found(text, "after-patronymic") == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("пришёл иван симон и сел", ["симон"]),
        ("пришёл иван симон петрович", []),
        ("Пришёл Иван Симон и сел", []),  # capitals tell: another finder
    ],
)
def test_the_second_of_two_first_names_may_be_a_surname(text: str, names: list[str]) -> None:
    """Where there are no capitals and both stand in one case."""
    assert found(text, "second-first-name") == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("собирал а ф гоцуляк и другие", ["гоцуляк"]),
        ("и в москве и в саратове", []),
        ("а я с мамой", []),
        ("Собирал А. Ф. Гоцуляк и другие.", []),
    ],
)
def test_initials_can_be_said(text: str, names: list[str]) -> None:
    """Two letters before a word that is no other, in text without capitals."""
    assert found(text, "with-initials-said") == names


def test_a_town_is_no_first_name() -> None:
    """“Самара” stands in a list of first names."""
    assert found("В Самаре Анна работала на заводе.", "after-first-name") == []
