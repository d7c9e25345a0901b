"""Archives with real parts in which nobody listens and no models are loaded."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from archive.interview import Stage
from archive.parts import Archive
from tests import make, rooms
from tests.rooms import ArchiveWith


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Archive]:
    """An empty one."""
    made = rooms.cheap(make.archive_in(tmp_path / "home"))
    yield made
    made.close()


@pytest.fixture(scope="session")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> rooms.Pattern:
    """Made once in a run: to drive an interview through the pipeline takes longer than what is tested of it."""
    return rooms.pattern(tmp_path_factory.mktemp("pattern") / "home")


@pytest.fixture
def archive_with(pattern: rooms.Pattern, tmp_path: Path) -> Iterator[ArchiveWith]:
    """One with an interview at each of the given stages, and others."""
    opened: list[Archive] = []

    def made(*stages: Stage) -> tuple[Archive, list[UUID]]:
        house, ids = pattern.copied(tmp_path / "home", *stages)
        opened.append(house)
        return house, ids

    yield made
    for house in opened:
        house.close()
