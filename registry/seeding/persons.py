"""The persons of a rehearsal: one account for each hat, tied to facilities and sponsors of it."""

from collections import Counter
from collections.abc import Mapping
from uuid import UUID

from matcher.facts import Facts
from registry import models
from registry.seeding.rows import Rows
from registry.vocabulary.lifecycle import DataSet
from registry.vocabulary.roles import Role

ON_THE_PLATFORM = {
    "coordinator": Role.COORDINATOR,
    "approver": Role.COORDINATOR,
    "auditor": Role.AUDITOR,
    "administrator": Role.ADMINISTRATOR,
}


def add_persons(rows: Rows, facts: Facts, organisations: Mapping[str, UUID], network: UUID) -> None:
    """Gather planner and QA of one facility, a planner of another, two developers, and the people of the platform."""
    first, second = planners(facts)
    developers = sponsors(facts)
    add_person(rows, "planner", Role.PLANNER, organisations[first])
    add_person(rows, "qa", Role.QA, organisations[first])
    add_person(rows, "planner-b", Role.PLANNER, organisations[second])
    add_person(rows, "developer", Role.DEVELOPER, organisations[developers[0]])
    add_person(rows, "developer-b", Role.DEVELOPER, organisations[developers[1]])
    add_person(rows, "delegate", Role.DELEGATE, network=network)
    for code, role in ON_THE_PLATFORM.items():
        add_person(rows, code, role)


def planners(facts: Facts) -> tuple[str, str]:
    """Return two organisations with facilities, those with the most open suites; the same twice if there is one only."""
    suites: Counter[str] = Counter()
    for facility in facts.facilities:
        suites[facility.organisation] += sum(1 for site in facility.sites for suite in site.suites if suite.open)
    order = sorted(suites, key=lambda organisation: (-suites[organisation], organisation))
    return order[0], order[min(1, len(order) - 1)]


def sponsors(facts: Facts) -> tuple[str, str]:
    """Return the two sponsors with the most requests; the same twice if there is one only."""
    requests = Counter(request.sponsor for request in facts.requests)
    order = sorted(requests, key=lambda sponsor: (-requests[sponsor], sponsor))
    return order[0], order[min(1, len(order) - 1)]


def add_person(
    rows: Rows, code: str, role: Role, organisation: UUID | None = None, network: UUID | None = None
) -> None:
    person = rows.add(models.Person, code=code, name=f"Rehearsal {code}", data_set=DataSet.REHEARSAL, can_log_in=True)
    rows.add(models.Membership, person_id=person, role=role, organisation_id=organisation, network_id=network)
