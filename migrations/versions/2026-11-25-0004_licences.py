"""Authorisations, their scope and rooms."""

import sqlalchemy as sa
from alembic import op

from migrations import shape

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "authorisation",
        shape.key(),
        *shape.of_facility(),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("number", sa.Text()),
        sa.Column("authority", sa.Text()),
        sa.Column("holder_id", sa.Uuid(), nullable=False),
        sa.Column("product_type", sa.String(40), nullable=False),
        sa.Column("open_ended_confirmed", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("complete", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("whole_site", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("document_link", sa.Text()),
        sa.Column("valid_from", sa.Date()),
        sa.Column("valid_to", sa.Date()),
        *shape.sourced(),
        *shape.stamps(),
        sa.CheckConstraint("valid_from < valid_to", name="ends_after_it_begins"),
        sa.CheckConstraint("not open_ended_confirmed or valid_to is null", name="open_ended_has_no_end"),
        sa.ForeignKeyConstraint(
            ["facility_id", "organisation_id"],
            ["facility.id", "facility.organisation_id"],
            name="fk_authorisation_facility_id",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(["holder_id"], ["organisation.id"], name="fk_authorisation_holder_id"),
        sa.ForeignKeyConstraint(
            ["site_id", "facility_id"],
            ["site.id", "site.facility_id"],
            name="fk_authorisation_site_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_authorisation"),
        sa.UniqueConstraint("facility_id", "code", name="uq_authorisation_facility_id_code"),
        sa.UniqueConstraint("id", "facility_id", name="uq_authorisation_id_facility_id"),
        sa.CheckConstraint(
            "kind in ('MIA', 'MIA(IMP)', 'national hospital exemption', 'named patient', 'import')",
            name="authorisationkind",
        ),
        sa.CheckConstraint("product_type in ('human', 'IMP', 'national')", name="producttype"),
        sa.CheckConstraint(
            "source in ('typed', 'sheet', 'API', 'register import', 'calendar', 'generated')",
            name="source",
        ),
    )
    op.create_index("ix_authorisation_facility_id", "authorisation", ["facility_id"])
    op.create_index("ix_authorisation_organisation_id", "authorisation", ["organisation_id"])
    op.create_index("ix_authorisation_site_id", "authorisation", ["site_id"])
    op.create_table(
        "scope_line",
        shape.key(),
        *shape.of_facility(),
        sa.Column("authorisation_id", sa.Uuid(), nullable=False),
        sa.Column("operation", sa.Text(), nullable=False),
        sa.Column("wording", sa.Text()),
        *shape.stamps(),
        sa.ForeignKeyConstraint(
            ["authorisation_id", "facility_id"],
            ["authorisation.id", "authorisation.facility_id"],
            name="fk_scope_line_authorisation_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["facility_id", "organisation_id"],
            ["facility.id", "facility.organisation_id"],
            name="fk_scope_line_facility_id",
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_scope_line"),
        sa.UniqueConstraint("authorisation_id", "operation", name="uq_scope_line_authorisation_id_operation"),
    )
    op.create_index("ix_scope_line_authorisation_id", "scope_line", ["authorisation_id"])
    op.create_index("ix_scope_line_facility_id", "scope_line", ["facility_id"])
    op.create_index("ix_scope_line_organisation_id", "scope_line", ["organisation_id"])
    op.create_table(
        "authorised_suite",
        shape.key(),
        *shape.of_facility(),
        sa.Column("authorisation_id", sa.Uuid(), nullable=False),
        sa.Column("suite_id", sa.Uuid(), nullable=False),
        *shape.stamps(),
        sa.ForeignKeyConstraint(
            ["authorisation_id", "facility_id"],
            ["authorisation.id", "authorisation.facility_id"],
            name="fk_authorised_suite_authorisation_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["facility_id", "organisation_id"],
            ["facility.id", "facility.organisation_id"],
            name="fk_authorised_suite_facility_id",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["suite_id", "facility_id"],
            ["suite.id", "suite.facility_id"],
            name="fk_authorised_suite_suite_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_authorised_suite"),
        sa.UniqueConstraint("authorisation_id", "suite_id", name="uq_authorised_suite_authorisation_id_suite_id"),
    )
    op.create_index("ix_authorised_suite_authorisation_id", "authorised_suite", ["authorisation_id"])
    op.create_index("ix_authorised_suite_facility_id", "authorised_suite", ["facility_id"])
    op.create_index("ix_authorised_suite_organisation_id", "authorised_suite", ["organisation_id"])
    op.create_index("ix_authorised_suite_suite_id", "authorised_suite", ["suite_id"])
    shape.guard(
        "authorisation",
        reads=f"{shape.OWN} or {shape.OVERSEERS} or ({shape.DEVELOPERS} and {shape.FACILITY_SEEN})",
        writes=f"{shape.OWN} or {shape.OPERATOR}",
    )
    shape.trail("authorisation")
    shape.guard(
        "scope_line",
        reads=f"{shape.OWN} or {shape.OVERSEERS} or ({shape.DEVELOPERS} and {shape.FACILITY_SEEN})",
        writes=f"{shape.OWN} or {shape.OPERATOR}",
    )
    shape.trail("scope_line")
    shape.guard(
        "authorised_suite", reads=f"{shape.OWN} or {shape.OVERSEERS}", writes=f"{shape.OWN} or {shape.OPERATOR}"
    )
    shape.trail("authorised_suite")


def downgrade() -> None:
    op.execute("drop table authorisation, scope_line, authorised_suite")
