"""The index over the vault's own files: nothing plain on a disk, forged files unread, kills harmless."""

from __future__ import annotations

import os
import pickle
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from archive.errors import Tampered
from archive.search import Page, Passage, SealedFiles, WhooshEngine
from archive.search.writing import VERSION
from archive.vault import KeysInProcess, MemoryStore, Vault
from tests.archive.search.search_fakes import FilesInMemory, cut, everything, interview, plain
from tests.canary import Canary, told
from transcripts.language import lemmas

CANARY = "Шпренгельштейн"
FIELD_NAMES = (b"interview", b"body", b"archive.search", b"whoosh")
ALL = [interview(number) for number in range(9)]
SPILL = 0.003  # megabytes: a run for every fifty words


def _many(number: int, count: int, *more: str) -> list[Passage]:
    return cut(number, *more, *[f"хлеб соль {number} слово{n} дорога{n % 7}" for n in range(count)])


def _watched(passages: Iterable[Passage], look: Callable[[], None]) -> Iterator[Passage]:
    """Looks around after every passage: the runs of a spilling writer come and go in between."""
    for passage in passages:
        yield passage
        look()


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """This process's folder for temporary files, to itself."""
    folder = tmp_path / "tmp"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def test_no_word_ever_lies_on_the_disk(tmp_path: Path, sealed: SealedFiles, temporary: Path) -> None:
    """While runs spill, after the commit, the merge and the rebuild: not in the index folder, not in TMPDIR."""
    canary = Canary(CANARY)
    places = (tmp_path, temporary)
    spilled = 0

    def look() -> None:
        nonlocal spilled
        spilled = max(spilled, len(list((tmp_path / "index").glob(".scratch-*/*"))))
        assert not (hits := canary.scan(*places)), told(hits)

    engine = WhooshEngine(sealed, spill_megabytes=SPILL)
    engine.replace(everything(_many(1, 20, f"Пришла {CANARY}.")))
    look()
    engine.replace(everything(_many(2, 20, f"Пришла {CANARY}.")))
    engine.rebuild(_watched(_many(3, 60, f"Пришла {CANARY}."), look))
    look()
    assert spilled > 3
    assert engine.search(CANARY, ALL, Page()).total == 1
    written = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert not any(name in written for name in FIELD_NAMES)
    assert not list((tmp_path / "index").glob(".scratch-*/*"))


def test_the_same_scan_finds_the_word_where_nothing_is_sealed(memory: FilesInMemory) -> None:
    """In the index: the test above could fail. In the runs there are numbers alone."""
    canary = Canary(CANARY)
    WhooshEngine(memory, spill_megabytes=SPILL).rebuild(_many(1, 60, f"Пришла {CANARY}."))
    assert canary.in_bytes(plain(memory))
    assert sum(len(scratch.held) for scratch in memory.scratched) > 3
    assert not any(canary.in_bytes(plain(scratch)) for scratch in memory.scratched)


def test_a_changed_byte_is_noticed_before_whoosh_reads_it(tmp_path: Path, sealed: SealedFiles) -> None:
    """Anywhere in any file of the index: Tampered, not an answer and not an exception of Whoosh's."""
    WhooshEngine(sealed).replace(everything(_many(1, 30)))
    for path in (tmp_path / "index" / name for name in sealed.names()):
        whole = path.read_bytes()
        for place in range(0, len(whole), max(1, len(whole) // 7)):
            path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
            engine = WhooshEngine(_again(tmp_path, sealed))
            with pytest.raises(Tampered):
                engine.search("слово1 дорога", ALL, Page())
        path.write_bytes(whole)
    assert WhooshEngine(_again(tmp_path, sealed)).search("слово1", ALL, Page()).total == 1


def test_files_that_changed_places_are_noticed(tmp_path: Path, sealed: SealedFiles) -> None:
    """Two genuine files of the index under each other's names do not open."""
    engine = WhooshEngine(sealed)
    engine.replace(everything(_many(1, 30)))
    engine.replace(everything(_many(2, 5)))
    one, other = sorted((tmp_path / "index").glob("*.trm"))
    one.rename(tmp_path / "aside")
    other.rename(one)
    (tmp_path / "aside").rename(other)
    with pytest.raises(Tampered):
        WhooshEngine(_again(tmp_path, sealed)).search("слово1", ALL, Page())


class _Trap:
    """Unpickled, it leaves a mark."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[Any, ...]:
        return (Path.touch, (self.mark,))


def test_a_forged_pickle_is_never_opened(tmp_path: Path, sealed: SealedFiles) -> None:
    """Whoosh would run what it unpickles; without the key nobody gets a file as far as that."""
    real = FilesInMemory(tmp_path)
    WhooshEngine(real).replace(everything(_many(1, 3)))
    contents = f"_v{VERSION}g1_1.toc"
    honest = real.held[contents]
    trap = pickle.dumps(_Trap(tmp_path / "sprung"), 2)
    forged = honest[: honest.index(b"\x80\x04" if b"\x80\x04]" in honest else b"\x80", len(honest) // 2)] + trap
    for name, content in real.held.items():
        (tmp_path / "index" / name).write_bytes(content)
    (tmp_path / "index" / contents).write_bytes(forged)
    with pytest.raises(Tampered):
        WhooshEngine(sealed).search("хлеб", ALL, Page())
    assert not (tmp_path / "sprung").exists()
    pickle.loads(trap)
    assert (tmp_path / "sprung").exists()  # the trap works where it is sprung


def test_a_damaged_index_can_be_rebuilt(tmp_path: Path, sealed: SealedFiles) -> None:
    """What lies there need not be readable for that, and the new one counts on from it."""
    engine = WhooshEngine(sealed)
    state = engine.replace(everything(_many(1, 3)))
    for name in sealed.names():
        (tmp_path / "index" / name).write_bytes(b"damaged")
    engine = WhooshEngine(_again(tmp_path, sealed))
    with pytest.raises(Tampered):
        engine.check(state)
    rebuilt = engine.rebuild(_many(1, 3), after=state)
    assert rebuilt.generation > state.generation
    assert engine.search("хлеб", ALL, Page()).total == 3
    assert not any((tmp_path / "index" / name).read_bytes() == b"damaged" for name in sealed.names())


@pytest.mark.parametrize("every", [13, pytest.param(1, marks=pytest.mark.slow)])
def test_a_kill_at_any_moment_leaves_the_old_index_or_the_new_one(
    tmp_path: Path, keeper: KeysInProcess, temporary: Path, every: int
) -> None:
    """SIGKILL before each writing, flush, publishing and removal of a file in commits that replace, merge, remove and
    build anew, and spill.

    Whatever was killed: no word lies about, the index opens, answers wholly from before or wholly from after, and
    repeating the commit leaves nothing of what it took out in any file.
    """
    canary, kills = Canary(CANARY), 0
    gone = [key.encode() for key in lemmas(CANARY, "ru")]
    start = tmp_path / "start"
    engine = _engine(start, keeper)
    engine.replace(everything(_many(1, 4, f"Хлеб принесла {CANARY}.")))
    engine.replace(everything(_many(2, 30)))
    known = engine.state()
    commits: list[tuple[Callable[[WhooshEngine], Any], int]] = [
        (lambda it: it.replace(everything(_many(1, 4)), after=known), 34),
        (lambda it: it.replace(everything(_many(3, 40)), after=known), 75),
        (lambda it: it.remove([interview(1)], _many(2, 30), after=known), 30),
        (lambda it: it.rebuild([*_many(1, 4), *_many(2, 90)], after=known), 94),
    ]
    for commit, after in commits:
        step, killed = 1 - every, True
        while killed:
            step += every
            place = tmp_path / f"at-{after}-{step}"
            shutil.copytree(start, place)
            killed = _killed_at(step, lambda place=place, commit=commit: commit(_engine(place, keeper)))
            kills += killed
            assert not (hits := canary.scan(place, temporary)), told(hits)
            engine = _engine(place, keeper)
            engine.check(known)
            engine.verify()
            assert engine.search("хлеб", ALL, Page()).total == (35 if killed and engine.state() == known else after)
            commit(engine)
            assert engine.search("хлеб", ALL, Page()).total == after
            files = Vault(keeper, MemoryStore(), tmp_path / "spool").index_files(place)
            assert after == 75 or not any(key in plain(files) for key in gone)
            shutil.rmtree(place)
    assert kills >= 200 // every


def _again(tmp_path: Path, sealed: Any) -> SealedFiles:
    """The same folder with nothing in its cache, as another process would open it."""
    return type(sealed)(tmp_path / "index", sealed._key, sealed._cipher, type(sealed._cache)(1 << 20))


def _engine(folder: Path, keeper: KeysInProcess) -> WhooshEngine:
    return WhooshEngine(
        Vault(keeper, MemoryStore(), folder.parent / "spool").index_files(folder), spill_megabytes=SPILL
    )


def _killed_at(step: int, act: Callable[[], object]) -> bool:
    """Runs ``act`` in a child that is killed before its ``step``-th touch of the disk; False if it came to its end."""
    child = os.fork()
    if child == 0:
        _die_at(step)
        try:
            act()
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.waitstatus_to_exitcode(status) == 0
    return os.WIFSIGNALED(status)


def _die_at(step: int) -> None:
    left = step

    def counted(call: Callable[..., Any]) -> Callable[..., Any]:
        def touch(*args: Any, **named: Any) -> Any:
            nonlocal left
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return call(*args, **named)

        return touch

    for name in ("write", "fsync", "replace", "unlink", "rmdir"):
        setattr(os, name, counted(getattr(os, name)))
