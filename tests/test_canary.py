"""The scanner's own sensitivity: what it is blind to would look clean.

The plants are written by other code than the scanner's (json, email, sqlite3, zipfile, pickle …), in a grammatical
form that the scanner was never told, between random bytes.
"""

from __future__ import annotations

import base64
import bz2
import codecs
import gzip
import hashlib
import html
import io
import json
import lzma
import marshal
import pickle
import quopri
import random
import sqlite3
import struct
import tarfile
import unicodedata
import urllib.parse
import zipfile
import zlib
from collections.abc import Callable
from contextlib import closing
from email.message import EmailMessage
from pathlib import Path

import ftfy.bad_codecs  # noqa: F401  # codecs that read every byte, as browsers do
import numpy as np
import pytest

from tests.canary import Canary, told

SURNAME = "Каноничевский"
INFLECTED = "Каноничевского"
OTHER, OTHER_INFLECTED = "Майорощёкин", "Майорощёкиной"  # letters on which the transliterations differ
CANARY = Canary(SURNAME, OTHER)


def _archive(name: str, text: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("other.xml", bytes(5000))
        file.writestr(name, text)
    return out.getvalue()


def _tarball(text: bytes) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:xz") as file:
        entry = tarfile.TarInfo("x")
        entry.size = len(text)
        file.addfile(entry, io.BytesIO(text))
    return out.getvalue()


def _mail(text: str, encoding: str) -> bytes:
    mail = EmailMessage()
    mail.set_content(f"{'и другие слова ' * 8}{text}{' и ещё слова' * 8}", cte=encoding)
    return mail.as_bytes()


def _database(text: str, encoding: str) -> bytes:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(f"PRAGMA encoding = '{encoding}'")
        connection.execute("CREATE TABLE t (c)")
        connection.execute("INSERT INTO t VALUES (?)", (text,))
        connection.commit()
        return connection.serialize()


def _id3(text: str) -> bytes:
    frame = b"\x01" + text.encode("utf-16")
    return b"TIT2" + struct.pack(">IH", len(frame), 0) + frame


_U = INFLECTED.encode()
PLANTS: dict[str, Callable[[], bytes]] = {
    "utf-8": lambda: _U,
    "lower": lambda: INFLECTED.lower().encode(),
    "upper": lambda: INFLECTED.upper().encode(),
    "decomposed": lambda: unicodedata.normalize("NFD", SURNAME).encode(),
    "utf-16-le": lambda: INFLECTED.encode("utf-16-le"),
    "utf-16-be": lambda: INFLECTED.encode("utf-16-be"),
    "utf-32": lambda: INFLECTED.encode("utf-32-le"),
    "array of letters": lambda: np.array([INFLECTED]).tobytes(),
    "utf-7": lambda: INFLECTED.encode("utf-7"),
    "cp1251": lambda: INFLECTED.encode("cp1251"),
    "koi8-r": lambda: INFLECTED.encode("koi8-r"),
    "cp866": lambda: INFLECTED.encode("cp866"),
    "cp855": lambda: INFLECTED.encode("cp855"),
    "iso8859-5": lambda: INFLECTED.encode("iso8859-5"),
    "mac-cyrillic": lambda: INFLECTED.encode("mac-cyrillic"),
    "base64, no byte before": lambda: base64.b64encode(_U),
    "base64, one byte before": lambda: base64.b64encode(b"x" + _U),
    "base64, two bytes before": lambda: base64.b64encode(b"xy" + _U),
    "base64 of utf-16": lambda: base64.b64encode(b"abc" + INFLECTED.encode("utf-16-le")),
    "base64 for addresses": lambda: base64.urlsafe_b64encode(b"ab" + INFLECTED.encode("cp1251")),
    "mail in base64": lambda: _mail(INFLECTED, "base64"),
    "mail in quoted-printable": lambda: _mail(INFLECTED, "quoted-printable"),
    "json": lambda: json.dumps({"k": INFLECTED}).encode(),
    "percent": lambda: urllib.parse.quote(INFLECTED).encode(),
    "form": lambda: urllib.parse.urlencode({"q": INFLECTED}).encode(),
    "address in an address": lambda: urllib.parse.quote_plus(urllib.parse.quote_plus(INFLECTED)).encode(),
    "hex": lambda: _U.hex().encode(),
    "hex dump in capitals": lambda: codecs.encode(_U, "hex").upper(),
    "repr": lambda: repr(_U).encode(),
    "ascii": lambda: ascii(INFLECTED).encode(),
    "octal": lambda: "".join(f"\\{byte:o}" for byte in _U).encode(),
    "html numbers": lambda: INFLECTED.encode("ascii", "xmlcharrefreplace"),
    "html hex": lambda: "".join(f"&#x{ord(letter):04x};" for letter in INFLECTED).replace("x04", "x4").encode(),
    "quoted-printable": lambda: quopri.encodestring(_U),
    "read as latin-1": lambda: _U.decode("latin-1").encode(),
    "read as cp1251": lambda: _U.decode("sloppy-windows-1251").encode(),
    "read as latin-1, escaped": lambda: html.escape(_U.decode("latin-1")).encode(),
    "pickle 0": lambda: pickle.dumps(INFLECTED, 0),
    "pickle 2 of bytes": lambda: pickle.dumps(_U, 2),
    "pickle 5": lambda: pickle.dumps(INFLECTED, 5),
    "marshal": lambda: marshal.dumps(INFLECTED),
    "gzip": lambda: gzip.compress(_U * 3),
    "zlib": lambda: zlib.compress(b"abc" + _U),
    "zlib, fastest": lambda: zlib.compress(b"abc" + _U, 1),
    "zlib, cut short": lambda: zlib.compress(_U * 3 + random.Random(5).randbytes(9000))[:2000],
    "bz2": lambda: bz2.compress(_U),
    "xz": lambda: lzma.compress(_U),
    "tar.xz": lambda: _tarball(_U),
    "docx": lambda: _archive("word/document.xml", _U * 4),
    "name in a zip": lambda: _archive(f"{INFLECTED}.wav", b"nothing"),
    "json in gzip in zip": lambda: _archive("x", gzip.compress(json.dumps(INFLECTED).encode())),
    "sqlite": lambda: _database(INFLECTED, "UTF-8"),
    "sqlite in utf-16": lambda: _database(INFLECTED, "UTF-16le"),
    "id3 tag": lambda: _id3(INFLECTED),
    "passport": lambda: b"KANONICHEVSKII",
    "french": lambda: b"Kanonitchevskogo",
    "german": lambda: b"Kanonitschewski",
    "iso 9": "kanoničevskogo".encode,
    "gost": lambda: b"Majoroshhyokina",
    "bgn": lambda: b"Mayoroshchekina",
    "passport of another": lambda: b"MAIOROSHCHEKINA",
    "without dots": OTHER_INFLECTED.replace("ё", "е").encode,
    "decomposed and inflected": unicodedata.normalize("NFD", OTHER_INFLECTED).encode,
    "reversed": lambda: _U[::-1],
    "base64 for addresses, of koi8-r": lambda: base64.urlsafe_b64encode(b"x" + INFLECTED.encode("koi8-r")),
    "json in capitals": lambda: "".join(f"\\u{ord(letter):04X}" for letter in INFLECTED).encode(),
    "percent in small letters": lambda: urllib.parse.quote(INFLECTED).lower().encode(),
    "percent of cp1251": lambda: urllib.parse.quote(INFLECTED, encoding="cp1251").encode(),
    "percent of koi8-r": lambda: urllib.parse.quote(INFLECTED, encoding="koi8-r").encode(),
    "percent u": lambda: "".join(f"%u{ord(letter):04X}" for letter in INFLECTED).encode(),
    "html hex in capitals": lambda: "".join(f"&#x{ord(letter):X};" for letter in INFLECTED).encode(),
    "html numbers, read as latin-1": lambda: _U.decode("latin-1").encode("ascii", "xmlcharrefreplace"),
    "read as cp1252": lambda: _U.decode("sloppy-windows-1252").encode(),
    "cp1251 read as latin-1": lambda: INFLECTED.encode("cp1251").decode("latin-1").encode(),
    "koi8-r read as latin-1": lambda: INFLECTED.encode("koi8-r").decode("latin-1").encode(),
    "cp1251 read as koi8-r": lambda: INFLECTED.encode("cp1251").decode("koi8-r").encode(),
    "domain": lambda: SURNAME.lower().encode("idna"),
    "sha1": lambda: hashlib.sha1(SURNAME.encode()).hexdigest().encode(),
    "sha512 for addresses": lambda: base64.urlsafe_b64encode(hashlib.sha512(SURNAME.encode()).digest()),
    "sha256": lambda: hashlib.sha256(SURNAME.lower().encode()).hexdigest().encode(),
    "md5, raw": lambda: hashlib.md5(SURNAME.encode()).digest(),
    "blake2b in base64": lambda: base64.b64encode(hashlib.blake2b(SURNAME.encode()).digest()),
}


@pytest.mark.parametrize("plant", PLANTS)
def test_each_plant_is_found(plant: str) -> None:
    """One shape a program may leave a name in, at any place of a file."""
    noise = random.Random(plant)
    for before in (0, 1, 2, 3, 501):
        assert CANARY.in_bytes(noise.randbytes(before) + PLANTS[plant]() + noise.randbytes(500))


def test_random_data_is_clean() -> None:
    """Sealed files look like this; one false alarm would make all alarms worthless."""
    noise = random.Random(20261124)
    assert CANARY.in_bytes(noise.randbytes(16 * 2**20)) == {}


def test_russian_text_without_the_name_is_clean() -> None:
    """Letters as such are no hit, in any of the shapes."""
    text = "Конические каноны, канон и чевский; the canonical conic, kanon. " * 50
    for data in (
        text.encode(),
        text.encode("cp1251", "ignore"),
        json.dumps(text).encode(),
        gzip.compress(text.encode()),
    ):
        assert CANARY.in_bytes(data) == {}


def test_the_shapes_are_many() -> None:
    """Losing a family of shapes shows here even where no plant stands for it."""
    assert len(CANARY.kinds) >= 80
    assert len(CANARY.patterns) >= 895


def test_a_tree_is_scanned_with_its_names(tmp_path: Path) -> None:
    """Contents, file names, folder names and where links lead, each told with its place; a clean tree gives none."""
    (tmp_path / "clean").mkdir()
    (tmp_path / "clean" / "a").write_bytes(random.Random(1).randbytes(5000))
    assert CANARY.scan(tmp_path, tmp_path / "not there") == []
    (tmp_path / INFLECTED).mkdir()
    (tmp_path / INFLECTED / "kanonichevskij.wav").touch()
    (tmp_path / "link").symlink_to(f"/nowhere/{SURNAME}")
    (tmp_path / "deep" / "er").mkdir(parents=True)
    (tmp_path / "deep" / "er" / "log").write_bytes(bytes(100) + _U)
    places = {hit.path.relative_to(tmp_path).as_posix(): hit for hit in CANARY.scan(tmp_path)}
    assert set(places) == {INFLECTED, f"{INFLECTED}/kanonichevskij.wav", "link", "deep/er/log"}
    assert places["deep/er/log"].offset == 100
    assert "log at 100: utf-8" in told(places.values())


def test_a_word_that_chance_could_write_is_no_canary() -> None:
    """Short words would hit by accident, and a scan that cries wolf is switched off."""
    with pytest.raises(ValueError, match="eight letters"):
        Canary("Ким")
