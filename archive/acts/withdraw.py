"""Withdrawal: closed at once, then keys, files, rows and index terms destroyed, and a certificate of what was done."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from archive.acts import indexing
from archive.catalogue import Ledger
from archive.errors import Busy, OutOfSpace, Unknown
from archive.interview import Event, advance
from archive.parts import Archive, even_if_full
from archive.policy import Act, Principal

_CERTIFICATES = "withdrawals"
_FINISHED = "withdrawal-finished"


@dataclass(frozen=True, slots=True)
class Certificate:
    """What was removed, and when. What nobody here can reach: copies already downloaded or printed, old backups.

    Until ``finished`` nothing of the interview opens any more, but its words may still lie in the index's sealed files
    and its rows in unused parts of the catalogue; the worker takes them out.
    """

    interview: UUID
    accession: str
    on: date
    files: int
    finished: date | None


def withdraw(house: Archive, who: Principal, id: UUID) -> Certificate:
    """Takes an interview out of the archive for good. Raises Refused, Unknown.

    The stage changes first, so that a kill in between leaves nothing readable. What cannot be finished now, because
    others hold the catalogue or the disk is full, the worker finishes.
    """
    _close(house, who, id)
    with suppress(Busy, OutOfSpace):
        finish(house, id)
    return certificate(house, who, id)


@even_if_full
def _close(house: Archive, who: Principal, id: UUID) -> None:
    with house.catalogue.writing() as ledger:
        interview = ledger.interviews.get(id)
        house.require(Act.WITHDRAW, who, interview)
        job = ledger.jobs.of(id)
        if job is not None:
            ledger.jobs.cancel(job)
        facts = {"accession": interview.accession, "on": house.today().isoformat(), "files": len(ledger.blobs.of(id))}
        ledger.interviews.save(advance(interview, Event.WITHDRAW))
        ledger.marks.put(_CERTIFICATES, {**_certificates(ledger), str(id): {**facts, "finished": None}})
        indexing.leaves(ledger, id)
        ledger.audit.append(Act.WITHDRAW, who.account, id, house.now())


def certificate(house: Archive, who: Principal, id: UUID) -> Certificate:
    """What has become of a withdrawal. Raises Refused, Unknown (it was not withdrawn)."""
    with house.catalogue.reading() as ledger:
        house.require(Act.WATCH, who, ledger.interviews.get(id))
        facts = _certificates(ledger).get(str(id))
    if facts is None:
        raise Unknown
    finished = facts["finished"]
    on = date.fromisoformat(facts["on"])
    return Certificate(id, facts["accession"], on, facts["files"], date.fromisoformat(finished) if finished else None)


def finish(house: Archive, id: UUID) -> None:
    """Destroys what is left of a withdrawn interview. Safe to repeat. Raises Busy, OutOfSpace."""
    house.vault.remove_all(id)
    with house.catalogue.writing() as ledger:
        ledger.forget(id)
    indexing.settle(house)
    house.catalogue.scrub()
    with house.catalogue.writing() as ledger:
        known = _certificates(ledger)
        ledger.marks.put(_CERTIFICATES, {**known, str(id): {**known[str(id)], "finished": house.today().isoformat()}})
        ledger.audit.append(_FINISHED, None, id, house.now())


def finish_all(house: Archive) -> None:
    """Finishes what was begun before a kill, withdrawals and reopenings alike. Raises Busy, OutOfSpace."""
    indexing.settle(house)
    for id in under_way(house):
        finish(house, id)


def under_way(house: Archive) -> list[UUID]:
    """The withdrawals that are not finished."""
    with house.catalogue.reading() as ledger:
        return [UUID(id) for id, facts in _certificates(ledger).items() if facts["finished"] is None]


def _certificates(ledger: Ledger) -> dict[str, dict[str, Any]]:
    return ledger.marks.get(_CERTIFICATES) or {}
