"""A product may be stated to be no genetically modified organism: class 0 beside the classes 1 to 4 of contained use."""

from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_constraint(op.f("ck_product_gmo_class_is_1_to_4"), "product")
    op.create_check_constraint("gmo_class_is_0_to_4", "product", "gmo_class between 0 and 4")


def downgrade() -> None:
    op.drop_constraint(op.f("ck_product_gmo_class_is_0_to_4"), "product")
    op.execute("update product set gmo_class = null where gmo_class = 0")
    op.create_check_constraint("gmo_class_is_1_to_4", "product", "gmo_class between 1 and 4")
