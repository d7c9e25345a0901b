"""The frozen values the catalogue keeps that are nobody else's: blobs, papers, jobs, accounts, sessions, audit entries.

A repr shows ids and codes; whatever may hold content or a name is left out of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol
from uuid import UUID, uuid4

from archive.policy import Layer, Role


class Kind(StrEnum):
    """What a blob is. Its layer follows from it: ``KIND_LAYER``."""

    RECORDING = "recording"
    CONSENT_PROOF = "consent-proof"
    CANONICAL_SOUND = "canonical-sound"
    MACHINE_TRANSCRIPT = "machine-transcript"
    MASKED_SOUND = "masked-sound"
    DISGUISED_SOUND = "disguised-sound"
    PEAKS = "peaks"
    RELEASED_TRANSCRIPT = "released-transcript"
    RELEASED_TRANSLATIONS = "released-translations"
    PASSAGES = "passages"
    CLIP = "clip"


KIND_LAYER: dict[Kind, Layer] = {
    Kind.RECORDING: Layer.PROTECTED,
    Kind.CONSENT_PROOF: Layer.PROTECTED,
    Kind.CANONICAL_SOUND: Layer.PROTECTED,
    Kind.MACHINE_TRANSCRIPT: Layer.PROTECTED,
    Kind.MASKED_SOUND: Layer.RELEASED,
    Kind.DISGUISED_SOUND: Layer.RELEASED,
    Kind.PEAKS: Layer.RELEASED,
    Kind.RELEASED_TRANSCRIPT: Layer.RELEASED,
    Kind.RELEASED_TRANSLATIONS: Layer.RELEASED,
    Kind.PASSAGES: Layer.RELEASED,
    Kind.CLIP: Layer.PUBLIC,
}


class BlobFacts(Protocol):
    """What whoever stored the bytes knows of them; ``length`` in bytes, ``sha256`` in hex."""

    @property
    def id(self) -> UUID: ...
    @property
    def layer(self) -> Layer: ...
    @property
    def length(self) -> int: ...
    @property
    def sha256(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Blob:
    """One sealed file. Never changed: a new version is a new blob.

    ``note`` holds what belongs to it and may be content (the original file name), so the repr leaves it out.
    """

    id: UUID
    interview: UUID
    kind: Kind
    layer: Layer
    length: int
    sha256: str
    mime: str = ""
    note: Mapping[str, Any] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        if self.layer is not KIND_LAYER[self.kind]:
            raise ValueError(f"a {self.kind} does not lie in the {self.layer} layer")

    @classmethod
    def of(
        cls, facts: BlobFacts, interview: UUID, kind: Kind, mime: str = "", note: Mapping[str, Any] | None = None
    ) -> Blob:
        """The row for bytes that were stored. ValueError if they were stored under another layer than the kind's."""
        return cls(facts.id, interview, kind, facts.layer, facts.length, facts.sha256, mime, note or {})


class PaperKind(StrEnum):
    """What a paper is. All of them are of the protected layer.

    CHANGE of part n is what made version n of the review. Part 0 of CONSENT is in force; those before it are parts 1, 2
    and on, in their order.
    """

    CONSENT = "consent"
    REQUEST = "request"
    INTAKE = "intake"
    ROSTER = "roster"
    REVIEWED = "reviewed"
    DECISIONS = "decisions"
    LISTENED = "listened"
    TRANSLATIONS = "translations"
    CHANGE = "change"
    SIGNED = "signed"
    WINDOW = "window"
    FINDINGS = "findings"


@dataclass(frozen=True, slots=True)
class Paper:
    """A small document of the protected layer; ``part`` numbers those that come in many (windows), else 0."""

    id: UUID
    interview: UUID
    kind: PaperKind
    part: int = 0
    version: int = 0
    content: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @classmethod
    def new(cls, interview: UUID, kind: PaperKind, content: Mapping[str, Any], part: int = 0) -> Paper:
        """A paper that was not stored yet."""
        return cls(uuid4(), interview, kind, part, 0, content)


class JobState(StrEnum):
    """Where a job is. READY and RUNNING are live."""

    READY = "ready"
    RUNNING = "running"
    FAILED = "failed"
    DONE = "done"
    CANCELLED = "cancelled"


LIVE = (JobState.READY, JobState.RUNNING)


@dataclass(frozen=True, slots=True)
class Job:
    """One step to be done for one interview.

    ``attempts`` counts the claims and tells them apart: a value from a claim that was taken over cannot finish the job.
    ``progress`` goes from 0 to 1, ``seconds_left`` is an estimate, ``code`` and ``facts`` say why it failed.
    """

    id: UUID
    interview: UUID
    step: str
    state: JobState
    attempts: int
    progress: float
    seconds_left: float | None
    code: str | None
    facts: Mapping[str, float | int | str]
    queued_at: datetime

    @property
    def is_live(self) -> bool:
        """Whether it waits or is under way."""
        return self.state in LIVE


@dataclass(frozen=True, slots=True)
class Passkey:
    """A public key that its owner's device answers for. ``id`` and ``public_key`` in base64url, as WebAuthn gives them.

    ``count`` is what the device last counted, to notice a copy of it; many devices always count 0.
    """

    id: str = field(repr=False)
    public_key: str = field(repr=False)
    count: int
    name: str = field(repr=False)
    added: date


@dataclass(frozen=True, slots=True)
class Factors:
    """What somebody can show beside a password.

    ``totp`` is a secret in base32, "" for none; ``totp_used`` the last time-step whose code was taken, so that no code
    works twice; ``recovery`` the keyed digests of recovery codes not used yet.
    """

    totp: str = field(default="", repr=False)
    totp_used: int = 0
    recovery: tuple[str, ...] = field(default=(), repr=False)
    passkeys: tuple[Passkey, ...] = field(default=(), repr=False)

    @property
    def any(self) -> bool:
        """Whether a password alone is not enough. Recovery codes are a way back, not a factor of their own."""
        return bool(self.totp or self.passkeys)


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who can sign in. ``password_hash`` is an Argon2id PHC string."""

    id: UUID
    role: Role
    name: str = field(repr=False)
    password_hash: str = field(repr=False)
    language: str = "en"
    disabled: bool = False
    factors: Factors = field(default_factory=Factors, repr=False)
    version: int = 0

    @property
    def erased(self) -> bool:
        """Whether nothing of it is left but the id that the audit log refers to."""
        return not self.password_hash


@dataclass(frozen=True, slots=True)
class SavedPassage:
    """Where somebody found something worth keeping: seconds of an interview, in which release, and their own note."""

    id: UUID
    interview: UUID
    account: UUID
    day: date
    start: float
    end: float
    redaction: int
    note: str = field(default="", repr=False)
    version: int = 0


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """A question that somebody wants to ask again. What people look for is as secret as what they find.

    ``narrowed``: facets, each followed by the values chosen from it. Everything that a search may be kept without is
    as it is in one that was kept before there was such a thing.
    """

    id: UUID
    account: UUID
    day: date
    question: str = field(repr=False)
    version: int = 0
    narrowed: tuple[tuple[str, ...], ...] = field(default=(), repr=False)
    first_year: int | None = None
    last_year: int | None = None
    sort: str = "best"
    pairs: bool = True


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session; ``token_hash`` is the vault's keyed digest of the cookie's token, in hex.

    ``complete`` once everything was shown that the account asks for; ``device`` is a browser and a system, no more.
    """

    id: UUID
    token_hash: str = field(repr=False)
    account: UUID
    created: datetime
    seen: datetime
    complete: bool = True
    device: str = ""


@dataclass(frozen=True, slots=True)
class InvitationRow:
    """An invitation that nobody has taken up yet; ``token_hash`` is a keyed digest, and of no use to who reads it."""

    token_hash: str
    role: Role
    expires: datetime


@dataclass(frozen=True, slots=True)
class ReceiptRow:
    """A narrator's receipt; ``code_hash`` is a slow digest of its code. ``issued`` is when it was handed out."""

    code_hash: str = field(repr=False)
    interview: UUID
    issued: datetime


@dataclass(frozen=True, slots=True)
class Visit:
    """A narrator's visit to their page; ``token_hash`` is the vault's keyed digest of the cookie's token."""

    token_hash: str = field(repr=False)
    interview: UUID
    began: datetime
    seen: datetime


@dataclass(frozen=True, slots=True)
class Failures:
    """Failed sign-ins under one name, and how long the next try still has to wait (zero: it need not)."""

    count: int
    wait: timedelta


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """An event: a code, who (None: the machine), about what, when. Never a text."""

    number: int
    at: datetime
    act: str
    who: UUID | None
    subject: UUID | None


@dataclass(frozen=True, slots=True)
class Damage:
    """Something ``verify`` found; ``row`` is None where a whole table is meant. ``code`` is an error's code."""

    table: str
    row: UUID | None
    code: str
