"""Who belongs to a sponsor or a facility of a round stands aside: does not start, approve or override its calculations.

So does who left one since the round began. Who has part in a single request is said in `registry.access.parts`.
"""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import select, union
from sqlalchemy.orm import Session

from registry.access.accounts import seats_since
from registry.access.subject import Subject
from registry.errors import NotAllowedError
from registry.models import Facility, Organisation, Request
from registry.vocabulary.lifecycle import DataSet, Publication, RequestState


class RecusedError(NotAllowedError):
    """The subject belongs to a party of the round."""

    code = "recused"


def taking_part(session: Session, data_set: DataSet) -> frozenset[UUID]:
    """Return the organisations whose requests a snapshot of the data set would read now, or whose facilities are published."""
    sponsors = select(Request.organisation_id).where(
        Request.data_set == data_set, Request.state.in_((RequestState.READY, RequestState.IN_ROUND))
    )
    makers = select(Facility.organisation_id).where(
        Facility.data_set == data_set, Facility.publication == Publication.PUBLISHED
    )
    return frozenset(session.scalars(union(sponsors, makers)))


def organisations_named(session: Session, data_set: DataSet, codes: Iterable[str]) -> frozenset[UUID]:
    """Return the keys of organisations by their codes."""
    question = select(Organisation.id).where(Organisation.data_set == data_set, Organisation.code.in_(set(codes)))
    return frozenset(session.scalars(question))


def check_recusal(session: Session, subject: Subject, organisations: AbstractSet[UUID], began: datetime) -> None:
    """Refuse a subject who belongs to one of the organisations, also by a role outside coordination.

    Who left it on the day the round began or later is refused like who stays.
    """
    since = began.astimezone(UTC).date()
    held = {place for _, place in seats_since(session, subject, since) if place is not None}
    if not held.isdisjoint(organisations):
        raise RecusedError(
            "You belong to a sponsor or a facility of this round, or did when it began.",
            "Somebody who belongs to neither has to do this.",
        )
