"""What stands at the door: sessions, invitations, narrators' receipts, and the count of failed sign-ins.

These rows give rights, so each carries a proof that the archive wrote it: whoever can change the file cannot point a
session at another account or an invitation at another role.
"""

from __future__ import annotations

import hmac
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, insert, select, update

from archive.catalogue.accounts import folded
from archive.catalogue.ports import ROWS, Place
from archive.catalogue.shapes import from_document, to_document
from archive.catalogue.shelf import Transaction
from archive.catalogue.tables import invitations, receipts, resets, sessions, throttle, visits
from archive.catalogue.values import Failures, InvitationRow, ReceiptRow, SessionRow, Visit
from archive.errors import Tampered
from archive.policy import Role

_FREE_FAILURES = 5
_FIRST_WAIT = timedelta(minutes=1)
_LONGEST_WAIT = timedelta(hours=1)
_FORGIVEN_AFTER = timedelta(days=1)
_FREE_OF_NETWORK = 12
_BACK_EVERY = timedelta(minutes=5)
_FREE_OF_ALL = 30
_BACK_TO_ALL_EVERY = timedelta(minutes=2)
_STRICT_FREE, _STRICT_MORE = 2, 6


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


class Sessions:
    """Who is signed in. When a session ends is the caller's to say: the row knows when it began and was last seen.

    The proof is the whole session, sealed.
    """

    def __init__(self, transaction: Transaction) -> None:
        self._connection = transaction.connection
        self._sealer = transaction.sealer

    def add(self, session: SessionRow) -> None:
        """A session that begins now. Raises Unknown if the account is."""
        plain = {name: getattr(session, name) for name in _PLAIN_OF_SESSION}
        proof = self._sealer.seal(ROWS, _place(session.id), to_document(session))
        self._connection.execute(insert(sessions).values(**plain, proof=proof))

    def find(self, token_hash: str) -> SessionRow | None:
        """Raises Tampered if the archive did not write it."""
        row = self._connection.execute(select(sessions).where(sessions.c.token_hash == token_hash)).first()
        return None if row is None else self._open(row)

    def of(self, account: UUID) -> list[SessionRow]:
        """Everywhere that person is signed in, last used first. Raises Tampered."""
        wanted = select(sessions).where(sessions.c.account == account).order_by(sessions.c.seen.desc())
        return [self._open(row) for row in self._connection.execute(wanted).all()]

    def touch(self, token_hash: str, now: datetime) -> None:
        """It was used."""
        self._connection.execute(update(sessions).where(sessions.c.token_hash == token_hash).values(seen=now))

    def remove(self, token_hash: str) -> None:
        """Sign out."""
        self._connection.execute(delete(sessions).where(sessions.c.token_hash == token_hash))

    def remove_one(self, account: UUID, session: UUID) -> bool:
        """Sign that person out there; whether there was such a session of theirs."""
        this = (sessions.c.account == account) & (sessions.c.id == session)
        return bool(self._connection.execute(delete(sessions).where(this)).rowcount)

    def remove_all(self, account: UUID, but: UUID | None = None) -> None:
        """Sign out everywhere (but in one place): the password, a factor, the role or the account changed."""
        theirs = sessions.c.account == account
        self._connection.execute(delete(sessions).where(theirs if but is None else theirs & (sessions.c.id != but)))

    def remove_older(self, created_before: datetime, seen_before: datetime) -> None:
        """Those that ended by themselves."""
        ended = (sessions.c.created < created_before) | (sessions.c.seen < seen_before)
        self._connection.execute(delete(sessions).where(ended))

    def _open(self, row: Row[Any]) -> SessionRow:
        found = from_document(SessionRow, self._sealer.open(ROWS, _place(row.id), row.proof))
        if (found.id, found.token_hash, found.account, found.created) != (
            row.id,
            row.token_hash,
            row.account,
            row.created,
        ):
            raise Tampered("a session is not what its plain columns say")
        return replace(found, seen=row.seen)


_PLAIN_OF_SESSION = ("id", "token_hash", "account", "created", "seen")


def _place(session: UUID) -> Place:
    return Place("sessions", session, 1)


class Invitations(_Proofs):
    """Links that make an account, each good once."""

    def add(self, token_hash: str, role: Role, expires: datetime) -> None:
        """An invitation to that role."""
        proof = self._proof("invitation", token_hash, role, expires.timestamp())
        values = {"token_hash": token_hash, "role": role, "expires": expires, "proof": proof}
        self._connection.execute(insert(invitations).values(values))

    def take(self, token_hash: str, now: datetime) -> Role | None:
        """The role it is for, once; None if there is none, it was used, or it has expired. Raises Tampered."""
        row = self._connection.execute(select(invitations).where(invitations.c.token_hash == token_hash)).first()
        if row is None:
            return None
        self.remove(token_hash)
        found = self._checked(row)
        return found.role if now < found.expires else None

    def all(self, now: datetime) -> list[InvitationRow]:
        """Those that can still be taken up, the next to expire first. Raises Tampered."""
        good = select(invitations).where(invitations.c.expires > now).order_by(invitations.c.expires)
        return [self._checked(row) for row in self._connection.execute(good).all()]

    def remove(self, token_hash: str) -> bool:
        """Take one back; whether it was there."""
        this = invitations.c.token_hash == token_hash
        return bool(self._connection.execute(delete(invitations).where(this)).rowcount)

    def _checked(self, row: Row[Any]) -> InvitationRow:
        self._check(row.proof, "invitation", row.token_hash, row.role, row.expires.timestamp())
        return InvitationRow(row.token_hash, Role(row.role), row.expires)


class Resets(_Proofs):
    """Codes that set another password for an account, each good once; one for each account, the newest."""

    def issue(self, token_hash: str, account: UUID, expires: datetime) -> None:
        """From now on this one. Raises Unknown if the account is."""
        self.remove(account)
        proof = self._proof("reset", token_hash, account, expires.timestamp())
        values = {"token_hash": token_hash, "account": account, "expires": expires, "proof": proof}
        self._connection.execute(insert(resets).values(values))

    def take(self, token_hash: str, now: datetime) -> UUID | None:
        """The account it is for, once; None if there is none, it was used, or it has expired. Raises Tampered."""
        row = self._connection.execute(select(resets).where(resets.c.token_hash == token_hash)).first()
        if row is None:
            return None
        self._check(row.proof, "reset", row.token_hash, row.account, row.expires.timestamp())
        self.remove(row.account)
        found: UUID = row.account
        return found if now < row.expires else None

    def open(self, now: datetime) -> dict[UUID, datetime]:
        """For whom one can still be used, and how long."""
        rows = self._connection.execute(select(resets.c.account, resets.c.expires).where(resets.c.expires > now))
        return {row.account: row.expires for row in rows}

    def remove(self, account: UUID) -> bool:
        """Take it back; whether there was one."""
        return bool(self._connection.execute(delete(resets).where(resets.c.account == account)).rowcount)


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

    def remove_older(self, began_before: datetime, seen_before: datetime) -> None:
        """Those that ended by themselves."""
        ended = (visits.c.began < began_before) | (visits.c.seen < seen_before)
        self._connection.execute(delete(visits).where(ended))

    def remove(self, token_hash: str) -> None:
        """The narrator leaves."""
        self._connection.execute(delete(visits).where(visits.c.token_hash == token_hash))


class Throttle:
    """Tries to sign in that failed, counted by user name, known or not, and by network.

    A name has five free, then waits one minute, doubling up to an hour; a day without a failure forgives the earlier
    ones. A network has twelve free and gets one back every five minutes: 24 in any hour at the most.

    Where all come from one address a quota for it would let anybody lock everybody out. There, failures are counted
    together (thirty free, one back every two minutes), and while more fail a name has two free and then waits eight
    minutes, doubling up to an hour. A name under which nothing failed never waits, known or not.
    Names and networks are turned into keyed digests here.
    """

    def __init__(self, transaction: Transaction) -> None:
        self._connection = transaction.connection
        self._sealer = transaction.sealer

    def failures(self, name: str, now: datetime, *, strict: bool = False) -> Failures:
        """How many there were, and how long the next try has to wait; ``strict`` while many fail."""
        row = self._row(self._name(name))
        if row is None or now - row.last >= _FORGIVEN_AFTER:
            return Failures(0, timedelta(0))
        counted = row.failures + _STRICT_MORE if strict and row.failures >= _STRICT_FREE else row.failures
        return Failures(row.failures, max(timedelta(0), row.last + _wait_after(counted) - now))

    def note(self, name: str, now: datetime) -> Failures:
        """One more failed."""
        count = self.failures(name, now).count + 1
        self._put(self._name(name), count, now)
        self._connection.execute(delete(throttle).where(throttle.c.last <= now - _FORGIVEN_AFTER))
        return Failures(count, _wait_after(count))

    def clear(self, name: str) -> None:
        """A sign-in succeeded."""
        self._connection.execute(delete(throttle).where(throttle.c.handle == self._name(name)))

    def network_wait(self, network: str, now: datetime) -> timedelta:
        """How long the next try from there has to wait."""
        spent = self._spent(self._network(network), now)
        return max(timedelta(0), spent + _BACK_EVERY - now - _FREE_OF_NETWORK * _BACK_EVERY)

    def note_network(self, network: str, now: datetime, tries: int = 1) -> None:
        """Tries from there: 1 for one that is made, -1 to give one back that succeeded."""
        self._put(self._network(network), 0, self._spent(self._network(network), now) + tries * _BACK_EVERY)

    def many_fail(self, now: datetime) -> bool:
        """Whether more tries of those who share an address failed than do in a busy hour."""
        return self._spent(self._shared(), now) - now >= _FREE_OF_ALL * _BACK_TO_ALL_EVERY

    def note_shared(self, now: datetime, tries: int = 1) -> None:
        """As ``note_network``, for all who share an address."""
        most = now + 2 * _FREE_OF_ALL * _BACK_TO_ALL_EVERY  # a flood is over two hours after its end
        self._put(self._shared(), 0, min(most, self._spent(self._shared(), now) + tries * _BACK_TO_ALL_EVERY))

    def _spent(self, handle: str, now: datetime) -> datetime:
        """The moment at which everything would be given back (GCRA’s theoretical arrival time, ITU-T I.371)."""
        row = self._row(handle)
        return now if row is None else max(now, row.last)

    def _row(self, handle: str) -> Row[Any] | None:
        return self._connection.execute(select(throttle).where(throttle.c.handle == handle)).first()

    def _put(self, handle: str, failures: int, last: datetime) -> None:
        self._connection.execute(delete(throttle).where(throttle.c.handle == handle))
        self._connection.execute(insert(throttle).values(handle=handle, failures=failures, last=last))

    def _name(self, name: str) -> str:
        return self._sealer.handle("throttle:" + folded(name))

    def _network(self, network: str) -> str:
        return self._sealer.handle("throttle-network:" + network)

    def _shared(self) -> str:
        return self._sealer.handle("throttle-shared")


def _wait_after(failures: int) -> timedelta:
    if failures < _FREE_FAILURES:
        return timedelta(0)
    doublings = min(failures - _FREE_FAILURES, 10)
    return min(_LONGEST_WAIT, _FIRST_WAIT * float(2**doublings))
