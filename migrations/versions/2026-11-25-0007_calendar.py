"""Statements of starts, openings, closures and private limits."""

import sqlalchemy as sa
from alembic import op

from migrations import shape

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "starts_statement",
        shape.key(),
        *shape.of_facility(),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date()),
        sa.Column("starts_per_week", sa.Integer(), nullable=False),
        sa.Column("starts_class", sa.String(40), nullable=False),
        sa.Column("pooled", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text()),
        *shape.sourced(),
        *shape.stamps(),
        sa.CheckConstraint("starts < ends", name="ends_after_it_starts"),
        sa.CheckConstraint("starts_per_week >= 0", name="starts_are_a_count"),
        sa.ForeignKeyConstraint(
            ["facility_id", "organisation_id"],
            ["facility.id", "facility.organisation_id"],
            name="fk_starts_statement_facility_id",
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_starts_statement"),
        sa.CheckConstraint("starts_class in ('firm', 'indicative', 'on_enquiry')", name="startsclass"),
        sa.CheckConstraint(
            "source in ('typed', 'sheet', 'API', 'register import', 'calendar', 'generated')",
            name="source",
        ),
    )
    op.create_index("ix_starts_statement_facility_id", "starts_statement", ["facility_id"])
    op.create_index("ix_starts_statement_organisation_id", "starts_statement", ["organisation_id"])
    op.create_table(
        "opening",
        shape.key(),
        *shape.of_facility(),
        sa.Column("suite_id", sa.Uuid()),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date()),
        *shape.sourced(),
        *shape.stamps(),
        sa.CheckConstraint("starts < ends", name="ends_after_it_starts"),
        sa.ForeignKeyConstraint(
            ["facility_id", "organisation_id"],
            ["facility.id", "facility.organisation_id"],
            name="fk_opening_facility_id",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["suite_id", "facility_id"],
            ["suite.id", "suite.facility_id"],
            name="fk_opening_suite_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_opening"),
        sa.CheckConstraint(
            "source in ('typed', 'sheet', 'API', 'register import', 'calendar', 'generated')", name="source"
        ),
    )
    op.create_index("ix_opening_facility_id", "opening", ["facility_id"])
    op.create_index("ix_opening_organisation_id", "opening", ["organisation_id"])
    op.create_index("ix_opening_suite_id", "opening", ["suite_id"])
    op.create_table(
        "closure",
        shape.key(),
        *shape.of_facility(),
        sa.Column("suite_id", sa.Uuid()),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date()),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("recurrence", sa.Text()),
        *shape.sourced(),
        *shape.stamps(),
        sa.CheckConstraint("starts < ends", name="ends_after_it_starts"),
        sa.ForeignKeyConstraint(
            ["facility_id", "organisation_id"],
            ["facility.id", "facility.organisation_id"],
            name="fk_closure_facility_id",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["suite_id", "facility_id"],
            ["suite.id", "suite.facility_id"],
            name="fk_closure_suite_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_closure"),
        sa.CheckConstraint(
            "kind in ('maintenance', 'requalification', 'media_fill', 'shutdown', 'own_use', 'repeat_reserve')",
            name="closurekind",
        ),
        sa.CheckConstraint(
            "source in ('typed', 'sheet', 'API', 'register import', 'calendar', 'generated')", name="source"
        ),
    )
    op.create_index("ix_closure_facility_id", "closure", ["facility_id"])
    op.create_index("ix_closure_organisation_id", "closure", ["organisation_id"])
    op.create_index("ix_closure_suite_id", "closure", ["suite_id"])
    op.create_table(
        "facility_limit",
        shape.key(),
        *shape.of_facility(),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("period_weeks", sa.Integer(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("weekly", sa.ARRAY(sa.Integer())),
        sa.Column("weekly_from", sa.Date()),
        sa.Column("note", sa.Text(), server_default=sa.text("''"), nullable=False),
        *shape.sourced(),
        *shape.stamps(),
        sa.CheckConstraint("amount >= 0", name="amount_is_a_count"),
        sa.CheckConstraint("period_weeks >= 1", name="period_is_positive"),
        sa.ForeignKeyConstraint(
            ["facility_id", "organisation_id"],
            ["facility.id", "facility.organisation_id"],
            name="fk_facility_limit_facility_id",
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_facility_limit"),
        sa.CheckConstraint(
            "kind in ('qc_results', 'certifications', 'operators', 'new_products', 'transfer_weeks')",
            name="limitkind",
        ),
        sa.CheckConstraint(
            "source in ('typed', 'sheet', 'API', 'register import', 'calendar', 'generated')",
            name="source",
        ),
    )
    op.create_index("ix_facility_limit_facility_id", "facility_limit", ["facility_id"])
    op.create_index("ix_facility_limit_organisation_id", "facility_limit", ["organisation_id"])
    shape.guard(
        "starts_statement", reads=f"{shape.OWN} or {shape.OVERSEERS}", writes=f"{shape.OWN} or {shape.OPERATOR}"
    )
    shape.trail("starts_statement")
    shape.guard("opening", reads=f"{shape.OWN} or {shape.OVERSEERS}", writes=f"{shape.OWN} or {shape.OPERATOR}")
    shape.trail("opening")
    shape.guard("closure", reads=f"{shape.OWN} or {shape.OVERSEERS}", writes=f"{shape.OWN} or {shape.OPERATOR}")
    shape.trail("closure")
    shape.guard("facility_limit", reads=f"{shape.OWN} or {shape.OVERSEERS}", writes=f"{shape.OWN} or {shape.OPERATOR}")
    shape.trail("facility_limit")


def downgrade() -> None:
    op.execute("drop table starts_statement, opening, closure, facility_limit")
