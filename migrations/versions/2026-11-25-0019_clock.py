"""The stopped clock of a calendar follows from its closures; a second figure beside them goes."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_column("facility", "calendar_clock_stopped_days")


def downgrade() -> None:
    op.add_column(
        "facility",
        sa.Column("calendar_clock_stopped_days", sa.Integer(), server_default=sa.text("0"), nullable=False),
    )
