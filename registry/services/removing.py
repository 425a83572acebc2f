"""What was entered by mistake is taken back: the trail keeps it, and what something rests on stays.

A legal record that QA attested is part of what was signed: it is ended, not taken back.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from registry.access import visibility
from registry.access.permissions import Permission, require
from registry.access.subject import OPERATOR, OrganisationId, Subject
from registry.errors import NotVisibleError, WrongStateError
from registry.models import (
    Authorisation,
    AuthorisedSuite,
    Booking,
    Certificate,
    Closure,
    Confirmation,
    Equipment,
    Establishment,
    FacilityLimit,
    MaterialLot,
    NonCompliance,
    Opening,
    Permit,
    Placement,
    Product,
    Request,
    Site,
    StartsStatement,
    Suite,
    Verdict,
)
from registry.models.base import Record
from registry.services.facilities import Seen
from registry.services.records import acting_for_a_moment, check_version, facility_for, found, keep, require_any, within
from registry.vocabulary.lifecycle import BookingState, ConfirmationSubject

Legal = Authorisation | Certificate | NonCompliance | Permit
ENDED_BY: Mapping[type[Legal], str] = {
    Authorisation: "valid_to",
    Certificate: "withdrawn_on",
    NonCompliance: "closed_on",
    Permit: "valid_to",
}
"""The field by which a legal record is ended."""
LIVE = (BookingState.HELD, BookingState.CONFIRMED)


def remove_site(session: Session, subject: Subject, seen: Seen) -> None:
    """Take an address back on which nothing stands: no suite, no legal record, no pair with a product."""
    site = found(session, Site, seen.id, visibility.with_facility(subject, Site))
    require_any(subject, site.organisation_id, Permission.EDIT_FACILITY)
    hanging: dict[str, ColumnElement[bool]] = {
        "suites": Suite.site_id == site.id,
        "authorisations": Authorisation.site_id == site.id,
        "certificates": Certificate.site_id == site.id,
        "statements of non-compliance": NonCompliance.site_id == site.id,
        "permits": Permit.site_id == site.id,
        "pairs with a product": Establishment.site_id == site.id,
    }
    _remove(session, subject, site, seen, hanging)


def remove_suite(session: Session, subject: Subject, seen: Seen) -> None:
    """Take rooms back in which no stay ever was, which hold no equipment, and of which nothing else is recorded."""
    suite = within(session, subject, Suite, seen.id)
    require_any(subject, suite.organisation_id, Permission.EDIT_FACILITY)
    hanging: dict[str, ColumnElement[bool]] = {
        "stays": Booking.suite_id == suite.id,
        "records of equipment": Equipment.suite_id == suite.id,
        "openings": Opening.suite_id == suite.id,
        "closures": Closure.suite_id == suite.id,
        "authorisations limited to rooms": AuthorisedSuite.suite_id == suite.id,
        "verdicts of calculations": Verdict.suite_id == suite.id,
        "placements of calculations": Placement.suite_id == suite.id,
    }
    _remove(session, subject, suite, seen, hanging)


def remove_equipment(session: Session, subject: Subject, seen: Seen) -> None:
    """Take devices back, unless a stay is held or confirmed in their suite; planner or QA."""
    equipment = within(session, subject, Equipment, seen.id)
    require_any(subject, equipment.organisation_id, Permission.EDIT_FACILITY, Permission.EDIT_CALENDAR)
    stays = (Booking.suite_id == equipment.suite_id) & Booking.state.in_(LIVE)
    _remove(session, subject, equipment, seen, {"stays in its suite": stays})


def remove_legal_record(session: Session, subject: Subject, table: type[Legal], seen: Seen) -> None:
    """Take a legal record back that QA has not attested yet; what was attested is ended."""
    row: Legal = within(session, subject, table, seen.id)
    require_any(subject, row.organisation_id, Permission.EDIT_LICENCES)
    check_version(row, seen.version)
    attested = session.scalar(
        select(func.min(Confirmation.confirmed_on)).where(
            Confirmation.facility_id == row.facility_id,
            Confirmation.subject == ConfirmationSubject.LEGAL,
            Confirmation.created_at >= row.created_at,
        )
    )
    if attested is not None:
        raise WrongStateError(
            f"The {_name(row)} {row.code} was attested on {attested} and stays on record.",
            f"End it: change it and give {ENDED_BY[table]}.",
        )
    _remove(session, subject, row, seen, {})


def remove_limit(session: Session, subject: Subject, facility_id: UUID, limit_id: UUID) -> None:
    """Take a private limit back: nothing of its kind is limited by it any more; the calendar was seen before."""
    facility = facility_for(session, subject, facility_id, Permission.EDIT_CALENDAR)
    limit = session.scalars(
        select(FacilityLimit).where(FacilityLimit.id == limit_id, FacilityLimit.facility_id == facility.id)
    ).one_or_none()
    if limit is None:
        raise NotVisibleError("There is no such limit.")
    session.delete(limit)
    keep(session, "remove limit", "")


def take_back_starts(session: Session, subject: Subject, facility_id: UUID, platform: str, today: date) -> None:
    """Take back what is stated of a platform from this week on; weeks that are over stay as they were stated."""
    facility = facility_for(session, subject, facility_id, Permission.EDIT_CALENDAR)
    monday = today - timedelta(days=today.weekday())
    rows = session.scalars(
        select(StartsStatement).where(StartsStatement.facility_id == facility.id, StartsStatement.platform == platform)
    ).all()
    if not rows:
        raise NotVisibleError("There is no statement of starts on this platform.")
    lasting = [row for row in rows if row.ends is None or row.ends > monday]
    if not lasting:
        raise WrongStateError(
            "Every week that was stated is over and stays as it was.", "There is nothing to take back."
        )
    for row in lasting:
        if row.starts < monday:
            row.ends = monday
        else:
            session.delete(row)
    keep(session, "take back starts", "")


def remove_product(session: Session, subject: Subject, seen: Seen) -> None:
    """Take a product back, with the versions of its process, for which nobody asked and no lot or pair is recorded."""
    product = found(session, Product, seen.id, visibility.products(subject))
    require(subject, Permission.EDIT_PRODUCT, OrganisationId(product.organisation_id))
    hanging: dict[str, ColumnElement[bool]] = {
        "requests": Request.product_id == product.id,
        "lots of material": MaterialLot.product_id == product.id,
        "pairs with a facility": Establishment.product_id == product.id,
    }
    _remove(session, subject, product, seen, hanging)


def _remove(
    session: Session, subject: Subject, row: Record, seen: Seen, hanging: Mapping[str, ColumnElement[bool]]
) -> None:
    """Lock a row, look at everything that hangs on it, seen by the subject or not, and delete it when that is nothing."""
    table: Any = type(row)
    if session.scalar(select(table.id).where(table.id == row.id).with_for_update()) is None:
        raise NotVisibleError(f"There is no such {_name(row)} any more.")
    session.refresh(row)
    check_version(row, seen.version)
    with acting_for_a_moment(session, subject, OPERATOR):
        counts = {name: session.scalar(select(func.count()).where(rule)) or 0 for name, rule in hanging.items()}
    depends = [f"{name} ({count})" for name, count in counts.items() if count]
    if depends:
        raise WrongStateError(
            f"The {_name(row)} stays, because something depends on it: {', '.join(depends)}.",
            "Take these back first where they were entered by mistake; otherwise change the record.",
        )
    session.delete(row)
    keep(session, f"remove {_name(row)}", "")


def _name(row: Record) -> str:
    return str(row.__tablename__).replace("_", " ")
