"""The urgency class of a programme takes two reviewers: what the first one states waits for the second."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("request", sa.Column("urgency_stated", sa.Integer()))
    op.add_column("request", sa.Column("urgency_stated_by_id", sa.Uuid()))
    op.create_check_constraint(
        "urgency_is_stated_by_somebody",
        "request",
        "urgency_stated >= 0 and num_nulls(urgency_stated, urgency_stated_by_id) in (0, 2)",
    )
    op.create_foreign_key(
        op.f("fk_request_urgency_stated_by_id"), "request", "person", ["urgency_stated_by_id"], ["id"]
    )


def downgrade() -> None:
    op.drop_column("request", "urgency_stated_by_id")
    op.drop_column("request", "urgency_stated")
