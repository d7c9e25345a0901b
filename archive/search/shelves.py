"""Segments as they are answered from: open, with what was decoded lately at hand."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Collection, Sequence
from functools import cached_property
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from whoosh.codec.base import Segment

from archive.search.codec import Columns, Postings
from archive.search.evaluate import Places
from archive.search.query import Field
from archive.search.storage import SealedStorage
from archive.search.vocabulary import Vocabulary

_COLUMNS = {Field.SPEAKER: "speaker", Field.LANGUAGE: "language"}


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

    def keep(self, shelves: Collection[str]) -> None:
        """Forgets what is of other shelves: those are gone, and words of theirs may have been withdrawn."""
        with self._lock:
            for shelf, key in [each for each in self._held if each[0] not in shelves]:
                self._bytes -= self._held.pop((shelf, key)).nbytes


class ArrayShelf:
    """One segment, open for reading. Safe to share between threads.

    A segment is never changed once it is written, and none has deletions (see writing.settle).
    """

    def __init__(self, storage: SealedStorage, segment: Segment, decoded: Decoded) -> None:
        self.id: str = segment.segment_id()
        self.size: int = segment.doc_count_all()
        self._decoded = decoded
        self._postings: Postings = segment.codec().terms_reader(storage, segment)
        self._columns: Columns = segment.codec().per_document_reader(storage, segment)
        self.numbers = self._columns.numbers.astype(np.int64)
        interviews = self._columns.by_name["interview"]
        self.interviews = [UUID(hex=name) for name in interviews.values]
        self.owners = interviews.codes.astype(np.int64)

    def places(self, key: str) -> Places:
        """Where words with that key stand."""
        found = self._decoded.get(self.id, key)
        if found is None:
            found = self._postings.places(key)
            if len(found):  # what weighs nothing would never have to leave
                self._decoded.put(self.id, key, found)
        return found

    def under(self, start: str) -> Places:
        """Where words with keys that begin so stand."""
        return self._postings.under(start)

    def counts(self, start: str) -> tuple[Sequence[str], NDArray[np.int64]]:
        """The keys that begin so, and how many places each has."""
        return self._postings.counts(start)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """All keys."""
        return Vocabulary(self._postings.table.text, self._postings.table.ends)

    def column(self, field: Field) -> tuple[Sequence[str], NDArray[np.int64]]:
        """The values of speaker or language, and which of them each passage has."""
        found = self._columns.by_name[_COLUMNS[field]]
        return found.values, found.codes.astype(np.int64)
