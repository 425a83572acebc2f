"""The hats a person can wear."""

from enum import StrEnum


class Role(StrEnum):
    """A role in one organisation, in one network (delegate), or of the platform (coordinator, auditor, administrator).

    `OPERATOR` is the account of the machine: it may run every command, never logs in over HTTP.
    """

    PLANNER = "planner"
    QA = "qa"
    DEVELOPER = "developer"
    COORDINATOR = "coordinator"
    DELEGATE = "delegate"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"
    OPERATOR = "operator"


ORGANISATION_ROLES = frozenset({Role.PLANNER, Role.QA, Role.DEVELOPER})
