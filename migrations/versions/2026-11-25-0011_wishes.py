"""What sponsors prefer and exclude; only their own side sees it."""

import sqlalchemy as sa
from alembic import op

from migrations import shape

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "request_preference",
        shape.key(),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("data_set", sa.String(40), nullable=False),
        sa.Column("facility_id", sa.Uuid(), nullable=False),
        *shape.stamps(),
        sa.CheckConstraint("value >= 0", name="value_is_a_count"),
        sa.ForeignKeyConstraint(
            ["facility_id", "data_set"], ["facility.id", "facility.data_set"], name="fk_request_preference_facility_id"
        ),
        sa.ForeignKeyConstraint(
            ["request_id", "organisation_id", "data_set"],
            ["request.id", "request.organisation_id", "request.data_set"],
            name="fk_request_preference_request_id",
            onupdate="CASCADE",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_request_preference"),
        sa.UniqueConstraint("request_id", "facility_id", name="uq_request_preference_request_id_facility_id"),
        sa.CheckConstraint("data_set in ('directory', 'rehearsal', 'live')", name="dataset"),
    )
    op.create_index("ix_request_preference_facility_id", "request_preference", ["facility_id"])
    op.create_index("ix_request_preference_organisation_id", "request_preference", ["organisation_id"])
    op.create_index("ix_request_preference_request_id", "request_preference", ["request_id"])
    op.create_table(
        "request_exclusion",
        shape.key(),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("data_set", sa.String(40), nullable=False),
        sa.Column("facility_id", sa.Uuid(), nullable=False),
        *shape.stamps(),
        sa.ForeignKeyConstraint(
            ["facility_id", "data_set"], ["facility.id", "facility.data_set"], name="fk_request_exclusion_facility_id"
        ),
        sa.ForeignKeyConstraint(
            ["request_id", "organisation_id", "data_set"],
            ["request.id", "request.organisation_id", "request.data_set"],
            name="fk_request_exclusion_request_id",
            onupdate="CASCADE",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_request_exclusion"),
        sa.UniqueConstraint("request_id", "facility_id", name="uq_request_exclusion_request_id_facility_id"),
        sa.CheckConstraint("data_set in ('directory', 'rehearsal', 'live')", name="dataset"),
    )
    op.create_index("ix_request_exclusion_facility_id", "request_exclusion", ["facility_id"])
    op.create_index("ix_request_exclusion_organisation_id", "request_exclusion", ["organisation_id"])
    op.create_index("ix_request_exclusion_request_id", "request_exclusion", ["request_id"])
    shape.guard(
        "request_preference", reads=f"{shape.OWN} or {shape.OVERSEERS}", writes=f"{shape.OWN} or {shape.OPERATOR}"
    )
    shape.trail("request_preference")
    shape.guard(
        "request_exclusion", reads=f"{shape.OWN} or {shape.OVERSEERS}", writes=f"{shape.OWN} or {shape.OPERATOR}"
    )
    shape.trail("request_exclusion")


def downgrade() -> None:
    op.execute("drop table request_preference, request_exclusion")
