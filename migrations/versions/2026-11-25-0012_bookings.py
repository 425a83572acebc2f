"""Held and confirmed stays, never two on one place."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations import shape

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "booking",
        shape.key(),
        *shape.of_facility(),
        sa.Column("data_set", sa.String(40), nullable=False),
        sa.Column("suite_id", sa.Uuid(), nullable=False),
        sa.Column("stay_id", sa.Uuid(), nullable=False),
        sa.Column("lane", sa.Integer(), nullable=False),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("family", sa.Text()),
        sa.Column("request_id", sa.Uuid()),
        sa.Column("sponsor_id", sa.Uuid()),
        sa.Column("batch_id", sa.Uuid()),
        sa.Column("supersedes_id", sa.Uuid()),
        *shape.sourced(),
        *shape.stamps(),
        sa.CheckConstraint("starts < ends", name="ends_after_it_starts"),
        sa.CheckConstraint("lane >= 1", name="lanes_count_from_1"),
        sa.CheckConstraint("num_nulls(request_id, sponsor_id) in (0, 2)", name="request_has_its_sponsor"),
        postgresql.ExcludeConstraint(
            (sa.literal_column("uuidrange(facility_id, facility_id, '[]')"), "&&"),
            (sa.literal_column("uuidrange(suite_id, suite_id, '[]')"), "&&"),
            (sa.literal_column("int4range(lane, lane, '[]')"), "&&"),
            (sa.literal_column("daterange(starts, ends)"), "&&"),
            where=sa.text("state in ('held', 'confirmed')"),
            using="gist",
            name="ex_booking_no_double_booking",
        ),
        sa.ForeignKeyConstraint(
            ["batch_id", "request_id"], ["batch.id", "batch.request_id"], name="fk_booking_batch_id"
        ),
        sa.ForeignKeyConstraint(
            ["facility_id", "organisation_id", "data_set"],
            ["facility.id", "facility.organisation_id", "facility.data_set"],
            name="fk_booking_facility_id",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["request_id", "sponsor_id", "data_set"],
            ["request.id", "request.organisation_id", "request.data_set"],
            name="fk_booking_request_id",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["suite_id", "facility_id"],
            ["suite.id", "suite.facility_id"],
            name="fk_booking_suite_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["supersedes_id", "facility_id"],
            ["booking.id", "booking.facility_id"],
            name="fk_booking_supersedes_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_booking"),
        sa.UniqueConstraint("id", "facility_id", name="uq_booking_id_facility_id"),
        sa.UniqueConstraint("stay_id", "lane", name="uq_booking_stay_id_lane"),
        sa.CheckConstraint("data_set in ('directory', 'rehearsal', 'live')", name="dataset"),
        sa.CheckConstraint("kind in ('reservation', 'call_off', 'own')", name="bookingkind"),
        sa.CheckConstraint("state in ('held', 'confirmed', 'cancelled', 'done')", name="bookingstate"),
        sa.CheckConstraint(
            "source in ('typed', 'sheet', 'API', 'register import', 'calendar', 'generated')", name="source"
        ),
    )
    op.create_index("ix_booking_facility_id", "booking", ["facility_id"])
    op.create_index("ix_booking_organisation_id", "booking", ["organisation_id"])
    op.create_index("ix_booking_request_id", "booking", ["request_id"])
    op.create_index("ix_booking_sponsor_id", "booking", ["sponsor_id"])
    op.create_index("ix_booking_suite_id", "booking", ["suite_id"])
    shape.guard(
        "booking",
        reads=f"{shape.OWN} or {shape.SPONSOR_SIDE} or {shape.OVERSEERS}",
        writes=f"{shape.OWN} or {shape.SPONSOR_SIDE} or {shape.COORDINATORS}",
    )
    shape.trail("booking")


def downgrade() -> None:
    op.execute("drop table booking")
