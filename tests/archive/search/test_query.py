"""The query language: any text is read, what it means can be read back, and nothing typed can bring the archive out."""

from __future__ import annotations

import time
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.errors import BadQuery
from archive.search.grammar import parse
from archive.search.query import All, Either, Phrase, Prefix, Query, Repair, Word

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
    # Repaired, and said.
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
NOT_RUN += ["a*", "хл*", "хлеб a*", "?" * 10, "(" * 500 + "хлеб", "х" * 1_001, "а " * 400, "NOT " * 250]


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


_WORDS = ("хлеб", "Ёлка", "кто-нибудь", "Berlin-е", "don't", "1937", "а\u0301", "слово*")
_MARKS = ("AND", "OR", "NOT", "-", "(", ")", '"', "«", "»", "*", "\n", "[", "~", " ", " ", " ")
_PIECES = st.sampled_from(_WORDS + _MARKS)


@given(st.one_of(st.lists(_PIECES, max_size=25).map("".join), st.text(max_size=200)))
def test_read_back_it_is_the_same_query(typed: str) -> None:
    """Whatever was typed: the query shown is the query run, and it needs no repair."""
    try:
        query = parse(typed)
    except BadQuery:
        return
    assert parse(str(query)) == Query(query.root)


@given(
    st.text(alphabet='аb1()"*- \0', max_size=12_000)
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
