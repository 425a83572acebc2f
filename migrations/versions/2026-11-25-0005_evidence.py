"""Certificates, non-compliance and other permits."""

import sqlalchemy as sa
from alembic import op

from migrations import shape

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "certificate",
        shape.key(),
        *shape.of_facility(),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("number", sa.Text()),
        sa.Column("eudragmdp_reference", sa.Text()),
        sa.Column("operations", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("last_inspection", sa.Date(), nullable=False),
        sa.Column("issued_on", sa.Date()),
        sa.Column("remarks", sa.Text()),
        sa.Column("reliance_until", sa.Date()),
        sa.Column("withdrawn_on", sa.Date()),
        *shape.sourced(),
        *shape.stamps(),
        sa.ForeignKeyConstraint(
            ["facility_id", "organisation_id"],
            ["facility.id", "facility.organisation_id"],
            name="fk_certificate_facility_id",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["site_id", "facility_id"],
            ["site.id", "site.facility_id"],
            name="fk_certificate_site_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_certificate"),
        sa.UniqueConstraint("facility_id", "code", name="uq_certificate_facility_id_code"),
        sa.CheckConstraint(
            "source in ('typed', 'sheet', 'API', 'register import', 'calendar', 'generated')",
            name="source",
        ),
    )
    op.create_index("ix_certificate_facility_id", "certificate", ["facility_id"])
    op.create_index("ix_certificate_organisation_id", "certificate", ["organisation_id"])
    op.create_index("ix_certificate_site_id", "certificate", ["site_id"])
    op.create_table(
        "non_compliance",
        shape.key(),
        *shape.of_facility(),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text()),
        sa.Column("operations", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date()),
        *shape.sourced(),
        *shape.stamps(),
        sa.CheckConstraint("starts < closed_on", name="closes_after_it_starts"),
        sa.ForeignKeyConstraint(
            ["facility_id", "organisation_id"],
            ["facility.id", "facility.organisation_id"],
            name="fk_non_compliance_facility_id",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["site_id", "facility_id"],
            ["site.id", "site.facility_id"],
            name="fk_non_compliance_site_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_non_compliance"),
        sa.UniqueConstraint("facility_id", "code", name="uq_non_compliance_facility_id_code"),
        sa.CheckConstraint(
            "source in ('typed', 'sheet', 'API', 'register import', 'calendar', 'generated')",
            name="source",
        ),
    )
    op.create_index("ix_non_compliance_facility_id", "non_compliance", ["facility_id"])
    op.create_index("ix_non_compliance_organisation_id", "non_compliance", ["organisation_id"])
    op.create_index("ix_non_compliance_site_id", "non_compliance", ["site_id"])
    op.create_table(
        "permit",
        shape.key(),
        *shape.of_facility(),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("gmo_class", sa.Integer()),
        sa.Column("activity", sa.Text()),
        sa.Column("reference", sa.Text()),
        sa.Column("valid_from", sa.Date()),
        sa.Column("valid_to", sa.Date()),
        *shape.sourced(),
        *shape.stamps(),
        sa.CheckConstraint("valid_from < valid_to", name="ends_after_it_begins"),
        sa.CheckConstraint("gmo_class between 1 and 4", name="gmo_class_is_1_to_4"),
        sa.ForeignKeyConstraint(
            ["facility_id", "organisation_id"],
            ["facility.id", "facility.organisation_id"],
            name="fk_permit_facility_id",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["site_id", "facility_id"], ["site.id", "site.facility_id"], name="fk_permit_site_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_permit"),
        sa.UniqueConstraint("facility_id", "code", name="uq_permit_facility_id_code"),
        sa.CheckConstraint(
            "kind in ('gmo_contained_use', 'tissue_establishment', 'tissue_import_export')", name="permitkind"
        ),
        sa.CheckConstraint(
            "source in ('typed', 'sheet', 'API', 'register import', 'calendar', 'generated')", name="source"
        ),
    )
    op.create_index("ix_permit_facility_id", "permit", ["facility_id"])
    op.create_index("ix_permit_organisation_id", "permit", ["organisation_id"])
    op.create_index("ix_permit_site_id", "permit", ["site_id"])
    shape.guard(
        "certificate",
        reads=f"{shape.OWN} or {shape.OVERSEERS} or ({shape.DEVELOPERS} and {shape.FACILITY_SEEN})",
        writes=f"{shape.OWN} or {shape.OPERATOR}",
    )
    shape.trail("certificate")
    shape.guard("non_compliance", reads=f"{shape.OWN} or {shape.OVERSEERS}", writes=f"{shape.OWN} or {shape.OPERATOR}")
    shape.trail("non_compliance")
    shape.guard("permit", reads=f"{shape.OWN} or {shape.OVERSEERS}", writes=f"{shape.OWN} or {shape.OPERATOR}")
    shape.trail("permit")


def downgrade() -> None:
    op.execute("drop table certificate, non_compliance, permit")
