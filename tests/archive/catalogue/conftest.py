"""A catalogue over the fake sealer and, with the same promises, over the real vault."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.catalogue import Catalogue
from archive.interview import Interview
from tests.archive.catalogue.catalogue_fakes import Clock, FakeSealer, Sealing, stored_interview


def _fake(_home: Path) -> Sealing:
    sealer = FakeSealer()
    return Sealing(sealer, make=lambda _interview: None, destroy=sealer.gone.add)


def _real(home: Path) -> Sealing:
    vault = pytest.importorskip("archive.vault")
    if not hasattr(vault, "Vault"):
        pytest.skip("archive.vault is not there yet")
    cost = vault.KdfCost(iterations=1, lanes=1, memory_kib=64)
    keeper = vault.KeysInProcess.create(home / "keys", "six words that nobody would guess", cost)
    made = vault.Vault(keeper, vault.MemoryStore(), home / "spool")
    return Sealing(made.rows, keeper.make_interview_keys, keeper.destroy)


_SEALINGS = {"fake": _fake, "vault": _real}


@pytest.fixture(params=_SEALINGS)
def sealing(request: pytest.FixtureRequest, tmp_path: Path) -> Sealing:
    """The sealer the catalogue lies under."""
    return _SEALINGS[request.param](tmp_path)


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A catalogue that was only made: the migrations need not run for every test."""
    path = tmp_path_factory.mktemp("empty") / "catalogue.db"
    Catalogue.open(path, FakeSealer()).close()
    return path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the catalogue is going to lie."""
    return tmp_path / "catalogue.db"


@pytest.fixture
def clock() -> Clock:
    """The catalogue's clock."""
    return Clock()


@pytest.fixture
def catalogue(path: Path, empty: Path, sealing: Sealing, clock: Clock) -> Iterator[Catalogue]:
    """An empty catalogue."""
    shutil.copy(empty, path)
    made = Catalogue.open(path, sealing.sealer, clock)
    yield made
    made.close()


@pytest.fixture
def interview(catalogue: Catalogue, sealing: Sealing) -> Interview:
    """One interview, stored."""
    return stored_interview(catalogue, sealing)


@pytest.fixture
def another(catalogue: Catalogue, sealing: Sealing) -> Interview:
    """A second one."""
    return stored_interview(catalogue, sealing, accession="2026-0002", title="Другой разговор")
