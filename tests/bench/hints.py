"""How long a search takes for words that a reader finds nowhere: can a clock tell why? Prints one line of JSON.

``python -m tests.bench hints``. Two thousand passages, half of them hidden from the reader; the surnames were concealed
before the index was made. Each kind of word is asked for in turn with the others; CPU microseconds, medians and 95th
percentiles. A concealed name is in no file of the index, so nothing is read for it; a word of a hidden interview is
looked up and its places are read before they are found to be hidden.
"""

from __future__ import annotations

import json
import random
import time
from collections import defaultdict
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

import wordfreq

from archive.search import Page, Passage, WhooshEngine
from archive.search.vocabulary import distances
from archive.vault import KdfCost, KeysInProcess, MemoryStore, Vault

PASSAGES, PER_INTERVIEW, ROUNDS = 2_000, 40, 300
CONCEALED = ["Лебедева", "Добролюбов", "Сергиенко", "Кацнельсон"]
NOWHERE = ["Голубева", "Черемисов", "Матвиенко", "Розенблюм"]
HIDDEN = ["вернисажем", "гобоистка", "параллакс", "ихтиолог"]


def main() -> None:
    """Asks and prints."""
    with TemporaryDirectory() as folder:
        keeper = KeysInProcess.create(Path(folder) / "keys", "six words drawn by dice", KdfCost(1, 1, 64))
        files = Vault(keeper, MemoryStore(), Path(folder) / "spool").index_files(Path(folder) / "index")
        WhooshEngine(files).rebuild(_passages())
        engine = WhooshEngine(files)
        taken = _asked(engine)
    found: dict[str, object] = {"bench": "hints", "unit": "CPU µs"}
    for kind, times in taken.items():
        ordered = sorted(times)
        found[f"{kind}, median"] = round(ordered[len(ordered) // 2] / 1000)
        found[f"{kind}, p95"] = round(ordered[int(0.95 * len(ordered))] / 1000)
    print(json.dumps(found))


def _asked(engine: WhooshEngine) -> dict[str, list[int]]:
    seen = [UUID(int=number) for number in range(0, PASSAGES // PER_INTERVIEW, 2)]
    taken: dict[str, list[int]] = defaultdict(list)
    words = {"a concealed name": CONCEALED, "a name never said": NOWHERE, "a hidden interview's word": HIDDEN}
    for number in range(-20, ROUNDS):
        for kind, some in words.items():
            word = some[number % len(some)]
            begun = time.process_time_ns()
            answer = engine.search(word, seen, Page())
            if number >= 0:
                taken[kind].append(time.process_time_ns() - begun)
            assert (answer.total, answer.better) == (0, ())
    return taken


def _passages() -> list[Passage]:
    chance = random.Random(1)
    words = wordfreq.top_n_list("ru", 20_000)
    for word in map(str.lower, CONCEALED + NOWHERE + HIDDEN):  # nothing that would be offered in their place
        words = [each for each, apart in zip(words, distances(word, words).tolist(), strict=True) if apart > 3]
    often = [wordfreq.word_frequency(word, "ru") for word in words]
    made = []
    for number in range(PASSAGES):
        owner, place = divmod(number, PER_INTERVIEW)
        text = " ".join(chance.choices(words, often, k=60))
        text += f" [имя 1] {chance.choice(HIDDEN)}" if owner % 2 else " [имя 1]"
        made.append(Passage(f"{UUID(int=owner)}:{place}", UUID(int=owner), text, "ru", None, 0.0, 1.0, place, place))
    return made


if __name__ == "__main__":
    main()
