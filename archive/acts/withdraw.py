"""Withdrawal: closed at once, then keys, files, rows and index terms destroyed, and a certificate of what was done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from archive.acts.research import released
from archive.catalogue import Ledger
from archive.errors import KeyGone, Tampered, Unknown
from archive.interview import Event, Interview, Stage, advance
from archive.parts import Archive
from archive.policy import MACHINE, Act, Principal
from archive.search import Passage, passages


@dataclass(frozen=True, slots=True)
class Certificate:
    """What was removed, and when. What nobody here can reach: copies already downloaded or printed, old backups."""

    interview: UUID
    accession: str
    on: date
    files: int


def withdraw(house: Archive, who: Principal, id: UUID) -> Certificate:
    """Takes an interview out of the archive for good. Raises Refused, Unknown.

    The stage changes first, so that a kill in between leaves nothing readable, and the worker finishes it.
    """
    with house.catalogue.writing() as ledger:
        interview = ledger.interviews.get(id)
        house.require(Act.WITHDRAW, who, interview)
        job = ledger.jobs.of(id)
        if job is not None:
            ledger.jobs.cancel(job)
        files = len(ledger.blobs.of(id))
        ledger.interviews.save(advance(interview, Event.WITHDRAW))
        ledger.marks.put(_UNDER_WAY, {"interviews": [*_under_way(ledger), str(id)]})
        ledger.audit.append(Act.WITHDRAW, who.account, id, house.now())
    finish(house, id)
    return Certificate(id, interview.accession, house.today(), files)


def finish(house: Archive, id: UUID) -> None:
    """Destroys what is left of a withdrawn interview. Safe to repeat."""
    house.vault.remove_all(id)
    with house.catalogue.writing() as ledger:
        ledger.forget(id)
    rebuild(house)
    house.catalogue.scrub()
    with house.catalogue.writing() as ledger:
        ledger.marks.put(_UNDER_WAY, {"interviews": [other for other in _under_way(ledger) if other != str(id)]})


def finish_all(house: Archive) -> None:
    """Finishes the withdrawals that were begun before a kill."""
    with house.catalogue.reading() as ledger:
        begun = _under_way(ledger)
    for id in begun:
        finish(house, UUID(id))


def rebuild(house: Archive) -> int:
    """A new index of everything released, from nothing; how many passages it holds.

    What does not open is left out: one damaged file, or another withdrawal at the same time, must not keep the words
    of this one in the index. ``verify`` names it.
    """
    with house.catalogue.reading() as ledger:
        standing = [interview for interview in ledger.interviews.all() if interview.stage is Stage.RELEASED]
    found = [passage for interview in standing for passage in _what_opens(house, interview)]
    house.keep_index_state(house.engine.rebuild(found, house.index_state()))
    return len(found)


def released_passages(house: Archive, interview: Interview) -> list[Passage]:
    """An interview's released text, cut for the index."""
    permit = house.require(Act.PROCESS, MACHINE, interview)
    return passages(interview.id, released(house, permit), interview.recorded_on)


def _what_opens(house: Archive, interview: Interview) -> list[Passage]:
    try:
        return released_passages(house, interview)
    except (KeyGone, Tampered, Unknown):
        return []


_UNDER_WAY = "withdrawals under way"


def _under_way(ledger: Ledger) -> list[str]:
    mark = ledger.marks.get(_UNDER_WAY)
    return list(mark["interviews"]) if mark else []
