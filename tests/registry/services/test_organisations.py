"""Organisations, networks and facilities as an administrator and their own people write them: smallest allowed, nearest refused."""

from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from registry.access.subject import ANONYMOUS, PersonId, Subject
from registry.errors import InvalidInputError, NotAllowedError, StaleVersionError
from registry.models import Membership, Person
from registry.queries.organisations import full_organisation, list_networks, one_organisation
from registry.queries.profiles import acceptance_profile, full_facility
from registry.services.facilities import Seen, add_facility, edit_facility
from registry.services.organisations import add_network, add_organisation, edit_organisation, join_network
from registry.services.premises import FacilityFacts
from registry.vocabulary.lifecycle import DataSet
from registry.vocabulary.roles import Role
from tests.factories.facilities import added, numbers
from tests.registry.services.house import REASON, acting, house, member
from tests.registry.services.test_premises import FACILITY, HOSPITAL


def of_platform(session: Session, role: Role) -> Subject:
    """A person who holds a role of the platform."""
    person = added(session, Person(code=f"platform-{next(numbers)}", name="Somebody", data_set=DataSet.LIVE))
    added(session, Membership(person_id=person.id, role=role))
    return Subject(PersonId(person.id), frozenset({(role, None)}))


def fields_of(refusal: pytest.ExceptionInfo[InvalidInputError]) -> list[str]:
    return [fault.partition(":")[0] for fault in refusal.value.details]


def test_an_administrator_records_an_organisation_and_its_qa_goes_on(session: Session) -> None:
    administrator = of_platform(session, Role.ADMINISTRATOR)
    acting(session, administrator)
    made = add_organisation(session, administrator, DataSet.LIVE, HOSPITAL, reason="asked to join")
    assert (made.version, made.ror_id) == (1, "001w7jn25")
    edited = edit_organisation(session, administrator, made.id, 1, replace(HOSPITAL, name="Clinic"), reason=REASON)
    assert (edited.version, edited.name) == (2, "Clinic")
    qa = member(session, Role.QA, made)
    acting(session, qa)
    assert (
        edit_organisation(session, qa, made.id, 2, replace(HOSPITAL, mailbox="a@b.example"), reason=REASON).version == 3
    )
    assert add_facility(session, qa, made.id, FACILITY).version == 1


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.AUDITOR])
def test_nobody_else_records_an_organisation(session: Session, role: Role) -> None:
    here = house(session)
    for subject in (of_platform(session, role), here.qa, here.planner, ANONYMOUS):
        acting(session, subject)
        with pytest.raises(NotAllowedError):
            add_organisation(session, subject, DataSet.LIVE, HOSPITAL)


def test_a_code_is_taken_once_in_a_data_set_and_is_told_with_the_other_faults(session: Session) -> None:
    here = house(session)
    administrator = of_platform(session, Role.ADMINISTRATOR)
    acting(session, administrator)
    again = replace(HOSPITAL, code=here.organisation.code, country="de")
    with pytest.raises(InvalidInputError) as refusal:
        add_organisation(session, administrator, DataSet.LIVE, again)
    assert fields_of(refusal) == ["country", "code"]
    same = replace(HOSPITAL, code=here.organisation.code)
    assert edit_organisation(session, administrator, here.organisation.id, 1, same).code == here.organisation.code
    assert add_organisation(session, administrator, DataSet.DIRECTORY, same).version == 1


def test_the_code_stays_since_calculations_name_it(session: Session) -> None:
    here = house(session)
    administrator = of_platform(session, Role.ADMINISTRATOR)
    acting(session, administrator)
    renamed = replace(HOSPITAL, code=f"{here.organisation.code}-new")
    with pytest.raises(InvalidInputError, match="code: stays"):
        edit_organisation(session, administrator, here.organisation.id, 1, renamed)


def test_a_facility_with_every_fault(session: Session) -> None:
    here, other = house(session), house(session)
    acting(session, here.qa)
    wrong = FacilityFacts(
        other.facility.code,
        " ",
        "",
        "Germany",
        product_classes=("TEP", "CAR-T"),
        families=("",),
        languages=("de", "German"),
        notice_days=-1,
        smallest_campaign=3,
        largest_campaign=2,
        company_share_percent=101,
        parent_id=other.facility.id,
    )
    with pytest.raises(InvalidInputError) as refusal:
        add_facility(session, here.qa, here.organisation.id, wrong)
    assert fields_of(refusal) == [
        "name",
        "kind",
        "country",
        "product_classes/1",
        "languages/1",
        "notice_days",
        "smallest_campaign",
        "company_share_percent",
        "code",
        "parent_id",
        "families/0",
    ]


def test_an_edit_of_a_facility_keeps_its_code_and_gives_the_next_version(session: Session) -> None:
    here = house(session)
    acting(session, here.qa)
    facts = replace(FACILITY, code=here.facility.code, languages=("de",), product_classes=("TEP",))
    edited = edit_facility(session, here.qa, Seen(here.facility.id, 1), facts, reason=REASON)
    assert (edited.version, edited.product_classes) == (2, ["TEP"])
    with pytest.raises(StaleVersionError):
        edit_facility(session, here.qa, Seen(here.facility.id, 1), facts, reason=REASON)


def test_networks_are_an_administrators_and_must_exist_to_be_joined(session: Session) -> None:
    here = house(session)
    administrator = of_platform(session, Role.ADMINISTRATOR)
    acting(session, administrator)
    network = add_network(session, administrator, "N-9", "Northern network")
    assert list_networks(session) == [network]
    with pytest.raises(InvalidInputError) as refusal:
        add_network(session, administrator, "N-9", " ")
    assert fields_of(refusal) == ["code", "name"]
    acting(session, here.qa)
    with pytest.raises(NotAllowedError):
        add_network(session, here.qa, "N-10", "Mine")
    with pytest.raises(InvalidInputError, match="no such network"):
        join_network(session, here.qa, here.organisation.id, 1, uuid4(), reason=REASON)
    assert join_network(session, here.qa, here.organisation.id, 1, network.id, reason=REASON).version == 2


def test_mailbox_and_identifiers_are_for_those_inside(session: Session) -> None:
    here, other = house(session), house(session)
    inside = [here.planner, here.qa, *(of_platform(session, r) for r in (Role.ADMINISTRATOR, Role.COORDINATOR))]
    for subject in inside:
        acting(session, subject)
        assert full_organisation(session, subject, here.organisation.id) is here.organisation
    for subject in (other.qa, ANONYMOUS):
        acting(session, subject)
        assert full_organisation(session, subject, here.organisation.id) is None
        assert one_organisation(session, subject, here.organisation.id) is not None


def test_the_acceptance_profile_is_for_developers_the_whole_record_only_for_those_inside(session: Session) -> None:
    here, other = house(session, notice_days=30, families=["til"]), house(session)
    developer = member(session, Role.DEVELOPER, other.organisation)
    coordinator = of_platform(session, Role.COORDINATOR)
    told = {}
    for name, subject in {"own": here.planner, "C": coordinator, "D": developer, "other": other.qa}.items():
        acting(session, subject)
        profile = acceptance_profile(session, subject, here.facility.id)
        whole = full_facility(session, subject, here.facility.id)
        told[name] = (profile and (profile.notice_days, profile.families), whole is not None)
    assert told == {
        "own": ((30, ("til",)), True),
        "C": ((30, ("til",)), True),
        "D": ((30, ("til",)), False),
        "other": (None, False),
    }
