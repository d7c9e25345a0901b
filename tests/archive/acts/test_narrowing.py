"""Filters of a query over what is known of interviews."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from archive.acts.narrowing import narrowed
from archive.interview import Interview, Stage
from archive.search import parse
from tests.make import OPEN_TERMS

OLD, NEW, UNDATED = (
    Interview(UUID(int=number), f"2026-000{number}", Stage.RELEASED, UUID(int=9), date(2026, 1, 1), OPEN_TERMS)
    for number in (1, 2, 3)
)
OLD, NEW = (
    replace(OLD, recorded_on=date(1991, 8, 19), places=("Ереван", "Самара"), themes=("эмиграция", "жизнь в лагере")),
    replace(NEW, recorded_on=date(2022, 3, 1), left_in=2022),
)


@pytest.mark.parametrize(
    ("typed", "left"),
    [
        ("хлеб", [OLD, NEW, UNDATED]),
        ("хлеб year:1991", [OLD]),
        ("хлеб год:1990..2000", [OLD]),
        ("хлеб year:1992..", [NEW]),
        ("хлеб year:..2022", [OLD, NEW]),
        ("хлеб year:1991 year:2022", [OLD, NEW]),
        ("хлеб -year:1991", [NEW, UNDATED]),
        ("хлеб year:1991 -year:1991", []),
        ("хлеб left:2022", [NEW]),
        ("хлеб отъезд:2000..", [NEW]),
        ("хлеб -left:2022", [OLD, UNDATED]),
        ("хлеб place:Рига", []),
        ("хлеб place:самара", [OLD]),
        ('хлеб place:Самара theme:"Жизнь в лагере"', [OLD]),
        ("хлеб -тема:эмиграция", [NEW, UNDATED]),
        ("хлеб place:самара theme:война", []),
        ("хлеб speaker:Ирина", [OLD, NEW, UNDATED]),
    ],
)
def test_filters_take_away_and_never_add(typed: str, left: list[Interview]) -> None:
    """Years and ranges of years, several of one field, unwanted ones; what is unknown of an interview fits nothing."""
    assert narrowed([OLD, NEW, UNDATED], parse(typed).filters) == left
