"""Receipts of narrators, and their visits."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "receipts",
        sa.Column("seq", sa.Integer, primary_key=True),
        sa.Column("interview", sa.Uuid, sa.ForeignKey("interviews.id"), nullable=False, unique=True),
        sa.Column("code_hash", sa.String, nullable=False, unique=True),
        sa.Column("issued", sa.BigInteger, nullable=False),
        sa.Column("proof", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "visits",
        sa.Column("seq", sa.Integer, primary_key=True),
        sa.Column("token_hash", sa.String, nullable=False, unique=True),
        sa.Column("interview", sa.Uuid, sa.ForeignKey("interviews.id"), nullable=False),
        sa.Column("began", sa.BigInteger, nullable=False),
        sa.Column("seen", sa.BigInteger, nullable=False),
        sa.Column("proof", sa.LargeBinary, nullable=False),
    )
    op.create_index("ix_visits_interview", "visits", ["interview"])
