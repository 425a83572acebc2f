"""What tables have in common. Migrations rest on it, so what is written here is never changed, only added to.

A reading or writing rule is an SQL condition on a row; `(select …)` lets the planner ask once a query.
"""

from alembic import op
from sqlalchemy import Boolean, Column, Date, DateTime, Integer, String, Text, Uuid, text

EVERYONE = "true"
OWN = "organisation_id = any((select app_organisations())::uuid[])"
FACILITY_SIDE = "facility_organisation_id = any((select app_organisations())::uuid[])"
SPONSOR_SIDE = "sponsor_id = any((select app_organisations())::uuid[])"
OVERSEERS = "(select app_is('operator', 'coordinator', 'auditor'))"
DEVELOPERS = "(select app_is('developer'))"
COORDINATORS = "(select app_is('operator', 'coordinator'))"
ADMINISTRATORS = "(select app_is('operator', 'administrator'))"
OPERATOR = "(select app_is('operator'))"
FACILITY_SEEN = "facility_id in (select id from facility)"
REQUEST_SEEN = "request_id in (select id from request)"

READ_WRITE = "select, insert, update, delete"
WRITE_ONCE = "select, insert, delete"
APPEND = "select, insert"


def key() -> Column:
    """The key of a record."""
    return Column("id", Uuid, server_default=text("gen_random_uuid()"), nullable=False)


def stamps() -> tuple[Column, ...]:
    """Version, and who created and changed the record when."""
    return (
        Column("version", Integer, server_default=text("1"), nullable=False),
        Column("created_at", DateTime(timezone=True), server_default=text("now()"), nullable=False),
        Column("created_by", Uuid, server_default=text("app_person()")),
        Column("changed_at", DateTime(timezone=True), server_default=text("now()"), nullable=False),
        Column("changed_by", Uuid, server_default=text("app_person()")),
    )


def sourced() -> tuple[Column, ...]:
    """Where a fact came from and who stands for it."""
    return (
        Column("source", String(40), server_default="typed", nullable=False),
        Column("source_note", Text),
        Column("confirmed_by", Uuid),
        Column("confirmed_on", Date),
        Column("invented", Boolean, server_default=text("false"), nullable=False),
    )


def of_facility() -> tuple[Column, ...]:
    """The tenant key of a facility's row."""
    return (
        Column("organisation_id", Uuid, nullable=False),
        Column("facility_id", Uuid, nullable=False),
    )


def guard(table: str, *, reads: str, writes: str, rights: str = READ_WRITE) -> None:
    """Turn row-level security on, for the owner too, with one rule to read and one to write."""
    op.execute(f"alter table {table} enable row level security")
    op.execute(f"alter table {table} force row level security")
    op.execute(f"create policy reads on {table} for select to gmphub_app using ({reads})")
    op.execute(f"create policy writes on {table} for all to gmphub_app using ({writes}) with check ({writes})")
    op.execute(f"grant {rights} on {table} to gmphub_app")


def trail(table: str, *hidden: str) -> None:
    """Stamp every change of a record and write it to the trail at commit, without the `hidden` columns."""
    arguments = ", ".join(f"'{column}'" for column in hidden)
    op.execute(
        f"create trigger stamp_record before insert or update on {table} for each row execute function stamp_record()"
    )
    op.execute(
        f"create constraint trigger trail_record after insert or update or delete on {table} "
        f"deferrable initially deferred for each row execute function trail_record({arguments})"
    )
