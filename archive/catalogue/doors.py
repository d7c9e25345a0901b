"""What stands at the door: sessions, invitations, narrators' receipts, and the count of failed sign-ins.

These rows hold nothing to hide, but they give rights, so each carries a proof that the archive wrote it: whoever can
change the file cannot point a session at another account or an invitation at another role.
"""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, insert, select, update

from archive.catalogue.accounts import folded
from archive.catalogue.shelf import Transaction
from archive.catalogue.tables import invitations, receipts, sessions, throttle, visits
from archive.catalogue.values import Failures, ReceiptRow, SessionRow, Visit
from archive.errors import Tampered
from archive.policy import Role

_FREE_FAILURES = 5
_FIRST_WAIT = timedelta(minutes=1)
_LONGEST_WAIT = timedelta(hours=1)
_FORGIVEN_AFTER = timedelta(days=1)


class _Proofs:
    def __init__(self, transaction: Transaction) -> None:
        self._connection = transaction.connection
        self._sealer = transaction.sealer

    def _proof(self, *parts: object) -> bytes:
        """Over a label and the fields; none of them can hold the separator."""
        return self._sealer.mac(b"golosa/door/v1\0" + "\0".join(map(str, parts)).encode())

    def _check(self, proof: bytes, *parts: object) -> None:
        if not hmac.compare_digest(proof, self._proof(*parts)):
            raise Tampered(f"{parts[0]} row without a valid proof")


class Sessions(_Proofs):
    """Who is signed in. When a session ends is the caller's to say: the row knows when it began and was last seen."""

    def add(self, token_hash: str, account: UUID, now: datetime) -> SessionRow:
        """A session that begins now. Raises Unknown if the account is."""
        row = SessionRow(token_hash, account, now, now)
        proof = self._proof("session", token_hash, account, now.timestamp())
        values = {"token_hash": token_hash, "account": account, "created": now, "seen": now, "proof": proof}
        self._connection.execute(insert(sessions).values(values))
        return row

    def find(self, token_hash: str) -> SessionRow | None:
        """Raises Tampered if the archive did not write it."""
        row = self._connection.execute(select(sessions).where(sessions.c.token_hash == token_hash)).first()
        if row is None:
            return None
        self._check(row.proof, "session", row.token_hash, row.account, row.created.timestamp())
        return SessionRow(row.token_hash, row.account, row.created, row.seen)

    def touch(self, token_hash: str, now: datetime) -> None:
        """It was used."""
        self._connection.execute(update(sessions).where(sessions.c.token_hash == token_hash).values(seen=now))

    def remove(self, token_hash: str) -> None:
        """Sign out."""
        self._connection.execute(delete(sessions).where(sessions.c.token_hash == token_hash))

    def remove_all(self, account: UUID) -> None:
        """Sign out everywhere: the password, the role or the account changed."""
        self._connection.execute(delete(sessions).where(sessions.c.account == account))

    def remove_older(self, created_before: datetime, seen_before: datetime) -> None:
        """Those that ended by themselves."""
        ended = (sessions.c.created < created_before) | (sessions.c.seen < seen_before)
        self._connection.execute(delete(sessions).where(ended))


class Invitations(_Proofs):
    """Links that make an account, each good once."""

    def add(self, token_hash: str, role: Role, expires: datetime) -> None:
        """An invitation to that role."""
        proof = self._proof("invitation", token_hash, role, expires.timestamp())
        values = {"token_hash": token_hash, "role": role, "expires": expires, "proof": proof}
        self._connection.execute(insert(invitations).values(values))

    def take(self, token_hash: str, now: datetime) -> Role | None:
        """The role it is for, once; None if there is none, it was used, or it has expired."""
        this = invitations.c.token_hash == token_hash
        row = self._connection.execute(
            delete(invitations).where(this).returning(invitations.c.role, invitations.c.expires, invitations.c.proof)
        ).first()
        if row is None:
            return None
        self._check(row.proof, "invitation", token_hash, row.role, row.expires.timestamp())
        return Role(row.role) if now < row.expires else None


class Receipts(_Proofs):
    """What lets a narrator in without an account: one for each interview, the newest."""

    def issue(self, code_hash: str, interview: UUID, now: datetime) -> None:
        """From now on this one; an earlier one, and visits that began with it, end."""
        self._connection.execute(delete(receipts).where(receipts.c.interview == interview))
        self._connection.execute(delete(visits).where(visits.c.interview == interview))
        proof = self._proof("receipt", code_hash, interview, now.timestamp())
        values = {"code_hash": code_hash, "interview": interview, "issued": now, "proof": proof}
        self._connection.execute(insert(receipts).values(values))

    def find(self, code_hash: str) -> ReceiptRow | None:
        """Raises Tampered if the archive did not write it."""
        return self._checked(
            self._connection.execute(select(receipts).where(receipts.c.code_hash == code_hash)).first()
        )

    def of(self, interview: UUID) -> ReceiptRow | None:
        """The one that is good now. Raises Tampered."""
        return self._checked(
            self._connection.execute(select(receipts).where(receipts.c.interview == interview)).first()
        )

    def _checked(self, row: Row[Any] | None) -> ReceiptRow | None:
        if row is None:
            return None
        self._check(row.proof, "receipt", row.code_hash, row.interview, row.issued.timestamp())
        return ReceiptRow(row.code_hash, row.interview, row.issued)


class Visits(_Proofs):
    """Narrators who look at their page. When a visit ends is the caller's to say."""

    def add(self, token_hash: str, interview: UUID, now: datetime) -> None:
        """A visit that begins now."""
        proof = self._proof("visit", token_hash, interview, now.timestamp())
        values = {"token_hash": token_hash, "interview": interview, "began": now, "seen": now, "proof": proof}
        self._connection.execute(insert(visits).values(values))

    def find(self, token_hash: str) -> Visit | None:
        """Raises Tampered if the archive did not write it."""
        row = self._connection.execute(select(visits).where(visits.c.token_hash == token_hash)).first()
        if row is None:
            return None
        self._check(row.proof, "visit", row.token_hash, row.interview, row.began.timestamp())
        return Visit(row.token_hash, row.interview, row.began, row.seen)

    def touch(self, token_hash: str, now: datetime) -> None:
        """Something was looked at."""
        self._connection.execute(update(visits).where(visits.c.token_hash == token_hash).values(seen=now))

    def remove(self, token_hash: str) -> None:
        """The narrator leaves."""
        self._connection.execute(delete(visits).where(visits.c.token_hash == token_hash))


class Throttle:
    """Failed sign-ins under one user name, known or not: five are free, then one minute, doubling up to an hour.

    Names are folded and turned into keyed digests here; a day without a failure forgives the earlier ones.
    """

    def __init__(self, transaction: Transaction) -> None:
        self._connection = transaction.connection
        self._sealer = transaction.sealer

    def failures(self, name: str, now: datetime) -> Failures:
        """How many there were, and how long the next try has to wait."""
        row = self._connection.execute(select(throttle).where(throttle.c.handle == self._handle(name))).first()
        if row is None or now - row.last >= _FORGIVEN_AFTER:
            return Failures(0, timedelta(0))
        return Failures(row.failures, max(timedelta(0), row.last + _wait_after(row.failures) - now))

    def note(self, name: str, now: datetime) -> Failures:
        """One more failed."""
        count = self.failures(name, now).count + 1
        self.clear(name)
        self._connection.execute(delete(throttle).where(throttle.c.last <= now - _FORGIVEN_AFTER))
        self._connection.execute(insert(throttle).values(handle=self._handle(name), failures=count, last=now))
        return Failures(count, _wait_after(count))

    def clear(self, name: str) -> None:
        """A sign-in succeeded."""
        self._connection.execute(delete(throttle).where(throttle.c.handle == self._handle(name)))

    def _handle(self, name: str) -> str:
        return self._sealer.handle("throttle:" + folded(name))


def _wait_after(failures: int) -> timedelta:
    if failures < _FREE_FAILURES:
        return timedelta(0)
    doublings = min(failures - _FREE_FAILURES, 10)
    return min(_LONGEST_WAIT, _FIRST_WAIT * float(2**doublings))
