"""The contracts of import-linter name every module, so that a new one cannot slip past them.

That the contracts hold is import-linter's own work (``make check``); here is only that they are about everything.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
CONTRACTS: dict[str, dict[str, Any]] = {
    contract["id"]: contract
    for contract in tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
}
OWNERS = {
    "one-importer-cryptography": "archive.vault",
    "one-importer-sqlalchemy": "archive.catalogue",
    "one-importer-whoosh": "archive.search",
    "one-importer-flask": "archive.web",
    "one-importer-media": "transcripts.sound",
}


def _modules(package: str) -> set[str]:
    """The modules and packages directly in ``package``, as the tree has them."""
    files = {path.stem for path in (ROOT / package).glob("*.py")} - {"__init__"}
    return {
        f"{package}.{name}" for name in files | {path.parent.name for path in (ROOT / package).glob("*/__init__.py")}
    }


@pytest.mark.parametrize("contract", OWNERS)
def test_a_dangerous_library_has_one_importer(contract: str) -> None:
    """Whoever is not its owner stands in the contract that forbids it; transcripts is under its own contract."""
    forbidden = set(CONTRACTS[contract]["source_modules"])
    owner = OWNERS[contract]
    everyone = _modules("archive")
    if owner.startswith("transcripts"):
        everyone |= _modules("transcripts") - {"transcripts.errors", "transcripts.shipped"}
        forbidden |= everyone if "archive" in forbidden else set()
        forbidden -= {owner}
    assert everyone - forbidden == {owner}
    assert owner not in forbidden


def test_every_module_has_its_layer() -> None:
    """import-linter's ``exhaustive`` says so too; here it is read without building the graph."""
    layers = {name.strip() for layer in CONTRACTS["layers"]["layers"] for name in layer.split("|")}
    assert CONTRACTS["layers"]["exhaustive"]
    assert {f"archive.{name}" for name in layers} == _modules("archive")
