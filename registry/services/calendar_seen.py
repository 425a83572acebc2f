"""Nobody overwrites a calendar they have not seen: the version is compared after the facility is locked."""

from uuid import UUID

from sqlalchemy.orm import Session

from registry.access.permissions import Permission
from registry.access.subject import Subject
from registry.errors import StaleVersionError
from registry.queries.premises import calendar_version
from registry.services.records import facility_for


def check_calendar(session: Session, subject: Subject, facility_id: UUID, seen: int) -> None:
    """Lock the facility and refuse a change that rests on another state of its stated starts and limits."""
    facility_for(session, subject, facility_id, Permission.EDIT_CALENDAR)
    if calendar_version(session, subject, facility_id) != seen:
        raise StaleVersionError("Somebody changed this calendar in between.", "Load it again and repeat your change.")
