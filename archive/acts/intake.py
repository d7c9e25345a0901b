"""Receiving a recording: consent first, then the sound, stored and verified before anything is promised."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Self
from uuid import UUID, uuid4

from archive.acts import consents
from archive.acts.description import Description
from archive.catalogue import Blob, Job, Kind, Paper, PaperKind
from archive.collection import MAIN, Collection
from archive.consent import Consent
from archive.errors import ArchiveError, BadInput
from archive.interview import Interview, Stage
from archive.parts import Archive
from archive.policy import Act, Layer, Permit, Principal
from transcripts.errors import EmptyFile
from transcripts.sound import Limits, Readable, probe

_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class IntakeForm:
    """What comes with a recording. File name, notes and consent are of the protected layer: the repr shows none.

    ``even_damaged``: whoever sends it knows that not all of it can be read, and there is no better copy.
    """

    consent: Consent = field(repr=False)
    title: str = field(default="", repr=False)
    language: str = "ru"
    recorded_on: date | None = None
    places: tuple[str, ...] = field(default=(), repr=False)
    themes: tuple[str, ...] = field(default=(), repr=False)
    left_in: int | None = None
    file_name: str = field(default="", repr=False)
    notes: str = field(default="", repr=False)
    even_damaged: bool = False
    collection: UUID = MAIN

    @property
    def description(self) -> Description:
        """What is written about the interview, to be corrected in review."""
        return Description(self.title, self.places, self.themes, self.left_in)

    def as_json(self) -> dict[str, Any]:
        """A plain object that ``from_json`` turns back into an equal form."""
        recorded_on = self.recorded_on.isoformat() if self.recorded_on else None
        plain = {"title": self.title, "language": self.language, "file_name": self.file_name, "notes": self.notes}
        return {
            **plain,
            "consent": self.consent.as_json(),
            "recorded_on": recorded_on,
            "places": list(self.places),
            "themes": list(self.themes),
            "left_in": self.left_in,
            "even_damaged": self.even_damaged,
            "collection": str(self.collection),
        }

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> Self:
        """The form in ``found``, as ``as_json`` wrote it."""
        day = found["recorded_on"]
        read = {
            "consent": Consent.from_json(found["consent"]),
            "recorded_on": date.fromisoformat(day) if day else None,
            "collection": UUID(found.get("collection", str(MAIN))),
            "places": tuple(found.get("places", ())),
            "themes": tuple(found.get("themes", ())),
        }
        return cls(**{**found, **read})


@dataclass(frozen=True, slots=True)
class Announced:
    """What the sender of a file said of it before: ``id`` becomes the interview's, ``sha256`` (hex) is of its bytes."""

    id: UUID
    sha256: str


class NotAsSent(ArchiveError):
    """The stored bytes have another digest than the sender's."""

    code = "not-as-sent"
    says = "The stored file does not equal the sent one. Please send it again."


@dataclass(frozen=True, slots=True)
class Receipt:
    """Proof for the sender: ``sha256`` (hex) of what was read back from the archive, its ``length`` in bytes."""

    interview: Interview
    sha256: str
    length: int


def receive(
    house: Archive, who: Principal, source: Readable, form: IntakeForm, announced: Announced | None = None
) -> Receipt:
    """Stores the recording and its consent, and puts it into the queue.

    ``source`` is read to its end and must be seekable. Nothing is left behind when this raises: EmptyFile, NotSound
    and the other SoundErrors, BadInput, NotAsSent, OutOfSpace, Refused.
    """
    draft = Interview(
        id=announced.id if announced else uuid4(),
        accession="",  # given in the transaction that makes the row
        stage=Stage.RECEIVED,
        owner=who.account or _NOBODY,
        day=house.today(),
        terms=form.consent.terms,
        language=form.language,
        recorded_on=form.recorded_on,
        lost_seconds=0.0 if form.even_damaged else None,  # how much, the decode will know
        collection=form.collection,
    )
    permit = house.require(Act.RECEIVE, who, draft)
    check(house, form)
    if form.even_damaged:
        house.require(Act.TAKE_DAMAGED, who, draft)
    probe(source, Limits(max_seconds=house.settings.intake.max_hours * 3600, tolerate_damage=form.even_damaged))
    source.seek(0)
    house.vault.keeper.make_interview_keys(draft.id)
    try:
        stored = _store(house, permit, source, form, announced)
        interview, job = _enter(house, permit, draft, stored, form)
    except BaseException:  # Ctrl-C included: whatever stops it, no half-made interview stays
        if not _is_entered(house, draft.id):  # a signal can come between the commit and the next line
            house.vault.remove_all(draft.id)
        raise
    house.bell.ring(job.id)
    return Receipt(interview, stored.sha256, stored.length)


def _is_entered(house: Archive, id: UUID) -> bool:
    with house.catalogue.reading() as ledger:
        return any(interview.id == id for interview in ledger.interviews.all())


def collections(house: Archive, who: Principal) -> list[Collection]:
    """Where a new interview can be put; the main one is first. Raises Refused."""
    house.require(Act.RECEIVE, who)
    with house.catalogue.reading() as ledger:
        found = ledger.collections.all()
    return sorted(found, key=lambda one: (one.id != MAIN, one.name.casefold()))


def check(house: Archive, form: IntakeForm) -> None:
    """Raises BadInput for what no interview is received with."""
    with house.catalogue.reading() as ledger:
        if form.collection not in {one.id for one in ledger.collections.all()}:
            raise BadInput("Choose a collection from the list.", "collection")
    if form.language not in {"ru", "uk", "en", "auto"}:
        raise BadInput("Choose the language of the conversation from the list.", "language")
    for name, limit in (("notes", 10_000), ("file_name", 500)):
        if len(getattr(form, name)) > limit:
            raise BadInput("This is longer than {limit} characters.", name, limit=limit)
    form.description.check(house.today().year)
    consents.check(form.consent)


def _store(house: Archive, permit: Permit, source: Readable, form: IntakeForm, announced: Announced | None) -> Blob:
    """The sealed recording, read back and compared with what was sent."""
    assert permit.interview is not None
    sent = hashlib.sha256()
    limit = int(house.settings.intake.max_gigabytes * 1_000_000_000)
    with house.vault.write(permit, permit.interview, Layer.PROTECTED) as writer:
        total = 0
        for piece in _pieces(source):
            total += len(piece)
            if total > limit:
                raise BadInput("The file is larger than {gigabytes:g} GB.", "recording", gigabytes=limit / 1e9)
            sent.update(piece)
            writer.write(piece)
        if total == 0:
            raise EmptyFile
    blob = Blob.of(writer.blob, permit.interview, Kind.RECORDING, note={"name": form.file_name})
    read_back = hashlib.sha256()
    with house.vault.open(permit, blob) as reader:
        for piece in _pieces(reader):
            read_back.update(piece)
    if read_back.digest() != sent.digest() or (announced and read_back.hexdigest() != announced.sha256):
        raise NotAsSent
    return blob


def _enter(house: Archive, permit: Permit, draft: Interview, stored: Blob, form: IntakeForm) -> tuple[Interview, Job]:
    with house.catalogue.writing() as ledger:
        accession = ledger.interviews.next_accession(draft.day.year)
        interview = ledger.interviews.add(replace(draft, accession=accession))
        ledger.blobs.add(stored)
        consent = replace(form.consent, recorded_by=permit.account, recorded_at=house.now())
        ledger.papers.put(permit, Paper.new(draft.id, PaperKind.CONSENT, consent.as_json()), 0)
        intake = {"file_name": form.file_name, "notes": form.notes, **form.description.as_json()}
        ledger.papers.put(permit, Paper.new(draft.id, PaperKind.INTAKE, intake), 0)
        job = ledger.jobs.enqueue(draft.id, draft.stage)
        ledger.audit.append(Act.RECEIVE, draft.owner, draft.id, house.now())
        if form.collection != MAIN:
            ledger.audit.append(Act.PLACE, draft.owner, draft.id, house.now())
        if form.even_damaged:
            ledger.audit.append(Act.TAKE_DAMAGED, draft.owner, draft.id, house.now())
    return interview, job


def _pieces(source: Readable) -> Iterator[bytes]:
    while piece := source.read(_PIECE):
        yield piece


_NOBODY = UUID(int=0)
"""Owner of what came in through the command line: no account, so archivists alone see it."""
