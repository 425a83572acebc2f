"""The ladder of roles: who may do what, where, and what the platform never does."""

from uuid import UUID

import pytest

from registry.access.permissions import DECISION_RIGHTS, ROLE_TABLE, Permission, Right, incompatible, may, require
from registry.access.subject import ANONYMOUS, OPERATOR, OrganisationId, PersonId, Subject
from registry.errors import NotAllowedError
from registry.vocabulary.roles import Role

HERE = OrganisationId(UUID(int=1))
THERE = OrganisationId(UUID(int=2))
WRITING = set(Permission) - {Permission.READ_DIRECTORY, Permission.READ_OVERVIEW, Permission.READ_TRAIL}


def at(role: Role, place: OrganisationId | None = HERE) -> Subject:
    return Subject(PersonId(UUID(int=9)), frozenset({(role, place)}))


def test_each_role_has_its_row() -> None:
    assert set(ROLE_TABLE) == set(Role)


@pytest.mark.parametrize(
    ("role", "permission", "nearest"),
    [
        (Role.PLANNER, Permission.CONFIRM_CALENDAR, Permission.ATTEST_LICENCES),
        (Role.QA, Permission.ATTEST_LICENCES, Permission.CONFIRM_CALENDAR),
        (Role.DEVELOPER, Permission.SUBMIT_REQUEST, Permission.EDIT_CALENDAR),
        (Role.COORDINATOR, Permission.PUBLISH_RUN, Permission.EDIT_CALENDAR),
        (Role.DELEGATE, Permission.CONFIRM_CALENDAR, Permission.PUBLISH_RUN),
        (Role.AUDITOR, Permission.READ_TRAIL, Permission.EDIT_POLICY),
        (Role.ADMINISTRATOR, Permission.MANAGE_ACCOUNTS, Permission.READ_OVERVIEW),
    ],
)
def test_what_a_role_may_and_the_nearest_it_may_not(role: Role, permission: Permission, nearest: Permission) -> None:
    require(at(role), permission, HERE)
    with pytest.raises(NotAllowedError, match=nearest.value):
        require(at(role), nearest, HERE)


def test_a_role_counts_where_it_is_held() -> None:
    assert may(at(Role.PLANNER), Permission.EDIT_CALENDAR, HERE)
    assert not may(at(Role.PLANNER), Permission.EDIT_CALENDAR, THERE)
    assert may(at(Role.COORDINATOR, None), Permission.RUN_ROUND, THERE)


def test_auditors_change_nothing_and_nobody_unknown_does_anything() -> None:
    assert ROLE_TABLE[Role.AUDITOR] & WRITING == set()
    assert [permission for permission in Permission if may(ANONYMOUS, permission)] == []
    assert [permission for permission in Permission if not may(OPERATOR, permission)] == []


@pytest.mark.parametrize("role", list(Role))
def test_roles_that_one_person_does_not_hold_together(role: Role) -> None:
    guarded = {Role.ADMINISTRATOR, Role.COORDINATOR, Role.AUDITOR}
    assert bool(incompatible(frozenset({role, Role.COORDINATOR}))) == (role in guarded - {Role.COORDINATOR})


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMINISTRATOR, Role.OPERATOR}))
def test_who_gives_roles_holds_no_other(role: Role) -> None:
    assert incompatible(frozenset({role, Role.ADMINISTRATOR})) == [frozenset({role, Role.ADMINISTRATOR})]
    assert incompatible(frozenset({Role.ADMINISTRATOR})) == []


def test_roles_at_home_go_together() -> None:
    assert incompatible(frozenset({Role.PLANNER, Role.QA, Role.DEVELOPER, Role.DELEGATE, Role.COORDINATOR})) == []


def test_what_the_platform_never_does() -> None:
    never = {matter for matter, right in DECISION_RIGHTS.items() if right is Right.NEVER}
    assert never == {
        "release of a product",
        "use of out-of-specification product",
        "the order of patients",
        "the urgency class of a programme",
        "whether a licence suffices",
        "the price",
        "the award",
    }
    assert DECISION_RIGHTS["who makes what, where and when"] is Right.PROPOSES
