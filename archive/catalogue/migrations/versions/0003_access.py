"""Collections and grants; sessions that can be told apart, listed and ended. Whoever was signed in signs in again.

No collection and no grant is made here: interviews without one lie in the main collection, and historians of older
archives read nothing until an archivist has granted it and they have accepted the terms.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def _sealed(name: str, *columns: sa.Column[Any] | sa.Constraint) -> None:
    op.create_table(
        name,
        sa.Column("seq", sa.Integer, primary_key=True),
        sa.Column("id", sa.Uuid, nullable=False, unique=True),
        sa.Column("version", sa.Integer, nullable=False),
        *columns,
        sa.Column("sealed", sa.LargeBinary, nullable=False),
    )


def upgrade() -> None:
    _sealed("collections")
    _sealed(
        "grants",
        sa.Column("account", sa.Uuid, sa.ForeignKey("accounts.id"), nullable=False),
        sa.Column("collection", sa.Uuid, nullable=False),
        sa.UniqueConstraint("account", "collection"),
    )
    op.create_index("ix_grants_account", "grants", ["account"])
    op.drop_index("ix_sessions_account", "sessions")
    op.drop_table("sessions")
    op.create_table(
        "sessions",
        sa.Column("seq", sa.Integer, primary_key=True),
        sa.Column("id", sa.Uuid, nullable=False, unique=True),
        sa.Column("token_hash", sa.String, nullable=False, unique=True),
        sa.Column("account", sa.Uuid, sa.ForeignKey("accounts.id"), nullable=False),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.Column("seen", sa.BigInteger, nullable=False),
        sa.Column("proof", sa.LargeBinary, nullable=False),
    )
    op.create_index("ix_sessions_account", "sessions", ["account"])
