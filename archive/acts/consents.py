"""Consent after intake: read, changed in versions, held up by papers, and handed to the narrator as a receipt.

A change takes effect with its row. What it withholds more than before must go through review again, so it opens that in
the same transaction: no moment lies between the narrator's word and the closing.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from archive.acts import indexing, naming
from archive.acts.streams import SoundStream, stream
from archive.catalogue import Blob, Kind, Ledger, Paper, PaperKind
from archive.consent import Consent, Voice
from archive.errors import BadInput, Busy, Conflict, OutOfSpace, Unknown
from archive.interview import Event, Interview, Stage, advance
from archive.parts import Archive, even_if_full
from archive.policy import Act, Layer, Permit, Principal
from archive.vault.passwords import slow_digest
from transcripts.names import Decisions
from transcripts.sound import Readable
from transcripts.words import Transcript

LARGEST_PROOF: Final = 50_000_000
"""Bytes of a consent paper or of a spoken consent."""

_PIECE = 1 << 20
_BEGINNINGS: Final = (
    (b"%PDF-", 0, "application/pdf"),
    (b"\xff\xd8\xff", 0, "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", 0, "image/png"),
    (b"ftyphei", 4, "image/heic"),
    (b"ftypmif1", 4, "image/heic"),
    (b"ftyp", 4, "audio/mp4"),
    (b"OggS", 0, "audio/ogg"),
    (b"ID3", 0, "audio/mpeg"),
    (b"\xff\xfb", 0, "audio/mpeg"),
    (b"\xff\xf3", 0, "audio/mpeg"),
    (b"WAVE", 8, "audio/wav"),
    (b"fLaC", 0, "audio/flac"),
    (b"#!AMR", 0, "audio/amr"),
    (b"\x1a\x45\xdf\xa3", 0, "video/webm"),
)
"""What a paper's file may be, by its first bytes: (bytes, offset, MIME type), the first that fits."""


@dataclass(frozen=True, slots=True)
class Request:
    """What a narrator asked for on their page. ``number`` is its place, ``done`` when somebody saw to it."""

    number: int
    text: str = field(repr=False)
    at: datetime
    withdraw: bool = False
    done: datetime | None = None


@dataclass(frozen=True, slots=True)
class ConsentFile:
    """All that is known of an interview's consent. ``earlier`` versions stand oldest first; ``version`` is handed back
    with a change; ``names`` tells who the recorders are."""

    interview: Interview
    version: int
    current: Consent = field(repr=False)
    earlier: tuple[Consent, ...] = field(repr=False)
    proofs: tuple[Blob, ...]
    requests: tuple[Request, ...]
    receipt_of: datetime | None
    names: Mapping[UUID, str] = field(repr=False)


def consent_file(house: Archive, who: Principal, id: UUID) -> ConsentFile:
    """The consent with its history. Raises Refused, Unknown."""
    with house.catalogue.reading() as ledger:
        interview = ledger.interviews.get(id)
        permit = house.require(Act.READ_CONSENT, who, interview)
        current, *earlier = ledger.papers.parts(permit, id, PaperKind.CONSENT)
        receipt = ledger.receipts.of(id)
        versions = [Consent.from_json(paper.content) for paper in earlier]
        found = ConsentFile(
            interview=interview,
            version=current.version,
            current=Consent.from_json(current.content),
            earlier=tuple(versions),
            proofs=tuple(ledger.blobs.of(id, Kind.CONSENT_PROOF)),
            requests=requests(ledger, permit),
            receipt_of=receipt.issued if receipt else None,
            names={},
        )
        by = {one.recorded_by for one in (found.current, *versions) if one.recorded_by}
        return replace(found, names={id: ledger.accounts.get(id).name for id in by})


def change(house: Archive, who: Principal, id: UUID, consent: Consent, version: int) -> Interview:
    """The narrator's newest word, in force from now on; what held before is kept. The interview as it is then.

    Raises Refused, Conflict (somebody recorded another one since ``version``), BadInput.
    """
    check(consent)
    with house.catalogue.reading() as ledger:
        interview = ledger.interviews.get(id)
        permit = house.require(Act.CHANGE_CONSENT, who, interview)
    saved = _record(house, who, id, (consent, version), _named_anew(house, permit, consent))
    settle(house, saved)
    return saved


@even_if_full
def _record(house: Archive, who: Principal, id: UUID, word: tuple[Consent, int], named: _Named | None) -> Interview:
    consent, version = word
    with house.catalogue.writing() as ledger:
        interview = ledger.interviews.get(id)
        permit = house.require(Act.CHANGE_CONSENT, who, interview)
        there = ledger.papers.get(permit, id, PaperKind.CONSENT)
        if there is None or there.version != version:
            raise Conflict
        recorded = replace(consent, recorded_by=who.account, recorded_at=house.now())
        saved = put(house, ledger, permit, interview, recorded, named)
        ledger.audit.append(Act.CHANGE_CONSENT, who.account, id, house.now())
    return saved


def put(  # noqa: PLR0913, PLR0917  # one transaction's worth
    house: Archive, ledger: Ledger, permit: Permit, interview: Interview, consent: Consent, named: _Named | None = None
) -> Interview:
    """Writes a version and what follows from it; for acts that have asked the policy. The interview as it is then.

    ``named``: who is named under this consent, or None where it conceals nothing more than the one before.
    """
    there = ledger.papers.get(permit, interview.id, PaperKind.CONSENT)
    if there is None:
        raise Unknown
    before = Consent.from_json(there.content)
    earlier = len(ledger.papers.parts(permit, interview.id, PaperKind.CONSENT))
    ledger.papers.put(permit, Paper.new(interview.id, PaperKind.CONSENT, before.as_json(), earlier), 0)
    ledger.papers.put(permit, Paper.new(interview.id, PaperKind.CONSENT, consent.as_json()), there.version)
    after = replace(interview, terms=consent.terms)
    if named is None and before.concealed_names != consent.concealed_names and _has_names(ledger, permit, interview.id):
        raise Conflict  # the machine found the names under the old list while this was written down
    if named is not None:
        _put_named(ledger, permit, interview.id, named)
    job = ledger.jobs.of(interview.id)
    live = job is not None and job.is_live
    if job is not None and live:
        ledger.jobs.cancel(job)  # it read the consent as it was
    event = _AGAIN.get(interview.stage)
    if event is not None and (_conceals_more(before, consent) or _lacks_voice(ledger, interview, consent)):
        indexing.leaves(ledger, interview.id)
        return ledger.interviews.save(advance(after, event))
    saved = ledger.interviews.save(after)
    if live:
        ledger.jobs.enqueue(saved.id, saved.stage)
    return saved


def settle(house: Archive, interview: Interview) -> None:
    """After the commit of ``put``: the index, and the machine's next job."""
    with suppress(Busy, OutOfSpace):  # the worker does it then
        indexing.settle(house)
    with house.catalogue.reading() as ledger:
        job = ledger.jobs.of(interview.id)
    if job is not None and job.is_live:
        house.bell.ring(job.id)


def check(consent: Consent) -> None:
    """Raises BadInput for a list that nobody can have meant."""
    if len(consent.protected_names) > 500 or any(len(name) > 200 for name in consent.protected_names):
        raise BadInput("The protected list is too long: one name a line, 500 at the most.", "protected_names")
    if len(consent.narrator) > 200:
        raise BadInput("This is longer than {limit} characters.", "narrator", limit=200)


def attach(house: Archive, who: Principal, id: UUID, source: Readable, file_name: str) -> Blob:
    """Keeps a signed paper or a spoken consent, sealed. Raises Refused, BadInput, OutOfSpace."""
    with house.catalogue.reading() as ledger:
        permit = house.require(Act.CHANGE_CONSENT, who, ledger.interviews.get(id))
    first = source.read(_PIECE)
    mime = next((mime for begins, at, mime in _BEGINNINGS if first.startswith(begins, at)), None)
    if mime is None:
        raise BadInput("Choose a PDF, a photo or a sound file.", "proof")
    made = list[Blob]()
    with house.half_made(made):
        with house.vault.write(permit, id, Layer.PROTECTED) as writer:
            piece, total = first, 0
            while piece:
                total += len(piece)
                if total > LARGEST_PROOF:
                    raise BadInput(
                        "This file is larger than {megabytes} MB.", "proof", megabytes=LARGEST_PROOF // 1_000_000
                    )
                writer.write(piece)
                piece = source.read(_PIECE)
        note = {"name": file_name[:500], "on": house.today().isoformat()}
        made.append(Blob.of(writer.blob, id, Kind.CONSENT_PROOF, mime, note))
        with house.catalogue.writing() as ledger:
            house.require(Act.CHANGE_CONSENT, who, ledger.interviews.get(id))
            blob = ledger.blobs.add(made[0])
            ledger.audit.append(Act.CHANGE_CONSENT, who.account, id, house.now())
    return blob


def proof(house: Archive, who: Principal, id: UUID, blob: UUID) -> SoundStream:
    """The paper's or sound's bytes. Raises Refused, Unknown."""
    with house.catalogue.reading() as ledger:
        permit = house.require(Act.READ_CONSENT, who, ledger.interviews.get(id))
        return stream(house, permit, _proof(ledger, id, blob))


def detach(house: Archive, who: Principal, id: UUID, blob: UUID) -> None:
    """Destroys a paper that does not belong there. Raises Refused, Unknown."""
    with house.catalogue.writing() as ledger:
        house.require(Act.CHANGE_CONSENT, who, ledger.interviews.get(id))
        wrong = _proof(ledger, id, blob)
        house.vault.condemn(wrong)
        ledger.blobs.remove(wrong.id)
        ledger.audit.append(Act.CHANGE_CONSENT, who.account, id, house.now())
    house.vault.remove(wrong)


def issue_receipt(house: Archive, who: Principal, id: UUID) -> str:
    """A new receipt's code (16 digits), told this once: only a slow digest of it is kept. The one before is void.

    Raises Refused, Unknown.
    """
    code = "".join(secrets.choice("0123456789") for _ in range(16))
    digest = code_digest(house, code)
    with house.catalogue.writing() as ledger:
        house.require(Act.ISSUE_RECEIPT, who, ledger.interviews.get(id))
        ledger.receipts.issue(digest, id, house.now())
        ledger.audit.append(Act.ISSUE_RECEIPT, who.account, id, house.now())
    return code


def code_digest(house: Archive, code: str) -> str:
    """What is kept of a receipt's code: a tenth of a second and 64 MB for every guess, salted by the archive's key."""
    return slow_digest(code, bytes.fromhex(house.vault.rows.handle("receipt")))


def see_to(house: Archive, who: Principal, id: UUID, number: int) -> None:
    """Notes that a narrator's request was seen to. Raises Refused, Unknown."""
    with house.catalogue.writing() as ledger:
        permit = house.require(Act.CHANGE_CONSENT, who, ledger.interviews.get(id))
        paper = ledger.papers.get(permit, id, PaperKind.REQUEST, number)
        if paper is None:
            raise Unknown
        done = {**paper.content, "done": house.now().isoformat(timespec="seconds")}
        ledger.papers.put(permit, Paper.new(id, PaperKind.REQUEST, done, number), paper.version)
        ledger.audit.append(Act.CHANGE_CONSENT, who.account, id, house.now())


def requests(ledger: Ledger, permit: Permit) -> tuple[Request, ...]:
    """What the narrator asked for, oldest first. Raises Refused."""
    assert permit.interview is not None
    return tuple(
        Request(
            paper.part,
            paper.content["text"],
            datetime.fromisoformat(paper.content["at"]),
            paper.content["withdraw"],
            datetime.fromisoformat(paper.content["done"]) if paper.content["done"] else None,
        )
        for paper in ledger.papers.parts(permit, permit.interview, PaperKind.REQUEST)
    )


_AGAIN: Final = {
    Stage.APPROVED: Event.SEND_BACK,
    Stage.MASKED: Event.SEND_BACK,
    Stage.VERIFIED: Event.SEND_BACK,
    Stage.RELEASED: Event.REOPEN,
}
"""How an interview comes back to review when more of it must be concealed."""

_VOICE_MADE: Final = frozenset({Stage.VERIFIED, Stage.RELEASED})
"""Until then the machine makes the disguised voice, if the terms ask for it when it comes to that."""


@dataclass(frozen=True, slots=True)
class _Named:
    """The papers of who is named, found in the reviewed text of that version of the decisions."""

    roster: Mapping[str, Any] = field(repr=False)
    decisions: Decisions
    version: int


def _named_anew(house: Archive, permit: Permit, consent: Consent) -> _Named | None:
    """Who is named under the new list; None before there is a text. It takes seconds, so no transaction is held."""
    assert permit.interview is not None
    with house.catalogue.reading() as ledger:
        there = ledger.papers.get(permit, permit.interview, PaperKind.CONSENT)
        if there is None or Consent.from_json(there.content).concealed_names == consent.concealed_names:
            return None
        text, people, decided = (
            ledger.papers.get(permit, permit.interview, kind)
            for kind in (PaperKind.REVIEWED, PaperKind.ROSTER, PaperKind.DECISIONS)
        )
    if text is None or people is None or decided is None:
        return None
    content, roster, decisions = naming.stored(people.content, decided.content)
    if content is not people.content:  # kept in an older form: nothing is approved before everybody is found anew
        return _Named(content, decisions, decided.version)
    listed = [*consent.concealed_names, *decisions.selected]
    found = naming.people(house, Transcript.from_json(text.content), listed).numbered_like(roster)
    return _Named(found.as_json(), decisions, decided.version)


def _put_named(ledger: Ledger, permit: Permit, id: UUID, named: _Named) -> None:
    people = ledger.papers.get(permit, id, PaperKind.ROSTER)
    if people is None:
        raise Unknown
    # The decisions' version is the review's: writing them anew makes open review pages stale, and a review that went on
    # while names were looked for makes this one stale.
    ledger.papers.put(permit, Paper.new(id, PaperKind.DECISIONS, named.decisions.as_json()), named.version)
    ledger.papers.put(permit, Paper.new(id, PaperKind.ROSTER, named.roster), people.version)


def _has_names(ledger: Ledger, permit: Permit, id: UUID) -> bool:
    return ledger.papers.get(permit, id, PaperKind.ROSTER) is not None


def _conceals_more(before: Consent, after: Consent) -> bool:
    return bool(set(after.concealed_names) - set(before.concealed_names))


def _lacks_voice(ledger: Ledger, interview: Interview, consent: Consent) -> bool:
    """Whether the form of voice that historians may hear from now on was never made, and is not about to be."""
    disguised = consent.terms.voice_for_research is Voice.DISGUISED
    return (
        disguised and interview.stage in _VOICE_MADE and ledger.blobs.newest(interview.id, Kind.DISGUISED_SOUND) is None
    )


def _proof(ledger: Ledger, id: UUID, blob: UUID) -> Blob:
    found = next((one for one in ledger.blobs.of(id, Kind.CONSENT_PROOF) if one.id == blob), None)
    if found is None:
        raise Unknown
    return found
