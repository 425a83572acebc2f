"""Facilities for tests: each call adds a row with plausible facts, any of which a test may name itself."""

from datetime import date
from itertools import count
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from registry.models import (
    Authorisation,
    Base,
    Equipment,
    Facility,
    Organisation,
    ScopeLine,
    Site,
    StartsStatement,
    Suite,
)
from registry.vocabulary.facilities import OrganisationKind, PlaceKind, ServiceModel, StartsClass
from registry.vocabulary.lifecycle import DataSet, FacilityStatus, Publication
from registry.vocabulary.regulation import AuthorisationKind, ProductType

Row = TypeVar("Row", bound=Base)
numbers = count(1)


def added(session: Session, row: Row) -> Row:
    """Add a row and let the database fill what it fills."""
    session.add(row)
    session.flush()
    return row


def organisation(session: Session, **facts: Any) -> Organisation:
    """A hospital in Germany."""
    n = next(numbers)
    usual = {"data_set": DataSet.LIVE, "kind": OrganisationKind.HOSPITAL, "country": "DE"}
    return added(session, Organisation(**{"code": f"O-{n}", "name": f"Organisation {n}", **usual, **facts}))


def facility(session: Session, owner: Organisation | None = None, **facts: Any) -> Facility:
    """A published contract facility of an organisation, by default of a new one."""
    owner = owner or organisation(session)
    n = next(numbers)
    usual = {
        "organisation_id": owner.id,
        "data_set": owner.data_set,
        "code": f"F-{n}",
        "name": f"Facility {n}",
        "kind": "academic_hospital",
        "country": owner.country,
        "status": FacilityStatus.OPERATING,
        "publication": Publication.PUBLISHED,
        "service_model": ServiceModel.CONTRACT,
    }
    return added(session, Facility(**{**usual, **facts}))


def site(session: Session, of: Facility, **facts: Any) -> Site:
    """A site in the middle of Germany."""
    usual = {"code": f"S-{next(numbers)}", "country": of.country, "latitude": 50.5, "longitude": 10.25}
    return added(session, Site(facility_id=of.id, organisation_id=of.organisation_id, **{**usual, **facts}))


def suite(session: Session, at: Site, **facts: Any) -> Suite:
    """A room for one stay at a time."""
    n = next(numbers)
    usual = {"code": f"R-{n}", "name": f"Room {n}", "places": 1, "place_kind": PlaceKind.ROOM, "one_product": True}
    owner = {"site_id": at.id, "facility_id": at.facility_id, "organisation_id": at.organisation_id}
    return added(session, Suite(**{**owner, **usual, **facts}))


def equipment(session: Session, of: Suite, **facts: Any) -> Equipment:
    """Two isolated cell processors."""
    owner = {"suite_id": of.id, "facility_id": of.facility_id, "organisation_id": of.organisation_id}
    return added(session, Equipment(**{**owner, "equipment_class": "closed_processor", "count": 2, **facts}))


def authorisation(session: Session, at: Site, operations: tuple[str, ...] = ("1.1",), **facts: Any) -> Authorisation:
    """An authorisation for investigational products, held by the facility's own organisation."""
    owner = {"facility_id": at.facility_id, "organisation_id": at.organisation_id}
    usual = {
        "site_id": at.id,
        "code": f"A-{next(numbers)}",
        "kind": AuthorisationKind.MIA_IMP,
        "holder_id": at.organisation_id,
        "product_type": ProductType.IMP,
        "valid_from": date(2025, 1, 1),
        "valid_to": date(2030, 1, 1),
        "complete": True,
    }
    made = added(session, Authorisation(**{**owner, **usual, **facts}))
    for operation in operations:
        added(session, ScopeLine(**owner, authorisation_id=made.id, operation=operation))
    return made


def starts(session: Session, of: Facility, **facts: Any) -> StartsStatement:
    """Two firm, pooled starts a week from a Monday on."""
    usual = {
        "platform": "closed_automated",
        "starts": date(2026, 11, 30),
        "ends": None,
        "starts_per_week": 2,
        "starts_class": StartsClass.FIRM,
        "pooled": True,
    }
    owner = {"facility_id": of.id, "organisation_id": of.organisation_id}
    return added(session, StartsStatement(**{**owner, **usual, **facts}))
