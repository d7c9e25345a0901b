"""Sealed files as files: what is written comes back at any place, and nothing else ever does."""

from __future__ import annotations

import hashlib
import io
import os
import random
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.errors import Tampered
from archive.policy import Layer
from archive.vault.cobblestone import COBBLESTONE
from archive.vault.null import NullCipher
from archive.vault.sealed import BLOB, Header, Seal, SealedReader, SealedWriter, Tier
from archive.vault.store import MemorySource
from tests.archive.vault.vault_house import House, permit

KEY = b"k" * 32
NOISE = random.Random(7).randbytes(400_000)
EDGES = st.sampled_from([0, 1, 16383, 16384, 16385, 32768, 49152, 65536, 81920, 100_000])


class Kept:
    """A sink that keeps what it was given."""

    def __init__(self) -> None:
        self.data = bytearray()

    def write(self, data: bytes) -> None:
        self.data += data

    def commit(self) -> None: ...

    def abort(self) -> None: ...


def seal(id: int = 1, key: bytes = KEY) -> Seal:
    header = Header(Tier.PROTECTED, UUID(int=id))
    return Seal(COBBLESTONE, key, header, BLOB + bytes(header))


def sealed(content: bytes, pieces: list[int] | None = None) -> tuple[bytes, SealedWriter]:
    sink = Kept()
    writer = SealedWriter(sink, seal())
    at = 0
    for size in pieces or []:
        writer.write(content[at : at + size])
        at += size
    writer.write(content[at:])
    writer.close()
    return bytes(sink.data), writer


@settings(max_examples=150)
@given(length=EDGES | st.integers(0, 150_000), pieces=st.lists(st.integers(0, 40_000), max_size=5), seed=st.integers())
def test_any_read_after_any_write_is_a_slice(length: int, pieces: list[int], seed: int) -> None:
    """Whatever the pieces and places, reader and content agree, as a file and by offset."""
    content = NOISE[:length]
    stored, writer = sealed(content, pieces)
    assert (writer.length, writer.sha256) == (length, hashlib.sha256(content).hexdigest())
    reader, plain, draw = SealedReader(MemorySource(stored), seal(), length), io.BytesIO(content), random.Random(seed)
    for _ in range(12):
        place, whence = draw.choice([(draw.randint(0, length + 99), 0), (-draw.randint(0, length), 2)])
        assert reader.seek(place, whence) == plain.seek(place, whence)
        size = draw.choice([-1, 0, 1, draw.randint(0, 70_000), draw.randint(0, 200_000)])
        assert reader.read(size) == plain.read(size)
        assert reader.tell() == plain.tell()
        offset, size = draw.randint(0, length + 5), draw.randint(0, 100_000)
        assert reader.read_at(offset, size) == content[offset : offset + size]


def test_a_reader_behaves_like_the_files_that_libraries_expect() -> None:
    """readinto, readall, buffering and lines, as PyAV, werkzeug and csv use them."""
    content = "строка\n".encode() * 30_000
    stored, _ = sealed(content)
    reader = SealedReader(MemorySource(stored), seal(), len(content))
    room = bytearray(100_000)
    assert reader.readinto(room) == 100_000
    assert room == content[:100_000]
    assert reader.readall() == content[100_000:]
    assert reader.read(1) == b""
    assert reader.seek(-3, os.SEEK_END) == len(content) - 3
    assert reader.readinto(memoryview(room)[:50]) == 3
    reader.seek(0)
    assert sum(1 for _ in io.BufferedReader(reader, 5000)) == 30_000
    with pytest.raises(ValueError, match="closed"):
        reader.read(1)


def test_what_is_stored_holds_no_plaintext_and_no_true_length() -> None:
    """Nothing of the content shows, and two lengths close to each other look the same."""
    content = "Каноничевский".encode() * 5000
    stored, _ = sealed(content)
    assert "Канонич".encode() not in stored
    assert sealed(content)[0] != stored, "two writings of the same content must share nothing"
    assert {len(sealed(NOISE[:length])[0]) for length in range(100_001, 100_300)} == {len(sealed(NOISE[:100_001])[0])}


def damaged(stored: bytes) -> list[bytes]:
    """Flips, cuts, extensions and exchanges, the same ones each time."""
    draw = random.Random(3)
    cases = []
    for at in [*range(200), *(draw.randrange(len(stored)) for _ in range(300)), *range(len(stored) - 40, len(stored))]:
        flipped = bytearray(stored)
        flipped[at] ^= 1 << draw.randrange(8)
        cases.append(bytes(flipped))
    edges = [0, 1, 31, 32, 87, 88, 103, 104, 88 + 16400, 88 + 16416, 88 + 2 * 16400, len(stored) - 16, len(stored) - 1]
    cases += [stored[:cut] for cut in [*edges, *(draw.randrange(len(stored)) for _ in range(150))]]
    cases += [stored + draw.randbytes(more) for more in (1, 15, 16, 17, 16399, 16400, 16416, 99_999)]
    chunks = [stored[at : at + 16400] for at in range(88, len(stored), 16400)]
    for one in range(len(chunks)):
        cases += [stored[:88] + b"".join(chunks[:one] + chunks[one + 1 :])]
        cases += [stored[:88] + b"".join([*chunks[:one], chunks[one], *chunks[one:]])]
        if one:
            cases += [stored[:88] + b"".join([*chunks[: one - 1], chunks[one], chunks[one - 1], *chunks[one + 1 :]])]
    return cases


def test_no_damage_goes_unnoticed_and_no_wrong_byte_comes_out() -> None:
    """Some 700 ways of damage: each is refused, and what was read before it is met is the true content."""
    content = NOISE[:60_000]
    stored, _ = sealed(content)
    cases = damaged(stored)
    assert len(cases) > 700
    for case in cases:
        got = bytearray()
        with pytest.raises(Tampered):
            read_all_into(got, case, len(content))
        assert content.startswith(got)


def read_all_into(got: bytearray, stored: bytes, length: int) -> None:
    """The content piece by piece, then the padding, which nobody else reads."""
    reader = SealedReader(MemorySource(stored), seal(), length)
    while piece := reader.read(7000):
        got += piece
    reader._message.read_at(length, 1 << 20)


@settings(max_examples=60)
@given(st.binary(min_size=1, max_size=300), st.integers(0, 2**31))
def test_random_bytes_anywhere_in_a_file_are_refused(noise: bytes, at: int) -> None:
    """Overwriting with anything but the same bytes is noticed."""
    content = NOISE[:20_000]
    stored, _ = sealed(content)
    at %= len(stored) - len(noise)
    changed = stored[:at] + noise + stored[at + len(noise) :]
    if changed != stored:
        with pytest.raises(Tampered):
            SealedReader(MemorySource(changed), seal(), len(content))._message.read_at(0, 1 << 20)


def test_files_do_not_open_in_each_others_place(house: House) -> None:
    """Two blobs exchanged on the disk, within an interview and across: refused although each is whole."""
    one, two = house.interview(), house.interview()
    blobs = [house.put(one, b"a" * 500), house.put(one, b"b" * 500), house.put(two, b"c" * 500)]
    released = house.put(one, b"d" * 500, Layer.RELEASED)
    paths = {blob: house.home / "store" / str(blob.interview) / str(blob.id) for blob in [*blobs, released]}
    whole = {blob: path.read_bytes() for blob, path in paths.items()}
    for blob, path in paths.items():
        for other, data in whole.items():
            path.write_bytes(data)
            if other is blob:
                assert len(house.get(blob)) == 500
            else:
                with pytest.raises(Tampered):
                    house.get(blob)
        path.write_bytes(whole[blob])


def test_a_file_cut_while_it_is_read_is_noticed(house: House) -> None:
    """The size at opening is not trusted later."""
    blob = house.put(house.interview(), NOISE)
    path = house.home / "store" / str(blob.interview) / str(blob.id)
    with house.vault.open(permit(blob.interview), blob) as reader:
        reader.read(10)
        os.truncate(path, path.stat().st_size // 2)
        with pytest.raises(Tampered):
            reader.read()


def test_a_dropped_writer_never_makes_a_whole_file() -> None:
    """Python closes files that are dropped; a sealed file is not finished by that."""
    sink = Kept()
    writer = SealedWriter(sink, seal())
    writer.write(NOISE[:20_000])
    del writer
    with pytest.raises(Tampered):
        SealedReader(MemorySource(bytes(sink.data)), seal(), 20_000)


def test_plaintext_files_are_never_read_by_the_real_cipher() -> None:
    """A file that says “no encryption” is not taken at its word."""
    sink = Kept()
    real = seal()
    header = Header(real.header.tier, real.header.id, NullCipher.suite)
    writer = SealedWriter(sink, Seal(NullCipher(), KEY, header, b""))
    writer.write(b"forged")
    writer.close()
    assert b"forged" in sink.data
    with pytest.raises(Tampered):
        SealedReader(MemorySource(bytes(sink.data)), real, 6)


def test_no_key_shows_in_what_is_printed() -> None:
    """A seal in a traceback or log line says tier and id."""
    assert "kkkk" not in repr(seal()) + str(seal())
