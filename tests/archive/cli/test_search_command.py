"""``golosa search``: what a person reads and what a program reads."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from archive.errors import BadQuery
from archive.i18n import say
from archive.interview import Stage
from tests.archive.cli.test_archive_commands import run
from tests.rooms import Pattern


@pytest.fixture(scope="module")
def home(pattern: Pattern, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two released interviews with the same words."""
    home = tmp_path_factory.mktemp("search") / "home"
    pattern.copied(home, Stage.RELEASED)[0].close()
    return home


def _told(home: Path, *command: str) -> dict[str, object]:
    result = run(home, "search", *command, "--json")
    assert result.exit_code == 0, result.output
    told: dict[str, object] = json.loads(result.output)
    return told


def test_a_program_is_told_what_was_understood(home: Path) -> None:
    """The query that was run, what was put right, what was cut and what may be meant."""
    told = _told(home, '"записывать интервью')
    assert (told["query"], told["repairs"]) == ('"записывать интервью"', ["quote-closed"])
    assert (told["total"], told["interviews"], told["better"], told["cut"]) == (2, 2, [], [])
    hits = told["hits"]
    assert isinstance(hits, list)
    assert all("записываем интервью" in hit["text"] for hit in hits)
    told = _told(home, "интирвью")
    assert told["total"] == 0
    assert {"instead_of": "интирвью", "word": "интервью", "query": "интервью"} in told["better"]  # type: ignore[operator]


def test_partners_can_be_left_out(home: Path) -> None:
    """“записать” finds “записываем”, unless it must not."""
    assert _told(home, "записать")["total"] == 2
    assert _told(home, "записать", "--no-pairs")["total"] == 0


def test_a_person_reads_what_was_put_right_and_what_may_be_meant(home: Path) -> None:
    """Hits between guillemets; what cannot be run is said in a sentence that shows nothing of the query."""
    assert "asked as: интервью" in run(home, "search", "интервью OR").output
    assert "«интервью»" in run(home, "search", "интервью").output
    assert "try: интервью" in run(home, "search", "интирвью").output
    for typed, says in (
        ("a*", "at least 3 letters"),
        ("NOT хлеб", "no word to look for"),
        ("хлеб year:x", "year:2019"),
    ):
        refused = run(home, "search", typed)
        assert isinstance(refused.exception, BadQuery)
        assert says in say(refused.exception, "en")
        assert typed not in str(refused.exception)


def test_without_a_word_interviews_are_listed(home: Path) -> None:
    """All of them where nothing is typed, or those that a filter leaves; as JSON, too; no word of a text."""
    every = run(home, "search").output
    assert "interviews" in every.splitlines()[0]
    told = _told(home, "year:1800..2100")
    assert told["interviews"] == 0, "nobody noted a day"
    told = _told(home, "lang:ru")
    assert len(told["listed"]) == told["interviews"] > 0
    assert every.startswith(f"{told['interviews']} interviews")
    assert all(one["interview"] in every for one in told["listed"])
    assert set(told["listed"][0]) >= {"title", "recorded", "seconds", "places", "themes", "translations"}
