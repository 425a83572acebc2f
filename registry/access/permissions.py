"""What each role may do, and what the platform itself decides, proposes, or never does. The only copy."""

from enum import StrEnum

from registry.access.subject import OrganisationId, Subject
from registry.errors import NotAllowedError
from registry.vocabulary.roles import ORGANISATION_ROLES, Role


class Permission(StrEnum):
    """One thing that may be done."""

    READ_DIRECTORY = "read the directory"
    READ_OVERVIEW = "read all requests and calendars"
    READ_TRAIL = "read the whole trail"
    EDIT_FACILITY = "edit a facility"
    EDIT_CALENDAR = "edit a calendar"
    CONFIRM_CALENDAR = "confirm a calendar"
    EDIT_LICENCES = "edit legal facts"
    ATTEST_LICENCES = "attest legal facts"
    EDIT_PRODUCT = "edit products and materials"
    EDIT_PAIR = "edit stages of a pair"
    EDIT_REQUEST = "edit a request"
    SUBMIT_REQUEST = "submit or withdraw a request"
    ANSWER_OFFER = "answer an enquiry or an offer"
    ANSWER_AS_SPONSOR = "accept or decline as sponsor"
    SCREEN_REQUEST = "screen a request"
    DECIDE_URGENCY = "decide an urgency class"
    EDIT_POLICY = "draft a policy"
    APPROVE_POLICY = "approve a policy"
    RUN_ROUND = "start a round or a calculation"
    PUBLISH_RUN = "publish a run"
    OVERRIDE = "override a plan"
    MANAGE_ACCOUNTS = "manage accounts"
    MANAGE_SYSTEM = "migrate, seed, back up"


_FACILITY = {Permission.READ_DIRECTORY, Permission.EDIT_PAIR, Permission.ANSWER_OFFER}
_COORDINATION = {
    Permission.READ_DIRECTORY,
    Permission.READ_OVERVIEW,
    Permission.SCREEN_REQUEST,
    Permission.DECIDE_URGENCY,
    Permission.EDIT_POLICY,
    Permission.APPROVE_POLICY,
    Permission.RUN_ROUND,
    Permission.PUBLISH_RUN,
    Permission.OVERRIDE,
}

ROLE_TABLE: dict[Role, frozenset[Permission]] = {
    Role.PLANNER: frozenset(_FACILITY | {Permission.EDIT_CALENDAR, Permission.CONFIRM_CALENDAR}),
    Role.QA: frozenset(_FACILITY | {Permission.EDIT_FACILITY, Permission.EDIT_LICENCES, Permission.ATTEST_LICENCES}),
    Role.DEVELOPER: frozenset(
        {
            Permission.READ_DIRECTORY,
            Permission.EDIT_PRODUCT,
            Permission.EDIT_PAIR,
            Permission.EDIT_REQUEST,
            Permission.SUBMIT_REQUEST,
            Permission.ANSWER_AS_SPONSOR,
        }
    ),
    Role.COORDINATOR: frozenset(_COORDINATION),
    Role.DELEGATE: frozenset(
        {
            Permission.READ_DIRECTORY,
            Permission.READ_OVERVIEW,
            Permission.EDIT_CALENDAR,
            Permission.CONFIRM_CALENDAR,
            Permission.EDIT_REQUEST,
            Permission.SUBMIT_REQUEST,
            Permission.SCREEN_REQUEST,
        }
    ),
    Role.AUDITOR: frozenset({Permission.READ_DIRECTORY, Permission.READ_OVERVIEW, Permission.READ_TRAIL}),
    Role.ADMINISTRATOR: frozenset({Permission.READ_DIRECTORY, Permission.MANAGE_ACCOUNTS}),
    Role.OPERATOR: frozenset(Permission),
}
"""Auditors change nothing; administrators do not read requests; the operator is the machine's own account."""

INCOMPATIBLE: frozenset[frozenset[Role]] = frozenset(
    {
        frozenset({Role.ADMINISTRATOR, Role.COORDINATOR}),
        frozenset({Role.ADMINISTRATOR, Role.AUDITOR}),
        frozenset({Role.COORDINATOR, Role.AUDITOR}),
        *(frozenset({Role.ADMINISTRATOR, role}) for role in (*ORGANISATION_ROLES, Role.DELEGATE)),
    }
)
"""Roles that one person never holds together; who gives roles uses none."""


class Right(StrEnum):
    """How far the platform goes in a matter."""

    DECIDES = "decides"
    PROPOSES = "proposes"
    NEVER = "never"


DECISION_RIGHTS: dict[str, Right] = {
    "whether recorded facts meet a recorded rule": Right.DECIDES,
    "who may see which record": Right.DECIDES,
    "whether a place is free in the calendar": Right.DECIDES,
    "when an unanswered offer lapses": Right.DECIDES,
    "who makes what, where and when": Right.PROPOSES,
    "the urgency class of a programme": Right.NEVER,
    "which facilities to ask about a new product": Right.PROPOSES,
    "the smallest change that would help a request": Right.PROPOSES,
    "release of a product": Right.NEVER,
    "use of out-of-specification product": Right.NEVER,
    "the order of patients": Right.NEVER,
    "whether a licence suffices": Right.NEVER,
    "the price": Right.NEVER,
    "the award": Right.NEVER,
}
"""Holder, Qualified Person, sponsor and authority stay responsible for everything under *never*."""


def may(subject: Subject, permission: Permission, organisation: OrganisationId | None = None) -> bool:
    """Whether the subject may do this: for that organisation if one is named, else anywhere."""
    return any(
        permission in ROLE_TABLE[role] and (organisation is None or place is None or place == organisation)
        for role, place in subject.seats
    )


def require(subject: Subject, permission: Permission, organisation: OrganisationId | None = None) -> None:
    """Refuse unless the subject may do this."""
    if not may(subject, permission, organisation):
        raise NotAllowedError(f"You may not {permission.value}.", "Ask somebody who holds a role that may.")


def incompatible(roles: frozenset[Role]) -> list[frozenset[Role]]:
    """Return the pairs among `roles` that one person must not hold together."""
    return [pair for pair in sorted(INCOMPATIBLE, key=sorted) if pair <= roles]
