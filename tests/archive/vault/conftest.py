"""A vault over a store of either kind."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.vault import MemoryStore
from tests.archive.vault.vault_house import House


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


@pytest.fixture(params=["folder", "memory"])
def either_house(request: pytest.FixtureRequest, tmp_path: Path) -> House:
    """The same promises over both stores."""
    return House(tmp_path, store=MemoryStore() if request.param == "memory" else None)
