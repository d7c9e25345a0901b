"""Health in plain numbers, without any content: for admins and for ``golosa doctor``."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from archive.acts import withdraw
from archive.catalogue import JobState
from archive.interview import Stage
from archive.parts import Archive
from archive.policy import Act, Principal


@dataclass(frozen=True, slots=True)
class Health:
    """Counts, and two proofs: the audit chain holds, and no row is missing or was put back.

    ``room_kept``: the room on the disk is there in which something can be withdrawn even if the disk is full.
    """

    stages: dict[Stage, int]
    waiting: int
    failed: int
    withdrawals_under_way: int
    audit_entries: int
    audit_intact: bool
    rows_complete: bool
    room_kept: bool


def health(house: Archive, who: Principal) -> Health:
    """How the archive does. Raises Refused."""
    house.require(Act.SEE_HEALTH, who)
    unfinished = len(withdraw.under_way(house))
    with house.catalogue.reading() as ledger:
        interviews = ledger.interviews.all()
        jobs = [ledger.jobs.of(interview.id) for interview in interviews]
        return Health(
            stages=dict(Counter(interview.stage for interview in interviews)),
            waiting=len(ledger.jobs.queue()),
            failed=sum(job is not None and job.state is JobState.FAILED for job in jobs),
            withdrawals_under_way=unfinished,
            audit_entries=len(ledger.audit.all()),
            audit_intact=ledger.audit.verify(),
            rows_complete=ledger.complete(),
            room_kept=house.ballast.is_whole,
        )
