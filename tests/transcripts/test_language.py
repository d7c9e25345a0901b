"""Words and the keys they are found by."""

from __future__ import annotations

import itertools
import time
import unicodedata
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transcripts.language import folded, is_known, lemmas, tokens

# The words that life stories are made of are the irregular ones: suppletion, fleeting vowels, ё, odd plurals.
RUSSIAN = {
    "идти": "идти иду идёт шёл шла шли",
    "прийти": "прийти пришёл пришла придёт приду",
    "человек": "человек человека людей люди людям",
    "ребёнок": "ребёнок ребёнка дети детей детям",
    "год": "год года годы годов лет годам",
    "день": "день дня дни дней днём",
    "сон": "сон сна сны снов сном",
    "отец": "отец отца отцу отцы отцов",
    "лёд": "лёд льда льду льдом",
    "пёс": "пёс пса псы псов",
    "мать": "мать матери матерью матерей",
    "дочь": "дочь дочери дочерью дочерей",
    "время": "время времени временем времён",
    "имя": "имя имени именем имена имён",
    "брат": "брат брата братья братьев",
    "друг": "друг друга друзья друзей",
    "сестра": "сестра сестры сестёр сестру сёстрам",
    "хороший": "хороший хорошая лучше лучший хорошего",
    "умереть": "умереть умер умерла умру",
    "взять": "взять возьму взял взяла",
    "ехать": "ехать еду едет ехал",
    "арестовать": "арестовать арестовали арестован арестую",
    "лагерь": "лагерь лагеря лагерей лагерях",
    "раскулачить": "раскулачить раскулачили раскулачен",
    "крестьянин": "крестьянин крестьянина крестьяне крестьян",
    "церковь": "церковь церкви церковью церквей",
    "ухо": "ухо уха уши ушей",
    "плечо": "плечо плеча плечи плеч",
}
NEAR_BUT_OTHER = "уход дневник деньги отчество конечно концерт войско голодный хлебный рукав письменный именно братский"
NEAR_BUT_OTHER += " дружина древний лагерный церковный лето летний льдина сонный матрос сестрица окончание весть"

UKRAINIAN = {
    "людина": "людина людини люди людей",
    "дитина": "дитина дитини діти дітей",
    "день": "день дня дні днів",
    "рік": "рік року роки років",
    "мати": "мати матері матір'ю",
    "ім'я": "ім'я імені імена",
    "йти": "йти йду йшов йшла",
    "село": "село села сіл селах",
    "хліб": "хліб хліба хлібом",
    "голод": "голод голоду голодом",
}


def _forms(words: Mapping[str, str]) -> dict[str, list[str]]:
    return {name: forms.split() for name, forms in words.items()}


def _recall(words: Mapping[str, str], language: str) -> float:
    """The share of pairs of forms of one word of which one, as a query, finds the other in a text."""
    pairs = [pair for forms in _forms(words).values() for pair in itertools.permutations(forms, 2)]
    met = [not set(lemmas(query, None)).isdisjoint(lemmas(text, language)) for query, text in pairs]
    return sum(met) / len(met)


def test_a_russian_word_is_found_in_all_its_forms() -> None:
    """At least 98 of 100 pairs of forms meet, on words that a stemmer fails at."""
    assert _recall(RUSSIAN, "ru") >= 0.98


def test_a_ukrainian_word_is_found_in_all_its_forms() -> None:
    """At least 95 of 100 pairs."""
    assert _recall(UKRAINIAN, "uk") >= 0.95


def test_different_words_stay_apart() -> None:
    """At least 98 of 100 pairs that meet are of one word, among words made to be confused."""
    owners = [(form, name) for name, forms in _forms(RUSSIAN).items() for form in forms]
    owners += [(word, word) for word in NEAR_BUT_OTHER.split()]
    keys = [(name, set(lemmas(form, "ru"))) for form, name in owners]
    met = [one == other for (one, some), (other, more) in itertools.permutations(keys, 2) if some & more]
    assert sum(met) / len(met) >= 0.98


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
    assert not is_known("нквдшник")
    assert is_known("арестован")
    assert is_known("radio")
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
