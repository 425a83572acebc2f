"""What official rounds need: secrets committed to, signatures used once, policies that stay, messages that leave."""

import sqlalchemy as sa
from alembic import op

from migrations import shape

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


GUARD_OFFICIAL = """
create function guard_official() returns trigger language plpgsql as $$
begin
    if new.state = 'published' and exists (select from round r where r.id = new.round_id and r.kind = 'what_if') then
        raise exception 'run % belongs to a what-if round and is never published', new.id
            using errcode = 'check_violation', constraint = 'ck_run_official';
    end if;
    return new;
end
$$
"""

GUARD_POLICY = """
create function guard_policy() returns trigger language plpgsql as $$
begin
    if old.first_approver_id is not null and (
        old.code, old.number, old.title, old.tiers, old.rules, old.text_generated, old.first_approver_id
    ) is distinct from (
        new.code, new.number, new.title, new.tiers, new.rules, new.text_generated, new.first_approver_id
    ) or old.in_force_from is not null and (
        old.second_approver_id, old.in_force_from
    ) is distinct from (new.second_approver_id, new.in_force_from) then
        raise exception 'policy % is approved and stays as it is', new.id
            using errcode = 'check_violation', constraint = 'ck_policy_stays';
    end if;
    if new.in_force_from is not null and old.in_force_from is null and new.in_force_from < now() then
        raise exception 'policy % cannot come into force in the past', new.id
            using errcode = 'check_violation', constraint = 'ck_policy_not_backdated';
    end if;
    return new;
end
$$
"""

SOMEBODY = "(select app_person()) is not null"


def upgrade() -> None:
    op.add_column("round", sa.Column("tie_commitment", sa.Text()))
    op.add_column("round", sa.Column("tie_secret", sa.Text()))
    op.create_check_constraint(
        "secret_fits_its_commitment",
        "round",
        "tie_secret is null or tie_commitment = encode(sha256(convert_to(tie_secret, 'UTF8')), 'hex')",
    )
    op.add_column("signature", sa.Column("proof_id", sa.Uuid()))
    op.create_unique_constraint("uq_signature_proof_id", "signature", ["proof_id"])
    op.create_check_constraint("starter_does_not_publish", "run", "published_by_id <> created_by")
    op.create_index(
        "uq_run_published", "run", ["round_id"], unique=True, postgresql_where=sa.text("state = 'published'")
    )
    op.execute(GUARD_OFFICIAL)
    op.execute(
        "create trigger guard_official before insert or update on run for each row execute function guard_official()"
    )
    op.execute(GUARD_POLICY)
    op.execute("create trigger guard_policy before update on policy for each row execute function guard_policy()")
    _outbox()
    _secret()


def _outbox() -> None:
    op.create_table(
        "outbox_message",
        shape.key(),
        sa.Column("data_set", sa.String(40), nullable=False),
        sa.Column("dedup_id", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Uuid()),
        sa.Column("person_id", sa.Uuid()),
        sa.Column("address", sa.Text()),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("delivered_at", sa.DateTime(timezone=True)),
        sa.Column("delivered_by", sa.Text()),
        sa.Column("last_error", sa.Text()),
        *shape.stamps(),
        sa.CheckConstraint("num_nonnulls(organisation_id, person_id) = 1", name="has_one_recipient"),
        sa.CheckConstraint("attempts >= 0", name="attempts_are_counted"),
        sa.CheckConstraint("data_set in ('directory', 'rehearsal', 'live')", name="dataset"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name="fk_outbox_message_organisation_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_outbox_message_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_outbox_message"),
        sa.UniqueConstraint("dedup_id", name="uq_outbox_message_dedup_id"),
    )
    op.create_index("ix_outbox_message_organisation_id", "outbox_message", ["organisation_id"])
    op.create_index("ix_outbox_message_person_id", "outbox_message", ["person_id"])
    op.create_index("ix_outbox_message_due_at", "outbox_message", ["due_at"])
    shape.guard("outbox_message", reads=f"{shape.OWN} or person_id = (select app_person())", writes=shape.OPERATOR)
    op.execute(f"create policy lays on outbox_message for insert to gmphub_app with check ({SOMEBODY})")
    shape.trail("outbox_message", "address", "subject", "body")


def _secret() -> None:
    op.create_table(
        "secret",
        shape.key(),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        *shape.stamps(),
        sa.PrimaryKeyConstraint("id", name="pk_secret"),
        sa.UniqueConstraint("record_id", "purpose", name="uq_secret_record_id_purpose"),
    )
    shape.guard("secret", reads=shape.OPERATOR, writes=shape.OPERATOR, rights=shape.APPEND)
    op.execute(f"create policy lays on secret for insert to gmphub_app with check ({shape.COORDINATORS})")
    shape.trail("secret", "value")


def downgrade() -> None:
    op.execute("drop table outbox_message, secret")
    op.execute("drop trigger guard_official on run")
    op.execute("drop trigger guard_policy on policy")
    op.execute("drop function guard_official, guard_policy")
    op.drop_index("uq_run_published", "run")
    op.drop_constraint(op.f("ck_run_starter_does_not_publish"), "run")
    op.drop_constraint("uq_signature_proof_id", "signature")
    op.drop_column("signature", "proof_id")
    op.drop_constraint(op.f("ck_round_secret_fits_its_commitment"), "round")
    op.drop_column("round", "tie_secret")
    op.drop_column("round", "tie_commitment")
