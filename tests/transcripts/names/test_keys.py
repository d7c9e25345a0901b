"""One surname, one key: over its forms, its spellings and its two scripts."""

from __future__ import annotations

import pymorphy3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transcripts.names.keys import Alikes, alike, key
from transcripts.names.lexicon import facts

SURNAMES = (
    "лебедев",
    "ковалёв",
    "бельский",
    "сорока",
    "воробей",
    "заяц",
    "мкртчян",
    "вебер",
    "толстой",
    "шевчук",
    "кнут",
)
letters = st.text("абвгдежзиклмнопрстуфхцчшщыьэюя", min_size=5, max_size=9)


@pytest.mark.parametrize("surname", SURNAMES)
def test_every_form_of_a_surname_has_its_key(surname: str) -> None:
    """Declension, gender and number never change the key."""
    parses = pymorphy3.MorphAnalyzer(lang="ru").parse(surname)
    parse = next((one for one in parses if "Surn" in one.tag), parses[0])
    own = facts(surname, "ru").keys[0]

    assert [form.word for form in parse.lexeme if own not in facts(form.word, "ru").keys] == []


@pytest.mark.parametrize(
    ("cyrillic", "latin"),
    [("Журавлёв", "Zhuravlev"), ("Дорофеев", "Dorofeevs"), ("Хмельницкий", "Khmelnytsky"), ("Шапиро", "Shapiro's")],
)
def test_latin_letters_have_the_key_of_the_cyrillic_ones(cyrillic: str, latin: str) -> None:
    """A name in a passport is the name in the conversation."""
    assert key(cyrillic) in facts(latin, "ru").keys


@pytest.mark.parametrize(
    ("said", "heard"), [("Соколов", "Сакалов"), ("Ковалёв", "Ковалев"), ("Нурмухамедов", "Нурмухаметов")]
)
def test_what_sounds_alike_has_one_key(said: str, heard: str) -> None:
    """Unstressed vowels and devoiced consonants do not count."""
    assert key(said) == key(heard)


@given(letters, st.integers(0, 8), st.sampled_from("абвгд"))
def test_one_edit_is_alike_both_ways_and_two_are_not(word: str, at: int, letter: str) -> None:
    """A letter dropped, added or changed is forgiven once."""
    at = min(at, len(word) - 1)
    dropped, added, changed = (
        word[:at] + word[at + 1 :],
        word[:at] + letter + word[at:],
        word[:at] + letter + word[at + 1 :],
    )

    assert all(alike(word, other, 4) and alike(other, word, 4) for other in (dropped, added, changed))
    assert not alike(word, word + "яя", 4)
    assert not alike("ъъ" + word, word, 4)


@given(st.lists(st.text("абв", max_size=7), max_size=20), st.lists(st.text("абв", max_size=7), min_size=1, max_size=2))
def test_keys_alike_are_found_as_if_each_were_compared(known: list[str], others: list[str]) -> None:
    """Short keys only if they are equal; in the order in which they came."""
    compared = [one for one in dict.fromkeys(known) if any(alike(one, other) for other in others)]
    assert Alikes(known).of(*others) == compared
