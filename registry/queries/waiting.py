"""What waits for somebody: whatever only a person in its role can move on, with the day by which it should be done."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from registry.access import visibility
from registry.access.parts import with_part
from registry.access.permissions import Permission, may
from registry.access.subject import OrganisationId, Subject
from registry.models import Facility, Policy, Request, Round, Run
from registry.queries.attestation import AttestationState, attestation_of
from registry.queries.confirmations import calendar_freshness
from registry.queries.expiry import expiring
from registry.vocabulary.facilities import Freshness
from registry.vocabulary.lifecycle import DataSet, RequestState, RoundKind, RoundState, RunState

ATTEST_SOON = timedelta(days=30)
SHOWN_RUNG = 90
MOST = 200
"""Of each kind: whoever has more than this waiting does not need a longer list."""


class WaitingKind(StrEnum):
    """Why something waits."""

    CONFIRM_CALENDAR = "calendar to confirm"
    ATTEST_LEGAL_RECORD = "legal record to attest"
    RENEW = "document that ends"
    RETURNED_REQUEST = "request returned"
    SCREEN_REQUEST = "request to screen"
    REVIEW_URGENCY = "urgency to review"
    APPROVE_POLICY = "policy to approve"
    APPROVE_ROUND = "round to approve"
    PUBLISH_RUN = "calculation to publish"


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing to do about a record; `name` says which in words, `due` None = no day is set."""

    kind: WaitingKind
    record_id: UUID
    name: str
    due: date | None


def waiting_for(session: Session, subject: Subject, data_set: DataSet, today: date) -> list[Waiting]:
    """Return what waits for the subject, the most urgent first; what has no day comes last."""
    found = [
        *_at_facilities(session, subject, data_set, today),
        *_requests(session, subject, data_set),
        *_coordination(session, subject, data_set),
    ]
    return sorted(found, key=lambda one: (one.due or date.max, one.kind, one.name, str(one.record_id)))


def _at_facilities(session: Session, subject: Subject, data_set: DataSet, today: date) -> Iterator[Waiting]:
    facilities = session.execute(
        select(Facility.id, Facility.name, Facility.organisation_id)
        .where(
            visibility.inside_facility(subject, Facility),
            Facility.organisation_id.in_(subject.organisations),
            Facility.data_set == data_set,
        )
        .order_by(Facility.name, Facility.id)
        .limit(MOST)
    ).all()
    for key, name, owner in facilities:
        place = OrganisationId(owner)
        if may(subject, Permission.CONFIRM_CALENDAR, place):
            yield from _calendar(session, subject, key, name, today)
        if may(subject, Permission.ATTEST_LICENCES, place):
            yield from _legal(session, subject, key, name, today)


def _calendar(session: Session, subject: Subject, key: UUID, name: str, today: date) -> Iterator[Waiting]:
    fresh = calendar_freshness(session, subject, key, today)
    if fresh is not None and fresh.state is not Freshness.CURRENT:
        days = fresh.excluded_in_days
        due = today if days is None else today + timedelta(days=days)
        yield Waiting(WaitingKind.CONFIRM_CALENDAR, key, name, due)


def _legal(session: Session, subject: Subject, key: UUID, name: str, today: date) -> Iterator[Waiting]:
    signed = attestation_of(session, subject, key, today)
    soon = signed.until is not None and signed.until - today <= ATTEST_SOON
    if signed.state is not AttestationState.CURRENT or soon:
        due = signed.until if signed.state is AttestationState.CURRENT else today
        yield Waiting(WaitingKind.ATTEST_LEGAL_RECORD, key, name, due)
    for end in expiring(session, subject, key, today):
        if end.rung <= SHOWN_RUNG:
            yield Waiting(WaitingKind.RENEW, key, f"{name}: {end.kind.value} {end.name}", end.on)


def _requests(session: Session, subject: Subject, data_set: DataSet) -> Iterator[Waiting]:
    returned = Request.organisation_id.in_(subject.organisations) & (Request.state == RequestState.RETURNED)
    for request in _some(session, subject, data_set, returned):
        if may(subject, Permission.EDIT_REQUEST, OrganisationId(request.organisation_id)):
            yield Waiting(WaitingKind.RETURNED_REQUEST, request.id, request.label, None)
    for kind, permission, which in (
        (WaitingKind.SCREEN_REQUEST, Permission.SCREEN_REQUEST, Request.state == RequestState.SUBMITTED),
        (WaitingKind.REVIEW_URGENCY, Permission.DECIDE_URGENCY, _urgency_waits_for(subject)),
    ):
        found = [
            request
            for request in _some(session, subject, data_set, which)
            if may(subject, permission, OrganisationId(request.organisation_id))
        ]
        party = with_part(session, subject, [request.id for request in found]) if found else frozenset()
        for request in found:
            if request.id not in party:
                yield Waiting(kind, request.id, request.label, None)


def _urgency_waits_for(subject: Subject) -> ColumnElement[bool]:
    """Accepted requests without a class, and those whose class another reviewer has stated."""
    stated = Request.urgency_stated.is_not(None)
    by_another = stated & Request.urgency_stated_by_id.is_distinct_from(subject.person)
    nobody = Request.urgency_decided.is_(None) & ~stated
    return Request.state.in_((RequestState.SUBMITTED, RequestState.READY)) & or_(nobody, by_another)


def _some(session: Session, subject: Subject, data_set: DataSet, which: ColumnElement[bool]) -> list[Request]:
    question = select(Request).where(visibility.requests(subject), Request.data_set == data_set, which)
    return list(session.scalars(question.order_by(Request.label, Request.id).limit(MOST)))


def _coordination(session: Session, subject: Subject, data_set: DataSet) -> Iterator[Waiting]:
    """What needs a second person: never what the subject itself began."""
    me = subject.person
    if may(subject, Permission.APPROVE_POLICY):
        half = Policy.second_approver_id.is_(None) & or_(
            Policy.first_approver_id.is_(None), Policy.first_approver_id != me
        )
        for policy in session.scalars(select(Policy).where(half).order_by(Policy.code, Policy.number).limit(MOST)):
            yield Waiting(WaitingKind.APPROVE_POLICY, policy.id, f"{policy.title}, version {policy.number}", None)
    if may(subject, Permission.PUBLISH_RUN):
        official = Round.kind != RoundKind.WHAT_IF
        open_rounds = select(Round).where(
            visibility.rounds(subject),
            Round.data_set == data_set,
            official,
            Round.state == RoundState.CLOSED,
            Round.approved_by_id.is_(None),
            Round.started_by_id.is_distinct_from(me),
        )
        for held in session.scalars(open_rounds.order_by(Round.code).limit(MOST)):
            yield Waiting(WaitingKind.APPROVE_ROUND, held.id, held.code, None)
        checked = (
            select(Run.id, Round.code)
            .join(Round, Round.id == Run.round_id)
            .where(visibility.runs(subject), Run.data_set == data_set, official, Run.state == RunState.CHECKED)
            .where(Round.state != RoundState.PUBLISHED, Run.created_by.is_distinct_from(me))
        )
        for key, code in session.execute(checked.order_by(Round.code, Run.id).limit(MOST)):
            yield Waiting(WaitingKind.PUBLISH_RUN, key, f"round {code}", None)
