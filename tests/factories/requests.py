"""Products and requests for tests."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from registry.models import Batch, Organisation, ProcessVersion, Product, Request, RequestPlace
from registry.vocabulary.products import BatchKind, Donor, InputState, Pathway, ProductClass, Stage, Vector
from tests.factories.facilities import added, numbers, organisation

LATE = date(2099, 12, 28)
"""The end of a window that no test outlives."""


def product(session: Session, sponsor: Organisation | None = None, **facts: Any) -> Product:
    """An autologous CAR-T cell product of a sponsor, by default of a new one."""
    sponsor = sponsor or organisation(session)
    n = next(numbers)
    usual = {
        "code": f"P-{n}",
        "working_name": f"Product {n}",
        "product_class": ProductClass.GTMP_EX_VIVO,
        "donor": Donor.AUTOLOGOUS,
        "vector": Vector.LENTIVIRAL,
        "family": "car_t",
    }
    owner = {"organisation_id": sponsor.id, "data_set": sponsor.data_set}
    return added(session, Product(**{**owner, **usual, **facts}))


def process(session: Session, of: Product, **facts: Any) -> ProcessVersion:
    """The first version of a process that holds a place for twelve days."""
    usual = {"platform": "closed_automated", "stay_days": 12}
    return added(session, ProcessVersion(product_id=of.id, organisation_id=of.organisation_id, **{**usual, **facts}))


def request(session: Session, of: ProcessVersion | None = None, **facts: Any) -> Request:
    """A trial that asks for cell product, without batches yet."""
    of = of or process(session, product(session))
    made_of = session.get_one(Product, of.product_id)
    n = next(numbers)
    usual = {
        "organisation_id": of.organisation_id,
        "data_set": made_of.data_set,
        "product_id": of.product_id,
        "process_version_id": of.id,
        "code": f"Q-{n}",
        "label": f"Request {n}",
        "stage": Stage.CELL_PRODUCT,
        "pathway": Pathway.TRIAL,
        "phase": "1/2",
        "input_state": InputState.FRESH,
    }
    return added(session, Request(**{**usual, **facts}))


def batch(session: Session, of: Request, **facts: Any) -> Batch:
    """One patient batch to be started in December 2026."""
    n = next(numbers)
    usual = {
        "code": f"B-{n}",
        "position": n,
        "kind": BatchKind.PATIENT,
        "earliest": date(2026, 11, 30),
        "latest": date(2026, 12, 28),
        "patients": 1,
    }
    return added(session, Batch(request_id=of.id, organisation_id=of.organisation_id, **{**usual, **facts}))


def places(session: Session, of: Request) -> None:
    """A treating hospital and a place of collection."""
    at = {
        "request_id": of.id,
        "organisation_id": of.organisation_id,
        "country": "DE",
        "latitude": 50.0,
        "longitude": 8.5,
    }
    for position, use in enumerate(("treating", "collection")):
        added(session, RequestPlace(**at, use=use, position=position))
