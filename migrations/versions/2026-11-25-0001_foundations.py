"""Application role, ranges of keys, who is acting, and the trail that every later table writes to.

Who is acting is told for one transaction by `set_config('app.…', …, true)`; an empty or missing value is nobody.
"""

from pathlib import Path

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

HERE = Path(__file__).parent
"""The longer functions are kept as SQL beside the migration, frozen with it."""

FUNCTIONS = (
    "trail_record",
    "stamp_record",
    "chain_event",
    "refuse_change",
    "trail_head",
    "canonical",
    "app_is",
    "app_organisations",
    "app_person",
)


def upgrade() -> None:
    for part in ("role", "acting", "trail"):
        op.execute((HERE / f"0001_{part}.sql").read_text("utf-8").replace(":", "\\:"))


def downgrade() -> None:
    op.execute("drop function event_text")
    op.execute("drop table audit_anchor, audit_event")
    for function in FUNCTIONS:
        op.execute(f"drop function {function}")
    op.execute("drop type uuidrange")
    op.execute("revoke usage on schema public from gmphub_app")
