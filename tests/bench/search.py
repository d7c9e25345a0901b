"""Measures the search: ``python tests/bench/search.py [PASSAGES] [FOLDER]`` prints one line of JSON.

Passages are drawn from the 40,000 commonest Russian words by their frequency, 60 words each, 40 to an interview, and
lie in the vault's own sealed files. Times are CPU milliseconds: first what a query costs when nothing is in memory,
then the best of three. What is synthetic: words do not cluster by topic, so rare words meet less often than in speech.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import wordfreq

from archive.search import Page, Passage, WhooshEngine
from archive.vault import KdfCost, KeysInProcess, MemoryStore, Vault

WORDS = 60
PER_INTERVIEW = 40
QUERIES = 40


def main() -> None:
    """Builds an index, asks it, prints what it took."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("passages", type=int, nargs="?", default=2_000)
    options.add_argument("folder", type=Path, nargs="?")
    given = options.parse_args()
    with tempfile.TemporaryDirectory(dir=given.folder) as folder:
        print(json.dumps(measured(given.passages, Path(folder))))


def measured(count: int, folder: Path) -> dict[str, object]:
    """The figures for so many passages."""
    keeper = KeysInProcess.create(folder / "keys", "six words drawn by dice", KdfCost(1, 1, 64))
    vault = Vault(keeper, MemoryStore(), folder / "spool")
    engine = WhooshEngine(vault.index_files(folder / "index"))
    wall, cpu = time.perf_counter(), time.process_time()
    engine.rebuild(_passages(count))
    index = {"wall_s": _since(wall, time.perf_counter), "cpu_s": _since(cpu, time.process_time)}
    visible = [UUID(int=number) for number in range(-(-count // PER_INTERVIEW))]
    cold = WhooshEngine(vault.index_files(folder / "index"))
    cpu = time.process_time()
    cold.state()
    found: dict[str, object] = {
        "bench": "search",
        "unit": "CPU ms unless said",
        "passages": count,
        "words": count * WORDS,
        "index, wall s": index["wall_s"],
        "index, CPU s": index["cpu_s"],
        "index, words a CPU s": round(count * WORDS / index["cpu_s"]),
        "index, bytes": sum(path.stat().st_size for path in (folder / "index").rglob("*") if path.is_file()),
        "open": round(1000 * _since(cpu, time.process_time), 1),
    }
    for kind, queries in _queries().items():
        found |= {f"{kind}, {figure}": value for figure, value in _asked(cold, queries, visible).items()}
    return found | {"peak memory, MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024}


def _passages(count: int) -> Iterator[Passage]:
    chance = random.Random(1)
    words = wordfreq.top_n_list("ru", 40_000)
    often = [wordfreq.word_frequency(word, "ru") for word in words]
    for number in range(count):
        owner, place = divmod(number, PER_INTERVIEW)
        text = " ".join(chance.choices(words, often, k=WORDS))
        interview = UUID(int=owner)
        yield Passage(f"{interview}:{place}", interview, text, "ru", None, 0.0, 1.0, place, place)


def _queries() -> dict[str, list[str]]:
    """One set for each way to ask, of words from common to rare."""
    chance = random.Random(2)
    words = [word for word in wordfreq.top_n_list("ru", 8_000) if len(word) > 4]
    one = chance.sample(words, QUERIES)
    pairs = [" ".join(chance.sample(words[:1_500], 2)) for _ in range(QUERIES)]
    return {
        "word": one,
        "two words": pairs,
        "phrase": [f'"{pair}"' for pair in pairs],
        "prefix": [f"{word[:4]}*" for word in one],
        "worst prefix": ["при*", "про*", "пере*"],
        "nonsense": ["щзбрвгджк"] * 5,
    }


def _asked(engine: WhooshEngine, queries: list[str], visible: list[UUID]) -> dict[str, float]:
    times = [[_once(engine, query, visible) for _ in range(4)] for query in queries]
    cold, warm = sorted(each[0] for each in times), sorted(min(each[1:]) for each in times)
    return {
        "cold p50": _at(cold, 0.5),
        "cold p95": _at(cold, 0.95),
        "warm p50": _at(warm, 0.5),
        "warm p95": _at(warm, 0.95),
    }


def _once(engine: WhooshEngine, query: str, visible: list[UUID]) -> float:
    begun = time.process_time()
    engine.search(query, visible, Page())
    return (time.process_time() - begun) * 1000


def _at(ordered: list[float], share: float) -> float:
    return round(ordered[min(len(ordered) - 1, int(share * len(ordered)))], 2)


def _since(begun: float, clock: object) -> float:
    assert callable(clock)
    return round(clock() - begun, 3)


if __name__ == "__main__":
    main()
