"""Every sealed page of every file of an index: flipped, cut, exchanged, brought from elsewhere, put back."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from whoosh.filedb.structfile import StructFile

from archive.errors import Tampered
from archive.search import Page, WhooshEngine
from archive.vault import KeysInProcess, MemoryStore, Vault
from archive.vault.cobblestone import CHUNK
from archive.vault.sealed import HEADER
from tests.archive.search.search_fakes import cut, everything, interview

FIRST = HEADER + 24 + 32  # salt and commitment stand before the first chunk
SEALED = CHUNK + 16
ALL = [interview(number) for number in range(9)]


def _engine(folder: Path, keeper: KeysInProcess) -> WhooshEngine:
    return WhooshEngine(Vault(keeper, MemoryStore(), folder.parent / "spool").index_files(folder))


def _many(number: int, count: int) -> list[str]:
    return [
        f"хлеб соль слово{number}у{n} дорога{n % 7} " + " ".join(f"з{n * 31 % 997}{m}" for m in range(20))
        for n in range(count)
    ]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory, keeper: KeysInProcess) -> tuple[Path, Path]:
    """An index of two segments, and the one that lay there before the second was written."""
    folder = tmp_path_factory.mktemp("tampered") / "index"
    engine = _engine(folder, keeper)
    engine.replace(everything(cut(1, *_many(1, 900))))
    before = folder.parent / "before"
    shutil.copytree(folder, before)
    engine.replace(everything(cut(2, *_many(2, 300))))
    return folder, before


def _changed(whole: bytes, other: bytes) -> Iterator[tuple[str, bytes]]:
    edges = list(range(FIRST, len(whole), SEALED))
    for start, end in zip([0, HEADER, *edges], [HEADER, FIRST, *edges[1:], len(whole)], strict=True):
        for place in (start, (start + end) // 2, end - 1):
            yield f"flipped at {place}", whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :]
    for edge in [0, HEADER, *edges]:
        yield f"cut at {edge}", whole[:edge]
    for one, next_one in itertools.pairwise(edges):
        end = min(next_one + SEALED, len(whole))
        yield f"exchanged at {one}", whole[:one] + whole[next_one:end] + whole[one:next_one] + whole[end:]
    for edge in edges:
        foreign = other[edge : edge + SEALED]
        if foreign and foreign != whole[edge : edge + SEALED]:
            yield f"another's at {edge}", whole[:edge] + foreign + whole[edge + SEALED :]
    yield "grown", whole + whole[-SEALED:]
    yield "another's", other


def test_every_page_counts(
    index: tuple[Path, Path], keeper: KeysInProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever is done to a page is noticed by who reads it all; the list of segments is not unpickled then."""
    unpickled: list[str] = []
    read_pickle = StructFile.read_pickle
    monkeypatch.setattr(StructFile, "read_pickle", lambda self: (unpickled.append(str(self)), read_pickle(self))[1])
    folder = tmp_path / "index"
    shutil.copytree(index[0], folder)
    engine = _engine(folder, keeper)
    state = engine.state()
    engine.verify()
    tried = 0
    paths = sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))
    for path, other in zip(paths, [*paths[1:], paths[0]], strict=True):
        whole = path.read_bytes()
        for how, content in _changed(whole, other.read_bytes()):
            tried += 1
            path.write_bytes(content)
            unpickled.clear()
            engine = _engine(folder, keeper)
            assert _noticed(engine), f"{path.suffix} {how}"
            if path.suffix == ".toc":
                with pytest.raises(Tampered):
                    engine.check(state)
                assert not unpickled
        path.write_bytes(whole)
    engine = _engine(folder, keeper)
    engine.verify()
    assert engine.search("хлеб", ALL, Page()).total == 1200
    assert tried > 100


def _noticed(engine: WhooshEngine) -> bool:
    try:
        engine.verify()
    except Tampered:
        return True
    return False


def test_an_older_index_or_segment_put_back_is_noticed(
    index: tuple[Path, Path], keeper: KeysInProcess, tmp_path: Path
) -> None:
    """All of it, its list of segments alone, or a segment gone."""
    folder, before = index
    state = _engine(folder, keeper).state()
    for number, put_back in enumerate((shutil.copytree, _list_alone, _without_a_segment)):
        there = tmp_path / str(number) / "index"
        shutil.copytree(folder, there)
        if put_back is shutil.copytree:
            shutil.rmtree(there)
        put_back(before, there)
        with pytest.raises(Tampered):
            _engine(there, keeper).check(state)


def _list_alone(before: Path, there: Path) -> None:
    for newer in there.glob("*.toc"):
        newer.unlink()
    for older in before.glob("*.toc"):
        shutil.copy(older, there)


def _without_a_segment(_before: Path, there: Path) -> None:
    next(there.glob("*.trm")).unlink()
