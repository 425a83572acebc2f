"""Calculations without their documents, and what they said about one request."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select, text, tuple_
from sqlalchemy.orm import Session, defer

from registry.access import visibility
from registry.access.subject import Subject
from registry.models import Facility, Run, Verdict
from registry.vocabulary.lifecycle import DataSet, RunState
from registry.vocabulary.results import Status

UNNAMED = "a facility that is no longer published"
DOCUMENTS = (Run.facts, Run.problem, Run.outcome, Run.greedy)


@dataclass(frozen=True, slots=True)
class VerdictLine:
    """What every rule said about a request and one suite; `facility` is its name, to be masked where it must be."""

    request_id: UUID
    sponsor_id: UUID
    facility_id: UUID
    facility_organisation_id: UUID
    facility: str
    suite_id: UUID
    status: Status
    failing: tuple[str, ...]
    results: tuple[dict[str, Any], ...]


def list_runs(
    session: Session, subject: Subject, data_set: DataSet, *, before: tuple[datetime, UUID] | None, limit: int
) -> Sequence[Run]:
    """Return the runs the subject may see, newest first, those before the key (creation, id) if one is given."""
    question = _runs(subject).where(Run.data_set == data_set)
    if before is not None:
        question = question.where(tuple_(Run.created_at, Run.id) < tuple_(*before))
    return session.scalars(question.order_by(Run.created_at.desc(), Run.id.desc()).limit(limit)).all()


def one_run(session: Session, subject: Subject, run_id: UUID) -> Run | None:
    """Return a run the subject may see, None when there is none."""
    return session.scalars(_runs(subject).where(Run.id == run_id)).one_or_none()


def newest_checked_run(session: Session, data_set: DataSet) -> UUID | None:
    """Return the newest calculation of a data set that was checked, as far as the session may see it."""
    return session.scalars(
        select(Run.id)
        .where(Run.data_set == data_set, Run.state.in_((RunState.CHECKED, RunState.PUBLISHED)))
        .order_by(Run.finished_at.desc(), Run.id)
        .limit(1)
    ).first()


def newest_verdicts(session: Session, subject: Subject, request_id: UUID) -> list[VerdictLine]:
    """Return what the newest calculation said about a request, suite by suite; nothing when it was in none.

    The verdicts themselves say when they were calculated: the calculation is for overseers to read.
    """
    return _newest(session, subject, Verdict.request_id == request_id)


def newest_verdicts_of_facility(session: Session, subject: Subject, facility_id: UUID) -> list[VerdictLine]:
    """Return what the newest calculation said about a facility's suites, request by request."""
    return _newest(session, subject, Verdict.facility_id == facility_id)


def _newest(session: Session, subject: Subject, about: ColumnElement[bool]) -> list[VerdictLine]:
    mine = (visibility.verdicts(subject), about)
    newest = select(Verdict.run_id).where(*mine).order_by(Verdict.calculated_at.desc(), Verdict.run_id).limit(1)
    rows = session.execute(
        select(Verdict, func.coalesce(Facility.name, UNNAMED).label("name"))
        .outerjoin(Facility, Facility.id == Verdict.facility_id)
        .where(*mine, Verdict.run_id == newest.scalar_subquery())
        .order_by(text("name"), Verdict.suite_id, Verdict.request_id)
    )
    return [
        VerdictLine(
            row.request_id,
            row.organisation_id,
            row.facility_id,
            row.facility_organisation_id,
            name,
            row.suite_id,
            row.status,
            tuple(row.failing),
            tuple(row.results),
        )
        for row, name in rows
    ]


def _runs(subject: Subject) -> Select[Run]:
    return select(Run).where(visibility.runs(subject)).options(*(defer(document) for document in DOCUMENTS))
