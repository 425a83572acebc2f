"""Who reads what a calculation says of a request or a facility: its own people, or an overseer, whose reading is kept."""

from sqlalchemy.orm import Session

from registry import models
from registry.access.permissions import Permission, may
from registry.access.subject import OrganisationId, Subject
from registry.services.auditing import record_act


def reads_own(session: Session, subject: Subject, record: models.Request | models.Facility) -> bool | None:
    """Return whether the subject reads a record of its own, false = it oversees, None = it is neither and reads nothing.

    That an overseer reads is written into the trail.
    """
    if OrganisationId(record.organisation_id) in subject.organisations:
        return True
    if not may(subject, Permission.READ_OVERVIEW):
        return None
    record_act(session, "read", record.__tablename__, record.id, organisations=[record.organisation_id])
    return False
