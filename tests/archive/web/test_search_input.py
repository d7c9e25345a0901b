"""Whatever is typed into the search box: a page, soon, that says what is wrong and nothing else."""

from __future__ import annotations

import time

import pytest

from archive.policy import Role
from tests.rooms import Rooms

TYPED = {
    "х" * 10_000: (400, "1000 characters"),
    "хлеб " * 2_000: (400, "1000 characters"),
    "а " * 400: (400, "64"),
    "((((": (400, "no word to look for"),
    "(" * 500 + "хлеб": (400, "brackets"),
    "*": (400, "no word to look for"),
    "a*": (400, "at least 3 letters"),
    "*а*": (400, "at least 3 letters"),
    "-хлеб": (400, "no word to look for"),
    "year:вчера хлеб": (400, "year:2019"),
    '"Самаре': (200, ""),
    "Самаре\0\x1b[2J\x07": (200, ""),
    "\ufeffСам\u200bаре": (200, ""),
    "Самаре\ud83d\ude00 ~~~ ::: ===": (200, ""),
    "~" * 500 + "Самаре": (200, ""),
    "Сам* " * 60: (200, ""),
    "*аре " * 60: (200, ""),
    "Самары~2 " * 60: (200, ""),
    '"Сам* *аре Самара~"~50 ' * 10: (200, ""),
    " ".join(f"са{one}{two}~" for one in "абвг" for two in "абвгд"): (400, "star or a tilde"),
    '"' + "Самара " * 9 + '"~5': (400, "8 words"),
    "' OR 1=1; --": (200, ""),
    "{{7*7}} ${7*7} %s %(x)s": (400, "at least 3 letters"),
}


@pytest.mark.parametrize("typed", TYPED, ids=lambda typed: ascii(typed[:12]))
def test_anything_typed_is_answered_within_a_second(rooms: Rooms, typed: str) -> None:
    """By a page in the reader's language: 200, or 400 with a sentence that says what to do; never a failure."""
    status, said = TYPED[typed]
    historian = rooms.client(Role.HISTORIAN)
    token = historian.token("/search")
    begun = time.process_time()
    page = historian.client.post("/search", data={"q": typed.encode("utf-8", "surrogatepass"), "csrf_token": token})
    assert time.process_time() - begun < 1
    assert page.status_code == status
    assert said in page.text


@pytest.mark.parametrize("number", ["0", "-1", "999999", "99999999999999999999", "x", "1e9", ""])
def test_pages_that_there_are_not_are_empty_or_the_first(rooms: Rooms, number: str) -> None:
    """No number of a page fails."""
    historian = rooms.client(Role.HISTORIAN)
    page = historian.post("/search", on="/search", q="Самаре").text
    here = page.partition('data-here="')[2].partition('"')[0].partition("?")[0]
    assert historian.get(f"{here}?page={number}").status_code == 200
