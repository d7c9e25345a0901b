"""The vault's one door: permits, whole blobs or none, uploads, withdrawal."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import io
import json
import os
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.formparser import FormDataParser

from archive.errors import KeyGone, OutOfSpace, Refused, Tampered
from archive.policy import OPENS, Act, Layer
from archive.vault import FolderStore, KeysInProcess, Vault
from tests.archive.vault.vault_house import House, permit


def test_a_blob_comes_back_with_its_facts(either_house: House) -> None:
    """Length and digest are those of the content."""
    content, interview = os.urandom(300_000), either_house.interview()
    with either_house.vault.write(permit(interview), interview, Layer.RELEASED) as writer:
        for start in range(0, len(content), 7777):
            assert writer.tell() == start
            writer.write(content[start : start + 7777])
    facts = writer.blob
    assert (facts.layer, facts.length) == (Layer.RELEASED, len(content))
    assert facts.sha256 == hashlib.sha256(content).hexdigest()
    blob = either_house.put(interview, content, Layer.RELEASED)
    assert blob.id != facts.id
    assert either_house.get(blob) == content


@pytest.mark.parametrize("layer", list(Layer))
@pytest.mark.parametrize("act", list(Act))
def test_a_permit_opens_its_interview_and_its_acts_layers_only(tmp_path: Path, act: Act, layer: Layer) -> None:
    """All acts by all layers, to read and to write, and never another interview or none."""
    house = House(tmp_path)
    mine, other = house.interview(), house.interview()
    blob, foreign = house.put(mine, b"mine", layer), house.put(other, b"other", layer)
    for wrong in (permit(other, act), permit(None, act)):
        with pytest.raises(Refused):
            house.vault.open(wrong, blob)
        with pytest.raises(Refused):
            house.vault.write(wrong, mine, layer)
    with pytest.raises(Refused):
        house.vault.open(permit(mine, act), foreign)
    if layer in OPENS.get(act, frozenset()):
        assert house.vault.open(permit(mine, act), blob).read() == b"mine"
    else:
        with pytest.raises(Refused):
            house.vault.open(permit(mine, act), blob)
        with pytest.raises(Refused):
            house.vault.write(permit(mine, act), mine, layer)


def test_json_comes_back(either_house: House) -> None:
    """As the steps of the pipeline store transcripts."""
    interview = either_house.interview()
    blob = either_house.put(interview, json.dumps({"речь": [1, 2.5, None]}).encode(), Layer.RELEASED)
    assert either_house.vault.open_json(permit(interview), blob) == {"речь": [1, 2.5, None]}


class Interrupted(Exception):
    """Something that stops a writer."""


@pytest.mark.parametrize("stop", [Interrupted, KeyboardInterrupt, SystemExit])
def test_a_writer_that_is_stopped_leaves_nothing(either_house: House, stop: type[BaseException]) -> None:
    """Whatever stopped it, Ctrl-C included."""
    interview = either_house.interview()
    writer = either_house.vault.write(permit(interview), interview, Layer.PROTECTED)

    def write() -> None:
        with writer:
            writer.write(os.urandom(200_000))
            raise stop

    with pytest.raises(stop):
        write()
    assert list(either_house.store.known()) == []
    assert not hasattr(writer, "blob")
    with pytest.raises(ValueError, match="finished"):
        writer.write(b"more")
    assert not [path for path in either_house.home.rglob("*.part")]


def test_a_full_disk_leaves_nothing_and_the_next_upload_fits(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """At whichever write, flush or sync it shows."""
    interview, acknowledged = house.interview(), 0
    for name in ("write", "fsync"):
        for number in range(8):
            with monkeypatch.context() as patch:
                patch.setattr(os, name, failing(getattr(os, name), number))
                with contextlib.suppress(OutOfSpace):
                    house.put(interview, os.urandom(250_000))
                    acknowledged += 1
    assert not [path for path in house.home.rglob("*.part")]
    assert len(list(house.store.known())) == acknowledged
    assert house.get(house.put(interview, b"fits")) == b"fits"


def failing(real: object, number: int) -> object:
    calls = iter(range(1000))

    def call(*given: object) -> object:
        if next(calls) == number:
            raise OSError(errno.ENOSPC, "full")
        return real(*given)  # type: ignore[operator]

    return call


def test_a_missing_blob_is_damage(house: House) -> None:
    """A row without its file is reported as such, not as an unknown id."""
    blob = house.put(house.interview(), b"x")
    house.vault.remove(blob)
    house.vault.remove(blob)
    with pytest.raises(Tampered):
        house.get(blob)


def test_withdrawn_is_gone_with_everything_that_opens_it(house: House) -> None:
    """Keys and files of the one interview; a copy of its files kept elsewhere stays closed to all keys there are."""
    gone, stays = house.interview(), house.interview()
    blob, kept = house.put(gone, b"withdrawn"), house.put(stays, b"stays")
    path = house.home / "store" / str(gone) / str(blob.id)
    copy = path.read_bytes()
    house.vault.remove_all(gone)
    house.vault.remove_all(gone)
    assert not list(house.home.rglob(f"*{gone}*"))
    path.parent.mkdir()
    path.write_bytes(copy)
    fresh = Vault(KeysInProcess.unlock(house.home / "keys", "words"), house.store, house.home / "spool")
    for vault in (house.vault, fresh):
        with pytest.raises(KeyGone):
            vault.open(permit(gone), blob)
        with pytest.raises(KeyGone):
            vault.write(permit(gone), gone, Layer.PROTECTED)
    assert house.get(kept) == b"stays"


def test_what_is_being_written_at_withdrawal_is_not_published(either_house: House) -> None:
    """The step under way ends with KeyGone and leaves nothing."""
    interview = either_house.interview()
    writer = either_house.vault.write(permit(interview), interview, Layer.RELEASED)

    def write() -> None:
        with writer:
            writer.write(b"x" * 100_000)
            either_house.vault.remove_all(interview)

    with pytest.raises(KeyGone):
        write()
    assert list(either_house.store.known()) == []


def test_withdrawal_destroys_the_keys_before_the_files(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """A kill between the two leaves what nobody can read, not what nobody will remove."""
    interview = house.interview()
    blob = house.put(interview, b"x")

    def killed(*_: object) -> None:
        raise Interrupted

    monkeypatch.setattr(FolderStore, "remove_all", killed)
    with pytest.raises(Interrupted):
        house.vault.remove_all(interview)
    with pytest.raises(KeyGone):
        house.get(blob)


SIZES = st.lists(st.integers(0, 60_000), max_size=6)


@given(sizes=SIZES, reads=st.lists(st.tuples(st.integers(0, 200_000), st.integers(0, 80_000)), max_size=6))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_spool_is_a_file_written_then_read(house: House, sizes: list[int], reads: list[tuple[int, int]]) -> None:
    """It agrees with BytesIO, and asking for the end does not end the writing."""
    content = os.urandom(sum(sizes))
    with house.vault.spool() as spool:
        at = 0
        for size in sizes:
            assert spool.write(content[at : at + size]) == size
            at += size
            assert spool.tell() == spool.seek(0, os.SEEK_END) == spool.seek(0, os.SEEK_CUR) == at == spool.length
        plain = io.BytesIO(content)
        for place, size in reads:
            assert spool.seek(place) == plain.seek(place)
            assert spool.read(size) == plain.read(size)
            assert spool.tell() == plain.tell()
        spool.seek(0)
        assert spool.read() == content
        with pytest.raises(io.UnsupportedOperation):
            spool.write(b"more")
    with pytest.raises(ValueError, match="closed"):
        spool.read(1)


def test_an_upload_meets_the_disk_only_as_ciphertext_without_a_name(house: House) -> None:
    """While it is there no file has a name, what is open holds no plaintext, and closing frees it."""
    spool = house.vault.spool()
    spool.write("Каноничевский".encode() * 20_000)
    spool.seek(0)
    assert list((house.home / "spool").iterdir()) == []
    found = [os.readlink(f"/proc/self/fd/{fd}") for fd in os.listdir("/proc/self/fd") if is_spool(fd, house.home)]
    assert len(found) >= 1
    for fd in os.listdir("/proc/self/fd"):
        if is_spool(fd, house.home):
            assert "Каноничевский".encode() not in os.pread(int(fd), 1 << 20, 0)
    spool.close()
    spool.close()
    assert not [fd for fd in os.listdir("/proc/self/fd") if is_spool(fd, house.home)]


def is_spool(fd: str, home: Path) -> bool:
    try:
        return os.readlink(f"/proc/self/fd/{fd}").startswith(str(home / "spool"))
    except OSError:
        return False


def test_a_spool_serves_werkzeug(house: House) -> None:
    """As the factory for the parts of a form, and the part is read back whole."""
    content, edge = os.urandom(700_000), b"edge"
    body = (
        b"--edge\r\nContent-Disposition: form-data; name=recording; filename=x.mp3\r\n\r\n" + content + b"\r\n--edge--"
    )
    parser = FormDataParser(stream_factory=lambda *_args, **_named: house.vault.spool())
    options = {"boundary": edge.decode()}
    _, _, files = parser.parse(io.BytesIO(body), "multipart/form-data", len(body), options)
    upload = files["recording"]
    assert upload.stream.read() == content
    upload.close()


def test_a_full_disk_stops_an_upload_with_its_own_error(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that the page can say it."""
    spool = house.vault.spool()
    with monkeypatch.context() as patch:
        patch.setattr(os, "write", failing(os.write, 0))
        with pytest.raises(OutOfSpace):
            spool.write(bytes(100_000))
    spool.close()


def test_a_sweep_destroys_orphaned_keys_of_the_dead_only(house: House) -> None:
    """Keys that a killed process made for an interview no row knows go with its files."""
    living, dead = house.interview(), uuid4()
    earlier = House(house.home)
    known = earlier.interview()
    earlier.keeper.make_interview_keys(dead)
    blob = earlier.put(dead, b"orphan")
    kept = earlier.put(known, b"kept")
    del earlier  # its locks go with it, as a killed process's do
    assert house.vault.sweep({kept.id}, {known}) == 2
    with pytest.raises(KeyGone):
        house.get(blob)
    assert house.get(kept) == b"kept"
    assert house.keeper.protected_key(living)
    assert house.vault.sweep(set(), set()) == 0
