"""Words with which people choose the password of their account."""

import sqlalchemy as sa
from alembic import op

from migrations import shape

revision = "0032"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "invitation",
        shape.key(),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("word_sha256", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        *shape.stamps(),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_invitation_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_invitation"),
        sa.UniqueConstraint("word_sha256", name="uq_invitation_word_sha256"),
    )
    op.create_index(
        "uq_invitation_person_id",
        "invitation",
        ["person_id"],
        unique=True,
        postgresql_where=sa.text("ended_at is null"),
    )
    shape.guard("invitation", reads=shape.ADMINISTRATORS, writes=shape.ADMINISTRATORS)
    shape.trail("invitation", "word_sha256")


def downgrade() -> None:
    op.execute("drop table invitation")
