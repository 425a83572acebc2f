"""Products, their processes, and the material they need."""

import sqlalchemy as sa
from alembic import op

from migrations import shape

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "product",
        shape.key(),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("data_set", sa.String(40), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("working_name", sa.Text(), nullable=False),
        sa.Column("product_class", sa.String(40), nullable=False),
        sa.Column("cat_reference", sa.Text()),
        sa.Column("donor", sa.String(40), nullable=False),
        sa.Column("vector", sa.String(40), nullable=False),
        sa.Column("gmo_class", sa.Integer()),
        sa.Column("family", sa.Text(), nullable=False),
        sa.Column("disclosed_on", sa.Date()),
        *shape.sourced(),
        *shape.stamps(),
        sa.CheckConstraint("gmo_class between 1 and 4", name="gmo_class_is_1_to_4"),
        sa.ForeignKeyConstraint(
            ["organisation_id", "data_set"],
            ["organisation.id", "organisation.data_set"],
            name="fk_product_organisation_id",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_product"),
        sa.UniqueConstraint("data_set", "code", name="uq_product_data_set_code"),
        sa.UniqueConstraint("id", "organisation_id", name="uq_product_id_organisation_id"),
        sa.UniqueConstraint("id", "organisation_id", "data_set", name="uq_product_id_organisation_id_data_set"),
        sa.CheckConstraint("data_set in ('directory', 'rehearsal', 'live')", name="dataset"),
        sa.CheckConstraint(
            "product_class in ('sCTMP', 'GTMP_exvivo', 'GTMP_invivo', 'TEP', 'combined')",
            name="productclass",
        ),
        sa.CheckConstraint("donor in ('autologous', 'allogeneic', 'none', 'unknown')", name="donor"),
        sa.CheckConstraint(
            "vector in ('none', 'lentiviral', 'retroviral', 'aav', 'crispr', 'other', 'unknown')",
            name="vector",
        ),
        sa.CheckConstraint(
            "source in ('typed', 'sheet', 'API', 'register import', 'calendar', 'generated')", name="source"
        ),
    )
    op.create_index("ix_product_organisation_id", "product", ["organisation_id"])
    op.create_table(
        "process_version",
        shape.key(),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("stay_days", sa.Integer(), nullable=False),
        sa.Column("clearance_days", sa.Integer()),
        sa.Column("qc_methods", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("engineering_runs", sa.Integer()),
        sa.Column("simulation_runs", sa.Integer()),
        sa.Column("comparability_runs", sa.Integer()),
        *shape.sourced(),
        *shape.stamps(),
        sa.CheckConstraint("stay_days >= 1", name="stay_is_positive"),
        sa.ForeignKeyConstraint(
            ["product_id", "organisation_id"],
            ["product.id", "product.organisation_id"],
            name="fk_process_version_product_id",
            onupdate="CASCADE",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_process_version"),
        sa.UniqueConstraint("id", "organisation_id", name="uq_process_version_id_organisation_id"),
        sa.UniqueConstraint("product_id", "number", name="uq_process_version_product_id_number"),
        sa.CheckConstraint(
            "source in ('typed', 'sheet', 'API', 'register import', 'calendar', 'generated')",
            name="source",
        ),
    )
    op.create_index("ix_process_version_organisation_id", "process_version", ["organisation_id"])
    op.create_index("ix_process_version_product_id", "process_version", ["product_id"])
    op.create_table(
        "process_step",
        shape.key(),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("process_version_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("mode", sa.String(40)),
        sa.Column("background", sa.String(40)),
        sa.Column("equipment", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("days_held", sa.Integer()),
        sa.Column("weekdays", sa.ARRAY(sa.Integer()), server_default=sa.text("'{}'"), nullable=False),
        *shape.stamps(),
        sa.ForeignKeyConstraint(
            ["process_version_id", "organisation_id"],
            ["process_version.id", "process_version.organisation_id"],
            name="fk_process_step_process_version_id",
            onupdate="CASCADE",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_process_step"),
        sa.UniqueConstraint("process_version_id", "position", name="uq_process_step_process_version_id_position"),
        sa.CheckConstraint("mode in ('open', 'closed', 'isolator')", name="workingmode"),
        sa.CheckConstraint("background in ('A', 'B', 'C', 'D')", name="grade"),
    )
    op.create_index("ix_process_step_organisation_id", "process_step", ["organisation_id"])
    op.create_index("ix_process_step_process_version_id", "process_step", ["process_version_id"])
    op.create_table(
        "process_load",
        shape.key(),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("process_version_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("moment", sa.Text(), nullable=False),
        sa.Column("delay_days", sa.Integer(), server_default=sa.text("0"), nullable=False),
        *shape.stamps(),
        sa.CheckConstraint("amount >= 1", name="amount_is_positive"),
        sa.CheckConstraint("delay_days >= 0 and (delay_days = 0 or moment = 'end')", name="delay_follows_the_end"),
        sa.CheckConstraint("moment in ('start', 'end', 'each', 'once')", name="moment_is_known"),
        sa.ForeignKeyConstraint(
            ["process_version_id", "organisation_id"],
            ["process_version.id", "process_version.organisation_id"],
            name="fk_process_load_process_version_id",
            onupdate="CASCADE",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_process_load"),
        sa.UniqueConstraint("process_version_id", "position", name="uq_process_load_process_version_id_position"),
        sa.CheckConstraint(
            "kind in ('qc_results', 'certifications', 'operators', 'new_products', 'transfer_weeks')",
            name="limitkind",
        ),
    )
    op.create_index("ix_process_load_organisation_id", "process_load", ["organisation_id"])
    op.create_index("ix_process_load_process_version_id", "process_load", ["process_version_id"])
    op.create_table(
        "material_lot",
        shape.key(),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("product_id", sa.Uuid()),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("starting_material", sa.Text()),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("released_on", sa.Date()),
        sa.Column("transport_days", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("doses", sa.Integer()),
        sa.Column("expires_on", sa.Date()),
        sa.Column("agreement", sa.Text()),
        sa.Column("audited_on", sa.Date()),
        *shape.sourced(),
        *shape.stamps(),
        sa.CheckConstraint("doses >= 0", name="doses_are_a_count"),
        sa.CheckConstraint("transport_days >= 0", name="transport_takes_days"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name="fk_material_lot_organisation_id"),
        sa.ForeignKeyConstraint(
            ["product_id", "organisation_id"],
            ["product.id", "product.organisation_id"],
            name="fk_material_lot_product_id",
            onupdate="CASCADE",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_material_lot"),
        sa.UniqueConstraint("id", "organisation_id", name="uq_material_lot_id_organisation_id"),
        sa.UniqueConstraint("organisation_id", "code", name="uq_material_lot_organisation_id_code"),
        sa.CheckConstraint("state in ('none', 'ordered', 'in_production', 'released')", name="materialstate"),
        sa.CheckConstraint(
            "source in ('typed', 'sheet', 'API', 'register import', 'calendar', 'generated')",
            name="source",
        ),
    )
    op.create_index("ix_material_lot_organisation_id", "material_lot", ["organisation_id"])
    op.create_index("ix_material_lot_product_id", "material_lot", ["product_id"])
    op.create_table(
        "collection_centre",
        shape.key(),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("latitude", sa.Double()),
        sa.Column("longitude", sa.Double()),
        sa.Column("authorisation", sa.Text()),
        sa.Column("weekdays", sa.ARRAY(sa.Integer()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("chairs_a_week", sa.Integer()),
        *shape.sourced(),
        *shape.stamps(),
        sa.CheckConstraint("country ~ '^[A-Z]{2}$'", name="country_is_iso_3166"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name="fk_collection_centre_organisation_id"),
        sa.PrimaryKeyConstraint("id", name="pk_collection_centre"),
        sa.UniqueConstraint("id", "organisation_id", name="uq_collection_centre_id_organisation_id"),
        sa.UniqueConstraint("organisation_id", "code", name="uq_collection_centre_organisation_id_code"),
        sa.CheckConstraint(
            "source in ('typed', 'sheet', 'API', 'register import', 'calendar', 'generated')",
            name="source",
        ),
    )
    op.create_index("ix_collection_centre_organisation_id", "collection_centre", ["organisation_id"])
    op.create_table(
        "centre_qualification",
        shape.key(),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("centre_id", sa.Uuid(), nullable=False),
        sa.Column("facility_id", sa.Uuid(), nullable=False),
        sa.Column("facility_organisation_id", sa.Uuid(), nullable=False),
        sa.Column("until", sa.Date()),
        *shape.sourced(),
        *shape.stamps(),
        sa.ForeignKeyConstraint(
            ["centre_id", "organisation_id"],
            ["collection_centre.id", "collection_centre.organisation_id"],
            name="fk_centre_qualification_centre_id",
            onupdate="CASCADE",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["facility_id", "facility_organisation_id"],
            ["facility.id", "facility.organisation_id"],
            name="fk_centre_qualification_facility_id",
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_centre_qualification"),
        sa.UniqueConstraint("centre_id", "facility_id", name="uq_centre_qualification_centre_id_facility_id"),
        sa.CheckConstraint(
            "source in ('typed', 'sheet', 'API', 'register import', 'calendar', 'generated')",
            name="source",
        ),
    )
    op.create_index("ix_centre_qualification_centre_id", "centre_qualification", ["centre_id"])
    op.create_index("ix_centre_qualification_facility_id", "centre_qualification", ["facility_id"])
    op.create_index(
        "ix_centre_qualification_facility_organisation_id", "centre_qualification", ["facility_organisation_id"]
    )
    op.create_index("ix_centre_qualification_organisation_id", "centre_qualification", ["organisation_id"])
    shape.guard("product", reads=f"{shape.OWN} or {shape.OVERSEERS}", writes=f"{shape.OWN} or {shape.OPERATOR}")
    shape.trail("product")
    shape.guard("process_version", reads=f"{shape.OWN} or {shape.OVERSEERS}", writes=f"{shape.OWN} or {shape.OPERATOR}")
    shape.trail("process_version")
    shape.guard("process_step", reads=f"{shape.OWN} or {shape.OVERSEERS}", writes=f"{shape.OWN} or {shape.OPERATOR}")
    shape.trail("process_step")
    shape.guard("process_load", reads=f"{shape.OWN} or {shape.OVERSEERS}", writes=f"{shape.OWN} or {shape.OPERATOR}")
    shape.trail("process_load")
    shape.guard("material_lot", reads=f"{shape.OWN} or {shape.OVERSEERS}", writes=f"{shape.OWN} or {shape.OPERATOR}")
    shape.trail("material_lot")
    shape.guard(
        "collection_centre", reads=f"{shape.OWN} or {shape.OVERSEERS}", writes=f"{shape.OWN} or {shape.OPERATOR}"
    )
    shape.trail("collection_centre")
    shape.guard(
        "centre_qualification",
        reads=f"{shape.OWN} or {shape.FACILITY_SIDE} or {shape.OVERSEERS}",
        writes=f"{shape.OWN} or {shape.FACILITY_SIDE} or {shape.OPERATOR}",
    )
    shape.trail("centre_qualification")


def downgrade() -> None:
    op.execute(
        "drop table product, process_version, process_step, process_load, material_lot, collection_centre, centre_qualification"
    )
