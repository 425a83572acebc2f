"""What facilities have done and can do."""

import sqlalchemy as sa
from alembic import op

from migrations import shape

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "process_experience",
        shape.key(),
        *shape.of_facility(),
        sa.Column("family", sa.Text(), nullable=False),
        sa.Column("platform", sa.Text(), server_default="", nullable=False),
        sa.Column("batches_made", sa.Integer()),
        sa.Column("last_on", sa.Date()),
        sa.Column("as_contractor", sa.Boolean()),
        *shape.sourced(),
        *shape.stamps(),
        sa.ForeignKeyConstraint(
            ["facility_id", "organisation_id"],
            ["facility.id", "facility.organisation_id"],
            name="fk_process_experience_facility_id",
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_process_experience"),
        sa.UniqueConstraint(
            "facility_id", "family", "platform", name="uq_process_experience_facility_id_family_platform"
        ),
        sa.CheckConstraint(
            "source in ('typed', 'sheet', 'API', 'register import', 'calendar', 'generated')",
            name="source",
        ),
    )
    op.create_index("ix_process_experience_facility_id", "process_experience", ["facility_id"])
    op.create_index("ix_process_experience_organisation_id", "process_experience", ["organisation_id"])
    op.create_table(
        "qc_method",
        shape.key(),
        *shape.of_facility(),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("in_house", sa.Boolean()),
        sa.Column("contracted_to", sa.Text()),
        sa.Column("result_days", sa.Integer()),
        *shape.sourced(),
        *shape.stamps(),
        sa.ForeignKeyConstraint(
            ["facility_id", "organisation_id"],
            ["facility.id", "facility.organisation_id"],
            name="fk_qc_method_facility_id",
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_qc_method"),
        sa.UniqueConstraint("facility_id", "method", name="uq_qc_method_facility_id_method"),
        sa.CheckConstraint(
            "source in ('typed', 'sheet', 'API', 'register import', 'calendar', 'generated')",
            name="source",
        ),
    )
    op.create_index("ix_qc_method_facility_id", "qc_method", ["facility_id"])
    op.create_index("ix_qc_method_organisation_id", "qc_method", ["organisation_id"])
    op.create_table(
        "qp_cover",
        shape.key(),
        *shape.of_facility(),
        sa.Column("classes", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("here", sa.Boolean(), nullable=False),
        sa.Column("absence_cover", sa.Boolean()),
        sa.Column("names", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("valid_to", sa.Date()),
        *shape.sourced(),
        *shape.stamps(),
        sa.ForeignKeyConstraint(
            ["facility_id", "organisation_id"],
            ["facility.id", "facility.organisation_id"],
            name="fk_qp_cover_facility_id",
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_qp_cover"),
        sa.UniqueConstraint("facility_id", name="uq_qp_cover_facility_id"),
        sa.CheckConstraint(
            "source in ('typed', 'sheet', 'API', 'register import', 'calendar', 'generated')", name="source"
        ),
    )
    op.create_index("ix_qp_cover_facility_id", "qp_cover", ["facility_id"])
    op.create_index("ix_qp_cover_organisation_id", "qp_cover", ["organisation_id"])
    shape.guard(
        "process_experience",
        reads=f"{shape.OWN} or {shape.OVERSEERS} or ({shape.DEVELOPERS} and {shape.FACILITY_SEEN})",
        writes=f"{shape.OWN} or {shape.OPERATOR}",
    )
    shape.trail("process_experience")
    shape.guard(
        "qc_method",
        reads=f"{shape.OWN} or {shape.OVERSEERS} or ({shape.DEVELOPERS} and {shape.FACILITY_SEEN})",
        writes=f"{shape.OWN} or {shape.OPERATOR}",
    )
    shape.trail("qc_method")
    shape.guard("qp_cover", reads=f"{shape.OWN} or {shape.OVERSEERS}", writes=f"{shape.OWN} or {shape.OPERATOR}")
    shape.trail("qp_cover")


def downgrade() -> None:
    op.execute("drop table process_experience, qc_method, qp_cover")
