"""Sealed files of both kinds, the fake and the vault's, and engines over them."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.search import SealedFiles, WhooshEngine
from archive.vault import KdfCost, KeysInProcess, MemoryStore, Vault
from tests.archive.search.search_fakes import FilesInMemory

CHEAP = KdfCost(iterations=1, lanes=1, memory_kib=64)


@pytest.fixture
def memory(tmp_path: Path) -> FilesInMemory:
    """The fake."""
    return FilesInMemory(tmp_path)


@pytest.fixture(scope="session")
def keeper(tmp_path_factory: pytest.TempPathFactory) -> KeysInProcess:
    """Keys made once for the run."""
    return KeysInProcess.create(tmp_path_factory.mktemp("keeper") / "keys", "six words drawn by dice for tests", CHEAP)


@pytest.fixture
def sealed(tmp_path: Path, keeper: KeysInProcess) -> SealedFiles:
    """The vault's own, in ``tmp_path/index``."""
    return Vault(keeper, MemoryStore(), tmp_path / "spool").index_files(tmp_path / "index")


@pytest.fixture(params=["memory", "sealed"])
def files(request: pytest.FixtureRequest) -> SealedFiles:
    """Both: what holds over one must hold over the other."""
    found: SealedFiles = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def engine(files: SealedFiles) -> WhooshEngine:
    return WhooshEngine(files)
