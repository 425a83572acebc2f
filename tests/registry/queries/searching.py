"""Searching in tests: who asks, and the names of what was found."""

from uuid import uuid4

from sqlalchemy.orm import Session

from registry.access.subject import OPERATOR, OrganisationId, PersonId, Subject
from registry.bench.thousand import TODAY
from registry.database import act_as
from registry.models import Organisation
from registry.queries.search import Filters, Found, search
from registry.vocabulary.lifecycle import DataSet
from registry.vocabulary.roles import Role


def somebody(role: Role, *organisations: Organisation) -> Subject:
    """A person with a role in organisations, or on the platform."""
    places: list[OrganisationId | None] = [OrganisationId(one.id) for one in organisations]
    return Subject(PersonId(uuid4()), frozenset((role, place) for place in places or [None]))


COORDINATOR = somebody(Role.COORDINATOR)
AUDITOR = somebody(Role.AUDITOR)
ADMINISTRATOR = somebody(Role.ADMINISTRATOR)


def found(
    session: Session, filters: Filters, subject: Subject = COORDINATOR, data_set: DataSet = DataSet.LIVE
) -> Found:
    """Search as somebody, and go on as the operator."""
    act_as(session, subject)
    answer = search(session, subject, data_set, filters, today=TODAY, limit=200)
    act_as(session, OPERATOR)
    return answer


def names(answer: Found) -> list[str]:
    """The names in their rank."""
    return [one.name for one in answer.facilities]
