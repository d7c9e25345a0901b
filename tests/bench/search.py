"""Measures the search: ``python -m tests.bench.search [PASSAGES] [FOLDER] [--alone]`` prints one line of JSON.

Passages are drawn from the 40,000 commonest Russian words by their frequency, 60 words each, 40 to an interview, and
lie in the vault's own sealed files. 200 queries of five kinds ask for the first 20 hits and the exact count. Times are
CPU milliseconds: "first" with nothing in memory but what opening reads, the others the best of three. The rivals are
asked in turn with us; they get one lemma a word, FTS5 and Whoosh in memory. Highlights are of the 20 passages that a
query is shown with: "first" where no form is known yet. What is synthetic: words do not cluster by topic, so rare words
meet less often than in speech.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import wordfreq

from archive.search import Page, Passage, WhooshEngine
from archive.search.grammar import parse
from tests.archive.search.test_oracle import Oracle
from tests.bench._search_asked import PER_INTERVIEW, at, cpu, interviews, ms, vault
from tests.bench._search_rivals import Asked, Fts5, PlainWhoosh, Stream
from transcripts.language import lemmas, tokens
from transcripts.numerals import value

WORDS = 60
KINDS = {"word": 60, "two words": 50, "phrase": 40, "prefix": 25, "fuzzy": 25}
WHOOSH_PASSAGES = 10_000


def main() -> None:
    """Builds indexes, asks them, prints what it took."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("passages", type=int, nargs="?", default=40_000)
    options.add_argument("folder", type=Path, nargs="?")
    options.add_argument("--alone", action="store_true", help="without the other engines")
    given = options.parse_args()
    with tempfile.TemporaryDirectory(dir=given.folder) as folder:
        found = measured(given.passages, Path(folder))
        rivals = {} if given.alone else _compared(min(given.passages, 40_000), Path(folder) / "compared")
        print(json.dumps(found | rivals))


def measured(count: int, folder: Path) -> dict[str, object]:
    """The figures for so many passages."""
    found: dict[str, object] = {"bench": "search", "unit": "CPU ms unless said", "passages": count}
    found |= _indexing(count, folder)
    child = [sys.executable, str(Path(__file__).with_name("_search_asked.py")), str(folder), str(count)]
    asked = json.dumps([(*each, texts) for each, texts in zip(queries(count), shown(count, folder), strict=True)])
    return found | json.loads(subprocess.run(child, input=asked.encode(), stdout=subprocess.PIPE, check=True).stdout)


def shown(count: int, folder: Path) -> list[list[str]]:
    """The texts that each query is shown with."""
    engine = WhooshEngine(vault(folder).index_files(folder / "index"))
    hits = [engine.search(text, interviews(count), Page()).hits for _, text in queries(count)]
    wanted = {hit.passage_id for each in hits for hit in each}
    texts = {passage.id: passage.text for passage in passages(count) if passage.id in wanted}
    return [[texts[hit.passage_id] for hit in each] for each in hits]


def _indexing(count: int, folder: Path) -> dict[str, object]:
    """Building: first with no word known, then again."""
    engine = WhooshEngine(vault(folder, make=True).index_files(folder / "index"))
    cold = cpu(lambda: engine.rebuild(passages(count)))
    drawing = cpu(lambda: [None for _ in passages(count)])
    warm = cpu(lambda: engine.rebuild(passages(count)))
    return {
        "words": count * WORDS,
        "indexing, words a CPU s, no form known before": round(count * WORDS / (cold - drawing)),
        "indexing, words a CPU s, forms known": round(count * WORDS / (warm - drawing)),
        "indexing, peak memory, MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "index, MB": round(_bytes(folder / "index") / 1e6, 1),
    }


def _compared(count: int, folder: Path) -> dict[str, object]:
    """Ratios in alternating runs, counts and order."""
    folder.mkdir()
    asked = queries(count)
    plain, sealed = (vault(folder / name, make=True, null=name == "plain") for name in ("plain", "sealed"))
    engines = {"plain": WhooshEngine(plain.index_files(folder / "plain/index"))}
    engines["sealed"] = WhooshEngine(sealed.index_files(folder / "sealed/index"))
    built = {name: [] for name in engines}
    for _ in range(3):
        for name, engine in engines.items():
            built[name].append(cpu(lambda engine=engine: engine.rebuild(passages(count))))
    drawing = cpu(lambda: [None for _ in passages(count)])
    disk = _bytes(folder / "sealed/index") / _bytes(folder / "plain/index")
    visible = interviews(count)
    first = {name: 0.0 for name in engines}
    for turn in range(3):
        for name, there in (("plain", plain), ("sealed", sealed)):
            fresh = WhooshEngine(there.index_files(folder / f"{name}/index", 8 << 20))
            fresh.state()
            took = sum(ms(fresh, text, visible) for _, text in asked)
            first[name] = took if not turn else min(first[name], took)
    found = {
        "sealed : unsealed, building": _ratio(min(built["sealed"]) - drawing, min(built["plain"]) - drawing),
        "sealed : unsealed, 200 queries, first": _ratio(first["sealed"], first["plain"]),
        "sealed : unsealed, on the disk": round(disk, 4),
    }
    return found | _rivalled(engines["sealed"], asked, visible, count) | _ranked(folder, count)


def _rivalled(engine: WhooshEngine, asked: Sequence[Asked], visible: Sequence[UUID], count: int) -> dict[str, object]:
    fts5, oracle = Fts5(Stream(passages(count))), Oracle([_divided(each) for each in passages(count)])
    ours, theirs, equal = 0.0, 0.0, 0
    medians: list[tuple[float, float]] = []
    for each in asked:
        plan = fts5.plan(each)
        mine, other = _in_turn(
            lambda each=each: engine.search(each[1], visible, Page()), lambda plan=plan: fts5.run(plan)
        )
        ours, theirs = ours + mine, theirs + other
        medians.append((mine, other))
        query = replace(parse(each[1]), pairs=False)
        equal += engine.search(query, visible, Page()).total == len(oracle.found(query))
    return {
        f"FTS5 : ours, 200 queries over {count:,}, sum": _ratio(theirs, ours),
        "FTS5, p50 / p95": f"{at([b for _, b in medians], 0.5)} / {at([b for _, b in medians], 0.95)}",
        "counts equal to FTS5's": f"{equal} of {len(asked)}",
    }


def _ranked(folder: Path, most: int) -> dict[str, object]:
    """Against plain Whoosh, where one lemma a word says the same as all of them."""
    count = min(most, WHOOSH_PASSAGES)
    there = vault(folder / "small", make=True)
    engine = WhooshEngine(there.index_files(folder / "small/index"))
    engine.rebuild(passages(count))
    visible = interviews(count)
    whoosh = PlainWhoosh(Stream(passages(count)))
    ours, theirs, overlaps = 0.0, 0.0, []
    for each in queries(count):
        plan = whoosh.plan(each)
        mine, other = _in_turn(
            lambda each=each: engine.search(each[1], visible, Page()), lambda plan=plan: whoosh.run(plan)
        )
        ours, theirs = ours + mine, theirs + other
        answer, (total, best) = engine.search(each[1], visible, Page()), whoosh.run(plan)
        if total == answer.total and total and each[0] in ("word", "two words", "phrase"):
            top = {hit.interview.int * PER_INTERVIEW + hit.number for hit in answer.hits[:10]}
            overlaps.append(len(top & set(best[:10])) / len(top))
    return {
        f"plain Whoosh : ours, 200 queries over {count:,}, sum": _ratio(theirs, ours),
        f"top ten shared with Whoosh's BM25F, mean over {len(overlaps)} queries": round(
            sum(overlaps) / len(overlaps), 3
        ),
    }


def passages(count: int) -> Iterator[Passage]:
    """The same ones at each call."""
    chance = random.Random(1)
    words, often = _words()
    for number in range(count):
        owner, place = divmod(number, PER_INTERVIEW)
        text = " ".join(chance.choices(words, cum_weights=often, k=WORDS))
        interview = UUID(int=owner)
        yield Passage(f"{interview}:{place}", interview, text, "ru", None, 0.0, 1.0, place, place)


def queries(count: int) -> list[Asked]:
    """200 of five kinds, of words from common to rare; phrases that were said. None says a number."""
    chance = random.Random(2)
    words = [word for word in wordfreq.top_n_list("ru", 8_000) if len(word) > 4 and word.isalpha() and _is_plain(word)]
    said = [each.text.split() for each, _ in zip(passages(count), range(400), strict=False)]
    rows = [" ".join(text[at : at + 2]) for text in said for at in range(0, WORDS - 1, 7)]
    rows = [row for row in rows if row.replace(" ", "").isalpha() and _is_plain(row)]
    drawn = {
        "word": chance.sample(words, KINDS["word"]),
        "two words": [" ".join(chance.sample(words[:1_500], 2)) for _ in range(KINDS["two words"])],
        "phrase": [f'"{row}"' for row in chance.sample(rows, KINDS["phrase"])],
        "prefix": [f"{word[:4]}*" for word in chance.sample(words, KINDS["prefix"])],
        "fuzzy": [f"{word}~" for word in chance.sample(words, KINDS["fuzzy"])],
    }
    return [(kind, text) for kind, texts in drawn.items() for text in texts]


def _words() -> tuple[list[str], list[float]]:
    words = wordfreq.top_n_list("ru", 40_000)
    total, often = 0.0, []
    for word in words:
        total += wordfreq.word_frequency(word, "ru")
        often.append(total)
    return words, often


def _divided(passage: Passage) -> Passage:
    """As the oracle reads it, which knows no hyphens that divide: one token between two spaces."""
    return replace(passage, text=" ".join(token.text for token in tokens(passage.text)))


def _is_plain(text: str) -> bool:
    """Whether none of the words says a number: what else those find, no other engine knows."""
    return all(value([lemmas(word, None)]) is None for word in text.split())


def _in_turn(one: Callable[[], Any], other: Callable[[], Any]) -> tuple[float, float]:
    """The best of three of each, in milliseconds."""
    times = [(1000 * cpu(one), 1000 * cpu(other)) for _ in range(3)]
    return min(a for a, _ in times), min(b for _, b in times)


def _ratio(one: float, other: float) -> float:
    return round(one / other, 2)


def _bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


if __name__ == "__main__":
    main()
