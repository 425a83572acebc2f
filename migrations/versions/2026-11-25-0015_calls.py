"""Logins, attempts to log in, and answers given once."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations import shape

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

OWN_PERSON = "person_id = (select app_person())"
NAMED_BY_ITS_HASH = "secret_sha256 = (select nullif(current_setting('app.token', true), ''))"


def upgrade() -> None:
    op.create_table(
        "login_session",
        shape.key(),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("secret_sha256", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        *shape.stamps(),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_login_session_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_login_session"),
        sa.UniqueConstraint("secret_sha256", name="uq_login_session_secret_sha256"),
    )
    op.create_index("ix_login_session_person_id", "login_session", ["person_id"])
    op.create_table(
        "login_attempt",
        shape.key(),
        sa.Column("account_hash", sa.Text(), nullable=False),
        sa.Column("address_hash", sa.Text(), nullable=False),
        sa.Column("succeeded", sa.Boolean(), nullable=False),
        sa.Column("attempted_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        *shape.stamps(),
        sa.PrimaryKeyConstraint("id", name="pk_login_attempt"),
    )
    op.create_index("ix_login_attempt_account_hash", "login_attempt", ["account_hash"])
    op.create_table(
        "idempotent_answer",
        shape.key(),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("request_sha256", sa.Text(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("headers", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        *shape.stamps(),
        sa.CheckConstraint("length(key) between 1 and 200", name="key_is_short"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_idempotent_answer_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_idempotent_answer"),
        sa.UniqueConstraint("person_id", "key", name="uq_idempotent_answer_person_id_key"),
    )
    shape.guard(
        "login_session",
        reads=f"{OWN_PERSON} or {shape.ADMINISTRATORS} or {NAMED_BY_ITS_HASH}",
        writes=f"{OWN_PERSON} or {shape.ADMINISTRATORS}",
    )
    shape.trail("login_session", "secret_sha256")
    shape.guard("login_attempt", reads=shape.OPERATOR, writes=shape.OPERATOR)
    shape.trail("login_attempt", "account_hash", "address_hash")
    shape.guard("idempotent_answer", reads=OWN_PERSON, writes=OWN_PERSON)
    shape.trail("idempotent_answer", "key", "headers", "body")


def downgrade() -> None:
    op.execute("drop table login_session, login_attempt, idempotent_answer")
