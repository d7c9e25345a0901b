"""What every search engine promises, whatever stands behind the port: a fake, and ours over fake and sealed files."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TypeAlias

import pytest

from archive.errors import BadQuery, Tampered
from archive.search import IndexState, Page, SearchEngine, WhooshEngine
from tests.archive.search.engine_fake import EngineInMemory, Kept
from tests.archive.search.search_fakes import cut, everything, interview

Opened: TypeAlias = Callable[[], SearchEngine]
"""Another engine over the same index, as another process would open it."""

BREAD = cut(1, "Нас везли по этапу, хлеба не было.", "Дети ели снег.", "Утром дали хлеб и кипяток.")
BARN = cut(2, "Хлебом пахло в амбаре.", "Слушали Radio Liberty по ВЭФу.")
NAMED = cut(3, "Пришёл Добролюбов и принёс хлеба.", "Больше о нём не слышали.")
COVERED = cut(3, "Пришёл [имя 1] и принёс хлеба.", "Больше о нём не слышали.")
ALL = [interview(1), interview(2), interview(3)]
PAGE = Page(1, 20)


@pytest.fixture(params=["fake", "memory", "sealed"])
def opened(request: pytest.FixtureRequest) -> Opened:
    if request.param == "fake":
        kept = Kept()
        return lambda: EngineInMemory(kept)
    files = request.getfixturevalue(request.param)
    return lambda: WhooshEngine(files)


@pytest.fixture
def engine(opened: Opened) -> SearchEngine:
    return opened()


def _found(engine: SearchEngine, query: str) -> set[str]:
    return {f"{hit.interview.int}:{hit.number}" for hit in engine.search(query, ALL, PAGE).hits}


def test_an_empty_archive_answers(engine: SearchEngine) -> None:
    """No index is no hits, and nothing to check against."""
    assert engine.state() is None
    engine.check(None)
    answer = engine.search("хлеб", ALL, PAGE)
    assert (answer.total, answer.interviews, answer.hits) == (0, 0, ())


def test_words_are_found_in_all_their_forms(engine: SearchEngine) -> None:
    """Suppletion, ё, mixed scripts, phrases, prefixes, without."""
    engine.replace(everything(BREAD, BARN))
    assert _found(engine, "хлеб") == {"1:0", "1:2", "2:0"}
    assert _found(engine, "ребенок") == {"1:1"}
    assert _found(engine, '"по этап"') == {"1:0"}
    assert _found(engine, "кипят*") == {"1:2"}
    assert _found(engine, "хлеб -кипяток") == {"1:0", "2:0"}
    assert _found(engine, "снег OR liberty") == {"1:1", "2:1"}
    assert _found(engine, "хлеб снег") == set()


def test_an_interview_without_passages_is_no_obstacle(engine: SearchEngine) -> None:
    """Neither the only one replaced by nothing, nor an index of nothing, nor passages of marks alone."""
    engine.replace({interview(1): []})
    engine.replace(everything(BREAD))
    engine.replace({interview(1): []})
    assert _found(engine, "хлеб") == set()
    engine.replace(everything(cut(1, "[имя 1]", "…", "хлеб")))
    assert _found(engine, "хлеб") == {"1:2"}
    assert _found(engine, "хле*") == {"1:2"}
    engine.rebuild([])
    assert _found(engine, "хлеб OR хле*") == set()
    engine.replace(everything(BARN))
    assert _found(engine, "хлеб") == {"2:0"}


def test_a_concealed_name_answers_like_a_word_that_does_not_exist(engine: SearchEngine) -> None:
    """Alone, in phrases, with operators and by its beginning: the same answer but for the query itself."""
    engine.replace(everything(BREAD, BARN, COVERED))
    for form in ("{}", '"пришёл {}"', "хлеб {}", "хлеб OR {}", "хлеб -{}", "{}*", '"{} и принёс"', "({}"):
        named = engine.search(form.format("Добролюбов"), ALL, PAGE)
        nonsense = engine.search(form.format("Щзбрвгджк"), ALL, PAGE)
        assert (named.total, named.interviews, named.hits) == (nonsense.total, nonsense.interviews, nonsense.hits)
        assert named.understood.replace("Добролюбов", "Щзбрвгджк") == nonsense.understood
        assert named.repaired == nonsense.repaired
    assert _found(engine, "имя") == set()


def test_what_may_not_be_seen_does_not_count(engine: SearchEngine) -> None:
    """Totals, interviews, scores and order speak of the visible interviews alone."""
    engine.replace(everything(BREAD, BARN, NAMED))
    answer = engine.search("хлеб", [interview(2)], PAGE)
    assert (answer.total, answer.interviews) == (1, 1)
    assert [hit.interview for hit in answer.hits] == [interview(2)]
    assert engine.search("хлеб", [], PAGE).total == 0
    assert engine.search("хлеб", [interview(99)], PAGE).total == 0


def test_pages_share_out_the_hits(engine: SearchEngine) -> None:
    """Each hit on one page, the best first, equals in the order of interview and passage; past the end is empty."""
    engine.replace(everything(cut(2, *["хлеб"] * 7), cut(1, *["хлеб"] * 5, "хлеб хлеб")))
    pages = [engine.search("хлеб", ALL, Page(number, 5)).hits for number in (1, 2, 3, 4)]
    assert [len(page) for page in pages] == [5, 5, 3, 0]
    assert [(hit.interview.int, hit.number) for page in pages for hit in page] == (
        [(1, 5)] + [(1, number) for number in range(5)] + [(2, number) for number in range(7)]
    )
    assert pages[0] == engine.search("хлеб", ALL, Page(0, 5)).hits


def test_a_reader_notices_a_new_generation(opened: Opened, engine: SearchEngine) -> None:
    """Another process's engine sees commits and rebuilds at its next question."""
    reader = opened()
    assert _found(reader, "хлеб") == set()
    engine.replace(everything(BREAD))
    assert _found(reader, "хлеб") == {"1:0", "1:2"}
    engine.replace(everything(BARN))
    assert _found(reader, "хлеб") == {"1:0", "1:2", "2:0"}
    engine.rebuild(BARN)
    assert _found(reader, "хлеб") == {"2:0"}
    reader.close()
    assert _found(reader, "хлеб") == {"2:0"}


def test_readers_go_on_while_a_writer_writes(opened: Opened, engine: SearchEngine) -> None:
    """Every answer is that of one commit, old or new, never an error or a mixture."""
    engine.replace(everything(cut(1, *["хлеб"] * 3)))
    readers = [opened(), engine]
    stop = False
    answers = threading.Semaphore(0)

    def ask(reader: SearchEngine) -> set[int]:
        totals = set()
        while not stop:
            totals.add(reader.search("хлеб -снег", ALL, PAGE).total)
            answers.release()
        return totals

    with ThreadPoolExecutor() as pool:
        asked = [pool.submit(ask, reader) for reader in readers]
        try:
            for count in range(4, 10):
                engine.replace(everything(cut(1, *["хлеб"] * count)))
                engine.rebuild(cut(1, *["хлеб"] * count))
                while answers.acquire(blocking=False):
                    pass
                assert all(answers.acquire(timeout=60) for _ in range(4))  # two of them asked after the commit
        finally:
            stop = True
        totals = set().union(*(each.result() for each in asked))
    assert totals <= set(range(3, 10))
    assert len(totals) > 2


@pytest.mark.parametrize("typed", ["((((", "*", "a*", '"unbalanced', "-", "х" * 10_000, "хлеб\0снег", "хле* " * 60])
def test_any_query_is_answered_or_refused_within_a_second(engine: SearchEngine, typed: str) -> None:
    """With nothing but BadQuery to catch."""
    engine.replace(everything(BREAD, BARN, cut(3, *[f"хлеб слово{number} хлеб{number}" for number in range(500)])))
    begun = time.process_time()
    try:
        engine.search(typed, ALL, PAGE)
    except BadQuery:
        assert typed not in ("хлеб\0снег", '"unbalanced', "хле* " * 60)
    assert time.process_time() - begun < 1


def test_nothing_of_an_answer_shows_the_query(engine: SearchEngine) -> None:
    """Neither its words nor its reading back are in the repr."""
    engine.replace(everything(BREAD))
    assert "хлеб" not in repr(engine.search("хлеб", ALL, PAGE)).lower()


def test_an_interview_is_replaced_or_removed_whole(engine: SearchEngine) -> None:
    """What it said before is found no more, what the others said still is."""
    engine.replace(everything(BREAD, NAMED))
    assert _found(engine, "Добролюбов") == {"3:0"}
    engine.replace(everything(COVERED))
    assert _found(engine, "Добролюбов") == set()
    assert _found(engine, "хлеб") == {"1:0", "1:2", "3:0"}
    before = engine.replace(everything(NAMED))
    state = engine.remove([interview(3)], [*BREAD, *NAMED, *BARN])
    assert state.generation > before.generation
    assert _found(engine, "хлеб") == {"1:0", "1:2", "2:0"}


def test_a_state_is_known_again_and_an_older_one_refused(opened: Opened, engine: SearchEngine) -> None:
    """Generations rise with every commit; nothing is built upon what is older than the catalogue knows."""
    first = engine.replace(everything(NAMED))
    second = engine.replace(everything(COVERED))
    assert (engine.state(), opened().state()) == (second, second)
    assert second.generation > first.generation
    assert IndexState(**second.as_json()) == second
    engine.check(first)
    engine.check(second)
    for missing in (
        IndexState(second.directory, second.generation + 5, second.digest),
        IndexState(second.directory, second.generation, "0" * 64),
    ):
        with pytest.raises(Tampered):
            engine.check(missing)
        with pytest.raises(Tampered):
            engine.replace(everything(BREAD), after=missing)
        assert _found(engine, "хлеб") == {"3:0"}
    third = engine.rebuild(BARN, after=IndexState(second.directory, second.generation + 5, second.digest))
    assert third.generation > second.generation + 5
    assert not engine.outdated(third)
    assert not engine.outdated(None)


def test_a_failed_build_changes_nothing(engine: SearchEngine) -> None:
    """The old index answers as before."""
    state = engine.replace(everything(BREAD))

    def failing():  # type: ignore[no-untyped-def]
        yield BARN[0]
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        engine.rebuild(failing())
    assert engine.state() == state
    assert _found(engine, "хлеб") == {"1:0", "1:2"}
    engine.verify()


def test_filters_speak_of_the_passage(engine: SearchEngine) -> None:
    """Its speaker and its language, as they stand in the released transcript."""
    told = [replace(each, speaker="narrator" if each.number else "interviewer") for each in BREAD]
    engine.replace(everything(told, cut(2, "хлеб і сіль", language="uk")))
    assert _found(engine, "хлеб speaker:narrator") == {"1:2"}
    assert _found(engine, "хлеб -speaker:narrator") == {"1:0", "2:0"}
    assert _found(engine, "хлеб lang:uk") == {"2:0"}


def test_whoever_changes_what_is_released_is_alone(opened: Opened) -> None:
    """A second one waits until the first has ended."""
    order: list[str] = []

    def second() -> None:
        with opened().alone():
            order.append("second")

    with opened().alone():
        beside = threading.Thread(target=second)
        beside.start()
        beside.join(0.1)
        order.append("first")
    beside.join()
    assert order == ["first", "second"]
