"""Statements of starts lie in layers, so that an edit of a week is one row."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("starts_statement", sa.Column("layer", sa.Integer(), server_default=sa.text("0"), nullable=False))
    op.create_check_constraint("layers_count_from_0", "starts_statement", "layer >= 0")


def downgrade() -> None:
    op.drop_column("starts_statement", "layer")
