"""What is kept only for a while can be taken away by the machine: old answers; guesses are counted by address, too."""

from alembic import op

from migrations import shape

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

OLD = f"{shape.OPERATOR} and created_at < now() - interval '48 hours'"


def upgrade() -> None:
    op.execute(f"create policy reads_old on idempotent_answer for select to gmphub_app using ({OLD})")
    op.execute(f"create policy forgets_old on idempotent_answer for delete to gmphub_app using ({OLD})")
    op.create_index("ix_login_attempt_address_hash", "login_attempt", ["address_hash"])


def downgrade() -> None:
    op.drop_index("ix_login_attempt_address_hash", "login_attempt")
    op.execute("drop policy forgets_old on idempotent_answer")
    op.execute("drop policy reads_old on idempotent_answer")
