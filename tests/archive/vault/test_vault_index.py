"""The search's folder of sealed files, through the port that the search sees."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
from pathlib import Path
from uuid import UUID

import pytest

from archive.errors import OutOfSpace, Tampered
from archive.search.ports import SealedFiles
from archive.vault.index import BlockCache
from tests.archive.vault.vault_house import House

NOISE = random.Random(11).randbytes(500_000)


@pytest.fixture
def files(house: House) -> SealedFiles:
    return house.vault.index_files(house.home / "index", 1 << 20)


def put(files: SealedFiles, name: str, content: bytes) -> None:
    with files.create(name) as out:
        out.write(content)


def get(files: SealedFiles, name: str) -> bytes:
    file = files.open(name)
    try:
        return file.read_at(0, file.length)
    finally:
        file.close()


def test_a_file_is_written_in_any_pieces_and_read_at_any_place(files: SealedFiles) -> None:
    """Some bytes, all the rest at once, then small and large reads."""
    expected = len(NOISE).to_bytes(8, "big") + NOISE
    content = len(expected)
    with files.create("MAIN_1.seg") as out:
        out.write(expected[:3])
        out.write(expected[3:])
        assert "MAIN_1.seg" not in files.names()
    file = files.open("MAIN_1.seg")
    assert file.length == content
    draw = random.Random(5)
    for _ in range(400):
        offset, size = draw.randrange(content + 10), draw.choice([1, 8, 100, 16384, 65536, 70_000, 400_000])
        assert file.read_at(offset, size) == expected[offset : offset + size]
    file.close()
    file.close()


def test_folder_business(files: SealedFiles) -> None:
    """Names, lengths, deleting, renaming over an older file, and what is not there."""
    for name in ("b", "a", "_MAIN_1.toc"):
        put(files, name, name.encode())
    lock = files.lock_path("MAIN_WRITELOCK")
    lock.touch()
    assert files.names() == ["_MAIN_1.toc", "a", "b"]
    put(files, "c", b"new")
    files.rename("c", "a")
    assert (get(files, "a"), files.exists("c")) == (b"new", False)
    files.delete("a")
    assert files.names() == ["_MAIN_1.toc", "b"]
    for gone in (files.open, files.delete, lambda name: files.rename(name, "z")):
        with pytest.raises(FileNotFoundError):
            gone("a")
    put(files, "b", b"again")
    assert get(files, "b") == b"again"
    for bad in ("../keys/slots.json", "a/b", ".hidden", "", "a\n", "имя", "x" * 300):
        for act in (files.create, files.open, files.delete, files.exists, files.lock_path):
            with pytest.raises(ValueError, match="name"):
                act(bad)


def test_a_failed_or_dropped_file_is_never_published(files: SealedFiles, house: House) -> None:
    """Not by an exception, not by Python's closing of what is dropped; an older one of that name stays."""
    put(files, "x", b"older")

    def fail() -> None:
        with files.create("x") as out:
            out.write(b"half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    dropped = files.create("x")
    dropped.write(b"half")
    del dropped
    assert get(files, "x") == b"older"
    assert sum(path.is_file() for path in (house.home / "index").rglob("*")) == 1


def test_a_full_disk_keeps_the_older_file(files: SealedFiles, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """And leaves nothing half-written."""
    put(files, "x", b"older")

    def full(*_: object) -> None:
        raise OSError(28, "full")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        out = files.create("x")
        out.write(NOISE)
        with pytest.raises(OutOfSpace):
            out.close()
    assert get(files, "x") == b"older"
    assert sum(path.is_file() for path in (house.home / "index").rglob("*")) == 1


def test_only_what_was_written_under_this_name_and_key_is_read(files: SealedFiles, house: House) -> None:
    """Exchanged, damaged, cut or another folder's files are refused before a byte comes out."""
    put(files, "one", NOISE[:40_000])
    put(files, "two", NOISE[40_000:80_000])
    folder = house.home / "index"
    one, two = (folder / "one").read_bytes(), (folder / "two").read_bytes()
    flipped = bytearray(one)
    flipped[20_000] ^= 1
    blob = house.put(house.interview(), NOISE[:40_000])
    stored = (house.home / "store" / str(blob.interview) / str(blob.id)).read_bytes()
    for wrong in (two, one[:-1], one[:16500], one + b"\0", b"", bytes(flipped), stored):
        (folder / "one").write_bytes(wrong)
        with pytest.raises(Tampered):
            get(files, "one")
    (folder / "one").write_bytes(one)
    assert get(files, "one") == NOISE[:40_000]
    (folder / "three").write_bytes(one)
    with pytest.raises(Tampered):
        files.rename("three", "four")


def test_renaming_reseals_so_that_the_old_ciphertext_is_worth_nothing(files: SealedFiles, house: House) -> None:
    """The name is part of what is authenticated."""
    put(files, "_temp.toc", b"generation 1")
    old = (house.home / "index" / "_temp.toc").read_bytes()
    files.rename("_temp.toc", "MAIN.toc")
    assert get(files, "MAIN.toc") == b"generation 1"
    (house.home / "index" / "MAIN.toc").write_bytes(old)
    with pytest.raises(Tampered):
        get(files, "MAIN.toc")


def test_no_plaintext_in_the_folder_or_its_scratch(files: SealedFiles, house: House) -> None:
    """Neither while it is written nor after, in any file."""
    word = "Каноничевский".encode()
    scratch = files.scratch()
    put(scratch, "run1", word * 10_000)
    put(files, "terms", word * 10_000)
    assert get(scratch, "run1") == get(files, "terms")
    found = [path for path in (house.home / "index").rglob("*") if path.is_file()]
    assert len(found) == 2
    for path in found:
        data = path.read_bytes()
        assert word not in data
        assert data.startswith(b"GOLOSA01")
        assert path.stat().st_mode & 0o777 == 0o600


def test_scratch_has_its_own_key_and_ends_with_its_last_reference(files: SealedFiles, house: House) -> None:
    """What it held cannot be read from outside, not even with the index's key."""
    scratch = files.scratch()
    put(scratch, "run", b"temporary")
    path = next((house.home / "index").rglob("run"))
    assert files.names() == []
    (house.home / "index" / "run").write_bytes(path.read_bytes())
    with pytest.raises(Tampered):
        files.open("run")
    files.delete("run")
    del scratch
    assert not list((house.home / "index").glob(".scratch-*"))


CHILD = """
import os, sys
from pathlib import Path
from tests.archive.vault.vault_house import House
house = House(Path(sys.argv[1]))
files = house.vault.index_files(Path(sys.argv[1]) / "index")
scratch = files.scratch()
with scratch.create("run") as out:
    out.write(bytes(100_000))
with files.create("done") as out:
    out.write(b"done")
print("ready", flush=True)
sys.stdin.read()
os.kill(os.getpid(), 9)
"""


def test_a_sweep_takes_the_deads_leavings_and_spares_the_livings(house: House) -> None:
    """Another process's scratch stays while it lives and goes at the next opening after it was killed."""
    root = Path(__file__).parents[3]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(root), str(Path(__file__).parent)])}
    command = [sys.executable, "-c", CHILD, str(house.home)]
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment)
    with child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"ready\n"
        files = house.vault.index_files(house.home / "index")
        assert list((house.home / "index").glob(".scratch-*/run"))
        child.communicate(b"")
    assert child.returncode == -9
    assert list((house.home / "index").glob(".scratch-*/run"))
    files = house.vault.index_files(house.home / "index")
    assert not list((house.home / "index").glob(".*-*"))
    assert get(files, "done") == b"done"


def test_a_forked_child_does_not_take_its_parents_scratch_along(files: SealedFiles, house: House) -> None:
    """Web servers fork; a worker's end is not the end of the process that made the folder."""
    scratch = files.scratch()
    put(scratch, "run", b"kept")
    child = os.fork()
    if child == 0:
        status = 99
        try:
            del scratch
            status = 0
        finally:
            os._exit(status)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert get(scratch, "run") == b"kept"


def test_many_threads_read_one_open_file(files: SealedFiles) -> None:
    """Each gets its own bytes, with a cache too small for all of them."""
    put(files, "shared", NOISE)
    file, wrong = files.open("shared"), []

    def read(seed: int) -> None:
        draw = random.Random(seed)
        for _ in range(300):
            offset, size = draw.randrange(len(NOISE)), draw.randrange(1, 3000)
            if file.read_at(offset, size) != NOISE[offset : offset + size]:
                wrong.append(offset)

    threads = [threading.Thread(target=read, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    file.close()
    assert wrong == []


def test_the_cache_keeps_to_its_room() -> None:
    """The blocks used last stay, the others go."""
    cache = BlockCache(250)
    for number in range(4):
        cache.put(UUID(int=1), number, bytes(100))
        cache.get(UUID(int=1), 0)
    assert [cache.get(UUID(int=1), number) is not None for number in range(4)] == [True, False, False, True]
