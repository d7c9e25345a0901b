"""Direct identifiers, as they are written and as they are said. The sentences are in identifiers.txt, all invented."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transcripts.names import Label, Passage
from transcripts.names.identifiers import checks, identified, identifier_key
from transcripts.names.identifiers.spoken import read
from transcripts.names.marks import MARK, mark
from transcripts.names.mention import Mention


def sentences() -> Iterator[tuple[str, str, str]]:
    """(label, language, text with braces) of identifiers.txt."""
    label = ""
    for line in Path(__file__).with_name("identifiers.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            label = line.strip("[]")
        elif line and not line.startswith("#"):
            language, text = line.split(" ", 1)
            yield label, language, text


def found(*texts: str, language: str = "ru", protected: tuple[str, ...] = ()) -> list[Mention]:
    """The identifiers in passages."""
    return list(identified([Passage(text, language) for text in texts], protected))


def covered(text: str, mentions: list[Mention], passage: int = 0) -> set[int]:
    """The letters and digits of a passage that are concealed."""
    places = (n for one in mentions if one.passage == passage for n in range(one.start, one.end))
    return {n for n in places if text[n].isalnum()}


def shown(text: str, mentions: list[Mention], passage: int = 0) -> str:
    """The words that stay of a passage."""
    hidden = covered(text, mentions, passage)
    return " ".join(re.findall(r"\w+", "".join(" " if n in hidden else char for n, char in enumerate(text))))


@pytest.mark.parametrize(("label", "language", "marked"), list(sentences()))
def test_the_whole_identifier_is_concealed_and_nothing_else(label: str, language: str, marked: str) -> None:
    """Every letter and digit between the braces, and no other."""
    text, wanted, inside = "", set(), False
    for char in marked:
        if char in "{}":
            inside = char == "{"
            continue
        if inside and char.isalnum():
            wanted.add(len(text))
        text += char
    mentions = found(text, language=language)

    assert covered(text, mentions) == wanted
    assert label == "nothing" or label in {one.label for one in mentions}


# Numbers made by the tests' own speller, so that the reader of numbers is not tested by itself.
UNITS = ["ноль", "один", "два", "три", "четыре", "пять", "шесть", "семь", "восемь", "девять"]
TEENS = [
    "десять",
    "одиннадцать",
    "двенадцать",
    "тринадцать",
    "четырнадцать",
    "пятнадцать",
    "шестнадцать",
    "семнадцать",
    "восемнадцать",
    "девятнадцать",
]
TENS = ["двадцать", "тридцать", "сорок", "пятьдесят", "шестьдесят", "семьдесят", "восемьдесят", "девяносто"]
HUNDREDS = ["сто", "двести", "триста", "четыреста", "пятьсот", "шестьсот", "семьсот", "восемьсот", "девятьсот"]
ENGLISH = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
UKRAINIAN = ["нуль", "один", "два", "три", "чотири", "п'ять", "шість", "сім", "вісім", "дев'ять"]


def spelled(digits: str) -> str:
    """A group of up to three digits as a Russian speaker says it; noughts before it one by one."""
    number = digits.lstrip("0")
    words = [UNITS[0]] * (len(digits) - len(number))
    if len(number) == 3:
        words.append(HUNDREDS[int(number[0]) - 1])
        number = number[1:].lstrip("0")
    if len(number) == 2:
        words.append(TEENS[int(number[1])] if number[0] == "1" else TENS[int(number[0]) - 2])
        number = "" if number[0] == "1" else number[1].strip("0")
    return " ".join([*words, UNITS[int(number)]] if number else words)


groups = st.sampled_from(("3 3 2 2", "3 3 4", "3 2 2 3", "1 2 3 2 2", "3 1 2 2 2", "2 2 2 2 2", "1 1 1 1 1 1 1 1 1 1"))
pauses = st.lists(
    st.sampled_from((" ", ", ", "... ", " ну ", ", э, ", ". ", " потом ", " тире ", ", так, ")), min_size=9, max_size=9
)


@st.composite
def dictated(draw: st.DrawFn) -> str:
    """A Russian mobile number said in words and digits, grouped anyhow, with hesitation between the groups."""
    digits = "9" + draw(st.text("0123456789", min_size=9, max_size=9))
    parts, edge = [draw(st.sampled_from(("восемь", "плюс семь", "8", "+7")))], 0
    for size in map(int, draw(groups).split()):
        parts.append(
            digits[edge : edge + size] if size > 3 or draw(st.booleans()) else spelled(digits[edge : edge + size])
        )
        edge += size
    between = [" ", *draw(pauses)]
    return parts[0] + "".join(pause + part for pause, part in zip(between, parts[1:], strict=False))


@given(number=dictated(), announced=st.sampled_from(("Мой номер ", "звоните ", "телефон такой: ", "")))
def test_a_dictated_telephone_is_concealed_from_its_first_to_its_last_word(number: str, announced: str) -> None:
    """Words, digits, pauses and fillers alike: the sound between is masked as well."""
    text = f"{announced}{number} и больше ничего"

    assert shown(text, found(text)) == shown(f"{announced} и больше ничего", [])


@given(digits=st.text("0123456789", min_size=10, max_size=12), language=st.sampled_from(("uk", "en")))
def test_digits_said_one_by_one_are_read_in_other_languages(digits: str, language: str) -> None:
    """Announced, for somebody counts from one to ten as well."""
    words = UKRAINIAN if language == "uk" else ENGLISH
    text = "телефон " + " ".join(words[int(digit)] for digit in digits)

    assert shown(text, found(text, language=language)) == "телефон"


@given(st.integers(0, 999).map(str))
def test_what_is_spelled_is_read_again(digits: str) -> None:
    """The reader of numbers against the tests' speller."""
    assert "".join(group.digits for group in read(spelled(digits)).groups) == digits


@given(
    article=st.integers(1, 400), part=st.integers(1, 9), word=st.sampled_from(("статья", "по статье", "ст.", "стаття"))
)
def test_articles_of_a_law_stay(article: int, part: int, word: str) -> None:
    """In digits and in words, even where somebody telephones."""
    said = f"{spelled(str(article))} точка {spelled(str(part))} {spelled(str(article))}"
    text = f"Звонит адвокат, {word} {article}.{part}.{article + 100}, а мама звонит: {word} {said}"

    assert not found(text)


@given(st.lists(st.integers(1900, 2026), min_size=1, max_size=8))
def test_years_stay(years: list[int]) -> None:
    """Alone and in lists."""
    assert not found("Это было в " + ", ".join(map(str, years)) + " и потом.")


@given(
    amount=st.integers(1, 999),
    scale=st.sampled_from((" тысяч", " миллионов", "")),
    unit=st.sampled_from(("рублей", "человек", "километров", "гривен", "лет")),
    said=st.booleans(),
)
def test_sums_and_amounts_stay(amount: int, scale: str, unit: str, said: bool) -> None:
    """Whatever is counted, how much of it there may be."""
    number = spelled(str(amount)) if said else f"{amount} 000 000"

    assert not found(f"Тогда было {number}{scale} {unit}, если не больше.")


def test_a_number_cut_by_the_end_of_a_turn_is_concealed_on_both_sides() -> None:
    """Recognizers end a segment where somebody takes a breath."""
    texts = ("Звоните: восемь, девятьсот шестнадцать, сто", "двадцать три, сорок пять, шестьдесят семь. До встречи.")
    mentions = found(*texts)

    assert shown(texts[0], mentions) == "Звоните"
    assert shown(texts[1], mentions, 1) == "До встречи"
    assert len({one.key for one in mentions}) == 1


@pytest.mark.parametrize(
    ("entry", "text", "rest"),
    [
        ("+7 916 123-45-67", "это девять один шесть сто двадцать три сорок пять шестьдесят семь", "это"),
        ("8 (916) 123 45 67", "он +7-916-123-45-67, кажется", "он кажется"),
        (
            "восемь девятьсот шестнадцать сто двадцать три сорок пять шестьдесят семь",
            "там 89161234567 было",
            "там было",
        ),
        ("45 09 613240", "он сказал: 4509, 613, двести сорок", "он сказал"),
        ("2-34-56", "два тридцать четыре пятьдесят шесть у соседей", "у соседей"),
        ("@tulupchik", "там писал тулупчик, я видел", "там писал я видел"),
        ("https://t.me/tulupchik", "тот самый Tulupchik", "тот самый"),
    ],
)
def test_what_the_narrator_listed_is_found_however_it_is_said(entry: str, text: str, rest: str) -> None:
    """In digits, in words and in any grouping, without asking."""
    mentions = found(text, protected=(entry,))

    assert shown(text, mentions) == rest
    assert any(one.why == "protected" and one.sureness == 1 for one in mentions)


@pytest.mark.parametrize(
    ("label", "one", "other"),
    [
        (Label.PHONE, "+7 (916) 123-45-67", "восемь девятьсот шестнадцать сто двадцать три сорок пять шестьдесят семь"),
        (Label.PHONE, "050 555 12 12", "+38 050 5551212"),
        (Label.DOCUMENT, "4509 613240", "сорок пять ноль девять шестьсот тринадцать двести сорок"),
        (Label.EMAIL, "Anna.B@mail.ru", "anna.b@mail.ru"),
    ],
)
def test_one_identifier_has_one_key(label: Label, one: str, other: str) -> None:
    """So that it is one row of the review, and one number in the text."""
    assert identifier_key(label, one) == identifier_key(label, other)


@pytest.mark.parametrize("label", [label for label in Label if label is not Label.PATRONYMIC])
def test_every_label_has_a_mark_that_is_not_found_again(label: Label) -> None:
    """A second pass over a pseudonymised text finds nothing."""
    for language in ("ru", "uk", "en"):
        text = f"дом {mark(label, 12, language)}, квартира {mark(label, 7, language)} 8 {mark(label, 916, language)}"
        assert len(MARK.findall(text)) == 3
        assert not found(text, language=language)


@pytest.mark.parametrize(
    ("check", "right"),
    [
        (checks.luhn, "4111111111111111"),
        (checks.snils, "11223344595"),
        (checks.inn, "500100732259"),
        (checks.inn, "7707083893"),
        (checks.rnokpp, "3184710691"),
        (checks.pesel, "44051401359"),
    ],
)
def test_check_digits_tell_a_right_number_from_one_with_a_digit_changed(check: object, right: str) -> None:
    """Published examples."""
    assert callable(check)
    assert check(right)
    for n, digit in enumerate(right):
        assert not check(right[:n] + str((int(digit) + 1) % 10) + right[n + 1 :])


def test_overlapping_windows_give_no_find_twice() -> None:
    """Each finder reads every place once."""
    text = "Мой телефон 8 916 123-45-67, почта a.b@mail.ru, ул. Садовая, д. 5, кв. 7."
    places = sorted((one.label, one.start, one.end) for one in found(text))

    assert all(earlier != later for earlier, later in pairwise(places))
