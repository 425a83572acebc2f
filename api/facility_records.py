"""Records of a facility: who reads them, and what is said to whoever may not."""

from typing import Any, TypeVar
from uuid import UUID

from api.dependencies import Work
from api.masking import may_know
from registry.access.permissions import Permission, may
from registry.access.subject import OrganisationId
from registry.errors import NotAllowedError, NotVisibleError
from registry.models import Site
from registry.models.base import Record
from registry.queries.facilities import owner_of_facility
from registry.queries.premises import one_record
from registry.services.auditing import record_read
from registry.vocabulary.roles import Role

Row = TypeVar("Row", bound=Record)


def inside(
    work: Work, facility_id: UUID, *, everybody: bool = False, developers: bool = False, noted: bool = True
) -> UUID:
    """Return the owner of a facility whose records the caller may read; refuse (403) whoever only sees the facility.

    `noted` writes down that somebody else than its own people reads them.
    """
    owner = owner_of_facility(work.session, work.subject, facility_id)
    if owner is None:
        raise NotVisibleError("There is no such facility.")
    if not (everybody or may_know(work.subject, owner) or (developers and work.subject.is_any(Role.DEVELOPER))):
        raise NotAllowedError("Only the facility's own people and overseers read this.")
    if noted and not everybody:
        note_read(work, facility_id, owner, work.part)
    return owner


def one_seen(work: Work, table: type[Row], key: UUID) -> Row:
    """Return a record the caller may see, or say that there is none."""
    row = one_record(work.session, work.subject, table, key)
    if row is None:
        raise NotVisibleError("There is no such record.")
    if table is not Site:
        of: Any = row
        note_read(work, of.facility_id, of.organisation_id, table.__tablename__.replace("_", " "))
    return row


def note_read(work: Work, facility_id: UUID, owner: UUID, what: str = "") -> None:
    """Write down that a coordinator, an auditor or a delegate read what is inside a facility."""
    place = OrganisationId(owner)
    if may(work.subject, Permission.READ_OVERVIEW, place) and not work.subject.belongs(owner):
        record_read(work.session, "facility", facility_id, [owner], what)
