"""Requests and their batches, places and material."""

import sqlalchemy as sa
from alembic import op

from migrations import shape

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

COLLABORATOR = "collaborator_id = any((select app_organisations())::uuid[])"


def upgrade() -> None:
    op.create_table(
        "request",
        shape.key(),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("data_set", sa.String(40), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("process_version_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(40), server_default="draft", nullable=False),
        sa.Column("state_reason", sa.Text()),
        sa.Column("stage", sa.String(40), nullable=False),
        sa.Column("pathway", sa.String(40), nullable=False),
        sa.Column("phase", sa.Text(), nullable=False),
        sa.Column("input_state", sa.String(40), nullable=False),
        sa.Column("hours_fresh", sa.Integer()),
        sa.Column("product_fresh", sa.Boolean()),
        sa.Column("shelf_life_hours", sa.Integer()),
        sa.Column("cadence", sa.Text()),
        sa.Column("firm", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("urgency_proposed", sa.Integer()),
        sa.Column("urgency_decided", sa.Integer()),
        sa.Column("urgency_reason", sa.Text()),
        sa.Column("max_sites", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("all_or_nothing", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("languages", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("fairness_group", sa.Text(), server_default="", nullable=False),
        sa.Column("procurement_route", sa.Text()),
        sa.Column("defaults", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("invented_fields", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        *shape.sourced(),
        *shape.stamps(),
        sa.CheckConstraint("max_sites >= 1", name="has_a_site"),
        sa.CheckConstraint("urgency_decided >= 0 and urgency_proposed >= 0", name="urgency_classes_count_from_0"),
        sa.ForeignKeyConstraint(
            ["process_version_id", "organisation_id"],
            ["process_version.id", "process_version.organisation_id"],
            name="fk_request_process_version_id",
            onupdate="CASCADE",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["product_id", "organisation_id", "data_set"],
            ["product.id", "product.organisation_id", "product.data_set"],
            name="fk_request_product_id",
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_request"),
        sa.UniqueConstraint("data_set", "code", name="uq_request_data_set_code"),
        sa.UniqueConstraint("id", "data_set", name="uq_request_id_data_set"),
        sa.UniqueConstraint("id", "organisation_id", name="uq_request_id_organisation_id"),
        sa.UniqueConstraint("id", "organisation_id", "data_set", name="uq_request_id_organisation_id_data_set"),
        sa.CheckConstraint("data_set in ('directory', 'rehearsal', 'live')", name="dataset"),
        sa.CheckConstraint(
            "state in ('draft', 'submitted', 'ready', 'in_round', 'offered', 'accepted', 'scheduled', 'completed', 'returned', 'withdrawn', 'waiting', 'closed')",
            name="requeststate",
        ),
        sa.CheckConstraint(
            "stage in ('starting_material', 'in_vivo_product', 'cell_product', 'tissue_product', 'fill_finish', 'qc_only', 'certification_only', 'storage')",
            name="stage",
        ),
        sa.CheckConstraint("pathway in ('trial', 'market', 'hospital_exemption', 'named_patient')", name="pathway"),
        sa.CheckConstraint("input_state in ('fresh', 'frozen', 'unknown')", name="inputstate"),
        sa.CheckConstraint(
            "source in ('typed', 'sheet', 'API', 'register import', 'calendar', 'generated')", name="source"
        ),
    )
    op.create_index("ix_request_organisation_id", "request", ["organisation_id"])
    op.create_index("ix_request_process_version_id", "request", ["process_version_id"])
    op.create_index("ix_request_product_id", "request", ["product_id"])
    op.create_table(
        "request_collaborator",
        shape.key(),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("collaborator_id", sa.Uuid(), nullable=False),
        *shape.stamps(),
        sa.ForeignKeyConstraint(
            ["collaborator_id"], ["organisation.id"], name="fk_request_collaborator_collaborator_id"
        ),
        sa.ForeignKeyConstraint(
            ["request_id", "organisation_id"],
            ["request.id", "request.organisation_id"],
            name="fk_request_collaborator_request_id",
            onupdate="CASCADE",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_request_collaborator"),
        sa.UniqueConstraint("request_id", "collaborator_id", name="uq_request_collaborator_request_id_collaborator_id"),
    )
    op.create_index("ix_request_collaborator_collaborator_id", "request_collaborator", ["collaborator_id"])
    op.create_index("ix_request_collaborator_organisation_id", "request_collaborator", ["organisation_id"])
    op.create_index("ix_request_collaborator_request_id", "request_collaborator", ["request_id"])
    op.create_table(
        "batch",
        shape.key(),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("earliest", sa.Date(), nullable=False),
        sa.Column("latest", sa.Date(), nullable=False),
        sa.Column("patients", sa.Integer(), nullable=False),
        sa.Column("after_id", sa.Uuid()),
        sa.Column("gap_days", sa.Integer(), server_default=sa.text("0"), nullable=False),
        *shape.stamps(),
        sa.CheckConstraint("after_id <> id", name="follows_another"),
        sa.CheckConstraint("patients >= 0 and gap_days >= 0", name="numbers_are_counts"),
        sa.CheckConstraint("earliest <= latest", name="window_is_ordered"),
        sa.ForeignKeyConstraint(["after_id", "request_id"], ["batch.id", "batch.request_id"], name="fk_batch_after_id"),
        sa.ForeignKeyConstraint(
            ["request_id", "organisation_id"],
            ["request.id", "request.organisation_id"],
            name="fk_batch_request_id",
            onupdate="CASCADE",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_batch"),
        sa.UniqueConstraint("id", "request_id", name="uq_batch_id_request_id"),
        sa.UniqueConstraint("request_id", "code", name="uq_batch_request_id_code"),
        sa.CheckConstraint(
            "kind in ('engineering', 'process_simulation', 'comparability', 'patient', 'repeat', 'bank', 'vector_lot')",
            name="batchkind",
        ),
    )
    op.create_index("ix_batch_organisation_id", "batch", ["organisation_id"])
    op.create_index("ix_batch_request_id", "batch", ["request_id"])
    op.create_table(
        "request_place",
        shape.key(),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("use", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text()),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=False),
        sa.Column("longitude", sa.Double(), nullable=False),
        *shape.stamps(),
        sa.CheckConstraint("country ~ '^[A-Z]{2}$'", name="country_is_iso_3166"),
        sa.CheckConstraint("use in ('treating', 'collection')", name="use_is_known"),
        sa.ForeignKeyConstraint(
            ["request_id", "organisation_id"],
            ["request.id", "request.organisation_id"],
            name="fk_request_place_request_id",
            onupdate="CASCADE",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_request_place"),
        sa.UniqueConstraint("request_id", "use", "position", name="uq_request_place_request_id_use_position"),
    )
    op.create_index("ix_request_place_organisation_id", "request_place", ["organisation_id"])
    op.create_index("ix_request_place_request_id", "request_place", ["request_id"])
    op.create_table(
        "request_material",
        shape.key(),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("material_lot_id", sa.Uuid(), nullable=False),
        *shape.stamps(),
        sa.ForeignKeyConstraint(
            ["material_lot_id", "organisation_id"],
            ["material_lot.id", "material_lot.organisation_id"],
            name="fk_request_material_material_lot_id",
            onupdate="CASCADE",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["request_id", "organisation_id"],
            ["request.id", "request.organisation_id"],
            name="fk_request_material_request_id",
            onupdate="CASCADE",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_request_material"),
        sa.UniqueConstraint("request_id", "material_lot_id", name="uq_request_material_request_id_material_lot_id"),
    )
    op.create_index("ix_request_material_material_lot_id", "request_material", ["material_lot_id"])
    op.create_index("ix_request_material_organisation_id", "request_material", ["organisation_id"])
    op.create_index("ix_request_material_request_id", "request_material", ["request_id"])
    op.create_table(
        "request_attachment",
        shape.key(),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("link", sa.Text()),
        sa.Column("content_sha256", sa.Text()),
        sa.Column("roles", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        *shape.sourced(),
        *shape.stamps(),
        sa.ForeignKeyConstraint(
            ["request_id", "organisation_id"],
            ["request.id", "request.organisation_id"],
            name="fk_request_attachment_request_id",
            onupdate="CASCADE",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_request_attachment"),
        sa.CheckConstraint(
            "source in ('typed', 'sheet', 'API', 'register import', 'calendar', 'generated')",
            name="source",
        ),
    )
    op.create_index("ix_request_attachment_organisation_id", "request_attachment", ["organisation_id"])
    op.create_index("ix_request_attachment_request_id", "request_attachment", ["request_id"])
    shape.guard(
        "request",
        reads=f"{shape.OWN} or {shape.OVERSEERS} or id in (select request_id from request_collaborator where {COLLABORATOR})",
        writes=f"{shape.OWN} or {shape.COORDINATORS}",
    )
    shape.trail("request")
    shape.guard(
        "request_collaborator",
        reads=f"{shape.OWN} or {shape.OVERSEERS} or {COLLABORATOR}",
        writes=f"{shape.OWN} or {shape.OPERATOR}",
    )
    shape.trail("request_collaborator")
    shape.guard("batch", reads=f"{shape.REQUEST_SEEN}", writes=f"{shape.OWN} or {shape.OPERATOR}")
    shape.trail("batch")
    shape.guard("request_place", reads=f"{shape.REQUEST_SEEN}", writes=f"{shape.OWN} or {shape.OPERATOR}")
    shape.trail("request_place")
    shape.guard("request_material", reads=f"{shape.REQUEST_SEEN}", writes=f"{shape.OWN} or {shape.OPERATOR}")
    shape.trail("request_material")
    shape.guard("request_attachment", reads=f"{shape.REQUEST_SEEN}", writes=f"{shape.OWN} or {shape.OPERATOR}")
    shape.trail("request_attachment")


def downgrade() -> None:
    op.execute("drop table request, request_collaborator, batch, request_place, request_material, request_attachment")
