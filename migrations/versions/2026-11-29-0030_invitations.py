"""Words with which people choose the password of their account; who belongs to a network sees its delegates."""

import sqlalchemy as sa
from alembic import op

from migrations import shape

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


OWN_NETWORKS = "select network_id from organisation where id = any((select app_organisations())::uuid[])"
RUNNING = "(select app_is('operator', 'administrator', 'auditor', 'coordinator'))"
OWN_MEMBERSHIPS = f"person_id = (select app_person()) or {RUNNING} or {shape.OWN}"
COLLEAGUES = (
    f"id = (select app_person()) or {RUNNING} or id in (select person_id from membership where {shape.OWN}{{}})"
)
DELEGATES = f" or network_id in ({OWN_NETWORKS})"


def upgrade() -> None:
    op.execute(f"alter policy reads on membership using ({OWN_MEMBERSHIPS}{DELEGATES})")
    op.execute(f"alter policy reads on person using ({COLLEAGUES.format(DELEGATES)})")
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
    op.execute(f"alter policy reads on person using ({COLLEAGUES.format('')})")
    op.execute(f"alter policy reads on membership using ({OWN_MEMBERSHIPS})")
