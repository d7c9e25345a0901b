"""What Whoosh keeps: the fields, how a word's places are packed, and how a segment is read back as a shelf."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Generator, Iterable, Sequence
from functools import cached_property
from typing import Any, TypeAlias, cast
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from whoosh import columns, fields, formats
from whoosh.codec.base import Segment
from whoosh.reading import SegmentReader, TermNotFound

from archive.search.analysis import placed
from archive.search.evaluate import POSITION_BITS, Places
from archive.search.passages import Passage
from archive.search.query import Field
from archive.search.storage import SealedStorage
from archive.search.vocabulary import Vocabulary

_LAST_POSITION = (1 << POSITION_BITS) - 1
_PACKED = np.dtype(">u2")

_Postings: TypeAlias = Generator[tuple[bytes, int, float, bytes], None, None]


class _Positions(formats.Format):
    """The value of a posting: the word's positions in the passage, two bytes each. Whoosh's own pickles them."""


class _Body(fields.FieldType):
    """The words of a passage by their keys. Takes (position, keys) pairs; stores no text, no lengths, no weights."""

    def __init__(self) -> None:
        super().__init__(format=_Positions(), analyzer=cast(Any, None))

    def index(self, value: Iterable[tuple[int, Sequence[str]]], **_: Any) -> _Postings:
        positions: dict[str, list[int]] = {}
        for position, keys in value:
            for key in keys:
                positions.setdefault(key, []).append(min(position, _LAST_POSITION))
        for key, found in positions.items():
            yield key.encode(), len(found), 1.0, np.array(found, _PACKED).tobytes()


SCHEMA = fields.Schema(
    interview=fields.ID(),
    number=fields.COLUMN(columns.NumericColumn("I")),
    speaker=fields.COLUMN(columns.RefBytesColumn()),
    language=fields.COLUMN(columns.RefBytesColumn()),
    body=_Body(),
)
VERSION = 2
"""Of the fields and of transcripts.language together: raise it when either changes what is found by what."""

_COLUMNS = {Field.SPEAKER: "speaker", Field.LANGUAGE: "language"}


def document(passage: Passage) -> dict[str, Any]:
    """What Whoosh's writer is given of a passage."""
    words = placed(passage.text, passage.language)
    return {
        "interview": passage.interview.hex,
        "number": passage.number,
        "speaker": (passage.speaker or "").encode(),
        "language": passage.language.encode(),
        "body": [(word.position, word.keys) for word in words],
    }


class Decoded:
    """Places decoded lately, up to so many bytes; shared by all shelves of an engine."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._held: OrderedDict[tuple[str, str], Places] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def get(self, shelf: str, key: str) -> Places | None:
        with self._lock:
            places = self._held.get((shelf, key))
            if places is not None:
                self._held.move_to_end((shelf, key))
            return places

    def put(self, shelf: str, key: str, places: Places) -> None:
        with self._lock:
            if (shelf, key) in self._held:
                return
            self._held[shelf, key] = places
            self._bytes += places.nbytes
            while self._bytes > self._most:
                self._bytes -= self._held.popitem(last=False)[1].nbytes


class WhooshShelf:
    """One segment, open for reading. Not safe to share between threads: Whoosh seeks in shared files.

    A segment is never changed once it is written, and none has deletions (see writing.settle).
    """

    def __init__(self, storage: SealedStorage, segment: Segment, decoded: Decoded) -> None:
        self.id: str = segment.segment_id()
        self.size: int = segment.doc_count_all()
        self._decoded = decoded
        self._reader = SegmentReader(storage, SCHEMA, segment)
        self.interviews: list[UUID] = []
        self.owners: NDArray[np.int64] = np.zeros(self.size, np.int64)
        for owner, name in enumerate(self._reader.lexicon("interview")):
            self.interviews.append(UUID(hex=bytes(name).decode()))
            self.owners[np.fromiter(self._reader.postings("interview", name).all_ids(), np.int64)] = owner
        self._columns = {field: self._valued(name) for field, name in _COLUMNS.items()}
        numbers = self._reader.column_reader("number")
        self.numbers: NDArray[np.int64] = np.fromiter((numbers[n] for n in range(self.size)), np.int64, self.size)

    def places(self, key: str) -> Places:
        """Where words with that key stand."""
        found = self._decoded.get(self.id, key)
        if found is None:
            found = self._decode(key)
            self._decoded.put(self.id, key, found)
        return found

    def under(self, start: str) -> Places:
        """Where words with keys that begin so stand."""
        return np.concatenate([np.empty(0, np.int64), *(self.places(key) for key in self._keys(start))])

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """All keys."""
        return Vocabulary(self._keys(""))

    def column(self, field: Field) -> tuple[Sequence[str], NDArray[np.int64]]:
        """The values of speaker or language, and which of them each passage has."""
        return self._columns[field]

    def close(self) -> None:
        """Lets go of the files."""
        self._reader.close()

    def _valued(self, name: str) -> tuple[Sequence[str], NDArray[np.int64]]:
        reader = self._reader.column_reader(name)
        found = [bytes(reader[number]).decode() for number in range(self.size)]
        places = {value: place for place, value in enumerate(sorted(set(found)))}
        return list(places), np.fromiter((places[value] for value in found), np.int64, self.size)

    def _keys(self, start: str) -> Iterable[str]:
        if "body" not in self._reader.indexed_field_names():
            return []
        return [bytes(key).decode() for key in self._reader.expand_prefix("body", start)]

    def _decode(self, key: str) -> Places:
        try:
            matcher = self._reader.postings("body", key)
        except TermNotFound:
            return np.empty(0, np.int64)
        passages: list[int] = []
        packed: list[bytes] = []
        while matcher.is_active():
            passages.append(matcher.id())
            packed.append(matcher.value())
            matcher.next()
        counts = np.fromiter(map(len, packed), np.int64, len(packed)) // _PACKED.itemsize
        positions = np.frombuffer(b"".join(packed), _PACKED).astype(np.int64)
        return np.repeat(np.array(passages, np.int64), counts) << POSITION_BITS | positions
