"""The persons of a rehearsal: one account for each hat, tied to facilities and sponsors of it."""

from collections import Counter
from collections.abc import Mapping
from uuid import UUID

from matcher.facts import Facts
from registry import models
from registry.seeding.rows import Rows
from registry.vocabulary.lifecycle import DataSet
from registry.vocabulary.roles import Role

ROLE_AT_HOME = {
    "planner": Role.PLANNER,
    "qa": Role.QA,
    "planner-b": Role.PLANNER,
    "developer": Role.DEVELOPER,
    "developer-b": Role.DEVELOPER,
}
ON_THE_PLATFORM = {
    "coordinator": Role.COORDINATOR,
    "approver": Role.COORDINATOR,
    "auditor": Role.AUDITOR,
    "administrator": Role.ADMINISTRATOR,
}


def add_persons(
    rows: Rows, facts: Facts, organisations: Mapping[str, UUID], network: UUID, known: Mapping[str, UUID]
) -> None:
    """Gather planner and QA of one facility, a planner of another, two developers, and the people of the platform.

    Accounts that are `known` by their code are seated again, not made anew.
    """
    first, second = planners(facts)
    developers = sponsors(facts)
    at_home = {
        "planner": first,
        "qa": first,
        "planner-b": second,
        "developer": developers[0],
        "developer-b": developers[1],
    }
    for code, place in at_home.items():
        seat(rows, account(rows, code, known), ROLE_AT_HOME[code], organisations[place])
    seat(rows, account(rows, "delegate", known), Role.DELEGATE, network=network)
    for code, role in ON_THE_PLATFORM.items():
        seat(rows, account(rows, code, known), role)


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


def account(rows: Rows, code: str, known: Mapping[str, UUID]) -> UUID:
    """Return the key of an account, gathered unless it is there."""
    if code in known:
        return known[code]
    return rows.add(models.Person, code=code, name=f"Rehearsal {code}", data_set=DataSet.REHEARSAL, can_log_in=True)


def seat(rows: Rows, person: UUID, role: Role, organisation: UUID | None = None, network: UUID | None = None) -> None:
    """Gather a role of a person: in an organisation, in a network, or of the platform."""
    rows.add(models.Membership, person_id=person, role=role, organisation_id=organisation, network_id=network)
