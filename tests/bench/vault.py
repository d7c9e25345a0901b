"""How fast the vault seals and opens: one JSON line, megabytes (10^6 bytes) a second. ``python tests/bench/vault.py``.

``*_cpu`` counts the time of one core that this process used; the others count the clock, disk and neighbours included.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from archive.catalogue.ports import Place, RowKey
from archive.policy import Act, Layer, Permit
from archive.vault import FolderStore, KdfCost, KeysInProcess, Vault

_PIECE = os.urandom(1 << 20)
_ROWS = 2000


@dataclass(frozen=True)
class _Stored:
    """A blob's row, as the catalogue would bring it."""

    id: UUID
    interview: UUID
    layer: Layer
    length: int


def measure(folder: Path, megabytes: int) -> dict[str, float]:
    """Writes and reads one blob of that size in ``folder``, then rows and random reads."""
    keeper = KeysInProcess.create(folder / "keys", "a bench", KdfCost(iterations=1, lanes=1, memory_kib=64))
    vault = Vault(keeper, FolderStore(folder / "store"), folder / "spool")
    interview = uuid4()
    keeper.make_interview_keys(interview)
    permit = Permit(Act.PROCESS, interview)
    figures: dict[str, float] = {"megabytes": megabytes}

    def write() -> None:
        with vault.write(permit, interview, Layer.PROTECTED) as writer:
            for _ in range(megabytes):
                writer.write(_PIECE)
        nonlocal stored
        stored = _Stored(writer.blob.id, interview, Layer.PROTECTED, writer.blob.length)

    stored = _Stored(interview, interview, Layer.PROTECTED, 0)
    amount = megabytes * len(_PIECE) / 1e6
    _rate(figures, "write", amount, write)
    for name, size in (("read_1mib", 1 << 20), ("read_64kib", 1 << 16), ("read_4kib", 1 << 12)):

        def read(size: int = size) -> None:
            with vault.open(permit, stored) as reader:
                while reader.read(size):
                    pass

        _rate(figures, name, amount, read)
    _small(figures, vault, permit, stored)
    return figures


def _small(figures: dict[str, float], vault: Vault, permit: Permit, stored: _Stored) -> None:
    key = RowKey(Layer.RELEASED, stored.interview)
    places = [Place("interviews", stored.interview, version) for version in range(_ROWS)]
    value = {"title": "x" * 200}
    began = time.process_time()
    sealed = [vault.rows.seal(key, place, value) for place in places]
    figures["seal_row_us"] = round((time.process_time() - began) / _ROWS * 1e6, 1)
    began = time.process_time()
    for place, row in zip(places, sealed, strict=True):
        vault.rows.open(key, place, row)
    figures["open_row_us"] = round((time.process_time() - began) / _ROWS * 1e6, 1)
    began = time.process_time()
    for number in range(100):
        with vault.open(permit, stored) as reader:
            reader.seek(number * 7919 * 1021 % stored.length)
            reader.read(65536)
    figures["open_seek_read_64kib_us"] = round((time.process_time() - began) / 100 * 1e6, 1)


def _rate(figures: dict[str, float], name: str, amount: float, run: Callable[[], None]) -> None:
    clock, core = time.perf_counter(), time.process_time()
    run()
    figures[name] = round(amount / (time.perf_counter() - clock))
    figures[f"{name}_cpu"] = round(amount / (time.process_time() - core))


def main() -> None:
    """Prints the line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=int, default=256, help="size of the blob in MiB")
    parser.add_argument("--folder", type=Path, default=None, help="where to write (default: a temporary folder)")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=given.folder) as folder:
        print(json.dumps(measure(Path(folder), given.megabytes)))


if __name__ == "__main__":
    main()
