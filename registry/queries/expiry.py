"""What ends soon: a ladder of 180, 90 and 30 days for everything a start rests on."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.access import visibility
from registry.access.subject import Subject
from registry.models import (
    Authorisation,
    Certificate,
    Closure,
    Establishment,
    EstablishmentApproval,
    EstablishmentStage,
    Permit,
    QpCover,
    Suite,
)
from registry.models.base import Record
from registry.queries.closed_days import occurrences
from registry.vocabulary.facilities import ClosureKind

RUNGS = (30, 90, 180)
RELIANCE_YEARS = 3
"""Text on the Union-format GMP certificate: not to be relied on more than three years after the inspection."""
MEDIA_FILL_DAYS = 184
"""EudraLex Volume 4 Part IV, 9.51: process simulation about twice a year for each shift and process."""
PAIR_KINDS: dict[type[Any], str] = {
    EstablishmentStage: "evidence of a pair",
    EstablishmentApproval: "approval of a pair",
}
Row = TypeVar("Row", bound=Record)


class ExpiryKind(StrEnum):
    """What it is that ends."""

    AUTHORISATION = "authorisation"
    CERTIFICATE = "certificate"
    PERMIT = "permit"
    QP_COVER = "QP cover"
    MEDIA_FILL = "media fill"
    PAIR_EVIDENCE = "pair evidence"


@dataclass(frozen=True, slots=True)
class Expiry:
    """A record and the first day without it; `rung` 180, 90 or 30 days before, 0 once it is over."""

    kind: ExpiryKind
    record_id: UUID
    name: str
    on: date
    days: int
    rung: int


def rung_of(days: int) -> int | None:
    """Return the rung so many days before an end: 180, 90 or 30, 0 once it is over, None when it is further away."""
    return 0 if days <= 0 else next((rung for rung in RUNGS if days <= rung), None)


def expiring(session: Session, subject: Subject, facility_id: UUID, today: date) -> list[Expiry]:
    """Return what of a facility ends within 180 days or has ended, the next first; for its own people and overseers."""
    ends = [
        *_legal(session, subject, facility_id),
        *_media_fills(session, subject, facility_id, today),
        *_pairs(session, subject, facility_id),
    ]
    found = []
    for kind, key, name, on in ends:
        days = (on - today).days
        rung = rung_of(days)
        if rung is not None:
            found.append(Expiry(kind, key, name, on, days, rung))
    return sorted(found, key=lambda one: (one.on, one.kind, one.name))


def stepped_down(items: Iterable[Expiry], since: date, today: date) -> list[Expiry]:
    """Return those that stand on a lower rung today than they stood on at the day `since`."""
    passed = (today - since).days
    return [one for one in items if rung_of(one.days + passed) != one.rung]


End = tuple[ExpiryKind, UUID, str, date]


def _legal(session: Session, subject: Subject, facility_id: UUID) -> Iterator[End]:
    for licence in _inside(session, subject, Authorisation, facility_id):
        if licence.valid_to is not None:
            yield ExpiryKind.AUTHORISATION, licence.id, licence.code, licence.valid_to
    for certificate in _inside(session, subject, Certificate, facility_id):
        if certificate.withdrawn_on is None:
            yield ExpiryKind.CERTIFICATE, certificate.id, certificate.code, reliance_end(certificate)
    for permit in _inside(session, subject, Permit, facility_id):
        if permit.valid_to is not None:
            yield ExpiryKind.PERMIT, permit.id, permit.code, permit.valid_to
    for cover in _inside(session, subject, QpCover, facility_id):
        if cover.valid_to is not None:
            yield ExpiryKind.QP_COVER, cover.id, ", ".join(cover.classes), cover.valid_to


def reliance_end(certificate: Certificate) -> date:
    """Return the first day on which a certificate is no longer relied on, as its remarks say or after three years."""
    if certificate.reliance_until is not None:
        return certificate.reliance_until
    day = certificate.last_inspection
    leap = day.month == 2 and day.day == 29
    return day.replace(year=day.year + RELIANCE_YEARS, day=28 if leap else day.day) + timedelta(days=1)


def _media_fills(session: Session, subject: Subject, facility_id: UUID, today: date) -> Iterator[End]:
    """The last media fill of each suite, half a year on; a later one that is planned in time replaces it."""
    closures = _inside(session, subject, Closure, facility_id)
    suites = {suite.id: suite.name for suite in _inside(session, subject, Suite, facility_id)}
    until = today + timedelta(days=2 * MEDIA_FILL_DAYS)
    fills = sorted(
        (days.end, closure.id, closure.suite_id)
        for closure in closures
        if closure.kind is ClosureKind.MEDIA_FILL
        for days in occurrences(closure, until)
        if days.end is not None
    )
    last: dict[UUID | None, tuple[date, UUID]] = {}
    for ended, key, suite in fills:
        known = last.get(suite)
        if known is None or ended <= max(today, known[0] + timedelta(days=MEDIA_FILL_DAYS)):
            last[suite] = ended, key
    for filled, (ended, key) in last.items():
        name = "every suite" if filled is None else suites[filled]
        yield ExpiryKind.MEDIA_FILL, key, name, ended + timedelta(days=MEDIA_FILL_DAYS)


def _pairs(session: Session, subject: Subject, facility_id: UUID) -> Iterator[End]:
    own = select(Establishment.id).where(
        visibility.establishments(subject),
        Establishment.facility_id == facility_id,
    )
    for table, name in PAIR_KINDS.items():
        rows = session.scalars(
            select(table).where(
                visibility.of_pair(subject, table), table.establishment_id.in_(own), table.expires_on.is_not(None)
            )
        )
        for row in rows:
            yield ExpiryKind.PAIR_EVIDENCE, row.id, name, row.expires_on


def _inside(session: Session, subject: Subject, table: type[Row], facility_id: UUID) -> list[Row]:
    owned: Any = table
    seen = visibility.inside_facility(subject, table)
    return list(session.scalars(select(table).where(seen, owned.facility_id == facility_id)))
