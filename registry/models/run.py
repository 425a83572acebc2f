"""A calculation of a round: what went in, what came out, and who checked it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from registry.models.base import Base, Record
from registry.vocabulary.lifecycle import DataSet, ReportVerdict, RunState


class Run(Record):
    """One calculation.

    `problem` and `outcome` are the documents as bytes; `outcome_sha256` is of those bytes, `problem_sha256` the one
    the sealed problem carries.

    The database refuses `published` without a passing `VerifierReport` on the same two hashes, and any change of
    the documents afterwards (trigger `guard_publication`), and ever to publish a what-if (`guard_official`). Problem,
    outcome and baseline stay out of the audit trail, their hashes are in it. `fence` counts the executions: whoever
    writes with an older number is refused.
    """

    __tablename__ = "run"
    __table_args__ = (
        UniqueConstraint("id", "data_set"),
        ForeignKeyConstraint(["round_id", "data_set"], ["round.id", "round.data_set"]),
        CheckConstraint("(outcome is null) = (outcome_sha256 is null)", name="outcome_has_its_hash"),
        CheckConstraint("(problem is null) = (problem_sha256 is null)", name="problem_has_its_hash"),
        CheckConstraint("published_by_id <> created_by", name="starter_does_not_publish"),
        Index("uq_run_published", "round_id", unique=True, postgresql_where=text("state = 'published'")),
    )

    data_set: Mapped[DataSet]
    round_id: Mapped[UUID] = mapped_column(index=True)
    state: Mapped[RunState]
    state_reason: Mapped[str | None]
    facts: Mapped[bytes | None]
    """The frozen snapshot the run looked at, as its canonical JSON."""
    facts_sha256: Mapped[str | None]
    problem: Mapped[bytes | None]
    problem_sha256: Mapped[str | None]
    outcome: Mapped[bytes | None]
    outcome_sha256: Mapped[str | None]
    greedy: Mapped[bytes | None]
    second_opinion: Mapped[dict[str, Any] | None]
    manifest: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    summary: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    queued_at: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    published_by_id: Mapped[UUID | None]
    fence: Mapped[int] = mapped_column(server_default=text("0"))


class RunProgress(Base):
    """The latest progress line of a run; overwritten while it works, and no part of the trail."""

    __tablename__ = "run_progress"

    run_id: Mapped[UUID] = mapped_column(ForeignKey("run.id", ondelete="CASCADE"), primary_key=True)
    phase: Mapped[str]
    objective: Mapped[list[int]] = mapped_column(server_default=text("'{}'"))
    bound: Mapped[list[dict[str, Any]]] = mapped_column(server_default=text("'[]'"))
    seconds: Mapped[float]
    reported_at: Mapped[datetime] = mapped_column(server_default=text("now()"))


class WhatIf(Record):
    """What would change the answer of one request of a calculation, as canonical JSON; `request` is its code there.

    It names facilities and what each could change, so only the machine's own account reads it; whoever asks is told what
    concerns them. The document stays out of the trail, its hash is in it.
    """

    __tablename__ = "what_if"
    __table_args__ = (
        UniqueConstraint("run_id", "request"),
        CheckConstraint("sha256 = encode(sha256(document), 'hex')", name="document_has_its_hash"),
    )

    run_id: Mapped[UUID] = mapped_column(ForeignKey("run.id", ondelete="CASCADE"))
    request: Mapped[str]
    document: Mapped[bytes]
    sha256: Mapped[str]


class VerifierReport(Record):
    """What the independent verifier said about one problem and one outcome, named by their hashes."""

    __tablename__ = "verifier_report"

    run_id: Mapped[UUID] = mapped_column(ForeignKey("run.id", ondelete="CASCADE"), index=True)
    problem_sha256: Mapped[str]
    outcome_sha256: Mapped[str]
    verdict: Mapped[ReportVerdict]
    findings: Mapped[list[dict[str, Any]]]
    remarks: Mapped[list[dict[str, Any]]] = mapped_column(server_default=text("'[]'"))
    verifier_sha256: Mapped[str]
