"""Words and the keys they are found by."""

from __future__ import annotations

import itertools
import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.transcripts.form_lists import MORE_RUSSIAN, NEAR_BUT_OTHER, RUSSIAN, UKRAINIAN, precision, recall
from transcripts.language import folded, lemmas, surface, tokens


@pytest.mark.parametrize(("words", "near"), [(RUSSIAN, NEAR_BUT_OTHER), (MORE_RUSSIAN, "")])
def test_a_russian_word_is_found_in_all_its_forms_and_no_other(words: dict[str, str], near: str) -> None:
    """At least 98 of 100 pairs of forms meet, and 98 of 100 that meet are of one word, on words a stemmer fails at."""
    assert recall(words, "ru") >= 0.98
    assert precision(words, near.split(), "ru") >= 0.98


def test_a_ukrainian_word_is_found_in_all_its_forms() -> None:
    """At least 95 of 100 pairs."""
    assert recall(UKRAINIAN, "uk") >= 0.95
    assert precision(UKRAINIAN, [], "uk") >= 0.95


TEXTS = [
    ("Работал на IBM в Berlin-е", ["Работал", "на", "IBM", "в", "Berlin-е"]),
    ("кто-нибудь в коммуналке-то", ["кто-нибудь", "в", "коммуналке-то"]),
    ("в 1937-м, 1937–1938", ["в", "1937-м", "1937", "1938"]),
    ("хто‑небудь, ім’я п'ять", ["хто‑небудь", "ім’я", "п'ять"]),
    ("«Не 'надо'», — don't!", ["Не", "надо", "don't"]),
    ("за́мок и замо\u00adк", ["за́мок", "и", "замо\u00adк"]),
    ("snake_case ... №5 ½", ["snake", "case", "5", "½"]),
    ("", []),
]


@pytest.mark.parametrize(("text", "words"), TEXTS)
def test_words_are_parted_where_a_reader_would(text: str, words: list[str]) -> None:
    """Hyphens part unless a dictionary knows the whole; apostrophes, stress marks and soft hyphens do not."""
    assert [token.text for token in tokens(text)] == words


@given(st.text(max_size=300) | st.text(alphabet="аёЁbі'’-\u0301\u00ad 1\n«»", max_size=300))
def test_a_token_is_where_it_says(text: str) -> None:
    """In order, apart from one another, each the very stretch of the text, and with keys in any language."""
    edge = 0
    for token in tokens(text):
        assert edge <= token.start < token.end
        assert text[token.start : token.end] == token.text
        edge = token.end
        for language in ("ru", "uk", "en", "auto", None):
            keys = lemmas(token.text, language)
            assert keys
            assert len(set(keys)) == len(keys)
            assert all(keys)


@given(st.text(alphabet="аеёйіїґб'’bé\u0301", min_size=1, max_size=20))
def test_spelling_that_only_looks_different_is_the_same(word: str) -> None:
    """Case, ё, stress marks, composed or not, kind of apostrophe."""
    same = {
        folded(spelling)
        for spelling in (
            word,
            word.upper(),
            word.replace("ё", "е"),
            unicodedata.normalize("NFD", word.replace("\u0301", "")),
        )
    }
    assert len(same) == 1
    assert lemmas(word, "ru") == lemmas(word.upper(), "ru")
    assert folded(folded(word)) == folded(word)


@pytest.mark.parametrize(
    ("word", "plain"),
    [
        ("1937-м", "1937"), ("Berlin-е", "berlin"), ("ВЭФ-у", "вэф"), ("коммуналке-то", "коммуналке"), ("90-е", "90"),
        ("кто-нибудь", "кто-нибудь"), ("Ёлка‑то", "елка"), ("что-то", "что-то"), ("диван-кровать", "диван-кровать"),
    ],
)  # fmt: skip
def test_what_a_hyphen_joins_is_no_part_of_a_word(word: str, plain: str) -> None:
    """Endings of figures, foreign words and abbreviations, and particles; what a dictionary knows is left whole."""
    assert surface(word) == plain
    assert lemmas(word, "ru") == lemmas(plain, "ru")


def test_letters_decide_the_language_of_a_word() -> None:
    """English forms meet within a Russian text, and a Russian word within an English one."""
    assert lemmas("arrested", "ru") == lemmas("arrests", "en")
    assert lemmas("людей", "en") == lemmas("человек", "ru")
    assert lemmas("1937", "ru") == ("1937",)


def test_a_query_looks_in_both_cyrillic_languages() -> None:
    """What no language is known of has the keys of each."""
    assert set(lemmas("люди", None)) == {*lemmas("люди", "ru"), *lemmas("люди", "uk")}


def test_an_unknown_word_is_found_by_its_stem_too() -> None:
    """Names of institutions and camp slang are in no dictionary."""
    for one, other in itertools.permutations(("нквдшник", "нквдшника", "нквдшники"), 2):
        assert set(lemmas(one, None)) & set(lemmas(other, "ru"))


@pytest.mark.parametrize("word", ["х" * 100_000, "а-" * 50_000 + "а", "'" * 100_000, "а\u0301" * 50_000, "ё" * 100_000])
def test_no_word_takes_long(word: str) -> None:
    """However long: under a second of computing."""
    begun = time.process_time()
    for token in tokens(word):
        lemmas(token.text, None)
    assert time.process_time() - begun < 1


def test_a_token_does_not_show_its_text() -> None:
    """Words stay out of tracebacks."""
    assert "хлеб" not in repr(list(tokens("хлеб")))
