"""What the caller may do with a record now, served with it, so that no client hard-codes roles or states."""

from collections.abc import Mapping
from uuid import UUID

from registry.access.permissions import ROLE_TABLE, Permission, may
from registry.access.subject import OrganisationId, Subject
from registry.models import Facility, Organisation
from registry.vocabulary.lifecycle import PUBLICATION_MOVES, Publication
from registry.vocabulary.roles import ORGANISATION_ROLES

MOVES: Mapping[Publication, str] = {
    Publication.DRAFT: "back_to_draft",
    Publication.SCHEDULED: "schedule",
    Publication.PUBLISHED: "publish",
    Publication.WITHDRAWN: "withdraw",
}
INSIDE: Mapping[str, Permission] = {
    "add_site": Permission.EDIT_FACILITY,
    "edit_calendar": Permission.EDIT_CALENDAR,
    "confirm_calendar": Permission.CONFIRM_CALENDAR,
    "edit_licences": Permission.EDIT_LICENCES,
    "edit_competence": Permission.EDIT_LICENCES,
    "confirm_suites": Permission.EDIT_FACILITY,
    "attest_licences": Permission.ATTEST_LICENCES,
}


NOTHING_TO_DO = frozenset(
    {Permission.EDIT_PAIR, Permission.ANSWER_OFFER, Permission.ANSWER_AS_SPONSOR, Permission.OVERRIDE}
)
"""What roles are for and no operation does yet; a consent to disclose asks for the right to answer, too."""


def may_do(subject: Subject) -> list[str]:
    """What the caller may do somewhere, in words: only what some operation does."""
    return sorted({one.value for role in subject.roles for one in ROLE_TABLE[role] if one not in NOTHING_TO_DO})


def of_owner(subject: Subject, owner: UUID, permission: Permission, *actions: str) -> list[str]:
    """Return the actions when the subject holds the permission for the owner, none otherwise."""
    return sorted(actions) if may(subject, permission, OrganisationId(owner)) else []


def with_calendar(subject: Subject, owner: UUID) -> list[str]:
    """What may be done with the calendar of a facility."""
    return sorted(
        [
            *of_owner(subject, owner, Permission.EDIT_CALENDAR, "state_starts", "close", "open", "set_limit"),
            *of_owner(subject, owner, Permission.CONFIRM_CALENDAR, "confirm"),
        ]
    )


def with_suite(subject: Subject, owner: UUID) -> list[str]:
    """What may be done with a suite: QA changes all of it, the planner all but grade, mode, containment and vectors."""
    qa = of_owner(subject, owner, Permission.EDIT_FACILITY, "change", "change_grade", "add_equipment", "remove")
    return sorted({*qa, *of_owner(subject, owner, Permission.EDIT_CALENDAR, "change", "add_equipment")})


def with_facility(subject: Subject, facility: Facility) -> list[str]:
    """What may be done with a facility as a whole."""
    place = OrganisationId(facility.organisation_id)
    found = [action for action, permission in INSIDE.items() if may(subject, permission, place)]
    if may(subject, Permission.EDIT_FACILITY, place):
        found += ["change", *(MOVES[state] for state in PUBLICATION_MOVES[facility.publication])]
    return sorted(found)


def with_organisation(subject: Subject, organisation: Organisation) -> list[str]:
    """What may be done with an organisation."""
    place = OrganisationId(organisation.id)
    found = set()
    if may(subject, Permission.EDIT_FACILITY, place):
        found |= {"change", "choose_network", "add_facility"}
    if may(subject, Permission.MANAGE_ACCOUNTS):
        found |= {"change", "give_role"}
    if any((role, place) in subject.seats for role in ORGANISATION_ROLES):
        found |= {"name_deputy", "hand_over"}
    return sorted(found)
