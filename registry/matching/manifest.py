"""What a calculation rests on, as one document that is hashed: enough to repeat it, and to defend it years later."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, object_session

from matcher.facts import Facts
from matcher.outcome import Outcome
from registry import models
from registry.matching.age import age_part
from registry.matching.calculation import Calculation
from registry.matching.catalogue import PART, rules_part
from registry.matching.documents import sha256_of
from registry.matching.manifest_software import software, verifier_sha256, version_of
from registry.matching.manifest_stages import stages_part
from registry.matching.second_opinion import SecondOpinion

__all__ = [
    "OWN_HASH",
    "PRESOLVE",
    "Frozen",
    "Head",
    "Manifest",
    "is_sealed",
    "manifest_of",
    "result_sha256",
    "sealed",
    "second_opinion_part",
    "snapshot_part",
    "software",
    "verifier_sha256",
]

VERSION = 2
OWN_HASH = "manifest_sha256"
PRESOLVE = {"highs": "as it comes", "cp_sat": "as it comes", "neighbourhoods": "none"}
"""What the solvers do to a model before they solve it; the sources that say so are hashed in `software`."""

Manifest = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Head:
    """The head of the trail at some moment."""

    sequence: int
    hash: str


@dataclass(frozen=True, slots=True)
class Frozen:
    """Facts and how they were frozen; `transaction` is PostgreSQL's snapshot, `schema` the migration.

    `records_sha256` is the hash over the list of the hashes of all records, which a party is shown.
    """

    facts: Facts
    at: datetime
    transaction: str
    schema: str
    records_sha256: str


def snapshot_part(frozen: Frozen, facts_sha256: str) -> Manifest:
    """The part of the manifest that is known as soon as the facts are frozen."""
    facts = frozen.facts
    return {
        "sha256": facts_sha256,
        "taken_at": frozen.at.astimezone(UTC).isoformat(),
        "transaction": frozen.transaction,
        "schema_revision": frozen.schema,
        "records_sha256": frozen.records_sha256,
        "calendar_age": age_part(facts),
        "counts": {
            "facilities": len(facts.facilities),
            "sites": sum(len(facility.sites) for facility in facts.facilities),
            "suites": sum(len(site.suites) for facility in facts.facilities for site in facility.sites),
            "requests": len(facts.requests),
            "batches": sum(len(request.batches) for request in facts.requests),
        },
    }


def manifest_of(
    run: models.Run,
    held: models.Round,
    policy: models.Policy,
    done: Calculation,
    opinion: SecondOpinion,
    report: models.VerifierReport,
    *,
    head: Head | None,
    earlier: tuple[str, ...],
) -> Manifest:
    """Return the manifest of a calculation that ends now, sealed; what was in it before stays in it.

    `earlier` are the keys of the calculations of this round before this one: how often it was tried is shown.
    """
    outcome = done.outcome
    session = object_session(run)
    parts = {
        "manifest_version": VERSION,
        "run_id": str(run.id),
        "round": {"id": str(held.id), "code": held.code, "kind": held.kind.value, "data_set": run.data_set.value},
        "policy": {**_policy(policy), "signature_ids": [] if session is None else _signatures(session, policy.id)},
        "params": {
            "seed": outcome.seed,
            "effort": outcome.effort,
            "workers": outcome.workers,
            "presolve": PRESOLVE,
            "weights_sha256": sha256_of(policy.tiers),
            "tie_commitment": held.tie_commitment,
        },
        "software": software(),
        PART: rules_part(),
        "model": {"problem_sha256": outcome.problem_sha256, "proto_sha256": done.model_sha256},
        "result": result_part(done, run.outcome_sha256),
        "verifier": {
            "version_sha256": report.verifier_sha256,
            "report_sha256": sha256_of({"findings": report.findings, "remarks": report.remarks}),
            "verdict": report.verdict.value,
        },
        "second_opinion": second_opinion_part(opinion),
        "people": {
            "started_by": None if run.created_by is None else str(run.created_by),
            **dict.fromkeys(("approved_by", "meaning", "reason", "signature")),
        },
        "chain": None if head is None else _chain(head, None if session is None else _anchor(session, head)),
        "runs_of_round_before": list(earlier),
        "execution": run.fence,
        "deviations": [],
    }
    return sealed({**run.manifest, **parts})


def _policy(policy: models.Policy) -> Manifest:
    return {
        "id": str(policy.id),
        "code": policy.code,
        "number": policy.number,
        "sha256": sha256_of({"tiers": policy.tiers, "rules": policy.rules, "text": policy.text_generated}),
        "in_force_from": None if policy.in_force_from is None else policy.in_force_from.astimezone(UTC).isoformat(),
        "approved_by": [str(one) for one in (policy.first_approver_id, policy.second_approver_id) if one is not None],
    }


def _signatures(session: Session, policy: UUID) -> list[str]:
    """The signatures of those who approved the policy, oldest first."""
    signed = models.Signature.record_type == "policy", models.Signature.record_id == policy
    found = session.scalars(select(models.Signature).where(*signed).order_by(models.Signature.signed_at))
    return [str(one.id) for one in found]


def _anchor(session: Session, head: Head) -> Head | None:
    """The last head of the trail that was signed for outside parties up to now."""
    row = session.scalars(
        select(models.AuditAnchor)
        .where(models.AuditAnchor.sequence <= head.sequence)
        .order_by(models.AuditAnchor.sequence.desc())
        .limit(1)
    ).first()
    return None if row is None else Head(row.sequence, row.hash)


def _chain(head: Head, anchor: Head | None) -> Manifest:
    return {**asdict(head), "anchor": None if anchor is None else asdict(anchor)}


def second_opinion_part(opinion: SecondOpinion) -> Manifest:
    """What the other solver said, with its version; both solvers come inside OR-Tools and carry its version."""
    return {**opinion.document(), "version": f"OR-Tools {version_of('ortools')}" if opinion.asked else None}


def result_part(done: Calculation, outcome_sha256: str | None) -> Manifest:
    """What came out: the hash of the outcome's bytes, and the one of what a repetition must give again."""
    outcome = done.outcome
    batches = sum(len(request.batches) for request in done.prepared.formulated.problem.requests)
    return {
        "sha256": outcome_sha256,
        "repeatable_sha256": result_sha256(outcome),
        "status": outcome.status,
        "stopped": outcome.stopped,
        "objective": list(outcome.objective),
        "bound": list(outcome.bound),
        "placed": len(outcome.placements),
        "not_placed": batches - len(outcome.placements),
        "days_sha256": sha256_of(done.days),
        "without_day": len(done.days.undated),
        "stages": stages_part(done.prepared.formulated.problem.policy.tiers, outcome),
        "phases": [asdict(phase) for phase in done.phases],
        "seconds": outcome.seconds,
        "deterministic_time": None,
    }


def result_sha256(outcome: Outcome) -> str:
    """Return the hash of what the same problem, options and software must give again: all but times and versions."""
    return sha256_of({
        "problem_sha256": outcome.problem_sha256,
        "status": outcome.status,
        "placements": outcome.placements,
        "objective": outcome.objective,
        "terms": outcome.terms,
        "bound": outcome.bound,
        "proof": outcome.proof,
    })  # fmt: skip


def sealed(manifest: Manifest) -> Manifest:
    """Return the manifest with its own hash: SHA-256 of the canonical form of everything else in it."""
    rest = {key: value for key, value in manifest.items() if key != OWN_HASH}
    return {**rest, OWN_HASH: sha256_of(rest)}


def is_sealed(manifest: Manifest) -> bool:
    """Whether a manifest carries the hash of its own content."""
    return bool(manifest.get(OWN_HASH) == sealed(manifest)[OWN_HASH])
