"""A codec for Whoosh whose segments are arrays. Whoosh keeps the schema, the list of segments, deletions and merges.

A segment has three files: ``.pst`` packed places (see postings.py), ``.trm`` their table, ``.col`` what is known of
each passage. The last two are the length of a head (4 bytes), the head in JSON (values; names, types and lengths of the
arrays), and the arrays, lowest bytes first. Nothing of a segment is ever unpickled.
"""

from __future__ import annotations

import io
import json
from array import array
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.codec.base import Segment
from whoosh.codec.whoosh3 import W3Codec, W3Segment

from archive.search.analysis import Placed
from archive.search.evaluate import POSITION_BITS, Places
from archive.search.passages import Passage
from archive.search.ports import Draft, SealedFiles
from archive.search.postings import LAST_POSITION, Keys, Packer, Source, Table, in_batches, merge
from archive.search.storage import SealedStorage

NAMES = ("interview", "speaker", "language")
_BYTES_PER_WORD = 128  # of memory: what a word of two or three keys takes while it is sorted and packed


@dataclass(frozen=True, slots=True)
class Column:
    """What each passage of a segment has of something: ``values[codes[passage]]``. Each value is some passage's."""

    values: tuple[str, ...] = field(repr=False)
    codes: NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class Columns:
    """What is known of a segment's passages besides their words: each one's number within its interview, and columns
    by name: "interview" (its id in hex), "speaker" (as the released transcript has it, "" for none), "language".
    """

    numbers: NDArray[np.uint32]
    by_name: Mapping[str, Column]


class ArrayCodec(W3Codec):
    """Whoosh's door for formats: who writes a segment's files, and who reads them.

    A writer gathers up to ``spill`` megabytes in memory, then sorts what it has into a sealed scratch file.
    """

    def __init__(self, spill: float = 128) -> None:
        self._spill = spill

    def new_segment(self, storage: SealedStorage, indexname: str) -> Segment:
        return _Segment(indexname)

    def per_document_writer(self, storage: SealedStorage, segment: Segment) -> ColumnsWriter:
        return ColumnsWriter(storage.files, segment.make_filename(".col"))

    def field_writer(self, storage: SealedStorage, segment: Segment) -> PostingsWriter:
        return PostingsWriter(storage.files, segment.segment_id(), int(self._spill * (1 << 20) / _BYTES_PER_WORD))

    def per_document_reader(self, storage: SealedStorage, segment: Segment) -> Columns:
        """Raises FileNotFoundError, Tampered."""
        arrays, values = _loaded(storage.files, segment.make_filename(".col"))
        return Columns(arrays["number"], {name: Column(tuple(values[name]), arrays[name]) for name in values})

    def terms_reader(self, storage: SealedStorage, segment: Segment) -> Postings:
        """Raises FileNotFoundError, Tampered."""
        return Postings(storage.files, segment.segment_id())


class _Segment(W3Segment):
    """Whoosh's note of a segment, pickled into the table of contents: its name, its size, what is deleted."""

    def __init__(self, indexname: str) -> None:
        super().__init__(None, indexname)  # type: ignore[no-untyped-call]

    def codec(self, **_: Any) -> ArrayCodec:
        return ArrayCodec()


class Postings:
    """The postings of a segment, open for reading. Safe to share between threads; closed with its last user."""

    def __init__(self, files: SealedFiles, name: str) -> None:
        arrays, _ = _loaded(files, f"{name}.trm")
        self.table = Table(arrays.pop("text").tobytes(), **arrays)
        self.read = files.open(f"{name}.pst").read_at

    def places(self, key: str) -> Places:
        """Where words with that key stand."""
        wanted = key.encode()
        index = self.table.find(wanted)
        if index < len(self.table) and self.table.key(index) == wanted:
            return self.table.places(index, self.read)
        return np.empty(0, np.int64)

    def under(self, start: str) -> Places:
        """Where words with keys that begin so stand, key by key."""
        first = start.encode()
        return self.table.between(self.table.find(first), self.table.find(first + b"\xff"), self.read)

    def counts(self, start: str) -> tuple[Keys, NDArray[np.int64]]:
        """The keys that begin so, in order, and how many places each has."""
        first, past = self.table.find(start.encode()), self.table.find(start.encode() + b"\xff")
        return Keys(self.table, range(first, past)), self.table.counts[first:past].astype(np.int64)


class ColumnsWriter:
    """Gathers what is known of the passages of a new segment."""

    def __init__(self, files: SealedFiles, name: str) -> None:
        self._files, self._name = files, name
        self._numbers = array("I")
        self._codes = {name: array("I") for name in NAMES}
        self._values: dict[str, dict[str, int]] = {name: {} for name in NAMES}

    def add(self, passage: Passage) -> None:
        """The next passage."""
        self._numbers.append(passage.number)
        for name, value in zip(NAMES, (passage.interview.hex, passage.speaker or "", passage.language), strict=True):
            values = self._values[name]
            self._codes[name].append(values.setdefault(value, len(values)))

    def add_some(self, columns: Columns, kept: NDArray[np.bool_]) -> None:
        """The next passages: those of another segment that are kept."""
        self._numbers.frombytes(columns.numbers[kept].tobytes())
        for name, column in columns.by_name.items():
            values, codes = self._values[name], column.codes[kept]
            renewed = np.zeros(len(column.values), np.uint32)
            for code in np.unique(codes).tolist():  # what only the others had is not taken over
                renewed[code] = values.setdefault(column.values[code], len(values))
            self._codes[name].frombytes(renewed[codes].tobytes())

    def close(self) -> None:
        """Writes the segment's file."""
        arrays = {"number": self._numbers, **self._codes}
        with self._files.create(self._name) as out:
            _save(
                out,
                {name: np.frombuffer(each, np.uint32) for name, each in arrays.items()},
                {name: list(values) for name, values in self._values.items()},
            )


class PostingsWriter:
    """Gathers the words of a new segment's passages, in order; after them, those of other segments."""

    def __init__(self, files: SealedFiles, name: str, most_words: int) -> None:
        self._files, self._name, self._most = files, name, most_words
        self._gathered = _Gathered(0)
        self._sources: list[Source] = []
        self._scratch: SealedFiles | None = None

    def add(self, number: int, words: Iterable[Placed]) -> None:
        """The words of the ``number``-th passage."""
        self._gathered.add(words)
        if len(self._gathered) > self._most:
            self._spill(number + 1)

    def add_some(self, postings: Postings, numbers: NDArray[np.int64]) -> None:
        """Another segment's, by the new numbers of its passages (below 0: left out), which rise."""
        self._set_aside()
        self._sources.append(Source(postings.table, postings.read, numbers))

    def close(self) -> None:
        """Writes the segment's files."""
        with self._files.create(f"{self._name}.pst") as out:
            packer = Packer(out.write)
            if self._sources:
                self._set_aside()
                merge(self._sources, packer)
            else:
                self._gathered.pack(packer)
        self._scratch = None
        table = packer.table()
        rows: dict[str, NDArray[Any]] = {"ends": table.ends, "counts": table.counts}
        rows |= {"steps": table.steps, "positions": table.positions, "text": np.frombuffer(table.text, np.uint8)}
        with self._files.create(f"{self._name}.trm") as out:
            _save(out, rows, {})

    def _set_aside(self) -> None:
        """What was gathered, as a source in memory."""
        if len(self._gathered):
            packed = io.BytesIO()
            table = self._gathered.pack(Packer(packed.write))
            content = packed.getvalue()
            self._sources.append(Source(table, lambda offset, size: content[offset : offset + size]))
            self._gathered = _Gathered(0)

    def _spill(self, next_number: int) -> None:
        """What was gathered, as a source on the disk, under a key that dies with this process."""
        self._scratch = self._scratch or self._files.scratch()
        name = f"{len(self._sources)}.run"
        with self._scratch.create(name) as out:
            table = self._gathered.pack(Packer(out.write))
        self._sources.append(Source(table, self._scratch.open(name).read_at))
        self._gathered = _Gathered(next_number)


class _Gathered:
    """The words of passages in a row, the first of which has the number ``first``."""

    def __init__(self, first: int) -> None:
        self._first = first
        self._lengths = array("I")
        self._groups = array("I")
        self._positions = array("H")
        self._known = _Groups()

    def __len__(self) -> int:
        return len(self._groups)

    def add(self, words: Iterable[Placed]) -> None:
        """The next passage's."""
        known, before = self._known, len(self._groups)
        for word in words:
            self._groups.append(known[word.keys])
            self._positions.append(min(word.position, LAST_POSITION))
        self._lengths.append(len(self._groups) - before)

    def pack(self, packer: Packer) -> Table:
        """Everything, sorted."""
        groups = np.frombuffer(self._groups, np.uint32)
        passages = self._first + np.repeat(np.arange(len(self._lengths)), np.frombuffer(self._lengths, np.uint32))
        places = passages << POSITION_BITS | np.frombuffer(self._positions, np.uint16)
        keys, ranks, repeats = self._known.ranked(groups)
        places = np.repeat(places, repeats)[np.argsort(ranks, kind="stable")]
        counts = np.bincount(ranks, minlength=len(keys))
        ends = np.cumsum(counts)
        for first, past in in_batches(counts):
            packer.pack(keys[first:past], counts[first:past], places[ends[first] - counts[first] : ends[past - 1]])
        return packer.table()


class _Groups(dict[tuple[str, ...], int]):
    """The keys that words have, numbered as they come: a word costs one look here, however many keys it has."""

    def __init__(self) -> None:
        super().__init__()
        self._names: dict[str, int] = {}
        self._of_group = array("I")
        self._sizes = array("I")

    def __missing__(self, keys: tuple[str, ...]) -> int:
        self[keys] = group = len(self)
        self._of_group.extend([self._names.setdefault(key, len(self._names)) for key in keys])
        self._sizes.append(len(keys))
        return group

    def ranked(self, groups: NDArray[np.uint32]) -> tuple[list[bytes], NDArray[np.int64], NDArray[np.int64]]:
        """All keys in order; for each key of each of the words its place in that order; how many keys each word has."""
        names = [name.encode() for name in self._names]
        order = sorted(range(len(names)), key=names.__getitem__)
        rank = np.zeros(len(names), np.int64)
        rank[order] = np.arange(len(names))
        sizes = np.frombuffer(self._sizes, np.uint32).astype(np.int64)
        repeats = sizes[groups]
        within = np.arange(int(repeats.sum())) - np.repeat(np.cumsum(repeats) - repeats, repeats)
        starts = np.cumsum(sizes) - sizes
        of_word = np.frombuffer(self._of_group, np.uint32)[np.repeat(starts[groups], repeats) + within]
        return [names[index] for index in order], rank[of_word], repeats


def _save(out: Draft, arrays: Mapping[str, NDArray[Any]], values: Mapping[str, list[str]]) -> None:
    little = {name: each.astype(each.dtype.newbyteorder("<"), copy=False) for name, each in arrays.items()}
    head = json.dumps(
        {"arrays": [(name, each.dtype.str, len(each)) for name, each in little.items()], "values": values}
    )
    encoded = head.encode() + b" " * (-(4 + len(head.encode())) % 8)  # so that numbers lie at multiples of their size
    out.write(len(encoded).to_bytes(4, "little") + encoded)
    for each in little.values():
        out.write(each.tobytes())


def _loaded(files: SealedFiles, name: str) -> tuple[dict[str, NDArray[Any]], dict[str, list[str]]]:
    file = files.open(name)
    try:
        content = file.read_at(0, file.length)
    finally:
        file.close()
    at = 4 + int.from_bytes(content[:4], "little")
    head = json.loads(content[4:at])
    arrays = {}
    for label, kind, length in head["arrays"]:
        arrays[label] = np.frombuffer(content, kind, length, at)
        at += arrays[label].nbytes
    return arrays, head["values"]
