"""The work in progress: which interviews there are, how far each is, and trying again what failed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from archive.acts import consents
from archive.catalogue import Job, JobState, Ledger, PaperKind
from archive.errors import BadInput, IllegalMove, NothingStopped, Unknown, VaultError
from archive.interview import Interview
from archive.parts import Archive
from archive.policy import Act, Principal, allows
from transcripts.errors import Damaged, TranscriptsError
from transcripts.names import as_decided


@dataclass(frozen=True, slots=True)
class WorkItem:
    """One interview on the list. ``place`` is its place in the queue (1 is next), None if it does not wait.

    ``undecided`` people wait for this person's decision, None if there is nothing for them to decide. ``requests`` of
    the narrator wait to be seen to. ``day_has_come``: the narrator is to be asked again.
    """

    interview: Interview
    job: Job | None
    place: int | None
    undecided: int | None
    requests: int = 0
    day_has_come: bool = False

    @property
    def damage(self) -> float | None:
        """The seconds that the decode could not read, if that is what the work waits for a person for."""
        return _lost(self.job)


def interviews(house: Archive, who: Principal) -> list[WorkItem]:
    """Those this person may watch, newest first."""
    house.require(Act.LIST_INTERVIEWS, who)
    with house.catalogue.reading() as ledger:
        queue = ledger.jobs.queue()
        return [
            _row(house, who, ledger, interview, queue)
            for interview in ledger.interviews.all()
            if allows(Act.WATCH, house.case(who, interview))
        ]


def one(house: Archive, who: Principal, id: UUID) -> WorkItem:
    """One row. Raises Refused, Unknown."""
    with house.catalogue.reading() as ledger:
        interview = ledger.interviews.get(id)
        house.require(Act.WATCH, who, interview)
        return _row(house, who, ledger, interview, ledger.jobs.queue())


def retry(house: Archive, who: Principal, id: UUID) -> None:
    """Puts a failed or cancelled job back into the queue. Raises Refused, Unknown, NothingStopped."""
    with house.catalogue.writing() as ledger:
        interview = ledger.interviews.get(id)
        house.require(Act.RETRY, who, interview)
        job = ledger.jobs.of(id)
        if job is None or job.state not in (JobState.FAILED, JobState.CANCELLED):
            raise NothingStopped
        waiting = ledger.jobs.enqueue(id, interview.stage)
        ledger.audit.append(Act.RETRY, who.account, id, house.now())
    house.bell.ring(waiting.id)


def take_damaged(house: Archive, who: Principal, id: UUID) -> float:
    """Goes on with what can be read of a recording that the decode found damaged; the seconds that are lost.

    Raises Refused, Unknown, NothingStopped, BadInput (it stopped, but not because of damage).
    """
    with house.catalogue.writing() as ledger:
        interview = ledger.interviews.get(id)
        house.require(Act.TAKE_DAMAGED, who, interview)
        job = ledger.jobs.of(id)
        lost = _lost(job)
        if lost is None:
            if job is not None and job.is_live:
                raise NothingStopped
            raise BadInput("It did not stop because of damage: try again without this.")
        ledger.interviews.save(replace(interview, lost_seconds=lost))
        waiting = ledger.jobs.enqueue(id, interview.stage)
        ledger.audit.append(Act.TAKE_DAMAGED, who.account, id, house.now())
    house.bell.ring(waiting.id)
    return lost


def cancel(house: Archive, who: Principal, id: UUID) -> None:
    """Stops the work on an interview; what was done so far is kept. Raises Refused, Unknown, IllegalMove (none is)."""
    with house.catalogue.writing() as ledger:
        interview = ledger.interviews.get(id)
        house.require(Act.RETRY, who, interview)
        job = ledger.jobs.of(id)
        if job is None or not job.is_live:
            raise IllegalMove
        ledger.jobs.cancel(job)
        ledger.audit.append(Act.RETRY, who.account, id, house.now())


def _lost(job: Job | None) -> float | None:
    if job is None or job.state is not JobState.FAILED or job.code != Damaged.code:
        return None
    return max(0.0, float(job.facts["declared"]) - float(job.facts["decoded"]))


def _row(house: Archive, who: Principal, ledger: Ledger, interview: Interview, queue: list[Job]) -> WorkItem:
    waiting = [job.interview for job in queue if job.state is JobState.READY]
    place = waiting.index(interview.id) + 1 if interview.id in waiting else None
    return WorkItem(
        interview,
        ledger.jobs.of(interview.id),
        place,
        _undecided(house, who, ledger, interview),
        _requests(house, who, ledger, interview),
        any(day is not None and day <= house.today() for day in interview.terms.days),
    )


def _requests(house: Archive, who: Principal, ledger: Ledger, interview: Interview) -> int:
    if not allows(Act.READ_CONSENT, house.case(who, interview)):
        return 0
    permit = house.require(Act.READ_CONSENT, who, interview)
    try:
        return sum(one.done is None for one in consents.requests(ledger, permit))
    except VaultError:  # as above: its consent page tells why
        return 0


def _undecided(house: Archive, who: Principal, ledger: Ledger, interview: Interview) -> int | None:
    if not allows(Act.DECIDE, house.case(who, interview)):
        return None
    permit = house.require(Act.REVIEW, who, interview)
    try:
        roster = ledger.papers.get(permit, interview.id, PaperKind.ROSTER)
        decisions = ledger.papers.get(permit, interview.id, PaperKind.DECISIONS)
        if roster is None or decisions is None:
            return None
        people, decided = as_decided(roster.content, decisions.content)
        return people.undecided(decided.choices)
    except (VaultError, TranscriptsError):  # one unreadable paper must not close the list: its review tells why
        return None


def find(house: Archive, who: Principal, reference: str) -> Interview:
    """The interview with that id or accession number, if this person may watch or read it. Raises Unknown."""
    with house.catalogue.reading() as ledger:
        for interview in ledger.interviews.all():
            known = reference in (interview.accession, str(interview.id))
            if known and any(allows(act, house.case(who, interview)) for act in (Act.WATCH, Act.READ_RELEASED)):
                return interview
    raise Unknown
