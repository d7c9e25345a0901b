"""Making and changing an index with Whoosh's writer: one commit at a time, and nothing outlives its removal.

Whoosh marks documents as deleted and keeps their words in the segment's files until it happens to merge it. Here a
segment with deletions is rewritten in the same commit, so that a word that was taken out is out.
"""

from __future__ import annotations

import fcntl
import os
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

import numpy as np
from whoosh import fields
from whoosh.codec.base import Segment
from whoosh.index import TOC
from whoosh.writing import SegmentWriter

from archive.search.analysis import placed
from archive.search.codec import NAMES, ArrayCodec
from archive.search.passages import Passage
from archive.search.ports import SealedFiles
from archive.search.storage import SealedStorage

VERSION = 4
"""Of the files, and of what the words of a text are found by (analysis.py): raise it when either changes."""

SCHEMA = fields.Schema(body=fields.KEYWORD(), **{name: fields.ID() for name in NAMES})

# A directory is a name within the one folder: files of several can lie side by side while a new one is built.
_CONTENTS = re.compile(rf"_(?P<directory>v{VERSION}g\d+)_(?P<generation>[1-9]\d{{0,8}})\.toc")


@dataclass(frozen=True, slots=True, order=True)
class Commit:
    """A committed state on the disk, known from the name of its table of contents; the highest generation counts."""

    generation: int
    directory: str

    @property
    def contents(self) -> str:
        """The file that lists the segments. Its appearance is the commit."""
        return f"_{self.directory}_{self.generation}.toc"


def latest(files: SealedFiles) -> Commit | None:
    """The newest commit there is; None in an empty folder or one of another version of the index."""
    found = map(_CONTENTS.fullmatch, files.names())
    return max((Commit(int(name["generation"]), name["directory"]) for name in found if name), default=None)


def is_readable(directory: str) -> bool:
    """Whether an index of that name was written by this version."""
    return bool(re.fullmatch(rf"v{VERSION}g\d+", directory))


def contents(storage: SealedStorage, commit: Commit) -> list[Segment]:
    """The segments of a commit. Raises FileNotFoundError, Tampered."""
    segments: list[Segment] = TOC.read(storage, commit.directory, commit.generation, SCHEMA).segments
    return segments


@contextmanager
def one_at_a_time(files: SealedFiles, what: str) -> Iterator[None]:
    """Waits until no other process or thread does that. The lock is the system's: it ends with its holder."""
    handle = os.open(files.lock_path(what), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def build(files: SealedFiles, generation: int, passages: Iterable[Passage], spill: float) -> Commit:
    """A new directory of these passages. It counts from the moment it is complete; ``spill`` is in megabytes."""
    storage = SealedStorage(files)
    commit = Commit(generation, f"v{VERSION}g{generation}")
    with _writer(storage, commit, [], spill) as writer:
        for passage in passages:
            writer.add_passage(passage)
    return commit


def change(
    files: SealedFiles, before: Commit, gone: Iterable[UUID], passages: Iterable[Passage], spill: float
) -> Commit:
    """The next generation of a directory: without what is ``gone``, with these passages."""
    storage = SealedStorage(files)
    segments = contents(storage, before)
    names = [interview.hex for interview in gone]
    for segment in segments:
        _strike(storage, segment, names)
    commit = Commit(before.generation + 1, before.directory)
    with _writer(storage, commit, segments, spill) as writer:
        for passage in passages:
            writer.add_passage(passage)
    return commit


def sweep(files: SealedFiles, commit: Commit | None) -> None:
    """Deletes every file that is not of this commit: older ones, and what a killed writer left."""
    kept = set()
    if commit is not None:
        kept = {commit.contents, *(segment.segment_id() for segment in contents(SealedStorage(files), commit))}
    for name in files.names():
        if name not in kept and name.partition(".")[0] not in kept:
            files.delete(name)


class PassageWriter(SegmentWriter):
    """Whoosh's writer, which knows of passages and segments where Whoosh's own deals with postings one by one."""

    def __init__(self, storage: SealedStorage, commit: Commit, segments: list[Segment], spill: float) -> None:
        super().__init__(  # type: ignore[no-untyped-call]
            _Underway(storage, commit, segments), _lk=False, codec=ArrayCodec(spill), compound=False
        )
        self.mergetype = settle

    def add_passage(self, passage: Passage) -> None:
        """The next passage."""
        self.perdocwriter.add(passage)
        self.fieldwriter.add(self.docnum, placed(passage.text, passage.language))
        self.docnum += 1
        self._added = True

    def add_segment(self, segment: Segment) -> None:
        """Another segment's passages, as far as they are not deleted. None can be added by themselves after this."""
        codec = segment.codec()
        kept = np.ones(segment.doc_count_all(), bool)
        kept[list(segment.deleted_docs())] = False
        if kept.any():
            numbers = np.where(kept, self.docnum + np.cumsum(kept) - 1, -1)
            self.perdocwriter.add_some(codec.per_document_reader(self.storage, segment), kept)
            self.fieldwriter.add_some(codec.terms_reader(self.storage, segment), numbers)
            self.docnum += int(np.count_nonzero(kept))
            self._added = True

    def _flush_segment(self) -> None:
        self.perdocwriter.close()
        self.fieldwriter.close()

    def _close_segment(self) -> None:
        """What was not flushed was cancelled, and is dropped."""


def settle(writer: PassageWriter, segments: list[Segment]) -> list[Segment]:
    """Whoosh's merge policy: segments with deletions, and those not well above the new one in size, go into it.

    So sizes at least double from segment to segment, and there are never more than a few.
    """
    kept: list[Segment] = []
    for segment in sorted(segments, key=lambda each: int(each.doc_count())):
        if segment.has_deletions() or segment.doc_count() <= 2 * writer.docnum:
            writer.add_segment(segment)
        else:
            kept.append(segment)
    return kept


class _Underway:
    """As much of an index as Whoosh's writer asks for: where to write, what is there already, and its number."""

    def __init__(self, storage: SealedStorage, commit: Commit, segments: list[Segment]) -> None:
        self.storage = storage
        self.indexname = commit.directory
        self._read_toc: Callable[[], TOC] = lambda: TOC(SCHEMA, segments, commit.generation - 1)


@contextmanager
def _writer(storage: SealedStorage, commit: Commit, segments: list[Segment], spill: float) -> Iterator[PassageWriter]:
    """Commits at the end, or cancels if anything is raised inside."""
    writer = PassageWriter(storage, commit, segments, spill)
    with writer:
        yield writer


def _strike(storage: SealedStorage, segment: Segment, gone: Collection[str]) -> None:
    interviews = segment.codec().per_document_reader(storage, segment).by_name["interview"]
    codes = [code for code, name in enumerate(interviews.values) if name in gone]
    for number in np.flatnonzero(np.isin(interviews.codes, codes)).tolist():
        segment.delete_document(number)
