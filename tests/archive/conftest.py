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


@pytest.fixture
def archive_with(tmp_path: Path) -> Iterator[ArchiveWith]:
    """One that holds interviews, as ``rooms.archive_with``."""
    opened: list[Archive] = []

    def made(*stages: Stage) -> tuple[Archive, list[UUID]]:
        house, ids = rooms.archive_with(tmp_path / "home", *stages)
        opened.append(house)
        return house, ids

    yield made
    for house in opened:
        house.close()
