"""The tables. What is plain here is what may be seen by whoever takes the disk: ids, stages, codes, counters, days.

``seq`` gives the order of writing, ``id`` is what others refer to, ``version`` is authenticated with ``sealed``.
A change here needs a migration beside it; a test compares the two.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    TypeDecorator,
    UniqueConstraint,
    Uuid,
    text,
)

from archive.errors import Tampered

metadata = MetaData()

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)


class Moment(TypeDecorator[datetime]):
    """An aware datetime as microseconds since 1970 UTC, so that SQL compares it as time and not as text."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> int | None:
        """ValueError for a datetime without a zone: it would be another moment on another machine."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return (value - _EPOCH) // _TICK

    def process_result_value(self, value: int | None, dialect: Any) -> datetime | None:
        """Always in UTC. Raises Tampered for what is no moment."""
        try:
            return None if value is None else _EPOCH + value * _TICK
        except (TypeError, OverflowError) as cause:
            raise Tampered("a column of moments holds another thing") from cause


def _table(name: str, *columns: Any) -> Table:
    return Table(name, metadata, Column("seq", Integer, primary_key=True), *columns)


def _sealed(name: str, *columns: Any, nullable: bool = False) -> Table:
    """A table whose rows hold a sealed document; ``nullable`` where a withdrawn row outlives its content."""
    return _table(
        name,
        Column("id", Uuid, nullable=False, unique=True),
        Column("version", Integer, nullable=False),
        *columns,
        Column("sealed", LargeBinary, nullable=nullable),
    )


def _of_interview() -> Column[Any]:
    return Column("interview", Uuid, ForeignKey("interviews.id"), nullable=False, index=True)


interviews = _sealed(
    "interviews",
    Column("stage", String, nullable=False),
    Column("owner", Uuid, nullable=False),
    Column("day", Date, nullable=False),
    nullable=True,
)
blobs = _sealed(
    "blobs",
    _of_interview(),
    Column("kind", String, nullable=False),
    Column("layer", String, nullable=False),
)
papers = _sealed(
    "papers",
    _of_interview(),
    Column("kind", String, nullable=False),
    Column("part", Integer, nullable=False),
    UniqueConstraint("interview", "kind", "part"),
)
excerpts = _sealed(
    "excerpts",
    _of_interview(),
    Column("state", String, nullable=False),
    nullable=True,
)
passages = _sealed("passages", _of_interview(), Column("excerpt", Uuid, ForeignKey("excerpts.id"), nullable=False))
accounts = _sealed(
    "accounts",
    Column("role", String, nullable=False),
    Column("handle", String, nullable=False, unique=True),
)
collections = _sealed("collections")
grants = _sealed(
    "grants",
    Column("account", Uuid, ForeignKey("accounts.id"), nullable=False, index=True),
    Column("collection", Uuid, nullable=False),
    UniqueConstraint("account", "collection"),
)
saved_passages = _sealed(
    "saved_passages",
    _of_interview(),
    Column("account", Uuid, ForeignKey("accounts.id"), nullable=False, index=True),
    Column("day", Date, nullable=False),
    nullable=True,
)
saved_searches = _sealed(
    "saved_searches", Column("account", Uuid, ForeignKey("accounts.id"), nullable=False, index=True)
)
marks = _sealed("marks", Column("name", String, nullable=False, unique=True))

jobs = _table(
    "jobs",
    Column("id", Uuid, nullable=False, unique=True),
    _of_interview(),
    Column("step", String, nullable=False),
    Column("state", String, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("progress", Float, nullable=False),
    Column("seconds_left", Float),
    Column("code", String),
    Column("facts", String, nullable=False),
    Column("queued_at", Moment, nullable=False),
    Column("worker", Uuid),
    Column("lease_until", Moment),
    Index("one_live_job", "interview", "step", unique=True, sqlite_where=text("state IN ('ready', 'running')")),
)
sessions = _table(
    "sessions",
    Column("id", Uuid, nullable=False, unique=True),
    Column("token_hash", String, nullable=False, unique=True),
    Column("account", Uuid, ForeignKey("accounts.id"), nullable=False, index=True),
    Column("created", Moment, nullable=False),
    Column("seen", Moment, nullable=False),
    Column("proof", LargeBinary, nullable=False),
)
invitations = _table(
    "invitations",
    Column("token_hash", String, nullable=False, unique=True),
    Column("role", String, nullable=False),
    Column("expires", Moment, nullable=False),
    Column("proof", LargeBinary, nullable=False),
)
resets = _table(
    "resets",
    Column("token_hash", String, nullable=False, unique=True),
    Column("account", Uuid, ForeignKey("accounts.id"), nullable=False, unique=True),
    Column("expires", Moment, nullable=False),
    Column("proof", LargeBinary, nullable=False),
)
receipts = _table(
    "receipts",
    Column("interview", Uuid, ForeignKey("interviews.id"), nullable=False, unique=True),
    Column("code_hash", String, nullable=False, unique=True),
    Column("issued", Moment, nullable=False),
    Column("proof", LargeBinary, nullable=False),
)
visits = _table(
    "visits",
    Column("token_hash", String, nullable=False, unique=True),
    _of_interview(),
    Column("began", Moment, nullable=False),
    Column("seen", Moment, nullable=False),
    Column("proof", LargeBinary, nullable=False),
)
throttle = _table(
    "throttle",
    Column("handle", String, nullable=False, unique=True),
    Column("failures", Integer, nullable=False),
    Column("last", Moment, nullable=False),
)
audit = _table(
    "audit",
    Column("at", Moment, nullable=False),
    Column("act", String, nullable=False),
    Column("who", Uuid),
    Column("subject", Uuid),
    Column("mac", LargeBinary, nullable=False),
    Index("ix_audit_who_at", "who", "at"),
)
register = _table("register", Column("version", Integer, nullable=False), Column("sealed", LargeBinary, nullable=False))
