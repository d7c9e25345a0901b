"""Fixity: reading all that is stored, to know that it is what was stored."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from archive.catalogue import Blob
from archive.errors import VaultError
from archive.interview import Interview, Stage
from archive.parts import Archive
from archive.policy import MACHINE, Act, Principal

_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class Report:
    """``damaged`` names ids and kinds only."""

    files: int
    interviews: int
    damaged: tuple[str, ...]


def verify(house: Archive, who: Principal) -> Report:
    """Opens every file and row with its key and compares the files' digests. Raises Refused."""
    house.require(Act.SEE_HEALTH, who)
    damaged: list[str] = []
    with house.catalogue.reading() as ledger:
        interviews = [one for one in ledger.interviews.all() if one.stage is not Stage.WITHDRAWN]
        blobs = {one.id: ledger.blobs.of(one.id) for one in interviews}
        damaged += [f"{damage.table} row {damage.row} ({damage.code})" for damage in ledger.verify()]
    for interview in interviews:
        damaged += [
            f"file {blob.id} ({blob.kind})" for blob in blobs[interview.id] if not _whole(house, interview, blob)
        ]
    try:
        house.engine.check(house.index_state())
        house.engine.verify()
    except VaultError:
        damaged.append("index")
    return Report(sum(map(len, blobs.values())), len(interviews), tuple(damaged))


def _whole(house: Archive, interview: Interview, blob: Blob) -> bool:
    permit = house.require(Act.PROCESS, MACHINE, interview)
    digest = hashlib.sha256()
    try:
        with house.vault.open(permit, blob) as reader:
            while piece := reader.read(_PIECE):
                digest.update(piece)
    except VaultError:
        return False
    return digest.hexdigest() == blob.sha256
