"""Transliteration: one name, however it is written in Latin letters, has one key and is found in the Cyrillic list."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transcripts.names.keys import key
from transcripts.names.lexicon import facts
from transcripts.names.lists import slavic_surname, surnames
from transcripts.names.schemes import cyrillic, fold, readings

# One surname a line: Cyrillic, then English, German, French, Polish and scholarly spellings.
SPELLINGS = """
юрьев yuriev yuryev yur'ev jurjew iouriev
михайлов mikhailov mikhaylov michajlow mikhaïlov michajlov
щербаков shcherbakov schtscherbakow chtcherbakov szczerbakow ščerbakov
чехов chekhov tschechow tchekhov čechov
чайковский chaikovsky chaykovskiy chaikovskii tchaikovsky tschaikowski čajkovskij
пушкин pushkin puschkin pouchkine puškin
кузнецов kuznetsov kusnezow kouznetsov kuznecov
горбачёв gorbachev gorbachyov gorbatschow gorbatchev gorbačev
жуков zhukov shukow joukov žukov
алексеев alekseev alexeev alexeyev alexejew
смирнов smirnov smirnow smirnoff
соловьёв solovyov solovyev solovev solowjow
свиридова sviridova swiridowa svirídova sviridov swiridow
достоевский dostoevsky dostoyevsky dostoevskii dostojewski dostoevskaya
"""
LETTERS = dict(
    zip(
        "абвгдежзиклмнопрстуфхцчшщыюя",
        re.split(" ", "a b v g d e zh z i k l m n o p r s t u f kh ts ch sh shch y yu ya"),
        strict=True,
    )
)
GERMAN = LETTERS | {
    "в": "w",
    "ж": "sh",
    "з": "s",
    "х": "ch",
    "ц": "z",
    "ч": "tsch",
    "ш": "sch",
    "щ": "schtsch",
    "ю": "ju",
    "я": "ja",
}
AMBIGUOUS = re.compile("т[сзжшчц]|[зс]ж|[зскпцтш]х|шч|с[чшщц]|дш|кс|йу")  # “bagitzhanov” has tz and h, or t and zh
OLD = LETTERS | {"ю": "iu", "я": "ia"}


@pytest.mark.parametrize("line", SPELLINGS.strip().splitlines())
def test_every_way_of_writing_a_surname_has_its_key(line: str) -> None:
    """So that a passport, a Russian interview and a French letter name one person."""
    name, *ways = line.split()

    assert [way for way in ways if key(name) not in facts(way, "en").keys] == []
    assert [way for way in ways if slavic_surname(way) is None] == []


@given(
    st.sampled_from(
        sorted(
            name
            for name in surnames()
            if name.endswith(("ов", "ин")) and set(name) <= set(LETTERS) and not AMBIGUOUS.search(name)
        )
    )
)
def test_a_surname_written_by_the_book_is_read_back(surname: str) -> None:
    """In passport letters, in older ones, and in German, any name of the list is found again."""
    for letters in (LETTERS, OLD, GERMAN):
        latin = "".join(letters[letter] for letter in surname)
        if len(latin) > 3:
            assert any(fold(read) == fold(surname) for read in readings(latin)), latin


@given(st.text("abcdefghijklmnopqrstuvwxyzčšžáéłńó'’-", min_size=1, max_size=12))
def test_every_latin_word_is_read_without_latin_letters(word: str) -> None:
    """Keys of both scripts are compared, so no Latin letter may stay in one."""
    assert not any("a" <= letter <= "z" for letter in cyrillic(word))


def test_cyrillic_is_left_as_it_is() -> None:
    """The same function serves words of both scripts."""
    assert cyrillic("юрьев") == "юрьев"


@pytest.mark.parametrize("word", ["stone", "garden", "window", "seventy", "kitchen"])
def test_english_words_are_no_slavic_surnames(word: str) -> None:
    """Whatever the letters spell."""
    assert not facts(word, "en").likely_surname
