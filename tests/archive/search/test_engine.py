"""What our engine does with its files, fake and sealed ones; what every engine promises is in test_promises.py."""

from __future__ import annotations

import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.errors import Tampered
from archive.search import IndexState, Page, SealedFiles, WhooshEngine
from archive.search.writing import VERSION
from tests.archive.search.engine_fake import EngineInMemory, Kept
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


def test_an_interview_is_replaced_whole(engine: WhooshEngine, files: SealedFiles) -> None:
    """What it said before is found no more, what others said still is, and the old words have left the files."""
    engine.replace(everything(BREAD, NAMED, cut(4, *["снег"] * 40)))
    assert all(key.encode() in plain(files) for key in lemmas("Добролюбов", "ru"))
    state = engine.replace(everything(COVERED))
    assert engine.state() == state
    assert _found(engine, "Добролюбов") == set()
    assert _found(engine, "хлеб") == {"1:0", "1:2", "3:0"}
    assert not any(key.encode() in plain(files) for key in lemmas("Добролюбов", "ru"))


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


def test_what_may_be_seen_is_looked_at_at_each_question(engine: WhooshEngine, files: SealedFiles) -> None:
    """Also where the same list came before and has changed, many readers ask in turn, and an interview is new."""
    engine.replace(everything(BREAD, BARN))
    visible: list[UUID] = []
    found = []
    for number in (1, 2, 3):
        visible.append(interview(number))
        found.append(engine.search("хлеб", visible, PAGE).total)
    assert found == [2, 3, 3]
    readers = [ALL[:2], ALL[1:], ALL[::-1], ALL[:1], ALL[2:], [], ALL]
    assert [engine.search("хлеб", each, PAGE).total for each in readers * 2] == [3, 1, 3, 2, 0, 0, 3] * 2
    engine.replace(everything(NAMED))
    assert [engine.search("хлеб", each, PAGE).total for each in readers] == [3, 2, 4, 2, 1, 0, 4]


_texts = st.lists(st.sampled_from(["хлеб", "хлеба", "снег", "стали", "печь", "амбар", "хлебный"]), max_size=30)
_told = st.lists(_texts.map(" ".join), max_size=6)
_changes = st.lists(st.dictionaries(st.integers(1, 6), _told, min_size=1, max_size=4), min_size=1, max_size=8)


@pytest.mark.slow
@given(_changes, st.sampled_from([0.0005, 128]), st.sets(st.integers(1, 6)))
@settings(max_examples=60)
def test_any_history_of_changes_answers_as_what_is_left(
    changes: list[dict[int, list[str]]], spill: float, visible: set[int]
) -> None:
    """Segments merged, struck and spilled: hits, order and scores are those of an engine that knows only what is."""
    ours = WhooshEngine(FilesInMemory(Path(tempfile.gettempdir())), spill_megabytes=spill)
    plainly = EngineInMemory(Kept())
    seen = [interview(number) for number in sorted(visible)]
    for change in changes:
        passages = {interview(number): cut(number, *texts) for number, texts in change.items()}
        ours.replace(passages)
        plainly.replace(passages)
    for query in ("хлеб", "снег OR печь", '"хлеб снег"', "хле*", "стали -хлеб", "хлеп~", '"амбар хлеб"~5'):
        expected, answer = plainly.search(query, seen, PAGE), ours.search(query, seen, PAGE)
        assert [hit.passage_id for hit in answer.hits] == [hit.passage_id for hit in expected.hits]
        assert [hit.score for hit in answer.hits] == pytest.approx([hit.score for hit in expected.hits])
        assert answer.by_interview == expected.by_interview


def test_what_was_decoded_is_forgotten_with_its_segment(engine: WhooshEngine) -> None:
    """Words of a withdrawn interview do not stay in a reader's memory; those of other segments do."""
    engine.replace(everything(cut(2, *["снег"] * 50)))
    engine.replace(everything(NAMED))
    for word in ("Добролюбов", "снег"):
        engine.search(word, ALL, PAGE)
    held = engine._decoded._held
    assert {key for _, key in held} >= {"добролюбов", "снег"}
    engine.replace(everything(COVERED))
    engine.state()
    assert "добролюбов" not in {key for _, key in held}
    assert "снег" in {key for _, key in held}
    assert engine._decoded._bytes == sum(places.nbytes for places in held.values())


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
