"""A facility reads what it could have changed once a calculation is published: proved, without numbers, naming nobody."""

import hashlib
from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import select

from matcher.explain.changes import Counterfactual, Side
from matcher.explain.explaining import WhatIf, explain_all
from registry.access.subject import OPERATOR, Subject
from registry.database import unit_of_work
from registry.errors import NotVisibleError
from registry.matching.disclosure import all_texts, names_in
from registry.matching.documents import canonical, to_document
from registry.matching.facility_changes import FacilityChanges, changes_told
from registry.matching.publishing import publish
from registry.models import AuditEvent, Facility, Organisation
from registry.models import WhatIf as WhatIfRow
from registry.vocabulary.roles import Role
from tests.matcher.explain.tight import calculated, tight_facts
from tests.registry.matching.small import REASON, Small, publication_proof, small_facts
from tests.registry.services.house import member

pytestmark = [pytest.mark.database, pytest.mark.xdist_group("calculations")]

SEEDS = range(2, 40)


@pytest.fixture(scope="module")
def found() -> dict[Side, Counterfactual]:
    """A change of each side that was really found, in a round of its own."""
    known: dict[Side, Counterfactual] = {}
    for seed in SEEDS:
        for one in explain_all(calculated(tight_facts(seed))).values():
            known |= {change.change.side: change for change in one.what_if.counterfactuals}
        if len(known) == len(Side):
            break
    return known


def at(facility: str, one: Counterfactual) -> Counterfactual:
    return replace(one, change=replace(one.change, facility=facility))


def keep(world: Small, request: str, *changes: Counterfactual) -> None:
    document = canonical(WhatIf(0, tried=True, counterfactuals=changes))
    with unit_of_work(OPERATOR) as session:
        digest = hashlib.sha256(document).hexdigest()
        session.add(WhatIfRow(run_id=world.run, request=request, document=document, sha256=digest))


def of(code: str, role: Role = Role.PLANNER) -> tuple[UUID, Subject]:
    """The key of a facility, and a person of its organisation."""
    with unit_of_work(OPERATOR) as session:
        row = session.scalars(select(Facility).where(Facility.code == code)).one()
        return row.id, member(session, role, session.get_one(Organisation, row.organisation_id))


def published(world: Small) -> None:
    publish(world.approver, world.run, publication_proof(world.approver, world.run), reason=REASON)


def names_of_others() -> set[str]:
    facts = small_facts()
    asked = {name for one in facts.requests for name in (one.id, one.label, one.sponsor, one.product.id)}
    return asked | {"F2", facts.facilities[1].label, facts.facilities[1].organisation}


@pytest.mark.parametrize("role", [Role.PLANNER, Role.QA])
def test_its_own_people_read_what_was_needed_of_it(world: Small, found: dict[Side, Counterfactual], role: Role) -> None:
    keep(world, "R1", at("F1", found[Side.FACILITY]), found[Side.SPONSOR])
    published(world)
    facility, person = of("F1", role)
    told = changes_told(person, world.run, facility)
    change = found[Side.FACILITY].change
    (one,) = told.changes
    assert told.tried
    assert (one.kind, one.amount, len(one.weeks)) == (change.kind.value, change.amount, len(change.weeks))
    assert all(day.isoweekday() == 1 for day in one.weeks)
    assert names_in(all_texts(to_document(told)), names_of_others()) == ()


def test_the_same_change_for_several_requests_is_one_line_without_a_number(
    world: Small, found: dict[Side, Counterfactual]
) -> None:
    facility, _ = of("F1")
    keep(world, "R1", at("F1", found[Side.FACILITY]))
    once = changes_told(world.coordinator, world.run, facility)
    keep(world, "R2", at("F1", found[Side.FACILITY]))
    assert changes_told(world.coordinator, world.run, facility) == once


def test_before_it_is_published_only_overseers_read_it(world: Small, found: dict[Side, Counterfactual]) -> None:
    keep(world, "R1", at("F1", found[Side.FACILITY]))
    facility, person = of("F1")
    assert changes_told(world.coordinator, world.run, facility).changes
    with pytest.raises(NotVisibleError):
        changes_told(person, world.run, facility)


def test_another_facility_reads_nothing_of_it(world: Small, found: dict[Side, Counterfactual]) -> None:
    keep(world, "R1", at("F1", found[Side.FACILITY]))
    published(world)
    (first, _), (second, stranger) = of("F1"), of("F2")
    assert changes_told(stranger, world.run, second) == FacilityChanges(tried=True, changes=())
    with pytest.raises(NotVisibleError):
        changes_told(stranger, world.run, first)


def test_where_nothing_was_worked_out_it_says_so(world: Small) -> None:
    facility, _ = of("F1")
    assert changes_told(world.coordinator, world.run, facility) == FacilityChanges(tried=False, changes=())


def test_sabotage_a_change_that_is_not_proved_is_not_told_and_reported(
    world: Small, found: dict[Side, Counterfactual]
) -> None:
    one = at("F1", found[Side.FACILITY])
    keep(world, "R1", replace(one, starts=one.starts + 1))
    keep(world, "R2", replace(one, placements=(*one.placements, one.placements[0]), starts=one.starts + 1))
    facility, _ = of("F1")
    assert changes_told(world.coordinator, world.run, facility).changes == ()
    with unit_of_work(OPERATOR) as session:
        reports = session.scalars(select(AuditEvent).where(AuditEvent.action == "withhold change")).all()
    assert len(reports) == 2
