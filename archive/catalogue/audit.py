"""The log of events: codes and ids, each entry chained to the one before by a MAC, the newest also sealed as a mark.

Changing, removing or inserting an entry breaks the chain; cutting off its end contradicts the mark.
"""

from __future__ import annotations

import hmac
import json
import re
from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import insert, select

from archive.catalogue.marks import Marks
from archive.catalogue.shelf import Transaction
from archive.catalogue.tables import audit
from archive.catalogue.values import AuditEntry
from archive.errors import Tampered

_CODE = re.compile(r"[a-z0-9-]{1,40}")
_START = bytes(32)
_MARK = "audit-head"


class Audit:
    """Appended to and read; nothing in it is ever changed."""

    def __init__(self, transaction: Transaction, marks: Marks) -> None:
        self._connection = transaction.connection
        self._sealer = transaction.sealer
        self._marks = marks

    def append(self, act: str, who: UUID | None, subject: UUID | None, at: datetime) -> AuditEntry:
        """``act`` is a code: ValueError for anything that could be a text."""
        if not _CODE.fullmatch(act):
            raise ValueError("an audit entry takes a code")
        row = self._connection.execute(select(audit.c.seq, audit.c.mac).order_by(audit.c.seq.desc()).limit(1)).first()
        number, before = (row.seq + 1, row.mac) if row else (1, _START)
        entry = AuditEntry(number, at, str(act), who, subject)
        mac = self._mac(before, entry)
        self._connection.execute(
            insert(audit).values(seq=number, at=at, act=entry.act, who=who, subject=subject, mac=mac)
        )
        self._marks.put(_MARK, {"number": number, "mac": mac.hex()})
        return entry

    def all(self) -> list[AuditEntry]:
        """Every entry, oldest first."""
        rows = self._connection.execute(select(audit).order_by(audit.c.seq)).all()
        return [AuditEntry(row.seq, row.at, row.act, row.who, row.subject) for row in rows]

    def subjects(self, acts: Collection[str], who: UUID, since: datetime) -> frozenset[UUID]:
        """What somebody did any of that to since then."""
        done = audit.c.act.in_(acts) & (audit.c.who == who) & (audit.c.at >= since)
        rows = self._connection.execute(select(audit.c.subject).where(done).distinct()).scalars().all()
        return frozenset(subject for subject in rows if subject is not None)

    def head(self) -> str:
        """Number and MAC of the newest entry, as ``17 9f3c…``: to be kept out of this machine's reach."""
        mark = self._marks.get(_MARK)
        return f"{mark['number']} {mark['mac']}" if mark else "0"

    def verify(self) -> bool:
        """Whether the log is whole and as it was written."""
        mac = _START
        stored = self._connection.execute(select(audit.c.mac).order_by(audit.c.seq)).scalars().all()
        for entry, found in zip(self.all(), stored, strict=True):
            mac = self._mac(mac, entry)
            if not hmac.compare_digest(mac, found):
                return False
        try:
            mark = self._marks.get(_MARK)
        except Tampered:
            return False
        return (mark or {"number": 0, "mac": _START.hex()}) == {"number": len(stored), "mac": mac.hex()}

    def _mac(self, before: bytes, entry: AuditEntry) -> bytes:
        fields = [entry.number, entry.at.timestamp(), entry.act, str(entry.who), str(entry.subject)]
        return self._sealer.mac(b"golosa/audit/v1\0" + before + json.dumps(fields).encode())
