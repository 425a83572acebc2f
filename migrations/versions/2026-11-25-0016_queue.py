"""The queue of long work, in a schema of its own: enqueued in the transaction that asks for the work."""

from alembic import op
from procrastinate.schema import SchemaManager

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

FUNCTIONS_STAY_IN_THE_QUEUE = """
do $$
declare
    one record;
begin
    for one in select p.oid::regprocedure as name from pg_proc p where p.pronamespace = 'queue'::regnamespace loop
        execute format('alter function %s set search_path = queue', one.name);
    end loop;
end $$
"""


def upgrade() -> None:
    op.execute("create schema queue")
    op.execute("set local search_path to queue")
    op.get_bind().exec_driver_sql(SchemaManager.get_schema().replace("%", "%%"))
    op.execute("set local search_path to public")
    op.execute(FUNCTIONS_STAY_IN_THE_QUEUE)
    op.execute("grant usage on schema queue to gmphub_app")
    op.execute("grant select, insert, update, delete on all tables in schema queue to gmphub_app")
    op.execute("grant usage on all sequences in schema queue to gmphub_app")
    op.execute("grant execute on all functions in schema queue to gmphub_app")


def downgrade() -> None:
    op.execute("drop schema queue cascade")
