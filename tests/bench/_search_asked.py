"""Asks an index in a process of its own that has the web's modules loaded, as the web's process would be asked.

``python tests/bench/_search_asked.py FOLDER PASSAGES``, on its standard input as JSON the queries, each with its kind
and the texts it is shown with.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import archive.web
from archive.search import Page, WhooshEngine, parse
from archive.vault import KdfCost, KeysInProcess, MemoryStore, Vault

PER_INTERVIEW = 40
PASSPHRASE = "six words drawn by dice"
_APART = ("при*", "и", "не мочь")


def main() -> None:
    """Prints what it took as JSON."""
    folder, count = Path(sys.argv[1]), int(sys.argv[2])
    given: list[tuple[str, str, list[str]]] = json.load(sys.stdin)
    asked = [(kind, text) for kind, text, _ in given]
    assert archive.web
    engine = WhooshEngine(vault(folder).index_files(folder / "index"))
    visible = interviews(count)
    found: dict[str, object] = {"memory before the index is opened, MB": _resident()}
    found["opening"] = round(1000 * cpu(engine.state), 1)
    for name, tries in (("first", 1), ("again", 3)):
        times: dict[str, list[float]] = {}
        for kind, text in asked:
            times.setdefault(kind, []).append(min(ms(engine, text, visible) for _ in range(tries)))
        every = [each for kind in times.values() for each in kind]
        found[f"{len(asked)} queries, {name}: p50 / p95 / worst"] = (
            f"{at(every, 0.5)} / {at(every, 0.95)} / {at(every, 1)}"
        )
        found |= {f"{kind}, {name}: p50 / p95": f"{at(each, 0.5)} / {at(each, 0.95)}" for kind, each in times.items()}
    found |= {f"“{text}”": round(ms(engine, text, visible), 1) for text in _APART}
    for name, tries in (("first", 1), ("again", 3)):
        marking = [min(_marking(engine, text, texts) for _ in range(tries)) for _, text, texts in given]
        shown = f"{at(marking, 0.5)} / {at(marking, 0.95)} / {at(marking, 1)}"
        found[f"highlights of {max(len(texts) for *_, texts in given)} results, {name}: p50 / p95 / worst"] = shown
    print(json.dumps(found | {"memory of the web's process after all this, MB": _resident()}))


def vault(folder: Path, *, make: bool = False, null: bool = False) -> Vault:
    """Over keys made at a test's cost."""
    if make:
        folder.mkdir(exist_ok=True)
        keeper = KeysInProcess.create(folder / "keys", PASSPHRASE, KdfCost(1, 1, 64))
    else:
        keeper = KeysInProcess.unlock(folder / "keys", PASSPHRASE)
    return Vault(keeper, MemoryStore(), folder / "spool", null_cipher=null)


def interviews(count: int) -> list[UUID]:
    """Those that so many passages are of."""
    return [UUID(int=number) for number in range(-(-count // PER_INTERVIEW))]


def ms(engine: WhooshEngine, text: str, visible: Sequence[UUID]) -> float:
    """What a question costs, in CPU milliseconds."""
    return 1000 * cpu(lambda: engine.search(text, visible, Page()))


def _marking(engine: WhooshEngine, text: str, texts: Sequence[str]) -> float:
    """What the highlights of an answer cost, in CPU milliseconds; the query is read once, as for a page."""
    query = parse(text)
    return 1000 * cpu(lambda: [engine.highlights(query, each, "ru") for each in texts])


def cpu(act: Callable[[], Any]) -> float:
    """CPU seconds of this process."""
    begun = time.process_time()
    act()
    return time.process_time() - begun


def at(times: Sequence[float], share: float) -> float:
    """The time that this share of them stays below."""
    return round(sorted(times)[min(len(times) - 1, int(share * len(times)))], 2)


def _resident() -> int:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") >> 20


if __name__ == "__main__":
    main()
