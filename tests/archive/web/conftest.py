"""One archive for all tests of the pages; tests that change an interview make one of their own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.rooms import Rooms, archive_with_rooms


@pytest.fixture(scope="session")
def rooms(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rooms]:
    """An archive with somebody of each role, one interview in review and one released."""
    made = archive_with_rooms(tmp_path_factory.mktemp("rooms") / "home")
    yield made
    made.house.close()
