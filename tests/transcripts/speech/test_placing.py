"""Engines' words made into words that can be."""

from __future__ import annotations

import math
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from transcripts.speech import Heard, HeardWord
from transcripts.speech.phantoms import is_phantom
from transcripts.speech.placing import placed
from transcripts.speech.windows import Window

TEXTS = st.text(st.sampled_from("абв -.\u00a0\n"), max_size=6)
TIMES = st.floats(allow_nan=True, allow_infinity=True)
WORDS = st.builds(HeardWord, TEXTS, TIMES, TIMES, TIMES)
HEARD = st.lists(st.builds(Heard, st.lists(WORDS, max_size=6).map(tuple), st.just("ru")), max_size=4)


@given(HEARD, st.integers(0, 10**9), st.integers(1, 480_000))
def test_nonsense_becomes_words_inside_the_window(heard: list[Heard], start: int, length: int) -> None:
    """Whatever times an engine gives: no word outside its window, none before its predecessor, no letter lost."""
    window = Window(start, start + length)
    made = placed(heard, window)
    words = [word for segment in made for word in segment.words]
    first, last = window.start / 16_000, window.stop / 16_000
    assert all(first - 0.001 <= word.start <= word.end <= last + 0.001 for word in words)
    assert all(one.start <= other.start for one, other in pairwise(words))
    assert "".join(word.text for word in words) == "".join("".join(part.text.split()) for part in heard)
    assert [segment.text for segment in made] == [part.text for part in heard if part.text]


def test_parts_without_white_space_are_one_word() -> None:
    """“кто” and “-то” come apart from the engine; the word has the time of both and the lesser sureness."""
    heard = Heard(
        (HeardWord(" кто", 0.5, 0.7, 0.9), HeardWord("-то", 0.7, 1.0, 0.6), HeardWord(" был", 1, 1.2, 1)), "ru"
    )
    first, second = placed([heard], Window(16_000, 64_000))[0].words
    assert (first.text, first.start, first.end, first.sureness) == ("кто-то", 1.5, 2.0, 0.6)
    assert second.text == "был"


def test_good_times_are_kept_to_the_millisecond() -> None:
    """What is right is not touched."""
    heard = Heard((HeardWord(" да", 0.1234, 0.4321, 0.98765),), "ru")
    word = placed([heard], Window(32_000, 64_000))[0].words[0]
    assert (word.start, word.end, word.sureness) == (2.123, 2.432, 0.9877)


def test_a_word_without_a_place_shows_it() -> None:
    """Not a number: the word stands at the edge of the one before, with no length that could be trusted."""
    heard = Heard((HeardWord(" один", 0.1, 0.4, 1), HeardWord(" два", math.nan, math.nan, math.nan)), "ru")
    word = placed([heard], Window(0, 64_000))[0].words[1]
    assert (word.start, word.end, word.sureness) == (0.1, 0.1, 0.0)


def test_credits_are_phantoms_and_sentences_are_not() -> None:
    """What models write into silence is told from what people say about the same things."""
    phantoms = (
        "Субтитры сделал DimaTorzok",
        "Редактор субтитров А.Семкин Корректор А.Егорова",
        "Продолжение следует...",
        " Спасибо за просмотр!",
        "Дякую за перегляд!",
        "Subtitles by the Amara.org community",
        "Thanks for watching!",
    )
    said = (
        "Спасибо.",
        "Он сказал, продолжение следует, и ушёл.",
        "Субтитры делала моя сестра.",
        "Корректором была Егорова.",
        "Мы смотрели кино с субтитрами.",
        "",
    )
    assert [text for text in phantoms if not is_phantom(text)] == []
    assert [text for text in said if is_phantom(text)] == []
