"""Sending a file in pieces: each is kept before it is acknowledged, and the whole is entered once it is proved.

Only whoever began an upload may go on with it. What arrives lies sealed under a key of its own until the interview is
entered, the upload is ended, or its last day has passed; then the key is destroyed.
"""

from __future__ import annotations

import hashlib
import hmac
import shutil
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from uuid import UUID, uuid4

from archive.acts import intake
from archive.acts.intake import Announced, IntakeForm, Receipt
from archive.catalogue import Kind
from archive.consent import Terms
from archive.errors import (
    ArchiveError,
    BadInput,
    NotAllArrived,
    OutOfSpace,
    PieceDamaged,
    TooLarge,
    Unknown,
    WrongOffset,
)
from archive.interview import Interview, Stage
from archive.parts import Archive
from archive.policy import Act, Permit, Principal, allows
from archive.vault import HeldUpload, Upload
from transcripts.errors import Damaged, DecoderStopped, SoundError, ToolMissing

CHECKSUMS = ("sha256", "sha1")
"""What a piece may be checked by. SHA-1 is here because tus demands it; it guards against accidents, not people."""

_ENDED = "upload-ended"
_MOST = 50  # unfinished uploads of one person
_GOES_ON = (Damaged, DecoderStopped, ToolMissing)  # what another try, or another answer, can mend


class BodyCut(ArchiveError):
    """Raised by the body of a piece when its sender is gone before the end of it."""

    code = "body-cut"


@dataclass(frozen=True, slots=True)
class Announcement:
    """A file that is to be sent. ``metadata`` is given back as it came; by ``fingerprint`` its sender knows it again.

    ``form`` may be missing: then it comes with the last step.
    """

    length: int
    file_name: str = field(default="", repr=False)
    fingerprint: str = field(default="", repr=False)
    metadata: str = field(default="", repr=False)
    form: IntakeForm | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Piece:
    """Bytes that begin at ``offset``. ``length`` is None if it is not known; ``checksum`` is a name and a digest."""

    offset: int
    body: Iterable[bytes] = field(repr=False)
    length: int | None = None
    checksum: tuple[str, bytes] | None = None


@dataclass(frozen=True, slots=True)
class Unfinished:
    """An upload as its sender sees it: ``arrived`` bytes of ``upload.length``."""

    upload: Upload
    arrived: int
    said: Announcement = field(repr=False)


def begin(house: Archive, who: Principal, said: Announcement) -> Upload:
    """A new upload, empty. Raises Refused, BadInput, TooLarge, OutOfSpace."""
    id = uuid4()
    house.require(Act.RECEIVE, who)
    _check(house, who, said)
    expires = house.now() + timedelta(days=house.settings.intake.upload_days)
    upload = Upload(id, who.account or id, said.length, expires.replace(microsecond=0))
    permit = house.require(Act.UPLOAD, who, _draft(house, upload))
    content = {"file_name": said.file_name, "fingerprint": said.fingerprint, "metadata": said.metadata}
    form = said.form.as_json() if said.form else None
    house.vault.uploads.begin(permit, upload, {**content, "form": form})
    _note(house, Act.UPLOAD, who, id)
    return upload


def unfinished(house: Archive, who: Principal) -> list[Unfinished]:
    """Those this person may go on with, the one that lasts longest first."""
    found = []
    for upload in house.vault.uploads.all():
        if upload.expires > house.now() and allows(Act.UPLOAD, house.case(who, _draft(house, upload))):
            with suppress(Unknown):  # ended meanwhile
                found.append(_look(house, who, upload))
    return sorted(found, key=lambda one: one.upload.expires, reverse=True)


def state(house: Archive, who: Principal, id: UUID) -> Unfinished:
    """How far it is; good for going on from there. Raises Refused, Unknown, UploadInUse."""
    upload, permit = _mine(house, who, id)
    with house.vault.uploads.held(permit, id) as held:
        arrived = held.offset
    return replace(_look(house, who, upload), arrived=arrived)


def more(house: Archive, who: Principal, id: UUID, piece: Piece) -> int:
    """Keeps a piece; how many bytes have arrived then. They are on the disk when this returns.

    Of a piece that is cut off, what came is kept, unless it has a checksum: that can be told of a whole piece only.
    Raises Refused, Unknown, UploadInUse, WrongOffset, TooLarge, PieceDamaged, OutOfSpace; nothing is kept then.
    """
    upload, permit = _mine(house, who, id)
    with house.vault.uploads.held(permit, id) as held:
        if piece.offset != held.offset:
            raise WrongOffset
        try:
            _take(held, piece, upload.length - held.offset)
        except BaseException:
            with suppress(OutOfSpace):
                held.drop()
            raise
        return held.offset


def end(house: Archive, who: Principal, id: UUID) -> None:
    """Destroys what has arrived. Raises Refused, Unknown, UploadInUse."""
    _, permit = _mine(house, who, id)
    with house.vault.uploads.held(permit, id):
        house.vault.uploads.end(id)
    _note(house, _ENDED, who, id)


def finish(
    house: Archive, who: Principal, announced: Announced, form: IntakeForm | None = None, *, even_damaged: bool = False
) -> Receipt:
    """Enters what has arrived as an interview if its digest is the sender's; asked again, the same receipt.

    ``form`` counts if none came at the beginning. The upload is over when this returns, and also when it raises
    NotSound (or another SoundError that no other try mends) or NotAsSent. Also raises Refused, Unknown, UploadInUse,
    NotAllArrived, BadInput, Damaged, OutOfSpace; then it goes on.
    """
    id = announced.id
    if receipt := _entered(house, who, id):
        house.vault.uploads.end(id)
        return receipt
    upload, permit = _mine(house, who, id)
    with house.vault.uploads.held(permit, id) as held:
        if receipt := _entered(house, who, id):  # by another request, since we looked
            return receipt
        if held.offset != upload.length:
            raise NotAllArrived
        filled = _form(house, permit, id, form)
        if even_damaged:
            filled = replace(filled, even_damaged=True)
        house.vault.remove_all(id)  # what a killed try left; no row knows it, and we hold the upload
        try:
            receipt = intake.receive(house, who, held.reader(), filled, announced)
        except (SoundError, intake.NotAsSent) as error:
            if not isinstance(error, _GOES_ON):
                house.vault.uploads.end(id)
            raise
        house.vault.uploads.end(id)
        return receipt


def sweep(house: Archive) -> None:
    """Destroys uploads whose last day has passed or whose interview is entered, and what was begun by half."""
    entered: set[UUID] = set()
    if house.vault.uploads.ids():  # asked every few seconds: mostly there are none
        with house.catalogue.reading() as ledger:
            entered = {interview.id for interview in ledger.interviews.all()}
    house.vault.uploads.sweep(house.now(), entered)


def _check(house: Archive, who: Principal, said: Announcement) -> None:
    if said.length > house.settings.intake.max_gigabytes * 1e9:
        raise TooLarge
    for name, limit in (("file_name", 500), ("fingerprint", 128), ("metadata", 8_000)):
        if len(getattr(said, name)) > limit:
            raise BadInput("This is longer than {limit} characters.", "recording", limit=limit)
    if said.form is not None:
        intake.check(house, said.form)
    if sum(upload.owner == who.account for upload in house.vault.uploads.all()) >= _MOST:
        raise BadInput("Too many files are unfinished. Finish or discard some of them first.", "recording")
    if said.length > shutil.disk_usage(house.settings.home).free:
        raise OutOfSpace("announced more than is free")


def _take(held: HeldUpload, piece: Piece, room: int) -> None:
    if piece.length is not None and piece.length > room:
        raise TooLarge
    digest = hashlib.new(piece.checksum[0], usedforsecurity=False) if piece.checksum else None
    try:
        for data in piece.body:
            room -= len(data)
            if room < 0:
                raise TooLarge
            held.write(data, whole=digest is not None)
            if digest is not None:
                digest.update(data)
    except BodyCut:
        if digest is not None:
            held.drop()
            return
    if (
        digest is not None
        and piece.checksum is not None
        and not hmac.compare_digest(digest.digest(), piece.checksum[1])
    ):
        raise PieceDamaged
    held.keep()


def _mine(house: Archive, who: Principal, id: UUID) -> tuple[Upload, Permit]:
    upload = house.vault.uploads.get(id)
    permit = house.require(Act.UPLOAD, who, _draft(house, upload))
    if upload.expires <= house.now():
        raise Unknown
    return upload, permit


def _draft(house: Archive, upload: Upload) -> Interview:
    """The interview that this may become, for policy."""
    return Interview(upload.id, "", Stage.RECEIVED, upload.owner, house.today(), Terms())


def _look(house: Archive, who: Principal, upload: Upload) -> Unfinished:
    _, permit = _mine(house, who, upload.id)
    found = house.vault.uploads.content(permit, upload.id)
    form = IntakeForm.from_json(found["form"]) if found["form"] else None
    said = Announcement(upload.length, found["file_name"], found["fingerprint"], found["metadata"], form)
    return Unfinished(upload, house.vault.uploads.peek(permit, upload.id), said)


def _form(house: Archive, permit: Permit, id: UUID, given: IntakeForm | None) -> IntakeForm:
    """The consent that came first; a later one for the same bytes would not say which of them holds."""
    stored = house.vault.uploads.content(permit, id)
    form = IntakeForm.from_json(stored["form"]) if stored["form"] else given
    if form is None:
        raise BadInput("Consent first: fill in the form, then send the file.", "recording")
    return replace(form, file_name=stored["file_name"])


def _entered(house: Archive, who: Principal, id: UUID) -> Receipt | None:
    """The receipt of an interview that came from this upload."""
    with house.catalogue.reading() as ledger:
        try:
            interview = ledger.interviews.get(id)
        except Unknown:
            return None
        house.require(Act.WATCH, who, interview)
        blob = ledger.blobs.newest(id, Kind.RECORDING)
    if blob is None:
        raise Unknown
    return Receipt(interview, blob.sha256, blob.length)


def _note(house: Archive, event: str, who: Principal, id: UUID) -> None:
    with house.catalogue.writing() as ledger:
        ledger.audit.append(event, who.account, id, house.now())
