"""Rounds, their policy, and queued calculations."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from registry.access.permissions import Permission, require
from registry.access.subject import Subject
from registry.models import Policy, Round, Run
from registry.vocabulary.lifecycle import DataSet, RoundKind, RoundState, RunState

TERM_WORDS: Mapping[str, str] = {
    "placed_class_0": "patients of the most urgent programmes who could be treated",
    "placed": "patients who could be treated",
    "fairness": "the smallest share placed among groups that have a possible start (per thousand)",
    "waiting": "weeks of waiting, counted for each patient",
    "travel": "kilometres between patients and facilities",
    "cost": "open points of new pairs",
    "preference": "distance from what sponsors prefer",
    "sites": "facilities used by one request",
    "changes": "changes against the published plan",
}
"""Each term of a policy in plain words; the first two and the fairness floor are to be large, the others small."""

WANTED_LARGE = ("placed", "fairness")


def policy_text(tiers: Sequence[Mapping[str, int]]) -> str:
    """Return a policy in plain words, generated from the very tiers that the solver reads."""
    lines = []
    for number, tier in enumerate(tiers, start=1):
        goals = [
            f"{'as many' if term.startswith(WANTED_LARGE) else 'as few'} as possible: {TERM_WORDS.get(term, term)}"
            + (f" (weight {weight})" if len(tier) > 1 else "")
            for term, weight in tier.items()
        ]
        lines.append(f"{number}. {'; '.join(goals)}.")
    return "\n".join(("Each line is decided before the next, and what it reached is kept.", *lines))


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
) -> Round:
    """Open a round over the weeks from Monday `origin`, or return the one that carries this code already."""
    require(subject, Permission.RUN_ROUND)
    known = session.scalars(select(Round).where(Round.data_set == data_set, Round.code == code)).first()
    if known is not None:
        return known
    opened = Round(
        code=code,
        data_set=data_set,
        kind=kind,
        state=RoundState.OPEN,
        policy_id=policy.id,
        origin=origin,
        horizon_weeks=horizon_weeks,
        known_on=known_on,
    )
    session.add(opened)
    session.flush()
    return opened


def queue_run(session: Session, subject: Subject, round_id: UUID, data_set: DataSet) -> Run:
    """Put a new calculation of the round in the queue."""
    require(subject, Permission.RUN_ROUND)
    run = Run(
        round_id=round_id, data_set=data_set, state=RunState.QUEUED, queued_at=session.scalar(func.now().select())
    )
    session.add(run)
    session.flush()
    return run
