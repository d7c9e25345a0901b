"""The small documents of the protected layer. Nothing here opens without a permit for that interview."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from sqlalchemy import ColumnElement

from archive.catalogue.keys import under_protected
from archive.catalogue.shelf import Kept, Shelf, Transaction
from archive.catalogue.tables import papers
from archive.catalogue.values import Paper, PaperKind
from archive.errors import Conflict
from archive.policy import Layer, Permit

KEPT = Kept(papers, Paper, under_protected)


class Papers:
    """One paper for each interview, kind and part; changed optimistically."""

    def __init__(self, transaction: Transaction) -> None:
        self.shelf = Shelf(transaction, KEPT)

    def get(self, permit: Permit, interview: UUID, kind: PaperKind, part: int = 0) -> Paper | None:
        """Raises Refused, Tampered, KeyGone."""
        permit.must_open(interview, Layer.PROTECTED)
        return self.shelf.first(*_which(interview, kind), papers.c.part == part)

    def parts(self, permit: Permit, interview: UUID, kind: PaperKind) -> list[Paper]:
        """Every part, in their order. Raises Refused, Tampered, KeyGone."""
        permit.must_open(interview, Layer.PROTECTED)
        return sorted(self.shelf.all(*_which(interview, kind)), key=lambda paper: paper.part)

    def put(self, permit: Permit, paper: Paper, expected_version: int) -> Paper:
        """Store a paper over the one at ``expected_version``; 0 says that there is none yet.

        Returns it as stored. Raises Refused, Conflict if another version is there.
        """
        permit.must_open(paper.interview, Layer.PROTECTED)
        there = self.shelf.standing(*_which(paper.interview, paper.kind), papers.c.part == paper.part)
        if (there.version if there else 0) != expected_version:
            raise Conflict(f"{paper.kind} of {paper.interview}")
        if there is None:
            return self.shelf.insert(paper)
        return self.shelf.update(replace(paper, id=there.row, version=expected_version))

    def remove(self, interview: UUID, kind: PaperKind) -> None:
        """Every part of it."""
        self.shelf.remove(*_which(interview, kind))


def _which(interview: UUID, kind: PaperKind) -> tuple[ColumnElement[bool], ...]:
    return papers.c.interview == interview, papers.c.kind == kind
