"""Facilities, what they confirmed, their sites, suites and equipment."""

import sqlalchemy as sa
from alembic import op

from migrations import shape

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


CURRENT_CONFIRMATION = """
create view current_confirmation with (security_invoker = true) as
select distinct on (facility_id, subject) facility_id, organisation_id, subject, confirmed_on, confirmed_by
from confirmation
order by facility_id, subject, confirmed_on desc, created_at desc
"""
"""The latest confirmation of each facility and subject, seen with the eyes of whoever asks."""


def upgrade() -> None:
    op.create_table(
        "facility",
        shape.key(),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("data_set", sa.String(40), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("city", sa.Text()),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("status_checked_on", sa.Date()),
        sa.Column("publication", sa.String(40), server_default="draft", nullable=False),
        sa.Column("publish_on", sa.Date()),
        sa.Column("parent_id", sa.Uuid()),
        sa.Column("service_model", sa.String(40), nullable=False),
        sa.Column("product_classes", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("families", sa.ARRAY(sa.Text())),
        sa.Column("smallest_campaign", sa.Integer()),
        sa.Column("largest_campaign", sa.Integer()),
        sa.Column("notice_days", sa.Integer()),
        sa.Column("new_products_a_year", sa.Integer()),
        sa.Column("open_to_companies", sa.Boolean()),
        sa.Column("company_share_percent", sa.Integer()),
        sa.Column("languages", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("rhythm", sa.String(40), server_default="monthly", nullable=False),
        sa.Column("calendar_clock_stopped_days", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("holder_name", sa.Text()),
        sa.Column("notes", sa.Text()),
        *shape.sourced(),
        *shape.stamps(),
        sa.CheckConstraint("smallest_campaign <= largest_campaign", name="campaign_sizes_are_ordered"),
        sa.CheckConstraint("country ~ '^[A-Z]{2}$'", name="country_is_iso_3166"),
        sa.CheckConstraint("publication <> 'scheduled' or publish_on is not null", name="scheduled_has_a_day"),
        sa.ForeignKeyConstraint(
            ["organisation_id", "data_set"],
            ["organisation.id", "organisation.data_set"],
            name="fk_facility_organisation_id",
        ),
        sa.ForeignKeyConstraint(
            ["parent_id", "data_set"], ["facility.id", "facility.data_set"], name="fk_facility_parent_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_facility"),
        sa.UniqueConstraint("data_set", "code", name="uq_facility_data_set_code"),
        sa.UniqueConstraint("id", "data_set", name="uq_facility_id_data_set"),
        sa.UniqueConstraint("id", "organisation_id", name="uq_facility_id_organisation_id"),
        sa.UniqueConstraint("id", "organisation_id", "data_set", name="uq_facility_id_organisation_id_data_set"),
        sa.CheckConstraint("data_set in ('directory', 'rehearsal', 'live')", name="dataset"),
        sa.CheckConstraint(
            "status in ('operating', 'planned', 'opening', 'closing', 'closed', 'unknown')",
            name="facilitystatus",
        ),
        sa.CheckConstraint("publication in ('draft', 'scheduled', 'published', 'withdrawn')", name="publication"),
        sa.CheckConstraint(
            "service_model in ('captive', 'national network', 'academic collaboration', 'contract', 'premises for tenants', 'unknown')",
            name="servicemodel",
        ),
        sa.CheckConstraint("rhythm in ('weekly', 'fortnightly', 'monthly', 'quarterly')", name="rhythm"),
        sa.CheckConstraint(
            "source in ('typed', 'sheet', 'API', 'register import', 'calendar', 'generated')", name="source"
        ),
    )
    op.create_index("ix_facility_organisation_id", "facility", ["organisation_id"])
    op.create_table(
        "confirmation",
        shape.key(),
        *shape.of_facility(),
        sa.Column("subject", sa.String(40), nullable=False),
        sa.Column("confirmed_on", sa.Date(), nullable=False),
        sa.Column("confirmed_by", sa.Uuid()),
        sa.Column("signature_id", sa.Uuid()),
        *shape.stamps(),
        sa.ForeignKeyConstraint(
            ["facility_id", "organisation_id"],
            ["facility.id", "facility.organisation_id"],
            name="fk_confirmation_facility_id",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(["signature_id"], ["signature.id"], name="fk_confirmation_signature_id"),
        sa.PrimaryKeyConstraint("id", name="pk_confirmation"),
        sa.CheckConstraint("subject in ('calendar', 'legal')", name="confirmationsubject"),
    )
    op.create_index("ix_confirmation_facility_id", "confirmation", ["facility_id"])
    op.create_index("ix_confirmation_organisation_id", "confirmation", ["organisation_id"])
    op.create_table(
        "site",
        shape.key(),
        *shape.of_facility(),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("address", sa.Text()),
        sa.Column("city", sa.Text()),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("oms_loc_id", sa.Text()),
        sa.Column("nuts", sa.Text()),
        sa.Column("latitude", sa.Double()),
        sa.Column("longitude", sa.Double()),
        sa.Column("time_zone", sa.Text()),
        sa.Column("holiday_region", sa.Text()),
        *shape.sourced(),
        *shape.stamps(),
        sa.CheckConstraint("country ~ '^[A-Z]{2}$'", name="country_is_iso_3166"),
        sa.CheckConstraint("latitude between -90 and 90", name="latitude_in_degrees"),
        sa.CheckConstraint("longitude between -180 and 180", name="longitude_in_degrees"),
        sa.CheckConstraint("nuts ~ '^[A-Z]{2}[0-9A-Z]{1,3}$'", name="nuts_has_its_form"),
        sa.CheckConstraint("oms_loc_id ~ '^LOC-[0-9]{9}$'", name="oms_loc_id_has_its_form"),
        sa.ForeignKeyConstraint(
            ["facility_id", "organisation_id"],
            ["facility.id", "facility.organisation_id"],
            name="fk_site_facility_id",
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_site"),
        sa.UniqueConstraint("facility_id", "code", name="uq_site_facility_id_code"),
        sa.UniqueConstraint("id", "facility_id", name="uq_site_id_facility_id"),
        sa.CheckConstraint(
            "source in ('typed', 'sheet', 'API', 'register import', 'calendar', 'generated')", name="source"
        ),
    )
    op.create_index("ix_site_facility_id", "site", ["facility_id"])
    op.create_index("ix_site_organisation_id", "site", ["organisation_id"])
    op.create_table(
        "suite",
        shape.key(),
        *shape.of_facility(),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("grade", sa.String(40)),
        sa.Column("mode", sa.String(40)),
        sa.Column("containment_class", sa.Integer()),
        sa.Column("vector_work", sa.Boolean()),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("place_kind", sa.String(40), nullable=False),
        sa.Column("one_product", sa.Boolean(), nullable=False),
        sa.Column("clearance_days", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("changeover_days", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("start_weekdays", sa.ARRAY(sa.Integer()), server_default=sa.text("'{}'"), nullable=False),
        *shape.sourced(),
        *shape.stamps(),
        sa.CheckConstraint("containment_class between 1 and 4", name="containment_class_is_1_to_4"),
        sa.CheckConstraint("clearance_days >= 0 and changeover_days >= 0", name="days_are_counts"),
        sa.CheckConstraint("places >= 1", name="has_a_place"),
        sa.CheckConstraint("start_weekdays <@ array[1,2,3,4,5,6,7]", name="weekdays_are_iso"),
        sa.ForeignKeyConstraint(
            ["facility_id", "organisation_id"],
            ["facility.id", "facility.organisation_id"],
            name="fk_suite_facility_id",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["site_id", "facility_id"], ["site.id", "site.facility_id"], name="fk_suite_site_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_suite"),
        sa.UniqueConstraint("facility_id", "code", name="uq_suite_facility_id_code"),
        sa.UniqueConstraint("id", "facility_id", name="uq_suite_id_facility_id"),
        sa.CheckConstraint("grade in ('A', 'B', 'C', 'D')", name="grade"),
        sa.CheckConstraint("mode in ('open', 'closed', 'isolator')", name="workingmode"),
        sa.CheckConstraint("place_kind in ('room', 'isolator', 'device', 'incubator')", name="placekind"),
        sa.CheckConstraint(
            "source in ('typed', 'sheet', 'API', 'register import', 'calendar', 'generated')", name="source"
        ),
    )
    op.create_index("ix_suite_facility_id", "suite", ["facility_id"])
    op.create_index("ix_suite_organisation_id", "suite", ["organisation_id"])
    op.create_index("ix_suite_site_id", "suite", ["site_id"])
    op.create_table(
        "equipment",
        shape.key(),
        *shape.of_facility(),
        sa.Column("suite_id", sa.Uuid(), nullable=False),
        sa.Column("equipment_class", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("qualified_until", sa.Date()),
        *shape.sourced(),
        *shape.stamps(),
        sa.CheckConstraint("count >= 0", name="count_is_a_count"),
        sa.ForeignKeyConstraint(
            ["facility_id", "organisation_id"],
            ["facility.id", "facility.organisation_id"],
            name="fk_equipment_facility_id",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["suite_id", "facility_id"],
            ["suite.id", "suite.facility_id"],
            name="fk_equipment_suite_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_equipment"),
        sa.CheckConstraint(
            "source in ('typed', 'sheet', 'API', 'register import', 'calendar', 'generated')",
            name="source",
        ),
    )
    op.create_index("ix_equipment_facility_id", "equipment", ["facility_id"])
    op.create_index("ix_equipment_organisation_id", "equipment", ["organisation_id"])
    op.create_index("ix_equipment_suite_id", "equipment", ["suite_id"])
    shape.guard(
        "facility",
        reads=f"publication = 'published' or {shape.OWN} or {shape.OVERSEERS}",
        writes=f"{shape.OWN} or {shape.OPERATOR}",
    )
    shape.trail("facility")
    shape.guard("confirmation", reads=f"{shape.FACILITY_SEEN}", writes=f"{shape.OWN} or {shape.OPERATOR}")
    shape.trail("confirmation")
    shape.guard("site", reads=f"{shape.FACILITY_SEEN}", writes=f"{shape.OWN} or {shape.OPERATOR}")
    shape.trail("site")
    shape.guard("suite", reads=f"{shape.OWN} or {shape.OVERSEERS}", writes=f"{shape.OWN} or {shape.OPERATOR}")
    shape.trail("suite")
    shape.guard("equipment", reads=f"{shape.OWN} or {shape.OVERSEERS}", writes=f"{shape.OWN} or {shape.OPERATOR}")
    shape.trail("equipment")
    op.execute(CURRENT_CONFIRMATION)
    op.execute("grant select on current_confirmation to gmphub_app")


def downgrade() -> None:
    op.execute("drop view current_confirmation")
    op.execute("drop table facility, confirmation, site, suite, equipment")
