"""What the bench of the API needs: a thousand facilities, a planner with a key, and a bare endpoint to compare with."""

import sys
from dataclasses import dataclass
from datetime import date
from typing import Any

import uvicorn
from fastapi import FastAPI
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session, sessionmaker

from api.schemas.facilities import PublicFacility
from api.schemas.page import Page
from api.serve import listen
from registry.access.subject import OPERATOR
from registry.database import act_as, engine, seal_trail
from registry.models import Facility, Membership, Organisation, Person, Site
from registry.queries.facilities import line_of, lines_of
from registry.services.accounts import issue_token
from registry.vocabulary.facilities import OrganisationKind, ServiceModel
from registry.vocabulary.lifecycle import DataSet, FacilityStatus, Publication
from registry.vocabulary.roles import Role

FACILITIES = 1000


@dataclass(frozen=True, slots=True)
class Prepared:
    """The header a planner calls with, its own facility, and others to read."""

    headers: dict[str, str]
    own: str
    facilities: tuple[str, ...]


def prepare(made: Engine) -> Prepared:
    """Write a thousand facilities and a planner of the first."""
    with Session(made) as session:
        act_as(session, OPERATOR)
        facilities = [_facility(session, number) for number in range(FACILITIES)]
        person = Person(code="planner", data_set=DataSet.LIVE)
        session.add(person)
        session.flush()
        own = facilities[0]
        session.add(Membership(person_id=person.id, role=Role.PLANNER, organisation_id=own.organisation_id))
        secret = issue_token(session, OPERATOR, person, "bench", None)
        keys = tuple(str(facility.id) for facility in facilities)
        seal_trail(session)
        session.commit()
    return Prepared({"Authorization": f"Bearer {secret}"}, keys[0], keys)


def _facility(session: Session, number: int) -> Facility:
    organisation = Organisation(
        data_set=DataSet.LIVE,
        code=f"O-{number}",
        name=f"Institute {number}",
        kind=OrganisationKind.HOSPITAL,
        country="DE",
    )
    session.add(organisation)
    session.flush()
    facility = Facility(
        organisation_id=organisation.id,
        data_set=DataSet.LIVE,
        code=f"F-{number}",
        name=f"Facility {number}",
        kind="academic_hospital",
        country="DE",
        status=FacilityStatus.OPERATING,
        publication=Publication.PUBLISHED,
        service_model=ServiceModel.CONTRACT,
        product_classes=["GTMP_exvivo"],
        confirmed_on=date(2026, 11, 2),
    )
    session.add(facility)
    session.flush()
    owner = {"facility_id": facility.id, "organisation_id": organisation.id}
    session.add(Site(**owner, code="S", country="DE", latitude=50.0, longitude=8.0 + number / 1000))
    return facility


def bare() -> FastAPI:
    """The same list from the same tables without accounts, rights, pages of keys, headers or a trail."""
    app = FastAPI()
    make = sessionmaker(engine())

    @app.get("/api/v1/facilities")
    def list_facilities(limit: int = 50) -> Page[PublicFacility]:
        """List facilities by name."""
        question = lines_of(select(Facility.id).order_by(Facility.name, Facility.id).limit(limit))
        with make() as session:
            items: list[Any] = [line_of(*row) for row in session.execute(question)]
        return Page[PublicFacility](items=[PublicFacility.model_validate(line) for line in items])

    return app


def serve(application: str) -> None:
    """Serve an application on any free port, and print the port once it listens."""
    with listen("127.0.0.1", 0) as listening:
        sys.stdout.write(f"{listening.getsockname()[1]}\n")
        sys.stdout.flush()
        settings = uvicorn.Config(application, factory=True, log_level="warning", access_log=False)
        uvicorn.Server(settings).run(sockets=[listening])


if __name__ == "__main__":
    serve(sys.argv[1])
