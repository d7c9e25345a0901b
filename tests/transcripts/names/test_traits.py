"""Quasi-identifiers and what they add up to. Everybody and every place here is invented or large."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transcripts.names import Label, Passage
from transcripts.names.marks import mark
from transcripts.names.mosaic import mosaics
from transcripts.names.traits import Trait, TraitKind, traits

kinds = st.sampled_from(TraitKind)
some_traits = st.lists(
    st.builds(Trait, kinds, st.integers(0, 40), st.just(0), st.just(5), st.floats(0.2, 1.0)), max_size=30
)


@pytest.mark.parametrize(
    ("language", "text", "kind", "words"),
    [
        ("ru", "Я из деревни Малая Крюковка под Тверью.", "village", "деревни Малая Крюковка"),
        ("ru", "родилась в селе крюковка и там росла", "village", "селе крюковка"),
        ("ru", "Хутор Осинки сожгли.", "village", "Хутор Осинки"),
        ("uk", "Ми жили в селі Осинівка.", "village", "селі Осинівка"),
        ("en", "She grew up in a village called Osinki.", "village", "village called Osinki"),
        ("ru", "Мы жили в Торжке.", "town", "Торжке"),
        ("uk", "Ми жили в Житомирі.", "town", "Житомирі"),
        ("uk", "Вчилася я у Кам’янці-Подільському.", "town", "Кам’янці-Подільському"),
        ("ru", "Работал на заводе «Прогресс» токарем.", "employer", "заводе «Прогресс»"),
        ("uk", "Вона працювала в лікарні.", "employer", "лікарні"),
        ("en", "I worked at the Osinki Museum then.", "employer", "Osinki Museum"),
        ("ru", "Учился в школе номер двадцать семь.", "school", "школе номер двадцать семь"),
        ("ru", "на физическом факультете", "school", "физическом факультете"),
        ("en", "I went to school number 12 there.", "school", "school number 12"),
        ("ru", "Служил в сто семнадцатом стрелковом полку.", "unit", "сто семнадцатом стрелковом полку"),
        ("ru", "войсковая часть 12345", "unit", "войсковая часть 12345"),
        ("en", "the 25th brigade came", "unit", "25th brigade"),
        ("ru", "Третьего августа две тысячи двенадцатого забрали.", "date", "Третьего августа две тысячи двенадцатого"),
        ("uk", "Це було 14 травня 2019 року.", "date", "14 травня 2019"),
        ("en", "on March 5, 1987 they came", "date", "March 5, 1987"),
        ("ru", "Мой дед был настоятель.", "office", "настоятель"),
        ("ru", "она единственный врач у нас", "office", "единственный врач"),
        ("en", "My uncle was the rabbi.", "office", "rabbi"),
        ("ru", "Я единственная дочь из пяти.", "family", "единственная дочь из пяти"),
        ("ru", "нас было семеро детей", "family", "семеро детей"),
        ("uk", "нас було шестеро дітей", "family", "шестеро дітей"),
        ("en", "I'm the youngest of nine, we had twins.", "family", "youngest of nine"),
    ],
)
def test_what_narrows_a_person_down_is_marked(language: str, text: str, kind: str, words: str) -> None:
    """Each kind in each language, in digits and in words."""
    found = [(str(one.kind), text[one.start : one.end]) for one in traits([Passage(text, language)])]

    assert (kind, words) in found


@pytest.mark.parametrize(
    "text",
    [
        "Обычный день: утром на работу, школа, дом, сын болел.",
        "Мы ехали в Польшу через Беларусь, было холодно.",
        "Он сел на поезд и уехал на восток.",
        "В полку ждали приказа, в части было тихо.",
        "It was cold, we took the bus to work and back.",
        "Ми їхали потягом, було холодно.",
    ],
)
def test_what_everybody_could_say_is_not(text: str) -> None:
    """Countries, work and weather tell nobody from anybody."""
    assert traits([Passage(text, "ru")]) == []


def test_what_is_withheld_already_is_no_trait() -> None:
    """The warning is about what strangers would read."""
    text = f"Живу: {mark(Label.ADDRESS, 3, 'ru')}, родился {mark(Label.BIRTH, 4, 'ru')}."

    assert traits([Passage(text, "ru")]) == []


def test_a_village_an_employer_and_a_family_together_are_a_mosaic() -> None:
    """With the places of all stones."""
    texts = ("Я из деревни Малая Крюковка.", "Нас было семеро детей.", "Отец на заводе «Прогресс» работал.")
    (found,) = mosaics(traits([Passage(text, "ru") for text in texts]))

    assert found.kinds == (TraitKind.VILLAGE, TraitKind.EMPLOYER, TraitKind.FAMILY)
    assert [stone.passage for stone in found.stones] == [0, 1, 2]


def test_a_small_place_weighs_more_than_a_large_city() -> None:
    """The same story in Moscow is the story of thousands."""
    story = "Нас было семеро детей, отец дирижёр, пришли 5 мая. Мы жили в {}."
    village, city = (mosaics(traits([Passage(story.format(place), "ru")])) for place in ("деревне Осинки", "Москве"))

    assert village
    assert not city or city[0].weight + 2 < village[0].weight


def test_one_kind_however_often_is_no_mosaic() -> None:
    """A list of dates is history."""
    passages = [Passage(f"Это было {day} мая 2012 года в Москве.", "ru") for day in range(1, 29)]

    assert mosaics(traits(passages)) == []


def test_stones_far_apart_are_one_mosaic_of_the_whole_interview() -> None:
    """A historian reads all of it."""
    stones = ["Я из Торжка.", "Отец на заводе «Прогресс» работал.", "Учился в школе номер двадцать семь."]
    passages = [Passage(text, "ru") for stone in stones for text in (stone, *["Было холодно."] * 20)]
    (found,) = mosaics(traits(passages))

    assert len(found.kinds) == 3


@given(some_traits)
def test_more_stones_never_take_a_warning_away(found: list[Trait]) -> None:
    """What is said more cannot make somebody safer."""
    found = sorted(found, key=lambda one: (one.passage, one.start))
    more = sorted([*found, Trait(TraitKind.UNIT, 41, 0, 5, 1.0)], key=lambda one: (one.passage, one.start))

    assert not mosaics(found) or mosaics(more)
    assert all(len(one.kinds) > 1 for one in mosaics(found))
