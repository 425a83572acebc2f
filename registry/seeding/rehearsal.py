"""A rehearsal → rows of the data set `rehearsal`; a snapshot of them gives back equal facts."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matcher.facts import Facts
from registry import models
from registry.rehearsal import Rehearsal
from registry.seeding.facilities import GENERATED, add_facility
from registry.seeding.persons import add_persons, planners
from registry.seeding.requests import add_request
from registry.seeding.rows import Rows
from registry.vocabulary.facilities import OrganisationKind
from registry.vocabulary.lifecycle import DataSet

NETWORK = "rehearsal-network"


def accounts(session: Session) -> Mapping[str, UUID]:
    """Return the accounts an earlier rehearsal left, by their codes."""
    rows = session.scalars(select(models.Person).where(models.Person.data_set == DataSet.REHEARSAL))
    return {person.code: person.id for person in rows}


def rehearsal_is_loaded(session: Session) -> bool:
    """Whether a rehearsal is there; while it is, it is what lists and pages show."""
    there = select(func.count()).select_from(models.Facility).where(models.Facility.data_set == DataSet.REHEARSAL)
    return bool(session.scalar(there))


def seed_rehearsal(session: Session, rehearsal: Rehearsal) -> int:
    """Load a rehearsal with its persons unless one is there; return how many rows were written, 0 for none."""
    if rehearsal_is_loaded(session):
        return 0
    facts = rehearsal.facts
    rows = Rows()
    network = session.scalar(select(models.Network.id).where(models.Network.code == NETWORK))
    if network is None:
        network = rows.add(models.Network, code=NETWORK, name="Rehearsal network")
    organisations = add_organisations(rows, facts, network)
    facilities = {facility.id: add_facility(rows, facility, organisations) for facility in facts.facilities}
    for request in facts.requests:
        add_request(rows, request, organisations, facilities, facts.known_on)
    add_persons(rows, facts, organisations, network, accounts(session))
    return rows.write(session)


def add_organisations(rows: Rows, facts: Facts, network: UUID) -> Mapping[str, UUID]:
    """Gather owners of facilities and sponsors and return their keys by alias.

    The network has the owners in the country of the facility that `planner` works for.
    """
    places: dict[str, tuple[OrganisationKind, str]] = {}
    for request in facts.requests:
        places.setdefault(request.sponsor, (request.sponsor_kind, request.treating[0].country))
    owners = {facility.organisation: facility for facility in facts.facilities}
    places |= {alias: (facility.organisation_kind, facility.country) for alias, facility in owners.items()}
    home = owners[planners(facts)[0]].country
    return {
        alias: rows.add(
            models.Organisation,
            data_set=DataSet.REHEARSAL,
            code=alias,
            name=alias,
            kind=kind,
            country=country,
            network_id=network if alias in owners and country == home else None,
            **GENERATED,
        )
        for alias, (kind, country) in sorted(places.items())
    }
