"""Postings as arrays: where each key stands, packed, in the order of the keys. No files here, and no Whoosh.

A key's places are packed in two rows: the steps from passage to passage (the first one from 0), then the positions
within the passages; a number of a row takes as many bytes as the row's largest needs (1, 2 or 4), lowest byte first.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeAlias, overload

import numpy as np
from numpy.typing import NDArray

from archive.search.evaluate import POSITION_BITS, Places

LAST_POSITION = (1 << POSITION_BITS) - 1
_BATCH = 1 << 19  # places that are sorted and packed at once
_WIDTHS = {width: np.dtype(f"<u{width}") for width in (1, 2, 4)}
_NOTHING: Places = np.empty(0, np.int64)

_Numbers: TypeAlias = NDArray[np.int64]
Read: TypeAlias = Callable[[int, int], bytes]
"""``size`` bytes of packed places from ``offset``."""


@dataclass(frozen=True)
class Table:
    """Keys in the order of their UTF-8 bytes, how often each stands, and how many bytes its rows' numbers take."""

    text: bytes = field(repr=False)
    ends: NDArray[np.uint32]
    counts: NDArray[np.uint32]
    steps: NDArray[np.uint8]
    positions: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.counts)

    def key(self, index: int) -> bytes:
        """The key at that place in the order."""
        return self.text[self.ends[index - 1] if index else 0 : self.ends[index]]

    def listed(self, first: int = 0, past: int | None = None) -> list[bytes]:
        """All keys in order, or those from ``first`` to ``past`` - 1."""
        ends = self.ends[first:past].tolist()
        begins = [int(self.ends[first - 1]) if first else 0, *ends]
        return [self.text[start:end] for start, end in zip(begins, ends, strict=False)]

    def find(self, key: bytes) -> int:
        """Where the key is, or would be."""
        return bisect_left(range(len(self)), key, key=self.key)

    @cached_property
    def offsets(self) -> _Numbers:
        """Where each key's packed places begin, and at last where all end."""
        sizes = self.counts.astype(np.int64) * (self.steps + self.positions)
        edges: _Numbers = np.insert(np.cumsum(sizes), 0, 0)
        return edges

    def places(self, index: int, read: Read) -> Places:
        """Where one key stands."""
        count, step, position = int(self.counts[index]), int(self.steps[index]), int(self.positions[index])
        packed = read(int(self.offsets[index]), count * (step + position))
        places: Places = np.cumsum(np.frombuffer(packed, _WIDTHS[step], count), dtype=np.int64)
        places <<= POSITION_BITS
        places |= np.frombuffer(packed, _WIDTHS[position], count, count * step)
        return places

    def between(self, first: int, past: int, read: Read) -> Places:
        """Where the keys from ``first`` to ``past`` - 1 stand, one after the other."""
        if first == past:
            return _NOTHING
        start, end = int(self.offsets[first]), int(self.offsets[past])
        packed = np.frombuffer(read(start, end - start), np.uint8)
        counts = self.counts[first:past].astype(np.int64)
        begins = self.offsets[first:past] - start
        steps = _gathered(packed, _Row(begins, counts, self.steps[first:past]))
        positions = _gathered(
            packed, _Row(begins + counts * self.steps[first:past], counts, self.positions[first:past])
        )
        passages = np.cumsum(steps)
        heads = np.cumsum(counts) - counts
        passages -= np.repeat(passages[heads] - steps[heads], counts)
        return passages << POSITION_BITS | positions


class Keys(Sequence[str]):
    """Some keys of a table, each read when it is looked at."""

    def __init__(self, table: Table, places: range) -> None:
        self._table, self._places = table, places

    def __len__(self) -> int:
        return len(self._places)

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> Keys: ...
    def __getitem__(self, index: int | slice) -> str | Keys:
        if isinstance(index, slice):
            return Keys(self._table, self._places[index])
        return self._table.key(self._places[index]).decode()

    def __iter__(self) -> Iterator[str]:
        return map(bytes.decode, self._table.listed(self._places.start, self._places.stop))


@dataclass(frozen=True, slots=True)
class Source:
    """Postings that go into new ones: ``numbers`` gives each passage's new number, below 0 if it is left out."""

    table: Table
    read: Read
    numbers: _Numbers | None = None


class Packer:
    """Packs places as they come, and keeps the table of what it packed."""

    def __init__(self, write: Callable[[bytes], object]) -> None:
        self._write = write
        self._keys: list[bytes] = []
        self._columns: tuple[list[Any], ...] = ([], [], [])

    def pack(self, keys: Sequence[bytes], counts: _Numbers, places: Places) -> None:
        """The next keys in order, each with its ``counts`` (one at least) of the places."""
        if not len(keys):
            return
        heads = np.cumsum(counts) - counts
        passages, positions = places >> POSITION_BITS, places & LAST_POSITION
        steps = np.diff(passages, prepend=0)
        steps[heads] = passages[heads]
        of_step, of_position = (_width(np.maximum.reduceat(row, heads)) for row in (steps, positions))
        sizes = counts * (of_step + of_position)
        begins = np.cumsum(sizes) - sizes
        packed = np.zeros(int(sizes.sum()), np.uint8)
        _scatter(packed, steps, _Row(begins, counts, of_step))
        _scatter(packed, positions, _Row(begins + counts * of_step, counts, of_position))
        self._write(packed.tobytes())
        self._keys += keys
        for column, part in zip(self._columns, (counts, of_step, of_position), strict=True):
            column.append(part)

    def table(self) -> Table:
        """Of all that was packed."""
        counts, steps, positions = (np.concatenate(parts or [_NOTHING]) for parts in self._columns)
        ends = np.cumsum(np.fromiter(map(len, self._keys), np.uint32, len(self._keys)), dtype=np.uint32)
        return Table(
            b"".join(self._keys), ends, counts.astype(np.uint32), steps.astype(np.uint8), positions.astype(np.uint8)
        )


def in_batches(counts: _Numbers) -> Iterator[tuple[int, int]]:
    """Ranges of keys that have about as many places together as are packed at once; never an empty one."""
    edges = np.flatnonzero(np.diff(np.cumsum(counts) // _BATCH)) + 1
    for first, past in zip([0, *edges.tolist()], [*edges.tolist(), len(counts)], strict=True):
        if first < past:
            yield first, past


def merge(sources: Sequence[Source], packer: Packer) -> None:
    """Packs what the sources hold. Their new numbers must rise from source to source; keys left without places go."""
    keys = sorted(set().union(*(source.table.listed() for source in sources)))
    order = {key: index for index, key in enumerate(keys)}
    indexes = [np.fromiter(map(order.__getitem__, source.table.listed()), np.int64) for source in sources]
    totals = np.zeros(len(keys), np.int64)
    for source, index in zip(sources, indexes, strict=True):
        totals[index] += source.table.counts
    for first, past in in_batches(totals):
        parts = [_part(source, index, first, past) for source, index in zip(sources, indexes, strict=True)]
        of_key, places = (np.concatenate(each) for each in zip(*parts, strict=True))
        counts = np.bincount(of_key, minlength=past - first)
        left = np.flatnonzero(counts)
        packer.pack([keys[first + index] for index in left], counts[left], places[np.argsort(of_key, kind="stable")])


def _part(source: Source, index: _Numbers, first: int, past: int) -> tuple[_Numbers, Places]:
    """A source's places of these keys with their new numbers, each with its key's place among the keys."""
    here, there = np.searchsorted(index, (first, past))
    places = source.table.between(int(here), int(there), source.read)
    of_key = np.repeat(index[here:there] - first, source.table.counts[here:there])
    if source.numbers is None:
        return of_key, places
    passages = source.numbers[places >> POSITION_BITS]
    kept = passages >= 0
    return of_key[kept], passages[kept] << POSITION_BITS | places[kept] & LAST_POSITION


class _Row:
    """Rows of numbers of several keys: where each begins among the packed bytes, its length and its numbers' width."""

    def __init__(self, begins: _Numbers, counts: _Numbers, widths: NDArray[Any]) -> None:
        self.widths = np.repeat(widths, counts)
        within = np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)
        self.at = np.repeat(begins, counts) + within * self.widths

    def bytes(self) -> Iterator[tuple[int, Any]]:
        """For each byte of a number, lowest first: the bits it is shifted by, and which numbers have it."""
        for byte in range(int(self.widths.max())):
            yield byte, slice(None) if not byte else self.widths > byte


def _gathered(packed: NDArray[np.uint8], row: _Row) -> _Numbers:
    numbers = np.zeros(len(row.at), np.int64)
    for byte, wide in row.bytes():
        numbers[wide] |= packed[row.at[wide] + byte].astype(np.int64) << 8 * byte
    return numbers


def _scatter(packed: NDArray[np.uint8], numbers: _Numbers, row: _Row) -> None:
    for byte, wide in row.bytes():
        packed[row.at[wide] + byte] = numbers[wide] >> 8 * byte & 255


def _width(largest: _Numbers) -> _Numbers:
    return np.where(largest < 1 << 8, 1, np.where(largest < 1 << 16, 2, 4))
