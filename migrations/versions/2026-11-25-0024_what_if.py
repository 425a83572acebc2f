"""What would change the answer of a request that waits: worked out after a calculation, kept with it, never changed."""

import sqlalchemy as sa
from alembic import op

from migrations import shape

revision = "0024"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "what_if",
        shape.key(),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("request", sa.Text(), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        *shape.stamps(),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name="fk_what_if_run_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_what_if"),
        sa.UniqueConstraint("run_id", "request", name="uq_what_if_run_id_request"),
        sa.CheckConstraint("sha256 = encode(sha256(document), 'hex')", name="document_has_its_hash"),
    )
    shape.guard("what_if", reads=shape.OPERATOR, writes=shape.OPERATOR, rights=shape.APPEND)
    shape.trail("what_if", "document")


def downgrade() -> None:
    op.execute("drop table what_if")
