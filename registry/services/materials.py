"""Lots of material a sponsor's batches need, and the centres where starting material is collected."""

from dataclasses import dataclass
from datetime import date
from typing import TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.access import visibility
from registry.access.permissions import Permission, require
from registry.access.subject import OrganisationId, Subject
from registry.models import CollectionCentre, MaterialLot, Organisation, Product
from registry.services.facilities import Seen
from registry.services.records import assign, check_version, found, keep, refuse_faults
from registry.vocabulary.countries import country_fault
from registry.vocabulary.lifecycle import MaterialState

Row = TypeVar("Row", MaterialLot, CollectionCentre)


@dataclass(frozen=True, slots=True)
class LotFacts:
    """A lot: usable from `released_on` + `transport_days`, for `doses` batches (None = unknown), until `expires_on`."""

    code: str
    state: MaterialState
    product_id: UUID | None = None
    starting_material: str | None = None
    released_on: date | None = None
    transport_days: int = 0
    doses: int | None = None
    expires_on: date | None = None
    agreement: str | None = None
    audited_on: date | None = None


@dataclass(frozen=True, slots=True)
class CentreFacts:
    """Where material is collected: ISO weekdays, chairs a week; degrees (WGS 84), city level."""

    code: str
    name: str
    country: str
    latitude: float | None = None
    longitude: float | None = None
    authorisation: str | None = None
    weekdays: tuple[int, ...] = ()
    chairs_a_week: int | None = None


def add_lot(session: Session, subject: Subject, sponsor_id: UUID, facts: LotFacts) -> MaterialLot:
    """Record a lot of a sponsor the subject may act for."""
    lot = MaterialLot(organisation_id=_sponsor(session, subject, sponsor_id))
    return _written(session, lot, facts, _lot_faults(session, sponsor_id, facts), "add lot")


def change_lot(session: Session, subject: Subject, seen: Seen, facts: LotFacts) -> MaterialLot:
    """Change what is said of a lot."""
    lot = _own(session, subject, MaterialLot, seen)
    return _written(session, lot, facts, _lot_faults(session, lot.organisation_id, facts), "change lot")


def add_centre(session: Session, subject: Subject, sponsor_id: UUID, facts: CentreFacts) -> CollectionCentre:
    """Record a centre where a sponsor's starting material is collected."""
    centre = CollectionCentre(organisation_id=_sponsor(session, subject, sponsor_id))
    return _written(session, centre, facts, _centre_faults(facts), "add collection centre")


def change_centre(session: Session, subject: Subject, seen: Seen, facts: CentreFacts) -> CollectionCentre:
    """Change what is said of a collection centre."""
    centre = _own(session, subject, CollectionCentre, seen)
    return _written(session, centre, facts, _centre_faults(facts), "change collection centre")


def remove_material(session: Session, subject: Subject, table: type[Row], seen: Seen) -> None:
    """Take a lot or a centre away; the trail keeps it, requests that named it name it no longer."""
    row = _own(session, subject, table, seen)
    session.delete(row)
    keep(session, f"remove {table.__tablename__.replace('_', ' ')}", "")


def _sponsor(session: Session, subject: Subject, sponsor_id: UUID) -> UUID:
    sponsor = found(session, Organisation, sponsor_id, visibility.organisations(subject))
    require(subject, Permission.EDIT_PRODUCT, OrganisationId(sponsor.id))
    return sponsor.id


def _own(session: Session, subject: Subject, table: type[Row], seen: Seen) -> Row:
    row = found(session, table, seen.id, visibility.of_sponsor(subject, table))
    require(subject, Permission.EDIT_PRODUCT, OrganisationId(row.organisation_id))
    check_version(row, seen.version)
    return row


def _written(session: Session, row: Row, facts: LotFacts | CentreFacts, faults: list[str | None], action: str) -> Row:
    refuse_faults([*faults, _code_fault(session, row, facts.code)], what="The record")
    assign(row, facts)
    session.add(row)
    keep(session, action, "")
    return row


def _code_fault(session: Session, row: Row, code: str) -> str | None:
    table = type(row)
    with session.no_autoflush:
        holder = session.scalar(
            select(table.id).where(table.organisation_id == row.organisation_id, table.code == code)
        )
    return None if holder in (None, row.id) else f"code: {code!r} is used already"


def _lot_faults(session: Session, sponsor_id: UUID, facts: LotFacts) -> list[str | None]:
    released = facts.state is MaterialState.RELEASED
    product = None if facts.product_id is None else session.get(Product, facts.product_id)
    foreign = facts.product_id is not None and (product is None or product.organisation_id != sponsor_id)
    over = facts.released_on and facts.expires_on and facts.expires_on <= facts.released_on
    return [
        "product_id: is no product of this sponsor" if foreign else None,
        "released_on: a released lot has the day of its release" if released and facts.released_on is None else None,
        "expires_on: is not after the release" if over else None,
    ]


def _centre_faults(facts: CentreFacts) -> list[str | None]:
    country = country_fault(facts.country)
    return [
        f"country: {country}" if country else None,
        "longitude: is missing; give both or none" if facts.latitude is not None and facts.longitude is None else None,
        "latitude: is missing; give both or none" if facts.longitude is not None and facts.latitude is None else None,
        None if set(facts.weekdays) <= set(range(1, 8)) else "weekdays: 1 is Monday, 7 is Sunday",
    ]
