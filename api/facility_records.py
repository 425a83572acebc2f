"""Records of a facility: who reads them, and what is said to whoever may not."""

from typing import TypeVar
from uuid import UUID

from api.dependencies import Work
from api.masking import may_know
from registry.errors import NotAllowedError, NotVisibleError
from registry.models.base import Record
from registry.queries.facilities import owner_of_facility
from registry.queries.premises import one_record
from registry.vocabulary.roles import Role

Row = TypeVar("Row", bound=Record)


def inside(work: Work, facility_id: UUID, *, everybody: bool = False, developers: bool = False) -> UUID:
    """Return the owner of a facility whose records the caller may read; refuse (403) whoever only sees the facility."""
    owner = owner_of_facility(work.session, work.subject, facility_id)
    if owner is None:
        raise NotVisibleError("There is no such facility.")
    if not (everybody or may_know(work.subject, owner) or (developers and work.subject.is_any(Role.DEVELOPER))):
        raise NotAllowedError("Only the facility's own people and overseers read this.")
    return owner


def one_seen(work: Work, table: type[Row], key: UUID) -> Row:
    """Return a record the caller may see, or say that there is none."""
    row = one_record(work.session, work.subject, table, key)
    if row is None:
        raise NotVisibleError("There is no such record.")
    return row
