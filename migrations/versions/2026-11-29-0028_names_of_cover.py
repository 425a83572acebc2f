"""The names of Qualified Persons stay out of the trail, from which nobody can erase them."""

from alembic import op

from migrations import shape

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _again("names")


def downgrade() -> None:
    _again()


def _again(*hidden: str) -> None:
    op.execute("drop trigger stamp_record on qp_cover")
    op.execute("drop trigger trail_record on qp_cover")
    shape.trail("qp_cover", *hidden)
