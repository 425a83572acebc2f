"""How old the data of a calculation was, for whoever has a part in it."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.access.subject import OPERATOR, Subject
from registry.models import Run
from registry.queries.data_age import DataAge, as_told, data_age, sees_run
from registry.services.records import acting_for_a_moment
from registry.vocabulary.lifecycle import RunState


def age_of_run(session: Session, subject: Subject, run_id: UUID) -> DataAge | None:
    """Return how old the data of a calculation was, as far as the subject may know; None when there is none for it.

    Overseers ask about every calculation. Everybody else with an account asks about published ones, and learns the
    summary and the lines of its own facilities; the calculation itself stays unread.
    """
    if subject.person is None or sees_run(session, subject, run_id):
        return data_age(session, subject, run_id)
    with acting_for_a_moment(session, subject, OPERATOR):
        published = session.scalar(select(Run.id).where(Run.id == run_id, Run.state == RunState.PUBLISHED))
        whole = None if published is None else data_age(session, OPERATOR, run_id)
    if whole is None:
        return None
    return as_told(subject, whole, organisations=len({line.organisation_id for line in whole.facilities}))
