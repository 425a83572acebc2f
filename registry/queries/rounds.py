"""Rounds and policies, which are public, and how far a calculation is."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.access import visibility
from registry.access.subject import Subject
from registry.models import Policy, Round, Run, RunProgress
from registry.vocabulary.lifecycle import DataSet, RunState

FINISHED = frozenset({RunState.CHECKED, RunState.DISPUTED, RunState.FAILED, RunState.CANCELLED, RunState.PUBLISHED})


def list_rounds(session: Session, subject: Subject, data_set: DataSet) -> Sequence[Round]:
    """Return the rounds of a data set, newest first."""
    question = select(Round).where(visibility.rounds(subject), Round.data_set == data_set)
    return session.scalars(question.order_by(Round.created_at.desc(), Round.id).limit(200)).all()


def one_round(session: Session, subject: Subject, round_id: UUID) -> Round | None:
    """Return a round, None when there is none."""
    return session.scalars(select(Round).where(visibility.rounds(subject), Round.id == round_id)).one_or_none()


def list_policies(session: Session) -> Sequence[Policy]:
    """Return every version of every policy, newest first."""
    return session.scalars(select(Policy).order_by(Policy.code, Policy.number.desc()).limit(200)).all()


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
