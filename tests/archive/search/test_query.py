"""The query language: any text is read, what it means can be read back, and nothing typed can bring the archive out."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.errors import BadQuery, TooManyWords
from archive.search.grammar import parse
from archive.search.query import (
    All,
    Either,
    Field,
    Filter,
    Fuzzy,
    Pattern,
    Phrase,
    Prefix,
    Query,
    Reading,
    Repair,
    Sense,
    Word,
)

A, B, C = Word("хлеб"), Word("война"), Word("каша")

READ: list[tuple[str, Query]] = [
    ("хлеб", Query(A)),
    ("  хлеб,  ", Query(A)),
    ("хлеб война", Query(All((A, B)))),
    ("хлеб AND война", Query(All((A, B)))),
    ("хлеб and война", Query(All((A, Word("and"), B)))),
    ("хлеб OR война", Query(Either((A, B)))),
    ("хлеб война OR каша", Query(Either((All((A, B)), C)))),
    ("хлеб (война OR каша)", Query(All((A, Either((B, C)))))),
    ("хлеб -война", Query(All((A,), (B,)))),
    ("хлеб NOT война", Query(All((A,), (B,)))),
    ("NOT война хлеб", Query(All((A,), (B,)))),
    ("хлеб NOT NOT война", Query(All((A, B)))),
    ("хлеб -(война каша)", Query(All((A,), (All((B, C)),)))),
    ('хлеб -"война каша"', Query(All((A,), (Phrase((B, C)),)))),
    ('"хлеб война"', Query(Phrase((A, B)))),
    ("«хлеб война»", Query(Phrase((A, B)))),
    ("„хлеб война“", Query(Phrase((A, B)))),
    ('"хлеб"', Query(A)),
    ("хлеб-война", Query(Phrase((A, B)))),
    ("кто-нибудь", Query(Word("кто-нибудь"))),
    ("хле*", Query(Prefix("хле"))),
    ("body:хлеб^2", Query(Phrase((Word("body"), A, Word("2"))), repairs=(Repair.NO_SUCH_FIELD,))),
    ('"AND"', Query(Word("AND"))),
    ("*леб", Query(Pattern("*леб"))),
    ("хле*б", Query(Pattern("хле*б"))),
    ("**хле**", Query(Pattern("*хле*"))),
    ('"*)(хлеб"', Query(Pattern("*хлеб"))),
    ("*«хлеб*»", Query(Prefix("хлеб"), repairs=(Repair.SIGN_DROPPED,))),
    ("Хлебник~", Query(Fuzzy("Хлебник"))),
    ("хлебник~2", Query(Fuzzy("хлебник", 2))),
    ("=хлеба", Query(Word("хлеба", exact=True))),
    ('="хлеба нет"', Query(Phrase((Word("хлеба", True), Word("нет", True))))),
    ('"=хлеба нет"', Query(Phrase((Word("хлеба", True), Word("нет"))))),
    ('"хле* нет"', Query(Phrase((Prefix("хле"), Word("нет"))))),
    ('"хлеб война"~5', Query(Phrase((A, B), 5))),
    ('"хлеб война"~', Query(Phrase((A, B), 5))),
    ('"хлеб война"~0', Query(Phrase((A, B), 0))),
    ("хлеб И война", Query(All((A, B)))),
    ("хлеб ИЛИ война", Query(Either((A, B)))),
    ("хлеб НЕ война", Query(All((A,), (B,)))),
    ("хлеб АБО война", Query(Either((A, B)))),
    ("хлеб и война", Query(All((A, Word("и"), B)))),
    ("хлеб place:Рига", Query(A, (Filter(Field.PLACE, "Рига"),))),
    ('место:"Нижний Тагил" хлеб', Query(A, (Filter(Field.PLACE, "Нижний Тагил"),))),
    ("хлеб -говорящий:Ирина", Query(A, (Filter(Field.SPEAKER, "Ирина", unwanted=True),))),
    ("хлеб НЕ тема:голод", Query(A, (Filter(Field.THEME, "голод", unwanted=True),))),
    ("хлеб год:2019-2022", Query(A, (Filter(Field.YEAR, "2019..2022"),))),
    ("язык:украинский хлеб", Query(A, (Filter(Field.LANGUAGE, "uk"),))),
    ("хлеб OR война year:..1990", Query(Either((A, B)), (Filter(Field.YEAR, "..1990"),))),
    # Repaired, and said.
    ("хлеб~", Query(Fuzzy("хлеб"))),
    ("хлеб~2", Query(Fuzzy("хлеб"), repairs=(Repair.DISTANCE_CHANGED,))),
    ("хл~", Query(Word("хл"), repairs=(Repair.SIGN_DROPPED,))),
    ("=хле*", Query(Prefix("хле"), repairs=(Repair.SIGN_DROPPED,))),
    ("хлеб~ война", Query(All((Fuzzy("хлеб"), B)))),
    ('"хлеб война"~500', Query(Phrase((A, B), 50), repairs=(Repair.DISTANCE_CHANGED,))),
    ('"хлеб"~3', Query(A, repairs=(Repair.DISTANCE_CHANGED,))),
    ("(хлеб place:Рига) война", Query(All((A, B)), (Filter(Field.PLACE, "Рига"),), (Repair.FIELD_FOR_ALL,))),
    ('хлеб place:"Рига', Query(A, (Filter(Field.PLACE, "Рига"),), (Repair.QUOTE_CLOSED,))),
    ("хлеб OR place:Рига", Query(A, (Filter(Field.PLACE, "Рига"),), (Repair.OPERATOR_DROPPED,))),
    ('"хлеб война', Query(Phrase((A, B)), repairs=(Repair.QUOTE_CLOSED,))),
    ("(хлеб война", Query(All((A, B)), repairs=(Repair.BRACKET_CLOSED,))),
    ("хлеб) война", Query(All((A, B)), repairs=(Repair.BRACKET_DROPPED,))),
    ("хлеб OR", Query(A, repairs=(Repair.OPERATOR_DROPPED,))),
    ("AND хлеб", Query(A, repairs=(Repair.OPERATOR_DROPPED,))),
    ("хлеб AND AND война", Query(All((A, B)), repairs=(Repair.OPERATOR_DROPPED,))),
    ("хлеб AND OR война", Query(Either((A, B)), repairs=(Repair.OPERATOR_DROPPED,))),
    ("хлеб OR -война", Query(A, repairs=(Repair.UNWANTED_DROPPED, Repair.OPERATOR_DROPPED))),
    ("хлеб () война", Query(All((A, B)), repairs=(Repair.OPERATOR_DROPPED,))),
    ("хлеб *", Query(A, repairs=(Repair.SIGN_DROPPED,))),
    ("хлеб-*", Query(Prefix("хлеб"))),
]

NOT_RUN = ["", " ", "*", "**", "((((", "))))", '"', '""', "-хлеб", "NOT хлеб", "-(-хлеб)", "AND", "OR OR", "…", "\0"]
NOT_RUN += [
    "a*",
    "хл*",
    "хлеб a*",
    "*а",
    "а*б",
    "=",
    "~",
    "=~*",
    "place:Рига",
    "хлеб year:19",
    "хлеб left:давно",
    "хлеб year:давно",
    "?" * 10,
    "(" * 500 + "хлеб",
    "х" * 1_001,
    "а " * 400,
    "NOT " * 250,
]
NOT_RUN += [" ".join(f"слово{char}*" for char in "абвгдежзиклмнопрст"), '"' + "а " * 9 + '"~5']
NOT_RUN += ["place:Рига", "хлеб year:19", "хлеб year:давно", "-place:Рига -хлеб"]


@pytest.mark.parametrize(("typed", "query"), READ)
def test_what_is_typed_is_read_as_meant(typed: str, query: Query) -> None:
    """Operators, quotes of any kind, brackets, stars; slips are repaired and said."""
    assert parse(typed) == query


@pytest.mark.parametrize("typed", NOT_RUN)
def test_what_would_find_nothing_or_everything_is_not_run(typed: str) -> None:
    """Nothing to look for, only what is not wanted, or too much at once."""
    with pytest.raises(BadQuery) as caught:
        parse(typed)
    assert typed.strip() == "" or typed not in str(caught.value)


def test_control_characters_part_words_and_invisible_ones_do_not() -> None:
    """A pasted zero-width space or soft hyphen does not cut a word; a line break or NUL does."""
    assert parse("хлеб\0\nвойна\x1b") == Query(All((A, B)))
    assert parse("хл\u200bе\u00adб\ufeff") == Query(A)
    assert parse("хлеб \ud800") == Query(A)


_WORDS = ("хлеб", "Ёлка", "кто-нибудь", "Berlin-е", "don't", "1937", "а\u0301", "слово*", "*ова", "гулак~2", "=дом")
_FIELDS = ("год:1990..", "place:", "x:")
_MARKS = ("AND", "OR", "NOT", "-", "(", ")", '"', "«", "»", "*", "\n", "[", "~", "=", "~3", "И", "НЕ", " ", " ", " ")
_PIECES = st.sampled_from(_WORDS + _FIELDS + _MARKS)


@given(st.one_of(st.lists(_PIECES, max_size=25).map("".join), st.text(max_size=200)))
def test_read_back_it_is_the_same_query(typed: str) -> None:
    """Whatever was typed: the query shown is the query run, and it needs no repair."""
    try:
        query = parse(typed)
    except BadQuery:
        return
    assert parse(str(query)) == replace(query, repairs=())


@given(
    st.text(alphabet='аb1()"*-~=: \0', max_size=12_000)
    | st.sampled_from(["(", '"', "*", "-", "а*", "хлеб "]).map(lambda piece: piece * 10_000)
)
def test_it_is_read_or_refused_within_a_second(typed: str) -> None:
    """However long and however odd."""
    begun = time.process_time()
    with suppress(BadQuery):
        parse(typed)
    assert time.process_time() - begun < 1


def test_nothing_of_a_query_shows_in_its_repr() -> None:
    """Search words stay out of logs and tracebacks."""
    for typed in ("хлеб", '"хлеб война"', "хлеб* OR (война -каша)"):
        shown = repr(parse(typed)).lower()
        assert "хлеб" not in shown
        assert "война" not in shown


def test_a_query_is_told_in_parts_that_any_language_can_say() -> None:
    """Its tree by sense, words and numbers; what is not wanted is a part of its own."""
    query = parse('хлеб -("по этапу" OR арест* OR *ский) =снег гулак~ "а б"~3')
    phrase = Reading(Sense.PHRASE, parts=(Reading(Sense.WORD, "по"), Reading(Sense.WORD, "этапу")))
    either = (phrase, Reading(Sense.BEGINNING, "арест"), Reading(Sense.PATTERN, "*ский"))
    near = Reading(Sense.NEAR, parts=(Reading(Sense.WORD, "а"), Reading(Sense.WORD, "б")), number=3)
    assert query.reading() == Reading(
        Sense.ALL,
        parts=(
            Reading(Sense.WORD, "хлеб"),
            Reading(Sense.EXACT, "снег"),
            Reading(Sense.ALIKE, "гулак", number=1),
            near,
            Reading(Sense.WITHOUT, parts=(Reading(Sense.ANY, parts=either),)),
        ),
    )
    assert "снег" not in repr(query.reading())


@pytest.mark.parametrize(
    ("typed", "years"),
    [("2019", (2019, 2019)), ("2019..2022", (2019, 2022)), ("..1990", (0, 1990)), ("1991..", (1991, 9999))],
)
def test_years_are_ranges_with_both_ends(typed: str, years: tuple[int, int]) -> None:
    """One year, a range, and ranges open at one end."""
    (found,) = parse(f"хлеб year:{typed}").filters
    assert (found.years[0], found.years[-1]) == years


def test_a_phrase_costs_as_many_words_as_it_has() -> None:
    """Five hundred small words between quotes are no single term."""
    with pytest.raises(TooManyWords):
        parse('"' + "и в " * 40 + '"')
    assert parse('"' + "и в " * 30 + '"')
