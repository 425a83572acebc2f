"""What a run said about each pair and each batch, so that every party can be shown its own part and nothing else."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from registry.models.base import Base
from registry.vocabulary.lifecycle import DataSet
from registry.vocabulary.results import Status


class OfRun:
    """A row between one request and one facility; written once, covered in the trail by the hashes of the run."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4, server_default=text("gen_random_uuid()"))
    run_id: Mapped[UUID] = mapped_column(index=True)
    data_set: Mapped[DataSet]
    request_id: Mapped[UUID] = mapped_column(index=True)
    organisation_id: Mapped[UUID] = mapped_column(index=True)
    facility_id: Mapped[UUID] = mapped_column(index=True)
    facility_organisation_id: Mapped[UUID] = mapped_column(index=True)
    suite_id: Mapped[UUID] = mapped_column(index=True)
    calculated_at: Mapped[datetime] = mapped_column(server_default=text("now()"))


def run_request_and_suite() -> tuple[ForeignKeyConstraint, ...]:
    """Run, request, facility and suite: one data set, each with its owner."""
    return (
        ForeignKeyConstraint(["run_id", "data_set"], ["run.id", "run.data_set"], ondelete="CASCADE"),
        ForeignKeyConstraint(
            ["request_id", "organisation_id", "data_set"],
            ["request.id", "request.organisation_id", "request.data_set"],
            onupdate="CASCADE",
        ),
        ForeignKeyConstraint(
            ["facility_id", "facility_organisation_id", "data_set"],
            ["facility.id", "facility.organisation_id", "facility.data_set"],
            onupdate="CASCADE",
        ),
        ForeignKeyConstraint(["suite_id", "facility_id"], ["suite.id", "suite.facility_id"]),
    )


class Verdict(OfRun, Base):
    """What every eligibility rule said about a request and a suite.

    `status` is the worst of them; `results` holds each `RuleResult` with its keys; `failing` the rules that exclude.
    """

    __tablename__ = "verdict"
    __table_args__ = (*run_request_and_suite(), UniqueConstraint("run_id", "request_id", "suite_id"))

    status: Mapped[Status]
    failing: Mapped[list[str]] = mapped_column(server_default=text("'{}'"))
    results: Mapped[list[dict[str, Any]]]


class Placement(OfRun, Base):
    """A start the plan (or, for comparison, the greedy baseline) proposes: the stay from `starts` (in) to `ends` (out)."""

    __tablename__ = "placement"
    __table_args__ = (
        *run_request_and_suite(),
        ForeignKeyConstraint(["batch_id", "request_id"], ["batch.id", "batch.request_id"]),
        UniqueConstraint("run_id", "plan", "batch_id"),
        CheckConstraint("plan in ('proposed', 'greedy')", name="plan_is_known"),
        CheckConstraint("starts < ends", name="ends_after_it_starts"),
    )

    plan: Mapped[str]
    batch_id: Mapped[UUID] = mapped_column(index=True)
    starts: Mapped[date]
    ends: Mapped[date]
