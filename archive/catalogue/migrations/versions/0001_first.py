"""The first tables."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def _table(name: str, *columns: sa.Column[Any] | sa.Constraint) -> None:
    op.create_table(name, sa.Column("seq", sa.Integer, primary_key=True), *columns)


def _sealed(name: str, *columns: sa.Column[Any] | sa.Constraint, nullable: bool = False) -> None:
    _table(
        name,
        sa.Column("id", sa.Uuid, nullable=False, unique=True),
        sa.Column("version", sa.Integer, nullable=False),
        *columns,
        sa.Column("sealed", sa.LargeBinary, nullable=nullable),
    )


def _of_interview() -> sa.Column[Any]:
    return sa.Column("interview", sa.Uuid, sa.ForeignKey("interviews.id"), nullable=False)


def upgrade() -> None:
    _sealed(
        "interviews",
        sa.Column("stage", sa.String, nullable=False),
        sa.Column("owner", sa.Uuid, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        nullable=True,
    )
    _sealed(
        "blobs",
        _of_interview(),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("layer", sa.String, nullable=False),
    )
    _sealed(
        "papers",
        _of_interview(),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("part", sa.Integer, nullable=False),
        sa.UniqueConstraint("interview", "kind", "part"),
    )
    _sealed("excerpts", _of_interview(), sa.Column("state", sa.String, nullable=False), nullable=True)
    _sealed("passages", _of_interview(), sa.Column("excerpt", sa.Uuid, sa.ForeignKey("excerpts.id"), nullable=False))
    _sealed(
        "accounts",
        sa.Column("role", sa.String, nullable=False),
        sa.Column("handle", sa.String, nullable=False, unique=True),
    )
    _sealed("marks", sa.Column("name", sa.String, nullable=False, unique=True))
    _machinery()
    _doors()
    for table in ("blobs", "papers", "excerpts", "passages", "jobs"):
        op.create_index(f"ix_{table}_interview", table, ["interview"])


def _machinery() -> None:
    _table(
        "jobs",
        sa.Column("id", sa.Uuid, nullable=False, unique=True),
        _of_interview(),
        sa.Column("step", sa.String, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("progress", sa.Float, nullable=False),
        sa.Column("seconds_left", sa.Float),
        sa.Column("code", sa.String),
        sa.Column("facts", sa.String, nullable=False),
        sa.Column("queued_at", sa.BigInteger, nullable=False),
        sa.Column("worker", sa.Uuid),
        sa.Column("lease_until", sa.BigInteger),
    )
    live = sa.text("state IN ('ready', 'running')")
    op.create_index("one_live_job", "jobs", ["interview", "step"], unique=True, sqlite_where=live)
    _table(
        "audit",
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("act", sa.String, nullable=False),
        sa.Column("who", sa.Uuid),
        sa.Column("subject", sa.Uuid),
        sa.Column("mac", sa.LargeBinary, nullable=False),
    )
    _table(
        "register",
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
    )


def _doors() -> None:
    _table(
        "sessions",
        sa.Column("token_hash", sa.String, nullable=False, unique=True),
        sa.Column("account", sa.Uuid, sa.ForeignKey("accounts.id"), nullable=False),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.Column("seen", sa.BigInteger, nullable=False),
        sa.Column("proof", sa.LargeBinary, nullable=False),
    )
    op.create_index("ix_sessions_account", "sessions", ["account"])
    _table(
        "invitations",
        sa.Column("token_hash", sa.String, nullable=False, unique=True),
        sa.Column("role", sa.String, nullable=False),
        sa.Column("expires", sa.BigInteger, nullable=False),
        sa.Column("proof", sa.LargeBinary, nullable=False),
    )
    _table(
        "throttle",
        sa.Column("handle", sa.String, nullable=False, unique=True),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("last", sa.BigInteger, nullable=False),
    )
