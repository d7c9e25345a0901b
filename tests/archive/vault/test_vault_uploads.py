"""Uploads under way: what was kept is there after any kill, what was not is not, and nothing lies about in clear."""

from __future__ import annotations

import json
import os
import random
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from cryptography.cobblestone import Cobblestone256Decryptor
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.errors import OutOfSpace, Refused, Tampered, Unknown, UploadInUse
from archive.policy import Act, Permit
from archive.vault import Upload, keys, uploads
from tests import killing
from tests.archive.vault.vault_house import House, permit

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
ANNA = UUID(int=1)


def may(id: UUID) -> Permit:
    return permit(id, Act.UPLOAD)


def begun(house: House, id: UUID | None = None, length: int = 100) -> UUID:
    id = id or uuid4()
    house.vault.uploads.begin(may(id), Upload(id, ANNA, length, NOW + timedelta(days=7)), {"name": "Лебедева.m4a"})
    return id


def sent(house: House, id: UUID, data: bytes, *, whole: bool = False) -> None:
    with house.vault.uploads.held(may(id), id) as held:
        held.write(data, whole=whole)
        held.keep()


def arrived(house: House, id: UUID) -> bytes:
    with house.vault.uploads.held(may(id), id) as held:
        return held.reader().read()


@pytest.fixture
def small_segments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "SEGMENT", 1000)


@pytest.mark.usefixtures("small_segments")
def test_pieces_of_any_size_come_back_as_they_were_sent(house: House) -> None:
    """Read as a whole, from a second process's view, and at random places."""
    chance = random.Random(5)
    data = chance.randbytes(23_456)
    id, at = begun(house, length=len(data)), 0
    while at < len(data):
        size = chance.choice((1, 7, 999, 1000, 1001, 5000))
        sent(house, id, data[at : at + size], whole=chance.random() < 0.5)
        at += size
        with house.vault.uploads.held(may(id), id) as held:
            assert held.offset == min(at, len(data))
    assert arrived(house, id) == arrived(House(house.home), id) == data
    with house.vault.uploads.held(may(id), id) as held:
        reader = held.reader()
        for _ in range(200):
            start, size = chance.randrange(len(data) + 10), chance.randrange(3000)
            reader.seek(start)
            assert reader.read(size) == data[start : start + size]


@pytest.mark.slow
@pytest.mark.usefixtures("small_segments")
@pytest.mark.parametrize("whole", [False, True])
def test_a_kill_at_any_moment_loses_and_doubles_nothing(tmp_path: Path, whole: bool) -> None:
    """Killed at every change of the disk: what was kept is there, of the piece under way its full segments or nothing;
    sending goes on from that offset and ends with the same bytes."""
    model, data = House(tmp_path / "model"), random.Random(6).randbytes(6_100)
    id = begun(model, length=len(data))
    sent(model, id, data[:1_500])
    offsets = set()
    for _ in killing.killed_everywhere(
        model.home, tmp_path / "home", lambda number: _send(tmp_path, id, data, number, whole)
    ):
        house = House(tmp_path / "home")
        with house.vault.uploads.held(may(id), id) as held:
            offset = held.offset
        offsets.add(offset)
        assert arrived(house, id) == data[:offset]
        sent(house, id, data[offset:])
        assert arrived(house, id) == data
    assert offsets == ({1_500, 6_100} if whole else {1_500, 2_500, 3_500, 4_500, 5_500, 6_100})


def _send(folder: Path, id: UUID, data: bytes, number: int, whole: bool) -> None:
    house = House(folder / "home")
    killing.dying_at(number, after=bool(number % 2))
    sent(house, id, data[1_500:], whole=whole)


@pytest.mark.usefixtures("small_segments")
def test_bytes_that_a_power_cut_tore_do_not_count(house: House) -> None:
    """Cut at every byte, and with every page of the last segment lost, the rest is proved and sending goes on."""
    data = random.Random(7).randbytes(2_600)
    id = begun(house, length=len(data))
    sent(house, id, data)
    file = house.home / "spool" / str(id) / "data"
    stored, last = file.read_bytes(), 0
    for cut in range(len(stored), 31, -37):
        file.write_bytes(stored[:cut])
        offset = len(arrived(House(house.home), id))
        assert arrived(House(house.home), id) == data[:offset]
        last = max(last, offset if cut < len(stored) else 0)
    assert last == 2_000
    for hole in range(len(stored) - 500, len(stored), 100):
        file.write_bytes(stored[:hole] + bytes(min(100, len(stored) - hole)) + stored[hole + 100 :])
        again = House(house.home)
        assert arrived(again, id) == data[:2_000]
        sent(again, id, data[2_000:])
        assert arrived(again, id) == data


def test_a_refused_piece_leaves_nothing(house: House) -> None:
    """Dropped, whether or not segments of it were on the disk already: the next piece takes its place."""
    id = begun(house, length=20 << 20)
    sent(house, id, b"first")
    with house.vault.uploads.held(may(id), id) as held:
        held.write(bytes(9 << 20), whole=True)
        held.drop()
        assert held.offset == 5
        held.write(b"second")
        held.keep()
    assert arrived(house, id) == arrived(House(house.home), id) == b"firstsecond"
    assert (house.home / "spool" / str(id) / "data").stat().st_size < 1000


def test_one_writes_and_others_wait(house: House) -> None:
    """A second user, in this process or another, is told so; a look at the offset does not wait."""
    id = begun(house)
    other = House(house.home)
    with house.vault.uploads.held(may(id), id) as held:
        held.write(b"abc")
        held.keep()
        for one in (house, other):
            with pytest.raises(UploadInUse), one.vault.uploads.held(may(id), id):
                pass
            assert one.vault.uploads.peek(may(id), id) == 3
    sent(other, id, b"def")
    assert arrived(house, id) == b"abcdef"


def test_an_upload_opens_to_its_own_permit_alone(house: House) -> None:
    """Not to the permit for another one, and not to acts that open stored things."""
    id = begun(house)
    for wrong in (
        permit(uuid4(), Act.UPLOAD),
        permit(id, Act.RECEIVE),
        permit(id, Act.PROCESS),
        permit(None, Act.UPLOAD),
    ):
        for use in (house.vault.uploads.content, house.vault.uploads.peek, lambda p, i: _hold(house, p, i)):
            with pytest.raises(Refused):
                use(wrong, id)
    assert house.vault.uploads.content(may(id), id) == {"name": "Лебедева.m4a"}
    assert house.vault.uploads.get(id).owner == ANNA


def _hold(house: House, with_permit: Permit, id: UUID) -> None:
    with house.vault.uploads.held(with_permit, id):
        pass


def test_what_ended_is_unknown_and_its_key_gone(house: House) -> None:
    """Ended by its sender, expired, or entered: no key, no file; those in use and those that go on stay."""
    ended, expired, entered, used, stays = (begun(house) for _ in range(5))
    for id in (expired, used):
        house.vault.uploads.end(id)
        house.vault.uploads.begin(may(id), Upload(id, ANNA, 9, NOW), {})
    house.vault.uploads.end(ended)
    with house.vault.uploads.held(may(used), used):
        assert house.vault.uploads.sweep(NOW, {entered}) == 2
    assert house.vault.uploads.ids() == {used, stays}
    assert {path.stem for path in (house.home / "keys" / "spool").iterdir()} == {str(used), str(stays)}
    for id in (ended, expired, entered):
        with pytest.raises(Unknown):
            house.vault.uploads.get(id)
        with pytest.raises(Unknown):
            _hold(house, may(id), id)


@pytest.mark.slow
def test_a_kill_while_one_begins_or_ends_leaves_no_trace(tmp_path: Path) -> None:
    """Begun or not, ended or not, never half: and the sweep takes away what is left of keys and folders."""
    for act in (_begin, _end):
        model, id = House(tmp_path / act.__name__), UUID(int=77)
        if act is _end:
            begun(model, id)
        (tmp_path / "sent").mkdir(exist_ok=True)
        for _ in killing.killed_everywhere(
            model.home, tmp_path / "home", lambda number, act=act, id=id: act(tmp_path / "home", id, number)
        ):
            house = House(tmp_path / "home")
            house.vault.uploads.sweep(NOW, ())
            house.vault.sweep((), ())
            there = house.vault.uploads.ids()
            keys = list((house.home / "keys").glob("spool/*")) + list((house.home / "keys").glob("spool/.*"))
            assert there <= {id}
            assert len(keys) == len(there)
            assert {path.name for path in (house.home / "spool").glob("*")} == set(map(str, there))
            assert list((house.home / "spool").glob(".*")) == []
            if there:
                assert house.vault.uploads.content(may(id), id) == {"name": "Лебедева.m4a"}


def _begin(home: Path, id: UUID, number: int) -> None:
    house = House(home)
    killing.dying_at(number, after=bool(number % 2))
    begun(house, id)


def _end(home: Path, id: UUID, number: int) -> None:
    house = House(home)
    killing.dying_at(number, after=bool(number % 2))
    house.vault.uploads.end(id)


def test_the_sweep_of_keys_knows_uploads_of_dead_processes(house: House, tmp_path: Path) -> None:
    """A server that was killed and started again goes on with them."""
    id = uuid4()
    assert killing.in_child(lambda: _begin(house.home, id, 10_000)) == 0
    again = House(house.home)
    again.vault.sweep((), ())
    sent(again, id, b"goes on")
    assert arrived(again, id) == b"goes on"


def test_parts_of_two_uploads_do_not_change_places(house: House) -> None:
    """Another one's file, document, or segment at another offset does not open."""
    one, two = begun(house), begun(house)
    for id in (one, two):
        sent(house, id, b"x" * 50)
        sent(house, id, b"y" * 50)
    folders = [house.home / "spool" / str(id) for id in (one, two)]
    for name in ("about", "content"):
        mine = (folders[0] / name).read_bytes()
        (folders[0] / name).write_bytes((folders[1] / name).read_bytes())
        with pytest.raises(Tampered):
            House(house.home).vault.uploads._document(one, name)
        (folders[0] / name).write_bytes(mine)
    stored = (folders[0] / "data").read_bytes()
    (folders[0] / "data").write_bytes((folders[1] / "data").read_bytes())
    with pytest.raises(Tampered):
        arrived(House(house.home), one)
    half = (len(stored) - 32) // 2
    (folders[0] / "data").write_bytes(stored[:32] + stored[32 + half :] + stored[32 : 32 + half])
    assert arrived(House(house.home), one) == b""


def test_nothing_stands_in_clear(house: House) -> None:
    """Neither name nor content, in any file of the archive."""
    id = begun(house)
    sent(house, id, "Голос Лебедевой".encode() * 9)
    for path in house.home.rglob("*"):
        if path.is_file():
            assert "Лебедев".encode() not in path.read_bytes(), path


def test_a_full_disk_is_said_and_sending_goes_on(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was kept stays; the torn piece goes."""
    id = begun(house)
    sent(house, id, b"kept")
    real = os.write

    def full(file: int, data: bytes) -> int:
        if len(data) > 4:
            real(file, data[:9])
            raise OSError(28, "full")
        return real(file, data)

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", full)
        with pytest.raises(OutOfSpace):
            sent(house, id, b"lost")
    assert arrived(house, id) == b"kept"
    sent(house, id, b"more")
    assert arrived(house, id) == arrived(House(house.home), id) == b"keptmore"


@settings(max_examples=25)  # each segment is flushed
@given(st.lists(st.binary(min_size=1, max_size=40), max_size=8), st.integers(5, 30))
def test_any_pieces_and_any_segments(pieces: list[bytes], segment: int) -> None:
    """The content is the pieces joined, whatever the size of the segments."""
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory() as name:
        patch.setattr(uploads, "SEGMENT", segment)
        house = House(Path(name))
        id = begun(house)
        for number, piece in enumerate(pieces):
            sent(house, id, piece, whole=bool(number % 2))
        assert arrived(House(Path(name)), id) == b"".join(pieces)


def test_an_upload_is_what_the_format_says(house: House) -> None:
    """Opened by hand and by the library alone, after FORMAT.md."""
    id = begun(house)
    sent(house, id, b"first ")
    with house.vault.uploads.held(may(id), id) as held:
        held.write(b"second", whole=True)
        held.keep()
    wrapped = (house.home / "keys" / "spool" / f"{id}.sk").read_bytes()
    kek = keys.derive(keys.open_slots(house.home / "keys", "words")[0], keys.Label.KEK_WORK)
    key = _opened(kek, b"golosa/key/v1\0" + wrapped[:32], wrapped[32:])
    header = b"GOLOSA01\x01\x03\0\0\0\0\0\x01" + id.bytes
    assert wrapped[:32] == b"GOLOSAK1" + header[8:]
    folder = house.home / "spool" / str(id)
    about = (folder / "about").read_bytes()
    assert about[:32] == header
    told = json.loads(_opened(key, b"golosa/upload/v1\0" + header + b"about\0" + bytes(8), about[32:]))
    assert (told["owner"], told["length"]) == (str(ANNA), 100)
    data, at, content = (folder / "data").read_bytes(), 32, b""
    while at < len(data):
        end = at + 4 + int.from_bytes(data[at : at + 4], "big")
        context = b"golosa/upload/v1\0" + header + b"data\0" + len(content).to_bytes(8, "big")
        plain = _opened(key, context, data[at + 4 : end])
        assert plain[0] == 1
        length = int.from_bytes(plain[1:5], "big")
        assert not plain[5 + length :].strip(b"\0")
        content, at = content + plain[5 : 5 + length], end
    assert content == b"first second"


def _opened(key: bytes, context: bytes, message: bytes) -> bytes:
    decryptor = Cobblestone256Decryptor(key, context)
    return decryptor.update(message) + decryptor.finalize()
