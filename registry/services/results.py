"""Published results and whom they concern: what a party reads of a calculation it may not read as a whole."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, Row, exists, or_, select
from sqlalchemy.orm import Session

from registry.access.subject import OPERATOR, Subject
from registry.models import Facility, Placement, Request, Round, Run, Verdict
from registry.services.records import acting_for_a_moment
from registry.vocabulary.lifecycle import DataSet, RunState

MOST_RUNS = 10


class Concerned(StrEnum):
    """What a result is about."""

    REQUEST = "request"
    FACILITY = "facility"


@dataclass(frozen=True, slots=True)
class Result:
    """A published calculation and a record of one's own that took part in it."""

    run_id: UUID
    round: str
    published_at: datetime
    about: Concerned
    record_id: UUID
    name: str


def results_for(session: Session, subject: Subject, data_set: DataSet) -> list[Result]:
    """Return the results of the newest ten published calculations for the subject's organisations, newest first."""
    if not subject.organisations:
        return []
    with acting_for_a_moment(session, subject, OPERATOR):
        published = session.execute(
            select(Run.id, Round.code, Run.published_at)
            .join(Round, Round.id == Run.round_id)
            .where(Run.data_set == data_set, Run.state == RunState.PUBLISHED)
            .order_by(Run.published_at.desc(), Run.id)
            .limit(MOST_RUNS)
        ).all()
        return [result for run in published for result in _of_run(session, subject, run)]


def _of_run(session: Session, subject: Subject, run: Row[UUID, str, datetime | None]) -> Iterator[Result]:
    key, code, at = run
    assert at is not None
    waits = exists().where(Run.id == key, Run.summary["reasons"].has_key(Request.code))
    requests = select(Request.id, Request.label).where(
        Request.organisation_id.in_(subject.organisations),
        Request.data_set == select(Run.data_set).where(Run.id == key).scalar_subquery(),
        or_(waits, _took_part(key, Placement.request_id == Request.id), _judged(key, Verdict.request_id == Request.id)),
    )
    facilities = select(Facility.id, Facility.name).where(
        Facility.organisation_id.in_(subject.organisations),
        or_(_took_part(key, Placement.facility_id == Facility.id), _judged(key, Verdict.facility_id == Facility.id)),
    )
    for record, label in session.execute(requests.order_by(Request.label, Request.id)):
        yield Result(key, code, at, Concerned.REQUEST, record, label)
    for record, name in session.execute(facilities.order_by(Facility.name, Facility.id)):
        yield Result(key, code, at, Concerned.FACILITY, record, name)


def _took_part(run: UUID, same: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(Placement.run_id == run, same)


def _judged(run: UUID, same: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(Verdict.run_id == run, same)
