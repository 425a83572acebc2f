"""How far a process has been brought to a site."""

import sqlalchemy as sa
from alembic import op

from migrations import shape

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "establishment",
        shape.key(),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("data_set", sa.String(40), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("process_version_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("facility_id", sa.Uuid(), nullable=False),
        sa.Column("facility_organisation_id", sa.Uuid(), nullable=False),
        sa.Column("ready_by", sa.Date()),
        sa.Column("hospital_exemption", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        *shape.sourced(),
        *shape.stamps(),
        sa.ForeignKeyConstraint(
            ["facility_id", "facility_organisation_id", "data_set"],
            ["facility.id", "facility.organisation_id", "facility.data_set"],
            name="fk_establishment_facility_id",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["process_version_id", "organisation_id"],
            ["process_version.id", "process_version.organisation_id"],
            name="fk_establishment_process_version_id",
            onupdate="CASCADE",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["product_id", "organisation_id", "data_set"],
            ["product.id", "product.organisation_id", "product.data_set"],
            name="fk_establishment_product_id",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["site_id", "facility_id"], ["site.id", "site.facility_id"], name="fk_establishment_site_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_establishment"),
        sa.UniqueConstraint(
            "id",
            "organisation_id",
            "facility_organisation_id",
            name="uq_establishment_id_organisation_id_facility_organisation_id",
        ),
        sa.UniqueConstraint("process_version_id", "site_id", name="uq_establishment_process_version_id_site_id"),
        sa.CheckConstraint("data_set in ('directory', 'rehearsal', 'live')", name="dataset"),
        sa.CheckConstraint(
            "source in ('typed', 'sheet', 'API', 'register import', 'calendar', 'generated')",
            name="source",
        ),
    )
    op.create_index("ix_establishment_facility_id", "establishment", ["facility_id"])
    op.create_index("ix_establishment_facility_organisation_id", "establishment", ["facility_organisation_id"])
    op.create_index("ix_establishment_organisation_id", "establishment", ["organisation_id"])
    op.create_index("ix_establishment_process_version_id", "establishment", ["process_version_id"])
    op.create_index("ix_establishment_product_id", "establishment", ["product_id"])
    op.create_index("ix_establishment_site_id", "establishment", ["site_id"])
    op.create_table(
        "establishment_stage",
        shape.key(),
        sa.Column("stage", sa.String(40), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("owner", sa.Text()),
        sa.Column("evidence", sa.Text()),
        sa.Column("expected_on", sa.Date()),
        sa.Column("expires_on", sa.Date()),
        sa.Column("establishment_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("facility_organisation_id", sa.Uuid(), nullable=False),
        *shape.sourced(),
        *shape.stamps(),
        sa.ForeignKeyConstraint(
            ["establishment_id", "organisation_id", "facility_organisation_id"],
            ["establishment.id", "establishment.organisation_id", "establishment.facility_organisation_id"],
            name="fk_establishment_stage_establishment_id",
            onupdate="CASCADE",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_establishment_stage"),
        sa.UniqueConstraint("establishment_id", "stage", name="uq_establishment_stage_establishment_id_stage"),
        sa.CheckConstraint(
            "stage in ('interest', 'cda', 'feasibility', 'terms', 'quality_agreement', 'transfer', 'engineering_runs', 'process_simulation', 'comparability', 'authority_approvals', 'ready')",
            name="pairstage",
        ),
        sa.CheckConstraint("state in ('not_needed', 'open', 'done', 'expired')", name="stagestate"),
        sa.CheckConstraint(
            "source in ('typed', 'sheet', 'API', 'register import', 'calendar', 'generated')",
            name="source",
        ),
    )
    op.create_index("ix_establishment_stage_establishment_id", "establishment_stage", ["establishment_id"])
    op.create_index(
        "ix_establishment_stage_facility_organisation_id", "establishment_stage", ["facility_organisation_id"]
    )
    op.create_index("ix_establishment_stage_organisation_id", "establishment_stage", ["organisation_id"])
    op.create_table(
        "establishment_approval",
        shape.key(),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text()),
        sa.Column("modification", sa.Text()),
        sa.Column("hospitals", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("number_a_year", sa.Integer()),
        sa.Column("approved_on", sa.Date()),
        sa.Column("expires_on", sa.Date()),
        sa.Column("establishment_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("facility_organisation_id", sa.Uuid(), nullable=False),
        *shape.sourced(),
        *shape.stamps(),
        sa.CheckConstraint("country ~ '^[A-Z]{2}$'", name="country_is_iso_3166"),
        sa.CheckConstraint("kind in ('trial', 'hospital_exemption', 'gmo')", name="kind_is_known"),
        sa.ForeignKeyConstraint(
            ["establishment_id", "organisation_id", "facility_organisation_id"],
            ["establishment.id", "establishment.organisation_id", "establishment.facility_organisation_id"],
            name="fk_establishment_approval_establishment_id",
            onupdate="CASCADE",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_establishment_approval"),
        sa.UniqueConstraint(
            "establishment_id", "country", "kind", name="uq_establishment_approval_establishment_id_country_kind"
        ),
        sa.CheckConstraint(
            "source in ('typed', 'sheet', 'API', 'register import', 'calendar', 'generated')",
            name="source",
        ),
    )
    op.create_index("ix_establishment_approval_establishment_id", "establishment_approval", ["establishment_id"])
    op.create_index(
        "ix_establishment_approval_facility_organisation_id", "establishment_approval", ["facility_organisation_id"]
    )
    op.create_index("ix_establishment_approval_organisation_id", "establishment_approval", ["organisation_id"])
    shape.guard(
        "establishment",
        reads=f"{shape.OWN} or {shape.FACILITY_SIDE} or {shape.OVERSEERS}",
        writes=f"{shape.OWN} or {shape.FACILITY_SIDE} or {shape.OPERATOR}",
    )
    shape.trail("establishment")
    shape.guard(
        "establishment_stage",
        reads=f"{shape.OWN} or {shape.FACILITY_SIDE} or {shape.OVERSEERS}",
        writes=f"{shape.OWN} or {shape.FACILITY_SIDE} or {shape.OPERATOR}",
    )
    shape.trail("establishment_stage")
    shape.guard(
        "establishment_approval",
        reads=f"{shape.OWN} or {shape.FACILITY_SIDE} or {shape.OVERSEERS}",
        writes=f"{shape.OWN} or {shape.FACILITY_SIDE} or {shape.OPERATOR}",
    )
    shape.trail("establishment_approval")


def downgrade() -> None:
    op.execute("drop table establishment, establishment_stage, establishment_approval")
