"""Who a person is at an identity provider."""

import sqlalchemy as sa
from alembic import op

from migrations import shape

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "identity",
        shape.key(),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        *shape.stamps(),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_identity_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_identity"),
        sa.UniqueConstraint("issuer", "subject", name="uq_identity_issuer_subject"),
    )
    op.create_index("ix_identity_person_id", "identity", ["person_id"])
    shape.guard(
        "identity",
        reads=f"person_id = (select app_person()) or {shape.ADMINISTRATORS}",
        writes=shape.ADMINISTRATORS,
    )
    shape.trail("identity", "subject")


def downgrade() -> None:
    op.execute("drop table identity")
