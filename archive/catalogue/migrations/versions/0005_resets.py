"""One-time codes with which somebody who forgot a password sets another."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "resets",
        sa.Column("seq", sa.Integer, primary_key=True),
        sa.Column("token_hash", sa.String, nullable=False, unique=True),
        sa.Column("account", sa.Uuid, sa.ForeignKey("accounts.id"), nullable=False, unique=True),
        sa.Column("expires", sa.BigInteger, nullable=False),
        sa.Column("proof", sa.LargeBinary, nullable=False),
    )
