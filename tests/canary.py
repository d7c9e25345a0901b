"""Looks for a surname on a disk, in every shape a program may have written it in.

A canary is a surname that occurs nowhere else. ``Canary`` spells it out as byte patterns (letter cases, stem,
transliterations; some eighty encodings of each) and looks for them in files, in their names and inside compressed
data. What it finds is told by kind, file and offset, never by content. It knows nothing of the archive.
"""

from __future__ import annotations

import base64
import bz2
import hashlib
import html
import io
import json
import lzma
import os
import quopri
import re
import unicodedata
import urllib.parse
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np

SHORTEST = 6
"""Bytes. A shorter pattern would be found in random data."""

_WIDE = ("utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
_OLD = ("cp1251", "koi8-r", "cp866", "cp855", "iso8859-5", "mac-cyrillic")
_HASHES = ("md5", "sha1", "sha256", "sha512", "blake2b")

_LETTERS = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"
_LATIN = {
    "gost": "a b v g d e yo zh z i j k l m n o p r s t u f h c ch sh shh '' y ' e yu ya",
    "bgn": "a b v g d e e zh z i y k l m n o p r s t u f kh ts ch sh shch _ y _ e yu ya",
    "passport": "a b v g d e e zh z i i k l m n o p r s t u f kh ts ch sh shch ie y _ e iu ia",
    "iso9": "a b v g d e ë ž z i j k l m n o p r s t u f h c č š ŝ ʺ y ʹ è û â",
    "french": "a b v g d e io j z i i k l m n o p r s t ou f kh ts tch ch chtch _ y _ e iou ia",
    "german": "a b w g d e jo sch s i j k l m n o p r s t u f ch z tsch sch schtsch _ y _ e ju ja",
}


@dataclass(frozen=True, slots=True)
class Hit:
    """Where and in which shape a canary sits. ``offset`` is in bytes of the file, or of what was unpacked from it."""

    path: Path
    kind: str
    offset: int


class Canary:
    """Surnames to look for. Raises ValueError if one is too short to be told from chance."""

    def __init__(self, *surnames: str) -> None:
        self.patterns: dict[bytes, str] = {}
        for surname in surnames:
            if len(surname) < SHORTEST + 2:
                raise ValueError("a canary needs eight letters, so that even its stem is rare")
            for kind, pattern in _patterns(surname):
                if len(pattern) >= SHORTEST:
                    self.patterns.setdefault(pattern, kind)
        self._matcher = _Matcher(self.patterns)

    @property
    def kinds(self) -> set[str]:
        """The names of all shapes that are looked for."""
        return set(self.patterns.values())

    def in_bytes(self, data: bytes, depth: int = 2) -> dict[str, int]:
        """The kinds found, each with the offset of its first place; packed data is unpacked ``depth`` times."""
        found: dict[str, int] = {}
        for offset, kind in self._matcher.find(data):
            found.setdefault(kind, offset)
        unwrapped = _unwrapped(data)
        if len(unwrapped) != len(data):
            for offset, kind in self._matcher.find(unwrapped):
                found.setdefault(kind, offset)
        if depth:
            for name, unpacked in _unpacked(data):
                for kind, offset in self.in_bytes(unpacked, depth - 1).items():
                    found.setdefault(f"{name}:{kind}", offset)
        return found

    def scan(self, *roots: Path) -> list[Hit]:
        """Every file and every name below ``roots``, in order; what vanishes meanwhile is passed over."""
        hits: list[Hit] = []
        for path in (path for root in roots for path in _below(root)):
            with suppress(FileNotFoundError):
                hits += self._at(path)
        return hits

    def _at(self, path: Path) -> Iterator[Hit]:
        for kind in self.in_bytes(os.fsencode(path.name), depth=0):
            yield Hit(path, f"name:{kind}", 0)
        if path.is_symlink():
            for kind in self.in_bytes(os.fsencode(path.readlink()), depth=0):
                yield Hit(path, f"link:{kind}", 0)
        elif path.is_file():
            for kind, offset in self.in_bytes(path.read_bytes()).items():
                yield Hit(path, kind, offset)


def _below(root: Path) -> Iterator[Path]:
    yield root
    for folder, folders, files in os.walk(root):
        yield from (Path(folder, name) for name in sorted(folders + files))


class _Matcher:
    """Finds many byte strings in one pass.

    The first four bytes of each pattern are hashed into a table of bits, and all positions of the data are looked up
    in it at once; only where a bit stands are the patterns with that beginning compared. About a hundred MB a second,
    where a regular expression of all the alternatives makes half a megabyte.
    """

    _BITS = 18
    _FACTOR = np.uint32(
        2654435761
    )  # Knuth's multiplicative hash: the high bits of the product depend on all four bytes

    def __init__(self, patterns: Mapping[bytes, str]) -> None:
        self._patterns = patterns
        self._by_head: dict[bytes, list[bytes]] = {}
        for pattern in patterns:
            self._by_head.setdefault(pattern[:4], []).append(pattern)
        self._table = np.zeros(1 << self._BITS, dtype=bool)
        self._table[self._hashed(b"".join(self._by_head))] = True

    def find(self, data: bytes) -> Iterator[tuple[int, str]]:
        """Offset and kind of every occurrence, four interleaved passes over the offsets."""
        for phase in range(min(4, max(0, len(data) - 3))):
            whole = (len(data) - phase) // 4 * 4
            heads = self._hashed(memoryview(data)[phase : phase + whole])
            for index in np.flatnonzero(self._table[heads]):
                offset = int(index) * 4 + phase
                for pattern in self._by_head.get(data[offset : offset + 4], ()):
                    if data.startswith(pattern, offset):
                        yield offset, self._patterns[pattern]

    def _hashed(self, heads: bytes | memoryview) -> np.ndarray[tuple[int], np.dtype[np.uint32]]:
        return (np.frombuffer(heads, dtype="<u4") * self._FACTOR) >> np.uint32(32 - self._BITS)


def _unwrapped(data: bytes) -> bytes:
    """Without line ends, as quoted-printable and base64 in mail break words over lines."""
    return data.replace(b"=\r\n", b"").replace(b"=\n", b"").translate(None, b"\r\n")


_PACKED = {
    "gzip": re.compile(rb"\x1f\x8b\x08"),
    "zlib": re.compile(rb"\x78[\x01\x5e\x9c\xda]"),
    "zip": re.compile(rb"PK\x03\x04.{22}(..)(..)", re.DOTALL),
    "bz2": re.compile(rb"BZh[1-9]1AY&SY"),
    "xz": re.compile(rb"\xfd7zXZ\x00"),
}
_UNPACK_AT_MOST = 64 * 2**20


def _unpacked(data: bytes) -> Iterator[tuple[str, bytes]]:
    """What the packed streams in ``data`` hold, wherever they begin, as far as they can be unpacked."""
    whole = memoryview(data)
    for name, beginning in _PACKED.items():
        for match in beginning.finditer(data):
            start = match.start()
            if name == "zip":  # a member's header, its name and extra field, then a bare stream
                start = match.end() + sum(int.from_bytes(length, "little") for length in match.groups())
            if content := _unpack(name, whole[start:]):
                yield name, content


def _unpack(name: str, packed: memoryview) -> bytes:
    """The beginning of one stream's content; empty if it is none after all. What comes before a fault counts."""
    windows = {"gzip": 31, "zlib": 15, "zip": -15}
    out = io.BytesIO()
    try:
        if name == "bz2":
            out.write(bz2.BZ2Decompressor().decompress(packed, _UNPACK_AT_MOST))
        elif name == "xz":
            out.write(lzma.LZMADecompressor().decompress(packed, _UNPACK_AT_MOST))
        else:
            inflate = zlib.decompressobj(windows[name])
            for start in range(0, len(packed), 4096):  # piece by piece: a torn stream still tells its beginning
                out.write(inflate.decompress(packed[start : start + 4096], _UNPACK_AT_MOST))
                if inflate.eof or out.tell() >= _UNPACK_AT_MOST:
                    break
    except (zlib.error, OSError, lzma.LZMAError):
        pass  # chance bytes that look like a beginning, or damage: what came out before still counts
    return out.getvalue()


def _patterns(surname: str) -> Iterator[tuple[str, bytes]]:
    for shape in sorted(_spellings(surname)):
        yield from _encoded(shape)
    for shape in _cased(surname):
        yield from _digests(shape)


def _cased(word: str) -> set[str]:
    return {word, word.lower(), word.upper(), word.capitalize()}


def _spellings(surname: str) -> set[str]:
    """The name and what all its grammatical forms share, in each case and in Latin letters."""
    stem = surname.lower()[: max(SHORTEST, len(surname) - 3)]
    spellings = _cased(surname) | _cased(stem)
    spellings |= {spelling.replace("ё", "е").replace("Ё", "Е") for spelling in spellings}
    spellings |= {unicodedata.normalize("NFD", spelling) for spelling in spellings}
    for table in _LATIN.values():
        latin = dict(zip(_LETTERS, table.replace("_", "").split(" "), strict=True))
        spellings |= _cased("".join(latin.get(letter, letter) for letter in stem))
    return spellings


def _encoded(text: str) -> Iterator[tuple[str, bytes]]:
    for encoding in _WIDE if text.isascii() else _WIDE + _OLD:
        try:
            data = text.encode(encoding)
        except UnicodeEncodeError:
            continue
        yield encoding, data
        yield from _armoured(encoding, data)
    if not text.isascii():
        yield from _escaped(text)
        yield from _misread(text)


def _armoured(encoding: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    yield f"{encoding}/hex", data.hex().encode()
    yield f"{encoding}/HEX", data.hex().upper().encode()
    yield f"{encoding}/reversed", data[::-1]
    for before in range(3):  # base64 reads different letters for each place within three bytes
        code = base64.b64encode(bytes(before) + data)[(0, 2, 3)[before] : (before + len(data)) * 8 // 6]
        yield f"{encoding}/base64+{before}", code
        yield f"{encoding}/base64url+{before}", code.replace(b"+", b"-").replace(b"/", b"_")


def _escaped(text: str) -> Iterator[tuple[str, bytes]]:
    utf8 = text.encode()
    yield "json", json.dumps(text)[1:-1].encode()
    yield "json-upper", _upper_digits(json.dumps(text)[1:-1]).encode()
    yield "percent", urllib.parse.quote(text).encode()
    yield "percent-lower", urllib.parse.quote(text).lower().encode()
    yield "percent-twice", urllib.parse.quote(urllib.parse.quote(text)).encode()
    yield "percent-u", "".join(f"%u{ord(letter):04X}" for letter in text).encode()
    yield "repr-of-bytes", repr(utf8)[2:-1].encode()
    yield "octal", "".join(f"\\{byte:03o}" for byte in utf8).encode()
    yield "quoted-printable", quopri.encodestring(utf8).replace(b"=\n", b"")
    yield "html-decimal", "".join(f"&#{ord(letter)};" for letter in text).encode()
    yield "html-hex", "".join(f"&#x{ord(letter):x};" for letter in text).encode()
    yield "html-HEX", "".join(f"&#x{ord(letter):X};" for letter in text).encode()
    yield "html-of-latin", html.escape(utf8.decode("latin-1")).encode("ascii", "xmlcharrefreplace")
    yield "punycode", text.lower().encode("punycode")
    for encoding in ("cp1251", "koi8-r"):
        with suppress(UnicodeEncodeError):
            yield f"percent-{encoding}", urllib.parse.quote(text, encoding=encoding, errors="strict").encode()


def _misread(text: str) -> Iterator[tuple[str, bytes]]:
    """Bytes taken for letters of another alphabet and written again: what pickle's protocol 2 and old tools do."""
    for written, read in (
        ("utf-8", "latin-1"),
        ("utf-8", "cp1251"),
        ("utf-8", "cp1252"),
        ("cp1251", "latin-1"),
        ("koi8-r", "latin-1"),
        ("cp1251", "koi8-r"),
    ):
        with suppress(UnicodeEncodeError):
            letters = (_letter(byte, read) for byte in text.encode(written))
            yield f"{written}-as-{read}", "".join(letters).encode()


def _letter(byte: int, alphabet: str) -> str:
    """A byte that the alphabet leaves open is passed through, as browsers do."""
    try:
        return bytes([byte]).decode(alphabet)
    except UnicodeDecodeError:
        return chr(byte)


def _digests(text: str) -> Iterator[tuple[str, bytes]]:
    for name in _HASHES:
        digest = hashlib.new(name, text.encode()).digest()
        yield f"{name}/raw", digest
        yield f"{name}/hex", digest.hex().encode()
        yield f"{name}/base64", base64.b64encode(digest).rstrip(b"=")
        yield f"{name}/base64url", base64.urlsafe_b64encode(digest).rstrip(b"=")


def _upper_digits(escaped: str) -> str:
    return re.sub(r"\\u([0-9a-f]{4})", lambda match: f"\\u{match[1].upper()}", escaped)


def told(hits: Iterable[Hit]) -> str:
    """One line per hit, for a failing test."""
    return "\n".join(f"{hit.path} at {hit.offset}: {hit.kind}" for hit in hits)
