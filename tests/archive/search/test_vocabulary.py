"""Keys looked for by their shape, compared with looking at each of them."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase

from hypothesis import given
from hypothesis import strategies as st

from archive.search.query import Fuzzy, Pattern
from archive.search.vocabulary import Shape, Vocabulary, distances
from tests.archive.search.search_fakes import distance

_WORDS = st.text(alphabet="абвгде'ab1ი\U00010428", min_size=1, max_size=9)
_KEYS = st.lists(_WORDS | _WORDS.map(lambda word: f"={word}"), max_size=30)


@given(_KEYS, _WORDS.filter(str.isalnum), st.sampled_from([1, 2]))
def test_what_is_alike_is_what_so_few_edits_make(keys: list[str], word: str, edits: int) -> None:
    """Written forms and dictionary forms, each once, in order; letters of one to four bytes."""
    near = {key for key in keys if distance(word, key.removeprefix("=")) <= edits}
    found = Vocabulary.of(set(keys)).alike(Fuzzy(word, edits))
    assert found == sorted(near)
    assert Vocabulary.of(set(keys)).alike(Fuzzy(word, edits), forms_only=True) == [
        key for key in found if key.startswith("=")
    ]


@given(_KEYS, st.text(alphabet="абв*'", min_size=1, max_size=6))
def test_a_pattern_fits_as_in_a_shell(keys: list[str], shape: str) -> None:
    """Written forms only."""
    fitting = {key for key in keys if key.startswith("=") and fnmatchcase(key[1:], shape)}
    assert list(Vocabulary.of(set(keys)).forms_like(Pattern(shape))) == sorted(fitting)


@given(st.lists(_WORDS, max_size=12), _WORDS)
def test_distances_are_levenshteins(words: list[str], word: str) -> None:
    """All at once as one by one."""
    assert distances(word, words).tolist() == [distance(word, other) for other in words]


@given(st.text("аб", max_size=12), st.text("аб*", min_size=1, max_size=8).filter(lambda typed: "*" in typed))
def test_a_shape_is_what_a_regular_expression_says(form: str, typed: str) -> None:
    """Pieces in their order, from the start to the end, none of them overlapping another."""
    expected = re.fullmatch(".*".join(typed.split("*")), form) is not None
    assert Shape(Pattern(typed)).fits(form) == expected


def test_many_stars_are_answered_at_once() -> None:
    """In a stretched word a regular expression would try every way to place them."""
    assert not Shape(Pattern("а*" * 20 + "0")).fits("а" * 5_000)
