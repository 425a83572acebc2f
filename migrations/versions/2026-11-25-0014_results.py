"""What a run said about each pair and each batch."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations import shape

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "verdict",
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("failing", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("results", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        shape.key(),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("data_set", sa.String(40), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("facility_id", sa.Uuid(), nullable=False),
        sa.Column("facility_organisation_id", sa.Uuid(), nullable=False),
        sa.Column("suite_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["facility_id", "facility_organisation_id", "data_set"],
            ["facility.id", "facility.organisation_id", "facility.data_set"],
            name="fk_verdict_facility_id",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["request_id", "organisation_id", "data_set"],
            ["request.id", "request.organisation_id", "request.data_set"],
            name="fk_verdict_request_id",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["run_id", "data_set"], ["run.id", "run.data_set"], name="fk_verdict_run_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["suite_id", "facility_id"], ["suite.id", "suite.facility_id"], name="fk_verdict_suite_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_verdict"),
        sa.UniqueConstraint("run_id", "request_id", "suite_id", name="uq_verdict_run_id_request_id_suite_id"),
        sa.CheckConstraint("status in ('pass', 'conditional', 'fail', 'unknown')", name="status"),
        sa.CheckConstraint("data_set in ('directory', 'rehearsal', 'live')", name="dataset"),
    )
    op.create_index("ix_verdict_facility_id", "verdict", ["facility_id"])
    op.create_index("ix_verdict_facility_organisation_id", "verdict", ["facility_organisation_id"])
    op.create_index("ix_verdict_organisation_id", "verdict", ["organisation_id"])
    op.create_index("ix_verdict_request_id", "verdict", ["request_id"])
    op.create_index("ix_verdict_run_id", "verdict", ["run_id"])
    op.create_index("ix_verdict_suite_id", "verdict", ["suite_id"])
    op.create_table(
        "placement",
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=False),
        shape.key(),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("data_set", sa.String(40), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("facility_id", sa.Uuid(), nullable=False),
        sa.Column("facility_organisation_id", sa.Uuid(), nullable=False),
        sa.Column("suite_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("starts < ends", name="ends_after_it_starts"),
        sa.CheckConstraint("plan in ('proposed', 'greedy')", name="plan_is_known"),
        sa.ForeignKeyConstraint(
            ["batch_id", "request_id"], ["batch.id", "batch.request_id"], name="fk_placement_batch_id"
        ),
        sa.ForeignKeyConstraint(
            ["facility_id", "facility_organisation_id", "data_set"],
            ["facility.id", "facility.organisation_id", "facility.data_set"],
            name="fk_placement_facility_id",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["request_id", "organisation_id", "data_set"],
            ["request.id", "request.organisation_id", "request.data_set"],
            name="fk_placement_request_id",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["run_id", "data_set"], ["run.id", "run.data_set"], name="fk_placement_run_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["suite_id", "facility_id"], ["suite.id", "suite.facility_id"], name="fk_placement_suite_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_placement"),
        sa.UniqueConstraint("run_id", "plan", "batch_id", name="uq_placement_run_id_plan_batch_id"),
        sa.CheckConstraint("data_set in ('directory', 'rehearsal', 'live')", name="dataset"),
    )
    op.create_index("ix_placement_batch_id", "placement", ["batch_id"])
    op.create_index("ix_placement_facility_id", "placement", ["facility_id"])
    op.create_index("ix_placement_facility_organisation_id", "placement", ["facility_organisation_id"])
    op.create_index("ix_placement_organisation_id", "placement", ["organisation_id"])
    op.create_index("ix_placement_request_id", "placement", ["request_id"])
    op.create_index("ix_placement_run_id", "placement", ["run_id"])
    op.create_index("ix_placement_suite_id", "placement", ["suite_id"])
    shape.guard(
        "verdict",
        reads=f"{shape.OWN} or {shape.FACILITY_SIDE} or {shape.OVERSEERS}",
        writes=shape.COORDINATORS,
        rights=shape.WRITE_ONCE,
    )
    shape.guard(
        "placement",
        reads=f"{shape.OWN} or {shape.FACILITY_SIDE} or {shape.OVERSEERS}",
        writes=shape.COORDINATORS,
        rights=shape.WRITE_ONCE,
    )


def downgrade() -> None:
    op.execute("drop table verdict, placement")
