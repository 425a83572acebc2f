"""A checked calculation made official: by another person than the one who started it, on facts that still hold.

Everything happens in one transaction, and the database refuses on its own what has not passed the verifier, what
belongs to a what-if round, a starter who publishes, and a second published calculation of a round.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matcher.facts import Facts
from registry import models
from registry.access.permissions import Permission, require
from registry.access.subject import OPERATOR, Subject
from registry.database import act_as, unit_of_work
from registry.errors import DomainError, NotAllowedError
from registry.matching.documents import facts_from_json
from registry.matching.manifest import OWN_HASH, is_sealed, sealed
from registry.matching.runs import Passing, locked_run, pass_by
from registry.matching.snapshot import take_snapshot
from registry.matching.staleness import reasons_stale
from registry.notices.outbox import Message, put_message
from registry.notices.posting import AddressSettings
from registry.services.policies import faults_as_official
from registry.services.recusal import check_recusal, organisations_named
from registry.services.rounds import is_official
from registry.services.secrets import TIE_BREAK, read_secret
from registry.services.signatures import Content, Reauthenticated, sign
from registry.vocabulary.lifecycle import RoundState, RunState, SignatureMeaning
from registry.vocabulary.roles import Role

RECORD = "run"
STARTED_IT = "Whoever started it does not approve it."


class NotPublishableError(NotAllowedError):
    """The calculation may not be published; `details` are all reasons."""

    code = "not-publishable"


class StaleRunError(DomainError):
    """Facts have changed since they were frozen; `details` are the reasons, and they are kept with the run."""

    code = "stale-run"


@dataclass(frozen=True, slots=True)
class Published:
    """What was published when, under which signature."""

    run: UUID
    at: datetime
    signature: UUID


def publication_content(session: Session, run: models.Run) -> Content:
    """Return what is shown to whoever approves a calculation, and signed."""
    held = session.get_one(models.Round, run.round_id)
    policy = session.get_one(models.Policy, held.policy_id)
    result: dict[str, Any] = run.manifest.get("result", {})
    return {
        "record": RECORD,
        "run": str(run.id),
        "round": held.code,
        "policy": f"{policy.code} version {policy.number}",
        "policy_text": policy.text_generated,
        "status": result.get("status"),
        "objective": result.get("objective"),
        "bound": result.get("bound"),
        "placed": result.get("placed"),
        "not_placed": result.get("not_placed"),
        "calculations_of_the_round_before": len(run.manifest.get("runs_of_round_before", [])),
        "facts_sha256": run.facts_sha256,
        "problem_sha256": run.problem_sha256,
        "outcome_sha256": run.outcome_sha256,
        "manifest_sha256": run.manifest.get(OWN_HASH),
    }


def publish(
    subject: Subject, run_id: UUID, proof: Reauthenticated, *, reason: str, passing: Passing = pass_by
) -> Published:
    """Sign and publish a checked calculation, reveal the secret of its ties and tell the parties, all or nothing.

    Raises NotPublishableError, RecusedError or NotAllowedError with every reason, and StaleRunError when facts have
    changed; the reasons are then kept with the run, and nothing is published.
    """
    try:
        with unit_of_work(subject) as session:
            published = publish_within(session, subject, run_id, proof, reason=reason)
            passing("published, not committed")
    except StaleRunError as stale:
        mark_stale(subject, run_id, stale)
        raise
    passing("committed")
    return published


def publish_within(
    session: Session,
    subject: Subject,
    run_id: UUID,
    proof: Reauthenticated,
    *,
    reason: str,
    correlation: str = "",
) -> Published:
    """Sign and publish as `publish` does, in a transaction that is the caller's and holds whatever else belongs to it.

    After a StaleRunError the caller ends the transaction and keeps the reasons with `mark_stale`.
    """
    require(subject, Permission.PUBLISH_RUN)
    with unit_of_work(OPERATOR) as reading:
        held = reading.get_one(models.Round, reading.get_one(models.Run, run_id).round_id)
        secret = read_secret(reading, held.id, TIE_BREAK) if held.tie_commitment is not None else None
    act_as(session, subject, action="publish calculation", reason=reason, correlation=correlation)
    return _published(session, subject, run_id, proof, reason, secret)


def mark_stale(subject: Subject, run_id: UUID, stale: StaleRunError, *, correlation: str = "") -> None:
    """Keep with a calculation why it may no longer be published."""
    with unit_of_work(subject, action="mark calculation stale", correlation=correlation) as session:
        locked_run(session, run_id).state_reason = f"stale: {'; '.join(stale.details)}"


def _published(
    session: Session, subject: Subject, run_id: UUID, proof: Reauthenticated, reason: str, secret: str | None
) -> Published:
    run = locked_run(session, run_id)
    held = session.scalars(select(models.Round).where(models.Round.id == run.round_id).with_for_update()).one()
    policy = session.get_one(models.Policy, held.policy_id)
    faults = list(_faults(subject, run, held, policy))
    if faults:
        advice = "Another coordinator approves it." if faults == [STARTED_IT] else "Calculate the round again."
        raise NotPublishableError("This calculation is not published.", advice, faults)
    facts = facts_from_json(run.facts or b"")
    parties = organisations_named(session, run.data_set, _parties(facts))
    check_recusal(session, subject, parties, held.opens_at or held.created_at)
    stale = reasons_stale(facts, _live(session, run, held, policy))
    if stale:
        raise StaleRunError("Facts have changed since they were frozen.", "Calculate the round again.", stale)
    signature = sign(
        session,
        subject,
        proof,
        record_type=RECORD,
        record_id=run.id,
        record_version=run.version,
        content=publication_content(session, run),
        meaning=SignatureMeaning.APPROVAL,
        role=Role.COORDINATOR,
        reason=reason,
    )
    now = session.scalars(select(func.now())).one()
    run.state, run.state_reason = RunState.PUBLISHED, None
    run.published_at, run.published_by_id = now, subject.person
    run.manifest = dict(_with_approval(run.manifest, signature))
    held.state, held.approved_by_id, held.tie_secret = RoundState.PUBLISHED, subject.person, secret
    session.flush()
    for message in _messages(session, run, held, facts):
        put_message(session, message)
    return Published(run.id, now, signature.id)


def _faults(subject: Subject, run: models.Run, held: models.Round, policy: models.Policy) -> Iterator[str]:
    if not is_official(held):
        yield "It belongs to a what-if round, and those are never published."
    if run.state is not RunState.CHECKED:
        yield f"It is {run.state.value}, not checked."
    if held.state is not RoundState.CLOSED:
        yield f"Its round is {held.state.value}, not closed."
    if subject.person in (run.created_by, held.started_by_id):
        yield STARTED_IT
    taken = run.manifest.get("snapshot", {}).get("taken_at")
    if taken is None or run.facts is None or not is_sealed(run.manifest):
        yield "Its manifest is missing or does not carry its own hash."
    else:
        yield from faults_as_official(policy, datetime.fromisoformat(taken))


def _parties(facts: Facts) -> Iterable[str]:
    return {request.sponsor for request in facts.requests} | {facility.organisation for facility in facts.facilities}


def _live(session: Session, run: models.Run, held: models.Round, policy: models.Policy) -> Facts:
    """The facts as they are now, judged by the day the frozen ones were judged by."""
    return take_snapshot(
        session,
        run.data_set,
        policy,
        origin=held.origin,
        horizon_weeks=held.horizon_weeks,
        known_on=held.known_on,
    )


def _with_approval(manifest: dict[str, Any], signature: models.Signature) -> Any:
    """The manifest with who approved it, sealed again; the hash that was signed is kept in it."""
    people = {
        **manifest["people"],
        "approved_by": str(signature.signer_id),
        "meaning": signature.meaning.value,
        "reason": signature.reason,
        "signature": str(signature.id),
    }
    return sealed({**manifest, "people": people, "signed_manifest_sha256": manifest[OWN_HASH]})


def _messages(session: Session, run: models.Run, held: models.Round, facts: Facts) -> Iterator[Message]:
    """One message to each party of the round; nothing of the result stands in it."""
    keys = organisations_named(session, run.data_set, _parties(facts))
    rows = session.scalars(select(models.Organisation).where(models.Organisation.id.in_(keys)))
    address = AddressSettings().public_address.rstrip("/")
    for row in rows:
        yield Message(
            data_set=run.data_set,
            dedup_id=f"published {run.id} {row.id}",
            organisation_id=row.id,
            address=row.mailbox,
            subject=f"Round {held.code}: the result is published",
            body=(
                f"The result of round {held.code} is published. Log in to read what concerns you, with the reasons:"
                f" {address}/api/v1/me/results\n\n"
                "It proposes and never awards: holder, Qualified Person, sponsor and authority stay responsible.\n"
            ),
        )
