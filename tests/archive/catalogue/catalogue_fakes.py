"""What the catalogue's tests share. The fake sealer needs no vault: keys come from a fixed secret, so that two
processes agree on them."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from archive.catalogue import Account, Blob, Catalogue, Kind, Place, RowKey, RowSealer, SavedPassage
from archive.consent import Excerpts, Research, Terms, Voice
from archive.errors import KeyGone, Tampered
from archive.excerpt import Excerpt, ExcerptState
from archive.interview import Interview, Stage
from archive.policy import Act, Layer, Permit

NOON = datetime(2026, 5, 17, 12, 0, tzinfo=UTC)


class FakeSealer:
    """The promises of RowSealer over a keyed hash: opens only at its place and version, under its key."""

    def __init__(self, secret: bytes = b"tests only") -> None:
        self._secret = secret
        self.gone: set[UUID] = set()

    def seal(self, key: RowKey, place: Place, value: Mapping[str, Any]) -> bytes:
        plain = json.dumps(value, sort_keys=True, allow_nan=False).encode()
        plain += b" " * (-len(plain) % 512)
        salt = secrets.token_bytes(16)
        body = self._stream(key, salt, plain)
        return salt + body + self._tag(key, place, salt + body)

    def open(self, key: RowKey, place: Place, sealed: bytes) -> dict[str, Any]:
        body, tag = sealed[:-32], sealed[-32:]
        if not hmac.compare_digest(tag, self._tag(key, place, body)):
            raise Tampered
        found: dict[str, Any] = json.loads(self._stream(key, body[:16], body[16:]))
        return found

    def handle(self, text: str) -> str:
        return hmac.new(self._secret, b"handle" + text.encode(), "sha256").hexdigest()

    def mac(self, data: bytes) -> bytes:
        return hmac.digest(self._secret, b"mac" + data, "sha256")

    def _key(self, key: RowKey) -> bytes:
        if key.interview in self.gone:
            raise KeyGone
        return hmac.digest(self._secret, repr(key).encode(), "sha256")

    def _stream(self, key: RowKey, salt: bytes, data: bytes) -> bytes:
        mask = hashlib.shake_256(self._key(key) + salt).digest(len(data))
        return bytes(a ^ b for a, b in zip(data, mask, strict=True))

    def _tag(self, key: RowKey, place: Place, body: bytes) -> bytes:
        return hmac.digest(self._key(key), repr(place).encode() + body, "sha256")


@dataclass
class Sealing:
    """A sealer, how an interview's keys are made, and how they are destroyed."""

    sealer: RowSealer
    make: Callable[[UUID], None]
    destroy: Callable[[UUID], None]


class Clock:
    """A clock that only moves when it is told to."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **how_long: float) -> datetime:
        self.now += timedelta(**how_long)
        return self.now


def an_interview(**changes: Any) -> Interview:
    """One as intake makes it."""
    terms = Terms(research=Research.YES, excerpts=Excerpts.ASK, embargo_until=date(2030, 1, 1))
    given = {"title": "Разговор о заводе", "recorded_on": date(2024, 3, 9), "seconds": 754.25, "redaction": 2}
    made = {"id": uuid4(), "accession": "2026-0001", "stage": Stage.RECEIVED, "owner": uuid4(), "terms": terms}
    return Interview(**{**made, "day": date(2026, 5, 17), **given, **changes})


def stored_interview(catalogue: Catalogue, sealing: Sealing, **changes: Any) -> Interview:
    """One with its keys and its row."""
    new = an_interview(**changes)
    sealing.make(new.id)
    with catalogue.writing() as ledger:
        return ledger.interviews.add(new)


def a_blob(interview: Interview, kind: Kind = Kind.RECORDING, layer: Layer = Layer.PROTECTED) -> Blob:
    """A recording with a telling file name."""
    return Blob(uuid4(), interview.id, kind, layer, 4711, "ab" * 32, "audio/ogg", {"name": "Лебедева.ogg"})


def an_excerpt(interview: Interview, **changes: Any) -> Excerpt:
    """A proposed one."""
    made = {"id": uuid4(), "interview": interview.id, "start": 12.5, "end": 47.25, "voice": Voice.DISGUISED}
    more = {"state": ExcerptState.PROPOSED, "proposed_by": uuid4(), "redaction": 2, "title": "Про завод"}
    return Excerpt(**{**made, **more, **changes})


def a_saved_passage(interview: Interview, account: Account, **changes: Any) -> SavedPassage:
    """One with a note."""
    made = {"id": uuid4(), "interview": interview.id, "account": account.id, "day": NOON.date()}
    return SavedPassage(**{**made, "start": 12.5, "end": 47.25, "redaction": 2, "note": "Про завод", **changes})


def permit(interview: Interview, act: Act = Act.PROCESS) -> Permit:
    """What ``policy.require`` would hand out."""
    return Permit(act, interview.id)
