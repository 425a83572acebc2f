"""Rounds and policies, which are public, and how far a calculation is."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, or_, select, tuple_
from sqlalchemy.orm import Session

from registry.access import visibility
from registry.access.subject import Subject
from registry.models import Policy, Round, Run, RunProgress
from registry.vocabulary.lifecycle import DataSet, RunState

FINISHED = frozenset({RunState.CHECKED, RunState.DISPUTED, RunState.FAILED, RunState.CANCELLED, RunState.PUBLISHED})


def list_rounds(
    session: Session,
    subject: Subject,
    data_set: DataSet,
    *,
    before: tuple[datetime, UUID] | None = None,
    limit: int | None = None,
) -> Sequence[Round]:
    """Return the rounds of a data set, newest first, those before the key (creation, id) if one is given."""
    question = select(Round).where(visibility.rounds(subject), Round.data_set == data_set)
    if before is not None:
        question = question.where(tuple_(Round.created_at, Round.id) < tuple_(*before))
    return session.scalars(question.order_by(Round.created_at.desc(), Round.id.desc()).limit(limit)).all()


def rounds_of(session: Session, subject: Subject, runs: Iterable[Run]) -> Mapping[UUID, Round]:
    """Return the rounds that calculations belong to, by id."""
    keys = {run.round_id for run in runs}
    question = select(Round).where(visibility.rounds(subject), Round.id.in_(keys))
    return {held.id: held for held in session.scalars(question)}


def one_round(session: Session, subject: Subject, round_id: UUID) -> Round | None:
    """Return a round, None when there is none."""
    return session.scalars(select(Round).where(visibility.rounds(subject), Round.id == round_id)).one_or_none()


def list_policies(
    session: Session, *, after: tuple[str, int] | None = None, limit: int | None = None
) -> Sequence[Policy]:
    """Return every version of every policy by code, newest first, those after the key (code, number) if one is given."""
    question = select(Policy)
    if after is not None:
        code, number = after
        question = question.where(or_(Policy.code > code, and_(Policy.code == code, Policy.number < number)))
    return session.scalars(question.order_by(Policy.code, Policy.number.desc()).limit(limit)).all()


def one_policy(session: Session, policy_id: UUID) -> Policy | None:
    """Return a version of a policy, None when there is none."""
    return session.get(Policy, policy_id)


def progress_of(session: Session, subject: Subject, run_id: UUID) -> tuple[RunState, RunProgress | None] | None:
    """Return where a calculation stands and its latest progress; None when the subject may not see it."""
    row = session.execute(
        select(Run.state, RunProgress)
        .outerjoin(RunProgress, RunProgress.run_id == Run.id)
        .where(visibility.runs(subject), Run.id == run_id)
    ).one_or_none()
    return None if row is None else (row[0], row[1])
