"""Policies as versioned data: drafted, approved by two different persons with their signatures, in force from a day on.

What an approved version says is kept by the database (trigger `guard_policy`); a change is a new version.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from registry.access.permissions import Permission, require
from registry.access.subject import Subject
from registry.errors import BrokenRuleError, NotAllowedError, NotVisibleError
from registry.models import Policy
from registry.services.policy_words import faults_of_tiers, policy_text
from registry.services.records import refuse_faults
from registry.services.signatures import Content, Reauthenticated, sign
from registry.vocabulary.lifecycle import SignatureMeaning
from registry.vocabulary.roles import Role

RECORD = "policy"


class PolicyState(StrEnum):
    """How far a version is."""

    DRAFT = "draft"
    APPROVED_ONCE = "approved by one"
    APPROVED = "approved"
    IN_FORCE = "in force"


def draft_policy(
    session: Session,
    subject: Subject,
    *,
    code: str,
    title: str,
    tiers: Sequence[Mapping[str, int]],
    rules: Mapping[str, Any] | None = None,
) -> Policy:
    """Write the next version of a policy; raises InvalidInputError with every fault of its tiers."""
    require(subject, Permission.EDIT_POLICY)
    refuse_faults(faults_of_tiers(tiers), what="The policy")
    newest = session.scalar(select(func.max(Policy.number)).where(Policy.code == code))
    policy = Policy(
        code=code,
        number=(newest or 0) + 1,
        title=title,
        tiers=[dict(tier) for tier in tiers],
        rules=dict(rules or {}),
        text_generated=policy_text(tiers),
    )
    session.add(policy)
    session.flush()
    return policy


def policy_content(policy: Policy) -> Content:
    """Return what is shown and signed of a version."""
    return {
        "code": policy.code,
        "number": policy.number,
        "title": policy.title,
        "tiers": [dict(tier) for tier in policy.tiers],
        "rules": dict(policy.rules),
        "text": policy.text_generated,
    }


def approve_policy(
    session: Session, subject: Subject, policy_id: UUID, proof: Reauthenticated, *, reason: str
) -> PolicyState:
    """Sign a version as its first or second approver, two different persons; the one who drafted it may be one."""
    require(subject, Permission.APPROVE_POLICY)
    policy = _locked(session, policy_id)
    if policy.text_generated != policy_text(policy.tiers):
        raise BrokenRuleError("The text of the policy is not the one its tiers give.", "Draft it again.")
    if subject.person == policy.first_approver_id:
        raise NotAllowedError("You have approved this version already.", "It needs another person.")
    if policy.second_approver_id is not None:
        raise NotAllowedError("Two persons have approved this version already.")
    sign(
        session,
        subject,
        proof,
        record_type=RECORD,
        record_id=policy.id,
        record_version=policy.version,
        content=policy_content(policy),
        meaning=SignatureMeaning.APPROVAL,
        role=Role.COORDINATOR,
        reason=reason,
    )
    if policy.first_approver_id is None:
        policy.first_approver_id = subject.person
    else:
        policy.second_approver_id = subject.person
    session.flush()
    return state_of(policy, session.scalars(select(func.now())).one())


def bring_into_force(session: Session, subject: Subject, policy_id: UUID, since: datetime | None = None) -> Policy:
    """Let an approved version count from now or from a later instant on, never from an earlier one."""
    require(subject, Permission.APPROVE_POLICY)
    policy = _locked(session, policy_id)
    now = session.scalars(select(func.now())).one()
    if policy.in_force_from is not None:
        raise NotAllowedError("This version is in force already.", "Draft another version.")
    if policy.first_approver_id is None or policy.second_approver_id is None:
        raise NotAllowedError("This version is not approved by two persons.", "Ask another person to approve it.")
    if since is not None and since < now:
        raise NotAllowedError("A policy does not come into force in the past.", "Name an instant to come.")
    policy.in_force_from = since or now
    session.flush()
    return policy


def state_of(policy: Policy, now: datetime) -> PolicyState:
    """Return how far a version is at an instant."""
    if policy.in_force_from is not None and policy.in_force_from <= now:
        return PolicyState.IN_FORCE
    approvals = [policy.first_approver_id, policy.second_approver_id]
    number = sum(approver is not None for approver in approvals)
    return (PolicyState.DRAFT, PolicyState.APPROVED_ONCE, PolicyState.APPROVED)[number]


def faults_as_official(policy: Policy, snapshot_at: datetime) -> Iterable[str]:
    """Yield why an official calculation of facts frozen at that instant may not go by this version (T-G7)."""
    if policy.first_approver_id is None or policy.second_approver_id is None:
        yield f"Policy {policy.code} version {policy.number} is not approved by two persons."
    if policy.in_force_from is None:
        yield f"Policy {policy.code} version {policy.number} is not in force."
    elif policy.in_force_from > snapshot_at:
        yield f"Policy {policy.code} version {policy.number} is dated after the facts were frozen."


def policy_named(session: Session, code: str, number: int | None = None) -> Policy:
    """Return a version of a policy, the newest when none is named."""
    question = select(Policy).where(Policy.code == code).order_by(Policy.number.desc()).limit(1)
    if number is not None:
        question = question.where(Policy.number == number)
    policy = session.scalars(question).one_or_none()
    if policy is None:
        raise NotVisibleError(f"There is no such policy or version: {code}.")
    return policy


def _locked(session: Session, policy_id: UUID) -> Policy:
    policy = session.scalars(
        select(Policy).where(Policy.id == policy_id).with_for_update().execution_options(populate_existing=True)
    ).one_or_none()
    if policy is None:
        raise NotVisibleError("There is no such policy.")
    return policy
