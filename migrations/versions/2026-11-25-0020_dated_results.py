"""Verdicts and placements say when they were calculated: parties see them, and not the run they belong to."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

TABLES = ("verdict", "placement")


def upgrade() -> None:
    for table in TABLES:
        op.add_column(
            table,
            sa.Column("calculated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        )


def downgrade() -> None:
    for table in TABLES:
        op.drop_column(table, "calculated_at")
