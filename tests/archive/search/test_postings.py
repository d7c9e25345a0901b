"""Packed postings against dictionaries of lists: what goes in comes out, merged and renumbered too."""

from __future__ import annotations

import io
from typing import TypeAlias

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.search import postings
from archive.search.evaluate import POSITION_BITS, Places
from archive.search.postings import LAST_POSITION, Packer, Source, Table, in_batches, merge

Stands: TypeAlias = dict[bytes, list[tuple[int, int]]]

keys = st.text(min_size=1, max_size=3, alphabet="абвёz'2").map(str.encode)
passages = st.one_of(st.integers(0, 20), st.integers(0, 400), st.integers(0, 70_000), st.integers(0, 1 << 30))
positions = st.one_of(st.integers(0, 60), st.integers(0, LAST_POSITION))
stands = st.dictionaries(
    keys, st.sets(st.tuples(passages, positions), min_size=1, max_size=9).map(sorted), min_size=1, max_size=12
)


def _packed(model: Stands) -> Source:
    out = io.BytesIO()
    packer = Packer(out.write)
    names = sorted(model)
    counts = np.array([len(model[name]) for name in names])
    places = np.array([number << POSITION_BITS | at for name in names for number, at in model[name]], np.int64)
    for first, past in in_batches(counts):
        packer.pack(names[first:past], counts[first:past], places[counts[:first].sum() : counts[:past].sum()])
    return Source(packer.table(), _reading(out.getvalue()))


def _reading(content: bytes) -> postings.Read:
    return lambda offset, size: content[offset : offset + size]


def _unpacked(source: Source) -> Stands:
    table = source.table
    return {table.key(index): _stands(table.places(index, source.read)) for index in range(len(table))}


def _stands(places: Places) -> list[tuple[int, int]]:
    return [(place >> POSITION_BITS, place & LAST_POSITION) for place in places.tolist()]


@given(stands)
def test_what_is_packed_is_unpacked(model: Stands) -> None:
    """Key by key and many at once; the table finds each key and where another would be."""
    source = _packed(model)
    table = source.table
    assert _unpacked(source) == model
    assert table.listed() == sorted(model)
    assert [table.find(key) for key in sorted(model)] == list(range(len(model)))
    assert table.find(b"\xff") == len(model)
    for first in range(len(model)):
        whole = [stand for key in sorted(model)[first:] for stand in model[key]]
        assert _stands(table.between(first, len(model), source.read)) == whole


@pytest.mark.slow
@given(st.lists(st.tuples(stands, st.sets(st.integers(0, 400))), min_size=1, max_size=4), st.integers(1, 9))
def test_merging_renumbers_and_forgets(models: list[tuple[Stands, set[int]]], batch: int) -> None:
    """What is left out is gone, and with its last place a key is; the rest has its new numbers, in order."""
    sources, wanted, base = [], dict[bytes, list[tuple[int, int]]](), 0
    for model, out in models:
        small = {key: [(number % 500, at) for number, at in found] for key, found in model.items()}
        small = {key: sorted(set(found)) for key, found in small.items()}
        kept = np.array([number not in out for number in range(500)])
        numbers = np.where(kept, base + np.cumsum(kept) - 1, -1)
        sources.append(Source(*_parts(_packed(small)), numbers))
        for key, found in small.items():
            left = [(int(numbers[number]), at) for number, at in found if kept[number]]
            if left:
                wanted.setdefault(key, []).extend(left)
        base += int(kept.sum())
    out_file = io.BytesIO()
    packer = Packer(out_file.write)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(postings, "_BATCH", batch)
        merge(sources, packer)
    assert _unpacked(Source(packer.table(), _reading(out_file.getvalue()))) == wanted


def _parts(source: Source) -> tuple[Table, postings.Read]:
    return source.table, source.read


def test_common_words_take_few_bytes() -> None:
    """A word of every passage takes two bytes a place: a step and a position."""
    places = np.arange(10_000) << POSITION_BITS | 7
    out = io.BytesIO()
    Packer(out.write).pack([b"\xd0\xb8"], np.array([10_000]), places)
    assert len(out.getvalue()) == 20_000
