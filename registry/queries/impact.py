"""What a closure, a suspension, an outage or an expiry would hit, asked before it is saved."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from registry.access import visibility
from registry.access.subject import Subject
from registry.models import (
    Authorisation,
    AuthorisedSuite,
    Booking,
    Certificate,
    Equipment,
    Facility,
    Permit,
    Placement,
    QpCover,
    Suite,
    Verdict,
)
from registry.vocabulary.lifecycle import BookingKind, BookingState
from registry.vocabulary.periods import Days
from registry.vocabulary.results import Status

PROPOSED = "proposed"


@dataclass(frozen=True, slots=True)
class Hit:
    """One stay that would be hit, from `starts` (in) to `ends` (out), and what it is."""

    what: str
    suite_id: UUID
    starts: date
    ends: date


@dataclass(frozen=True, slots=True)
class Impact:
    """Stays held, reserved, called off and of own use; starts placed in the newest calculation; requests that wait.

    A request waits when the newest calculation found one of the suites possible and placed none of its starts there.
    `dates` are for the facility's own people only.
    """

    held: int
    reserved: int
    called_off: int
    own_use: int
    placed: int
    waiting: int
    dates: tuple[Hit, ...]


def impact_of_closure(
    session: Session, subject: Subject, facility_id: UUID, suite_id: UUID | None, periods: Iterable[Days]
) -> Impact | None:
    """Return what closing a suite, or without one the facility, on these days would hit; None when not the subject's to see."""
    suites = _suites(session, subject, Suite.facility_id == facility_id)
    chosen = suites if suite_id is None else suites & {suite_id}
    return _impact(session, subject, facility_id, chosen, list(periods))


def impact_of_outage(session: Session, subject: Subject, equipment_id: UUID, days: Days) -> Impact | None:
    """Return what the outage of equipment would hit: every stay in its suite on these days."""
    equipment = session.scalars(
        select(Equipment).where(visibility.inside_facility(subject, Equipment), Equipment.id == equipment_id)
    ).one_or_none()
    if equipment is None:
        return None
    return _impact(session, subject, equipment.facility_id, {equipment.suite_id}, [days])


def impact_of_suspension(session: Session, subject: Subject, authorisation_id: UUID, days: Days) -> Impact | None:
    """Return what rests on an authorisation on days on which it is suspended, or from its end on."""
    licence = session.scalars(
        select(Authorisation).where(
            visibility.inside_facility(subject, Authorisation), Authorisation.id == authorisation_id
        )
    ).one_or_none()
    if licence is None:
        return None
    if licence.whole_site:
        covered = _suites(session, subject, Suite.site_id == licence.site_id)
    else:
        rooms = select(AuthorisedSuite.suite_id).where(AuthorisedSuite.authorisation_id == licence.id)
        covered = set(session.scalars(rooms))
    return _impact(session, subject, licence.facility_id, covered, [days])


def impact_of_expiry(
    session: Session, subject: Subject, table: type[Certificate | Permit | QpCover], record_id: UUID, days: Days
) -> Impact | None:
    """Return what rests on a certificate, a permit or the cover by a Qualified Person on days without it.

    Certificates and permits are of a site, the cover is of the whole facility.
    """
    question = select(table).where(visibility.inside_facility(subject, table), table.id == record_id)
    record: Any = session.scalars(question).one_or_none()
    if record is None:
        return None
    at = Suite.facility_id == record.facility_id if isinstance(record, QpCover) else Suite.site_id == record.site_id
    return _impact(session, subject, record.facility_id, _suites(session, subject, at), [days])


def _suites(session: Session, subject: Subject, condition: ColumnElement[bool]) -> set[UUID]:
    return set(session.scalars(select(Suite.id).where(visibility.inside_facility(subject, Suite), condition)))


def _impact(
    session: Session, subject: Subject, facility_id: UUID, suites: set[UUID], periods: list[Days]
) -> Impact | None:
    facility = session.scalars(
        select(Facility).where(Facility.id == facility_id, visibility.inside_facility(subject, Facility))
    ).one_or_none()
    if facility is None:
        return None
    stays = _stays(session, subject, suites, periods)
    placed = _placed(session, subject, facility_id, suites, periods)
    words = [what for what, _ in stays.values()]
    hits = [hit for _, hit in stays.values()] + placed
    own = facility.organisation_id in subject.organisations
    return Impact(
        held=words.count(BookingState.HELD),
        reserved=words.count(BookingKind.RESERVATION),
        called_off=words.count(BookingKind.CALL_OFF),
        own_use=words.count(BookingKind.OWN),
        placed=len(placed),
        waiting=_waiting(session, subject, facility_id, suites) if suites and periods else 0,
        dates=tuple(sorted(hits, key=lambda hit: (hit.starts, hit.ends, hit.what))) if own else (),
    )


def _overlapping(starts: ColumnElement[date], ends: ColumnElement[date], periods: list[Days]) -> ColumnElement[bool]:
    each = [ends > days.start if days.end is None else (ends > days.start) & (starts < days.end) for days in periods]
    return or_(False, *each)


def _stays(session: Session, subject: Subject, suites: set[UUID], periods: list[Days]) -> dict[UUID, tuple[str, Hit]]:
    """Live stays by their key, however many places each holds."""
    rows = session.scalars(
        select(Booking).where(
            visibility.bookings(subject),
            Booking.suite_id.in_(suites),
            Booking.state.in_((BookingState.HELD, BookingState.CONFIRMED)),
            _overlapping(Booking.starts.expression, Booking.ends.expression, periods),
        )
    )
    stays = {}
    for row in rows:
        what = BookingState.HELD.value if row.state is BookingState.HELD else row.kind.value
        stays[row.stay_id] = what, Hit(what, row.suite_id, row.starts, row.ends)
    return stays


def _newest_run(session: Session, subject: Subject, facility_id: UUID) -> UUID | None:
    """The newest calculation that judged the facility; every calculation writes a verdict on each pair."""
    return session.scalars(
        select(Verdict.run_id)
        .where(visibility.verdicts(subject), Verdict.facility_id == facility_id)
        .order_by(Verdict.calculated_at.desc(), Verdict.run_id)
        .limit(1)
    ).first()


def _placed(session: Session, subject: Subject, facility_id: UUID, suites: set[UUID], periods: list[Days]) -> list[Hit]:
    rows = session.scalars(
        select(Placement).where(
            visibility.placements(subject),
            Placement.run_id == _newest_run(session, subject, facility_id),
            Placement.plan == PROPOSED,
            Placement.suite_id.in_(suites),
            _overlapping(Placement.starts.expression, Placement.ends.expression, periods),
        )
    )
    return [Hit("placed", row.suite_id, row.starts, row.ends) for row in rows]


def _waiting(session: Session, subject: Subject, facility_id: UUID, suites: set[UUID]) -> int:
    run = _newest_run(session, subject, facility_id)
    possible = session.scalars(
        select(Verdict.request_id)
        .distinct()
        .where(
            visibility.verdicts(subject),
            Verdict.run_id == run,
            Verdict.suite_id.in_(suites),
            Verdict.status != Status.FAIL,
        )
    )
    here = session.scalars(
        select(Placement.request_id)
        .distinct()
        .where(
            visibility.placements(subject),
            Placement.run_id == run,
            Placement.plan == PROPOSED,
            Placement.facility_id == facility_id,
        )
    )
    return len(set(possible) - set(here))
