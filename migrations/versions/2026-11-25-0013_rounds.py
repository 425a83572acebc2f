"""Rounds, runs and the reports of the verifier; nothing is published unchecked."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations import shape

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


GUARD_PUBLICATION = """
create function guard_publication() returns trigger language plpgsql as $$
declare
    what constant text := 'run ' || new.id || ' is not published: ';
begin
    if tg_op = 'UPDATE' and old.state = 'published' and (
        old.problem, old.problem_sha256, old.outcome, old.outcome_sha256, old.facts_sha256, old.state
    ) is distinct from (
        new.problem, new.problem_sha256, new.outcome, new.outcome_sha256, new.facts_sha256, new.state
    ) then
        raise exception 'run % is published and keeps its documents', new.id
            using errcode = 'check_violation', constraint = 'ck_run_published_stays';
    end if;
    if new.state <> 'published' or (tg_op = 'UPDATE' and old.state = 'published') then
        return new;
    end if;
    if new.problem is null or new.outcome is null
       or new.outcome_sha256 <> encode(sha256(new.outcome), 'hex') then
        raise exception using message = what || 'its outcome is missing or is not the one that was hashed',
            errcode = 'check_violation', constraint = 'ck_run_published_as_hashed';
    end if;
    if not exists (
        select from verifier_report r
        where r.run_id = new.id and r.problem_sha256 = new.problem_sha256
          and r.outcome_sha256 = new.outcome_sha256 and r.verdict = 'pass'
    ) or exists (
        select from verifier_report r
        where r.run_id = new.id and r.problem_sha256 = new.problem_sha256
          and r.outcome_sha256 = new.outcome_sha256 and r.verdict = 'fail'
    ) then
        raise exception using message = what || 'the verifier has not passed this problem and this outcome',
            errcode = 'check_violation', constraint = 'ck_run_published_as_verified';
    end if;
    return new;
end
$$
"""


def upgrade() -> None:
    op.create_table(
        "round",
        shape.key(),
        sa.Column("data_set", sa.String(40), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("policy_id", sa.Uuid(), nullable=False),
        sa.Column("origin", sa.Date(), nullable=False),
        sa.Column("horizon_weeks", sa.Integer(), nullable=False),
        sa.Column("known_on", sa.Date(), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True)),
        sa.Column("closes_at", sa.DateTime(timezone=True)),
        sa.Column("started_by_id", sa.Uuid()),
        sa.Column("approved_by_id", sa.Uuid()),
        *shape.stamps(),
        sa.CheckConstraint("horizon_weeks >= 1", name="horizon_is_positive"),
        sa.CheckConstraint("extract(isodow from origin) = 1", name="origin_is_a_monday"),
        sa.CheckConstraint("approved_by_id <> started_by_id", name="starter_does_not_approve"),
        sa.ForeignKeyConstraint(["policy_id"], ["policy.id"], name="fk_round_policy_id"),
        sa.PrimaryKeyConstraint("id", name="pk_round"),
        sa.UniqueConstraint("data_set", "code", name="uq_round_data_set_code"),
        sa.UniqueConstraint("id", "data_set", name="uq_round_id_data_set"),
        sa.CheckConstraint("data_set in ('directory', 'rehearsal', 'live')", name="dataset"),
        sa.CheckConstraint("kind in ('period', 'rolling', 'what_if')", name="roundkind"),
        sa.CheckConstraint("state in ('planned', 'open', 'closed', 'published', 'cancelled')", name="roundstate"),
    )
    op.create_table(
        "run",
        shape.key(),
        sa.Column("data_set", sa.String(40), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("state_reason", sa.Text()),
        sa.Column("facts", sa.LargeBinary()),
        sa.Column("facts_sha256", sa.Text()),
        sa.Column("problem", sa.LargeBinary()),
        sa.Column("problem_sha256", sa.Text()),
        sa.Column("outcome", sa.LargeBinary()),
        sa.Column("outcome_sha256", sa.Text()),
        sa.Column("greedy", sa.LargeBinary()),
        sa.Column("second_opinion", postgresql.JSONB(astext_type=sa.Text())),
        sa.Column("manifest", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("summary", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True)),
        sa.Column("started_at", sa.DateTime(timezone=True)),
        sa.Column("finished_at", sa.DateTime(timezone=True)),
        sa.Column("published_at", sa.DateTime(timezone=True)),
        sa.Column("published_by_id", sa.Uuid()),
        sa.Column("fence", sa.Integer(), server_default=sa.text("0"), nullable=False),
        *shape.stamps(),
        sa.CheckConstraint("(outcome is null) = (outcome_sha256 is null)", name="outcome_has_its_hash"),
        sa.CheckConstraint("(problem is null) = (problem_sha256 is null)", name="problem_has_its_hash"),
        sa.ForeignKeyConstraint(["round_id", "data_set"], ["round.id", "round.data_set"], name="fk_run_round_id"),
        sa.PrimaryKeyConstraint("id", name="pk_run"),
        sa.UniqueConstraint("id", "data_set", name="uq_run_id_data_set"),
        sa.CheckConstraint("data_set in ('directory', 'rehearsal', 'live')", name="dataset"),
        sa.CheckConstraint(
            "state in ('queued', 'solving', 'checking', 'checked', 'disputed', 'failed', 'cancelled', 'published')",
            name="runstate",
        ),
    )
    op.create_index("ix_run_round_id", "run", ["round_id"])
    op.create_table(
        "run_progress",
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("phase", sa.Text(), nullable=False),
        sa.Column("objective", sa.ARRAY(sa.Integer()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("bound", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name="fk_run_progress_run_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("run_id", name="pk_run_progress"),
    )
    op.create_table(
        "verifier_report",
        shape.key(),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("problem_sha256", sa.Text(), nullable=False),
        sa.Column("outcome_sha256", sa.Text(), nullable=False),
        sa.Column("verdict", sa.String(40), nullable=False),
        sa.Column("findings", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("remarks", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("verifier_sha256", sa.Text(), nullable=False),
        *shape.stamps(),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name="fk_verifier_report_run_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_verifier_report"),
        sa.CheckConstraint("verdict in ('pass', 'fail')", name="reportverdict"),
    )
    op.create_index("ix_verifier_report_run_id", "verifier_report", ["run_id"])
    shape.guard("round", reads=shape.EVERYONE, writes=shape.COORDINATORS)
    shape.trail("round")
    shape.guard("run", reads=shape.OVERSEERS, writes=shape.COORDINATORS)
    shape.trail("run", "problem", "outcome", "greedy")
    shape.guard("run_progress", reads=shape.OVERSEERS, writes=shape.COORDINATORS)
    shape.guard("verifier_report", reads=shape.OVERSEERS, writes=shape.COORDINATORS, rights=shape.APPEND)
    shape.trail("verifier_report")
    op.execute(GUARD_PUBLICATION)
    op.execute(
        "create trigger guard_publication before insert or update on run for each row execute function guard_publication()"
    )


def downgrade() -> None:
    op.execute("drop table round, run, run_progress, verifier_report")
    op.execute("drop function guard_publication")
