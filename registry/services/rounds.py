"""Rounds, their policy, and queued calculations."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from registry.access.permissions import Permission, require
from registry.access.subject import Subject
from registry.errors import NotVisibleError, WrongStateError
from registry.models import Policy, Round, Run
from registry.services.policies import faults_as_official
from registry.services.policy_words import policy_text
from registry.services.records import refuse_faults
from registry.services.recusal import check_recusal, taking_part
from registry.services.secrets import TIE_BREAK, commitment_of, lay_down
from registry.vocabulary.lifecycle import DataSet, RoundKind, RoundState, RunState

__all__ = [
    "cancel_run",
    "close_round",
    "ensure_policy",
    "ensure_round",
    "is_official",
    "open_round",
    "policy_text",
    "queue_run",
    "round_named",
]

UNFINISHED = (RunState.QUEUED, RunState.SOLVING, RunState.CHECKING)


def is_official(held: Round) -> bool:
    """Whether the calculations of a round may be published; what-if rounds never are."""
    return held.kind is not RoundKind.WHAT_IF


def ensure_policy(session: Session, code: str, title: str, tiers: Sequence[Mapping[str, int]]) -> Policy:
    """Return the newest version of a policy, or write a new version when its tiers have changed."""
    newest = session.scalars(select(Policy).where(Policy.code == code).order_by(Policy.number.desc()).limit(1)).first()
    wanted = [dict(tier) for tier in tiers]
    if newest is not None and newest.tiers == wanted:
        return newest
    policy = Policy(
        code=code,
        number=1 if newest is None else newest.number + 1,
        title=title,
        tiers=wanted,
        text_generated=policy_text(tiers),
    )
    session.add(policy)
    session.flush()
    return policy


def open_round(
    session: Session,
    subject: Subject,
    policy: Policy,
    *,
    code: str,
    data_set: DataSet,
    kind: RoundKind,
    origin: date,
    horizon_weeks: int,
    known_on: date,
    closes_at: datetime | None = None,
) -> Round:
    """Open a round over the weeks from Monday `origin`, under a code no other round of the data set carries.

    An official round goes by a policy in force, and commits here to the secret that will break its ties.
    """
    require(subject, Permission.RUN_ROUND)
    _wait_for_the_code(session, data_set, code)
    refuse_faults(
        [f"code: {code} is another round's" if _known(session, data_set, code) is not None else None], what="The round"
    )
    now = session.scalars(select(func.now())).one()
    opened = Round(
        code=code,
        data_set=data_set,
        kind=kind,
        state=RoundState.OPEN,
        policy_id=policy.id,
        origin=origin,
        horizon_weeks=horizon_weeks,
        known_on=known_on,
        opens_at=now,
        closes_at=closes_at,
    )
    if is_official(opened):
        faults = list(faults_as_official(policy, now))
        if faults:
            raise WrongStateError("An official round needs a policy in force.", "Have it approved first.", faults)
        check_recusal(session, subject, taking_part(session, data_set), now)
        opened.started_by_id = subject.person
    session.add(opened)
    session.flush()
    if is_official(opened):
        opened.tie_commitment = commitment_of(lay_down(session, opened.id, TIE_BREAK))
        session.flush()
    return opened


def ensure_round(
    session: Session,
    subject: Subject,
    policy: Policy,
    *,
    code: str,
    data_set: DataSet,
    kind: RoundKind,
    origin: date,
    horizon_weeks: int,
    known_on: date,
) -> Round:
    """Return the round that carries a code, else open it: for a rehearsal, which is laid down again and again."""
    require(subject, Permission.RUN_ROUND)
    return _known(session, data_set, code) or open_round(
        session,
        subject,
        policy,
        code=code,
        data_set=data_set,
        kind=kind,
        origin=origin,
        horizon_weeks=horizon_weeks,
        known_on=known_on,
    )


def close_round(session: Session, subject: Subject, round_id: UUID) -> Round:
    """Close a round: what is ready by now takes part, what comes later waits for the next."""
    require(subject, Permission.RUN_ROUND)
    held = _locked(session, round_id)
    if held.state is not RoundState.OPEN:
        raise WrongStateError(f"The round {held.code} is {held.state.value}.", "Only an open round is closed.")
    held.state = RoundState.CLOSED
    held.closes_at = session.scalars(select(func.now())).one()
    session.flush()
    return held


def queue_run(session: Session, subject: Subject, round_id: UUID, data_set: DataSet) -> Run:
    """Put a new calculation of the round in the queue; an official round must be closed, and its parties stand aside."""
    require(subject, Permission.RUN_ROUND)
    held = session.get_one(Round, round_id)
    if is_official(held):
        if held.state is not RoundState.CLOSED:
            raise WrongStateError(f"The round {held.code} is {held.state.value}.", "Close it before it is calculated.")
        check_recusal(session, subject, taking_part(session, data_set), held.opens_at or held.created_at)
    run = Run(
        round_id=round_id, data_set=data_set, state=RunState.QUEUED, queued_at=session.scalar(func.now().select())
    )
    session.add(run)
    session.flush()
    return run


def cancel_run(session: Session, subject: Subject, run_id: UUID) -> Run:
    """Ask a calculation to stop; the plan so far is kept with it."""
    require(subject, Permission.RUN_ROUND)
    run = session.scalars(
        select(Run).where(Run.id == run_id).with_for_update().execution_options(populate_existing=True)
    ).one_or_none()
    if run is None:
        raise NotVisibleError("There is no such calculation, or you may not see it.")
    if run.state not in UNFINISHED:
        raise WrongStateError(f"The calculation is {run.state.value}.", "Only one that is under way is cancelled.")
    run.state, run.state_reason = RunState.CANCELLED, "cancelled by a person"
    session.flush()
    return run


def round_named(session: Session, data_set: DataSet, code: str) -> Round:
    """Return a round by its code."""
    found = _known(session, data_set, code)
    if found is None:
        raise NotVisibleError(f"There is no round {code!r}.")
    return found


def _known(session: Session, data_set: DataSet, code: str) -> Round | None:
    return session.scalars(select(Round).where(Round.data_set == data_set, Round.code == code)).one_or_none()


def _wait_for_the_code(session: Session, data_set: DataSet, code: str) -> None:
    """Let whoever opens a round of the same code end first, so that the second is told in a sentence."""
    key = f"round {data_set.value} {code}"
    session.execute(text("select pg_advisory_xact_lock(hashtextextended(:key, 0))"), {"key": key})


def _locked(session: Session, round_id: UUID) -> Round:
    question = select(Round).where(Round.id == round_id).with_for_update()
    held = session.scalars(question.execution_options(populate_existing=True)).one_or_none()
    if held is None:
        raise NotVisibleError("There is no such round.")
    return held
