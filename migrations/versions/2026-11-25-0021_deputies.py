"""Who holds a role in an organisation may name a deputy for it, or hand it over, within that organisation."""

from alembic import op

from migrations import shape

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

OWN_ROLE = f"({shape.OWN} and app_is(role))"


def upgrade() -> None:
    rule = f"{shape.ADMINISTRATORS} or {OWN_ROLE}"
    op.execute(f"alter policy writes on membership using ({rule}) with check ({rule})")


def downgrade() -> None:
    op.execute(f"alter policy writes on membership using ({shape.ADMINISTRATORS}) with check ({shape.ADMINISTRATORS})")
