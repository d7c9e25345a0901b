"""The promises of a search engine, over fake and real sealed files."""

from __future__ import annotations

import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from archive.errors import BadQuery, Tampered
from archive.search import IndexState, Page, SealedFiles, WhooshEngine
from archive.search.writing import VERSION
from tests.archive.search.search_fakes import FilesInMemory, cut, everything, interview, plain
from transcripts.language import lemmas

BREAD = cut(1, "Нас везли по этапу, хлеба не было.", "Дети ели снег.", "Утром дали хлеб и кипяток.")
BARN = cut(2, "Хлебом пахло в амбаре.", "Слушали Radio Liberty по ВЭФу.")
NAMED = cut(3, "Пришёл Добролюбов и принёс хлеба.", "Больше о нём не слышали.")
COVERED = cut(3, "Пришёл [имя 1] и принёс хлеба.", "Больше о нём не слышали.")
ALL = [interview(1), interview(2), interview(3)]
PAGE = Page(1, 20)


def _found(engine: WhooshEngine, query: str) -> set[str]:
    return {f"{hit.interview.int}:{hit.number}" for hit in engine.search(query, ALL, PAGE).hits}


def test_an_empty_archive_answers(engine: WhooshEngine) -> None:
    """No index is no hits, and nothing to check against."""
    assert engine.state() is None
    engine.check(None)
    answer = engine.search("хлеб", ALL, PAGE)
    assert (answer.total, answer.interviews, answer.hits) == (0, 0, ())


def test_words_are_found_in_all_their_forms(engine: WhooshEngine) -> None:
    """Suppletion, ё, mixed scripts, phrases, prefixes, without."""
    engine.replace(everything(BREAD, BARN))
    assert _found(engine, "хлеб") == {"1:0", "1:2", "2:0"}
    assert _found(engine, "ребенок") == {"1:1"}
    assert _found(engine, '"по этап"') == {"1:0"}
    assert _found(engine, "кипят*") == {"1:2"}
    assert _found(engine, "хлеб -кипяток") == {"1:0", "2:0"}
    assert _found(engine, "снег OR liberty") == {"1:1", "2:1"}
    assert _found(engine, "хлеб снег") == set()


def test_an_interview_is_replaced_whole(engine: WhooshEngine, files: SealedFiles) -> None:
    """What it said before is found no more, what others said still is, and the old words have left the files."""
    engine.replace(everything(BREAD, NAMED, cut(4, *["снег"] * 40)))
    assert all(key.encode() in plain(files) for key in lemmas("Добролюбов", "ru"))
    state = engine.replace(everything(COVERED))
    assert engine.state() == state
    assert _found(engine, "Добролюбов") == set()
    assert _found(engine, "хлеб") == {"1:0", "1:2", "3:0"}
    assert not any(key.encode() in plain(files) for key in lemmas("Добролюбов", "ru"))


def test_an_interview_without_passages_is_no_obstacle(engine: WhooshEngine) -> None:
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


def test_what_is_removed_is_gone_from_every_file(engine: WhooshEngine, files: SealedFiles) -> None:
    """Its words and its id, and no file of the index before it stays."""
    before = engine.replace(everything(BREAD, NAMED))
    engine.replace(everything(BARN))
    old = set(files.names())
    state = engine.remove([interview(3)], [*BREAD, *NAMED, *BARN])
    assert state.generation > before.generation
    assert state.directory != before.directory
    assert old.isdisjoint(files.names())
    assert not any(key.encode() in plain(files) for key in (*lemmas("Добролюбов", "ru"), interview(3).hex))
    assert _found(engine, "хлеб") == {"1:0", "1:2", "2:0"}


def test_a_concealed_name_answers_like_a_word_that_does_not_exist(engine: WhooshEngine) -> None:
    """Alone, in phrases, with operators and by its beginning: the same answer but for the query itself."""
    engine.replace(everything(BREAD, BARN, COVERED))
    for form in ("{}", '"пришёл {}"', "хлеб {}", "хлеб OR {}", "хлеб -{}", "{}*", '"{} и принёс"', "({}"):
        named = engine.search(form.format("Добролюбов"), ALL, PAGE)
        nonsense = engine.search(form.format("Щзбрвгджк"), ALL, PAGE)
        assert (named.total, named.interviews, named.hits) == (nonsense.total, nonsense.interviews, nonsense.hits)
        assert named.understood.replace("Добролюбов", "Щзбрвгджк") == nonsense.understood
        assert named.repaired == nonsense.repaired
    assert _found(engine, "имя") == set()


def test_what_may_not_be_seen_does_not_count(engine: WhooshEngine) -> None:
    """Totals, interviews, scores and order speak of the visible interviews alone."""
    engine.replace(everything(BREAD, BARN, NAMED))
    answer = engine.search("хлеб", [interview(2)], PAGE)
    assert (answer.total, answer.interviews) == (1, 1)
    assert [hit.interview for hit in answer.hits] == [interview(2)]
    assert engine.search("хлеб", [], PAGE).total == 0
    assert engine.search("хлеб", [interview(99)], PAGE).total == 0


def test_pages_share_out_the_hits(engine: WhooshEngine) -> None:
    """Each hit on one page, the best first, equals in the order of interview and passage; past the end is empty."""
    engine.replace(everything(cut(2, *["хлеб"] * 7), cut(1, *["хлеб"] * 5, "хлеб хлеб")))
    pages = [engine.search("хлеб", ALL, Page(number, 5)).hits for number in (1, 2, 3, 4)]
    assert [len(page) for page in pages] == [5, 5, 3, 0]
    assert [(hit.interview.int, hit.number) for page in pages for hit in page] == (
        [(1, 5)] + [(1, number) for number in range(5)] + [(2, number) for number in range(7)]
    )
    assert pages[0] == engine.search("хлеб", ALL, Page(0, 5)).hits


def test_a_reader_notices_a_new_generation(engine: WhooshEngine, files: SealedFiles) -> None:
    """Another process's engine sees commits and rebuilds at its next question."""
    reader = WhooshEngine(files)
    assert _found(reader, "хлеб") == set()
    engine.replace(everything(BREAD))
    assert _found(reader, "хлеб") == {"1:0", "1:2"}
    engine.replace(everything(BARN))
    assert _found(reader, "хлеб") == {"1:0", "1:2", "2:0"}
    engine.rebuild(BARN)
    assert _found(reader, "хлеб") == {"2:0"}
    reader.close()
    assert _found(reader, "хлеб") == {"2:0"}


def test_readers_go_on_while_a_writer_writes(engine: WhooshEngine, files: SealedFiles) -> None:
    """Every answer is that of one commit, old or new, never an error or a mixture."""
    engine.replace(everything(cut(1, *["хлеб"] * 3)))
    readers = [WhooshEngine(files), engine]
    stop = False
    answers = threading.Semaphore(0)

    def ask(reader: WhooshEngine) -> set[int]:
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


def test_threads_do_not_get_into_each_others_way(memory: FilesInMemory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Many questions at once to one engine that remembers nothing, with threads switched as often as can be."""
    monkeypatch.setattr("archive.search.whoosh_engine._DECODED_BYTES", 0)
    engine = WhooshEngine(memory)
    engine.replace(everything(*[cut(number, f"слово{number} хлеб", "снег") for number in range(1, 200)]))
    visible = [interview(number) for number in range(1, 200)]

    def ask(number: int) -> list[tuple[int, int]]:
        hits = engine.search(f"хлеб слово{number}", visible, PAGE).hits
        return [(hit.interview.int, hit.number) for hit in hits]

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(ask, range(1, 200)))
    finally:
        sys.setswitchinterval(interval)
    assert answers == [[(number, 0)] for number in range(1, 200)]


def test_segments_stay_few(engine: WhooshEngine, files: SealedFiles) -> None:
    """A commit per interview does not make a segment per interview, and loses none."""
    for number in range(1, 40):
        engine.replace(everything(cut(number, "хлеб и соль", "снег")))
    assert len([name for name in files.names() if name.endswith(".trm")]) <= 6
    assert engine.search("хлеб", [interview(number) for number in range(1, 40)], PAGE).total == 39


def test_an_index_put_back_is_noticed(engine: WhooshEngine, memory: FilesInMemory) -> None:
    """An older commit, another of the same number, or none, is not what the catalogue knows; a newer one is."""
    engine = WhooshEngine(memory)
    first = engine.replace(everything(NAMED))
    kept = dict(memory.held)
    second = engine.replace(everything(COVERED))
    engine.check(first)
    engine.check(second)
    memory.held = dict(kept)
    engine.check(first)
    for noticed in (second, IndexState(first.directory, first.generation, "0" * 64)):
        with pytest.raises(Tampered):
            engine.check(noticed)
        with pytest.raises(Tampered):
            engine.replace(everything(BREAD), after=noticed)
    memory.held = {}
    with pytest.raises(Tampered):
        engine.check(first)
    rebuilt = engine.rebuild(COVERED, after=second)
    assert rebuilt.generation > second.generation
    memory.held = dict(kept)
    with pytest.raises(Tampered):
        engine.check(rebuilt)


def test_a_missing_file_is_noticed(memory: FilesInMemory) -> None:
    """Not an empty answer, and not an exception of Whoosh's."""
    WhooshEngine(memory).replace(everything(BREAD))
    del memory.held[next(name for name in memory.held if name.endswith(".trm"))]
    with pytest.raises(Tampered):
        WhooshEngine(memory).search("хлеб", ALL, PAGE)


def test_a_failed_write_changes_nothing(engine: WhooshEngine, files: SealedFiles) -> None:
    """Whatever fails while passages are read: the old index answers, no file stays, and the next write is free."""
    state = engine.replace(everything(BREAD))
    names = files.names()

    def failing():  # type: ignore[no-untyped-def]
        yield BARN[0]
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        engine.rebuild(failing())
    assert files.names() == names
    assert engine.state() == state
    engine.replace(everything(BARN))
    assert _found(engine, "хлеб") == {"1:0", "1:2", "2:0"}


def test_other_files_in_the_folder_are_swept(engine: WhooshEngine, files: SealedFiles) -> None:
    """What a killed writer, or another version of the index, has left goes with the next commit."""
    engine.replace(everything(BREAD))
    ours = f"v{VERSION}g1"
    for name in (f"{ours}_abandoned0000000.trm", f"_{ours}_9.toc.1700000000.0", "v0g3_other.seg", "_v0g3_12.toc"):
        files.create(name).close()
    engine.replace(everything(BARN))
    segments = {name.partition(".")[0] for name in files.names()}
    assert {f"{ours}_abandoned0000000", f"_{ours}_9", "v0g3_other", "_v0g3_12"}.isdisjoint(segments)
    assert _found(engine, "хлеб") == {"1:0", "1:2", "2:0"}


@pytest.mark.parametrize("typed", ["((((", "*", "a*", '"unbalanced', "-", "х" * 10_000, "хлеб\0снег", "хле* " * 60])
def test_any_query_is_answered_or_refused_within_a_second(engine: WhooshEngine, typed: str) -> None:
    """With nothing but BadQuery to catch."""
    engine.replace(everything(BREAD, BARN, cut(3, *[f"хлеб слово{number} хлеб{number}" for number in range(500)])))
    begun = time.process_time()
    try:
        engine.search(typed, ALL, PAGE)
    except BadQuery:
        assert typed not in ("хлеб\0снег", '"unbalanced', "хле* " * 60)
    assert time.process_time() - begun < 1


def test_nothing_of_an_answer_shows_the_query(engine: WhooshEngine) -> None:
    """Neither its words nor its reading back are in the repr."""
    engine.replace(everything(BREAD))
    assert "хлеб" not in repr(engine.search("хлеб", ALL, PAGE)).lower()
