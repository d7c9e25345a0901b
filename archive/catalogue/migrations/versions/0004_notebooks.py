"""Notebooks: saved passages and saved searches."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "saved_passages",
        sa.Column("seq", sa.Integer, primary_key=True),
        sa.Column("id", sa.Uuid, nullable=False, unique=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("interview", sa.Uuid, sa.ForeignKey("interviews.id"), nullable=False),
        sa.Column("account", sa.Uuid, sa.ForeignKey("accounts.id"), nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=True),
    )
    op.create_index("ix_saved_passages_interview", "saved_passages", ["interview"])
    op.create_index("ix_saved_passages_account", "saved_passages", ["account"])
    op.create_table(
        "saved_searches",
        sa.Column("seq", sa.Integer, primary_key=True),
        sa.Column("id", sa.Uuid, nullable=False, unique=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("account", sa.Uuid, sa.ForeignKey("accounts.id"), nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
    )
    op.create_index("ix_saved_searches_account", "saved_searches", ["account"])
