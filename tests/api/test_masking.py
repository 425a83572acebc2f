"""What each side reads of the other before both consent."""

from uuid import UUID, uuid4

import pytest

from api.masking import OF_THE_FACILITY, for_facility, for_sponsor, may_know, numbered
from api.routes.eligibility import worst
from matcher.eligibility.catalogue import RULES
from registry.access.subject import OrganisationId, PersonId, Subject
from registry.vocabulary.results import Status
from registry.vocabulary.roles import Role

FULL = {
    "rule": "containment-class",
    "title": "Containment class of the suite",
    "status": "conditional",
    "actual": "class 2",
    "required": "class 2",
    "citation": {"text": "Directive 2009/41/EC"},
    "margin": 3.0,
    "unit": "days",
    "condition": "renewal of permit 4711",
    "condition_by": "2027-03-01",
    "overridable_by": None,
    "source": "permit 4711",
    "source_date": "2026-03-01",
}
IDENTIFYING = {"actual", "margin", "unit", "condition", "condition_by", "source", "source_date"}
RECORDS = [UUID(int=number) for number in range(40)]


def test_a_sponsor_reads_rule_and_status_and_nothing_that_identifies() -> None:
    (told,) = for_sponsor([FULL])
    assert told.keys() == {"rule", "title", "status", "required", "citation", "overridable_by"}
    assert not told.keys() & IDENTIFYING


@pytest.mark.parametrize("rule", ["campaign-size", "notice", "calendar-freshness", "new-products"])
def test_a_facilitys_own_figure_is_no_requirement_to_tell(rule: str) -> None:
    (told,) = for_sponsor([{**FULL, "rule": rule}])
    assert "required" not in told


def test_a_facility_never_reads_that_it_is_excluded() -> None:
    excluded = {**FULL, "rule": "excluded-by-requester", "status": "fail"}
    told = for_facility([FULL, excluded])
    assert [result["rule"] for result in told] == ["containment-class"]
    assert worst(told) is Status.CONDITIONAL
    assert "required" not in told[0]


def test_rules_told_to_a_facility_are_rules_and_none_is_about_the_requester() -> None:
    assert {rule.id for rule in RULES} >= OF_THE_FACILITY
    assert not OF_THE_FACILITY & {"excluded-by-requester", "material-release", "campaign-size", "language", "import"}


def test_numbers_do_not_follow_names_and_do_not_compare_between_requests() -> None:
    request, second = uuid4(), numbered(uuid4(), RECORDS)
    first, again = numbered(request, RECORDS), numbered(request, RECORDS[::-1])
    assert first == again
    assert sorted(first.values()) == list(range(1, 41))
    assert [first[record] for record in RECORDS] != list(range(1, 41))
    assert first != second


def test_a_delegate_knows_members_of_its_network_and_no_other() -> None:
    member, other = OrganisationId(uuid4()), OrganisationId(uuid4())
    delegate = Subject(PersonId(uuid4()), frozenset({(Role.DELEGATE, member)}))
    assert may_know(delegate, member)
    assert not may_know(delegate, other)


def test_nothing_asked_is_unknown() -> None:
    assert worst([]) is Status.UNKNOWN
