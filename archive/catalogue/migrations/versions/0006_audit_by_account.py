"""What an account did lately is found without reading the whole log."""

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_index("ix_audit_who_at", "audit", ["who", "at"])
