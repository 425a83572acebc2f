"""Organisations, facilities, sites, suites and equipment: who may, all faults at once, versions, events."""

from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from registry import models
from registry.access.subject import OPERATOR, Subject
from registry.database import act_as
from registry.errors import InvalidInputError, NotAllowedError, NotVisibleError, StaleVersionError
from registry.queries.premises import suites_version
from registry.services.facilities import (
    Seen,
    add_equipment,
    add_facility,
    add_site,
    add_suite,
    confirm_physical,
    edit_equipment,
    edit_facility,
    edit_site,
    edit_suite,
)
from registry.services.organisations import OrganisationFacts, add_organisation, edit_organisation, join_network
from registry.services.premises import EquipmentFacts, FacilityFacts, SiteFacts, SuiteFacts
from registry.vocabulary.facilities import Grade, OrganisationKind, PlaceKind, ServiceModel
from registry.vocabulary.lifecycle import DataSet, Publication
from registry.vocabulary.roles import Role
from tests.factories import facilities
from tests.registry.services.house import REASON, TODAY, House, acting, events_after, house, last_event, member

HOSPITAL = OrganisationFacts(
    "UH-1", "University hospital", OrganisationKind.HOSPITAL, "DE", "ORG-100000001", "001w7jn25"
)
FACILITY = FacilityFacts("GMP-1", "GMP unit", "academic_hospital", "DE", service_model=ServiceModel.CONTRACT)
SITE = SiteFacts("A", "DE", city="Leipzig", oms_loc_id="LOC-100000001", nuts="DED51", latitude=51.3, longitude=12.4)
SUITE = SuiteFacts("S1", "Suite 1", 2, PlaceKind.DEVICE, one_product=False, grade=Grade.C)


def test_from_organisation_to_equipment(session: Session) -> None:
    organisation = add_organisation(session, OPERATOR, DataSet.LIVE, HOSPITAL)
    qa = acting(session, member(session, Role.QA, organisation))
    before = last_event(session)
    acting(session, qa)
    facility = add_facility(session, qa, organisation.id, FACILITY, reason="new")
    site = add_site(session, qa, facility.id, SITE, reason="new")
    suite = add_suite(session, qa, site.id, SUITE, reason="new")
    device = add_equipment(session, qa, suite.id, EquipmentFacts("closed_processor", 2), reason="new")
    assert (facility.publication, facility.data_set) == (Publication.DRAFT, DataSet.LIVE)
    written = events_after(session, before)
    assert [(one.record_type, one.action, one.reason, one.actor) for one in written] == [
        ("facility", "add facility", "new", qa.person),
        ("site", "add site", "new", qa.person),
        ("suite", "add suite", "new", qa.person),
        ("equipment", "add equipment", "new", qa.person),
    ]
    assert written[-1].record_id == device.id


def test_all_faults_are_told_at_once(session: Session) -> None:
    wrong = replace(HOSPITAL, code=" ", country="Germany", oms_org_id="ORG-1", ror_id="001w7jn24", mailbox="nobody")
    with pytest.raises(InvalidInputError) as refusal:
        add_organisation(session, OPERATOR, DataSet.LIVE, wrong)
    assert [fault.partition(":")[0] for fault in refusal.value.details] == [
        "code",
        "country",
        "oms_org_id",
        "ror_id",
        "mailbox",
    ]


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        (replace(SITE, nuts="ES511"), "nuts"),
        (replace(SITE, oms_loc_id="ORG-100000001"), "oms_loc_id"),
        (replace(SITE, longitude=None), "latitude and longitude"),
        (replace(SITE, latitude=91.0), "latitude"),
        (replace(SITE, time_zone="Europe/Leipzig"), "time_zone"),
    ],
)
def test_a_site_that_cannot_be(session: Session, facts: SiteFacts, field: str) -> None:
    here = house(session)
    with pytest.raises(InvalidInputError) as refusal:
        add_site(session, acting(session, here.qa), here.facility.id, facts)
    assert [fault.partition(":")[0] for fault in refusal.value.details] == [field]


def test_an_edit_rests_on_the_version_that_was_seen(session: Session) -> None:
    here = house(session)
    acting(session, here.qa)
    seen = Seen(here.site.id, here.site.version)
    edit_site(session, here.qa, seen, SITE, reason=REASON)
    assert (here.site.nuts, here.site.version) == ("DED51", 2)
    with pytest.raises(StaleVersionError, match="version 2"):
        edit_site(session, here.qa, seen, SITE, reason=REASON)


def test_what_is_equal_leaves_no_event(session: Session) -> None:
    here = house(session)
    acting(session, here.qa)
    facts = replace(FACILITY, families=("car_t",), languages=("de",))
    edit_facility(session, here.qa, Seen(here.facility.id, 1), facts, reason=REASON)
    before = last_event(session)
    acting(session, here.qa)
    edit_facility(session, here.qa, Seen(here.facility.id, 2), facts, reason=REASON)
    assert events_after(session, before) == []


def test_grade_is_for_qa_the_rest_for_the_planner_too(session: Session) -> None:
    here = house(session)
    acting(session, here.qa)
    suite = edit_suite(session, here.qa, Seen(here.suite.id, 1), SUITE, reason=REASON)
    acting(session, here.planner)
    edit_suite(session, here.planner, Seen(suite.id, 2), replace(SUITE, places=3), reason=REASON)
    assert suite.places == 3
    with pytest.raises(NotAllowedError):
        edit_suite(session, here.planner, Seen(suite.id, 3), replace(SUITE, grade=Grade.B), reason=REASON)
    device = add_equipment(session, here.planner, suite.id, EquipmentFacts("isolator", 1, date(2027, 1, 1)))
    edit_equipment(session, here.planner, Seen(device.id, 1), EquipmentFacts("isolator", 0), reason=REASON)
    with pytest.raises(InvalidInputError, match="count"):
        edit_equipment(session, here.planner, Seen(device.id, 2), EquipmentFacts("isolator", -1), reason=REASON)


def forbidden(session: Session) -> tuple[House, list[Subject]]:
    here = house(session)
    other = house(session)
    return here, [here.planner, other.qa, member(session, Role.DEVELOPER, here.organisation)]


def test_only_its_own_qa_edits_a_facility(session: Session) -> None:
    here, others = forbidden(session)
    for subject in others:
        acting(session, subject)
        with pytest.raises(NotAllowedError):
            edit_facility(session, subject, Seen(here.facility.id, 1), FACILITY, reason=REASON)
        with pytest.raises(NotAllowedError):
            add_site(session, subject, here.facility.id, SITE)


def test_a_draft_of_others_is_not_there(session: Session) -> None:
    here, other = house(session, publication=Publication.DRAFT), house(session)
    acting(session, other.qa)
    with pytest.raises(NotVisibleError):
        edit_facility(session, other.qa, Seen(here.facility.id, 1), FACILITY, reason=REASON)
    with pytest.raises(NotVisibleError):
        edit_suite(session, other.qa, Seen(here.suite.id, 1), SUITE, reason=REASON)
    with pytest.raises(NotVisibleError):
        edit_facility(session, other.qa, Seen(uuid4(), 1), FACILITY, reason=REASON)


def test_parent_and_child_are_of_one_organisation_and_no_circle(session: Session) -> None:
    here, other = house(session), house(session)
    acting(session, here.qa)
    child = add_facility(session, here.qa, here.organisation.id, replace(FACILITY, parent_id=here.facility.id))
    assert child.parent_id == here.facility.id
    for parent in (child.id, here.facility.id):
        with pytest.raises(InvalidInputError, match="below itself"):
            edit_facility(
                session, here.qa, Seen(here.facility.id, 1), replace(FACILITY, parent_id=parent), reason=REASON
            )
    with pytest.raises(InvalidInputError, match="same organisation"):
        add_facility(session, here.qa, here.organisation.id, replace(FACILITY, code="X", parent_id=other.facility.id))


def test_qa_decides_which_network_acts_for_the_organisation(session: Session) -> None:
    here = house(session)
    network = facilities.added(session, models.Network(code="N", name="Network"))
    acting(session, here.planner)
    with pytest.raises(NotAllowedError):
        join_network(session, here.planner, here.organisation.id, 1, network.id, reason=REASON)
    acting(session, here.qa)
    assert join_network(session, here.qa, here.organisation.id, 1, network.id, reason=REASON).network_id == network.id
    facts = replace(HOSPITAL, code=here.organisation.code)
    edited = edit_organisation(session, here.qa, here.organisation.id, 2, facts, reason=REASON)
    assert (edited.ror_id, edited.network_id) == ("001w7jn25", network.id)


def test_qa_stands_for_the_suites(session: Session) -> None:
    here = house(session)
    acting(session, here.qa)
    shown = suites_version(session, here.qa, here.facility.id)
    assert confirm_physical(session, here.qa, Seen(here.facility.id, shown), TODAY) == [here.suite]
    assert (here.suite.confirmed_by, here.suite.confirmed_on) == (here.qa.person, TODAY)


def test_suites_that_changed_since_they_were_shown_are_not_confirmed(session: Session) -> None:
    here = house(session)
    acting(session, here.qa)
    shown = suites_version(session, here.qa, here.facility.id)
    add_suite(session, here.qa, here.site.id, SUITE)
    with pytest.raises(StaleVersionError):
        confirm_physical(session, here.qa, Seen(here.facility.id, shown), TODAY)
    again = suites_version(session, here.qa, here.facility.id)
    assert len(confirm_physical(session, here.qa, Seen(here.facility.id, again), TODAY)) == 2


def test_nobody_but_qa_stands_for_the_suites(session: Session) -> None:
    here, other = house(session), house(session)
    shown = suites_version(session, OPERATOR, here.facility.id)
    for subject in (here.planner, other.qa):
        acting(session, subject)
        with pytest.raises(NotAllowedError):
            confirm_physical(session, subject, Seen(here.facility.id, shown), TODAY)


def test_sabotage_without_the_first_wall_the_second_still_holds(session: Session) -> None:
    here, other = house(session), house(session)
    act_as(session, other.qa)
    assert session.get(models.Suite, here.suite.id, populate_existing=True) is None
