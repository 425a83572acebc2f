"""What a calculation rests on, as one document that is hashed: enough to repeat it, and to defend it years later."""

import hashlib
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from matcher.facts import Facts
from matcher.outcome import Outcome
from registry import models
from registry.matching.age import age_part
from registry.matching.calculation import Calculation
from registry.matching.catalogue import PART, hash_of_sources, rules_part
from registry.matching.documents import sha256_of
from registry.matching.second_opinion import SecondOpinion

VERSION = 1
OWN_HASH = "manifest_sha256"
ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("gmphub", "ortools", "numpy", "pandas", "sqlalchemy", "tzdata")
CPU_INFO = Path("/proc/cpuinfo")
MODEL_NAME = "model name"

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
    parts = {
        "manifest_version": VERSION,
        "run_id": str(run.id),
        "round": {"id": str(held.id), "code": held.code, "kind": held.kind.value, "data_set": run.data_set.value},
        "policy": _policy(policy),
        "params": {
            "seed": outcome.seed,
            "effort": outcome.effort,
            "workers": outcome.workers,
            "tie_commitment": held.tie_commitment,
        },
        "software": software(),
        PART: rules_part(),
        "model": {"problem_sha256": outcome.problem_sha256},
        "result": result_part(done, run.outcome_sha256),
        "verifier": {
            "version_sha256": report.verifier_sha256,
            "report_sha256": sha256_of({"findings": report.findings, "remarks": report.remarks}),
            "verdict": report.verdict.value,
        },
        "second_opinion": second_opinion_part(opinion),
        "people": {"started_by": None if run.created_by is None else str(run.created_by), "approved_by": None},
        "chain": None if head is None else {"sequence": head.sequence, "hash": head.hash},
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


def second_opinion_part(opinion: SecondOpinion) -> Manifest:
    """What the other solver said, with its version; both solvers come inside OR-Tools and carry its version."""
    return {**opinion.document(), "version": f"OR-Tools {_version('ortools')}" if opinion.asked else None}


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
        "seconds": outcome.seconds,
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


@cache
def software() -> Manifest:
    """Return which software this process runs; what cannot be known is null."""
    return {
        **{name: _version(name) for name in PACKAGES},
        "git_commit": git_commit(ROOT),
        "lock_sha256": _file_sha256(ROOT / "constraints.txt"),
        "country_pack_sha256": _file_sha256(files("seed_data").joinpath("vocabularies", "member_states.csv")),
        "python": platform.python_version(),
        "os": platform.system(),
        "architecture": platform.machine(),
        "processor": processor(),
        "cp_sat": f"inside OR-Tools {_version('ortools')}",
        "highs": f"inside OR-Tools {_version('ortools')}",
    }


def processor(said: Path = CPU_INFO) -> str | None:
    """Return the kind of the processor as its maker names it, never a serial number; None where nothing says it.

    Parts of a solver may round otherwise on another kind, so a repetition that differs has a first place to look.
    """
    lines = said.read_text(encoding="utf-8").splitlines() if said.is_file() else []
    named = (value.strip() for name, _, value in (line.partition(":") for line in lines) if name.strip() == MODEL_NAME)
    return next((name for name in named if name), None) or platform.processor() or None


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _file_sha256(path: Traversable) -> str | None:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else None


def git_commit(root: Path) -> str | None:
    """Return the commit a checkout stands at, None outside one; changes that are not committed do not show."""
    head = root / ".git" / "HEAD"
    if not head.is_file():
        return None
    said = head.read_text(encoding="utf-8").strip()
    if not said.startswith("ref: "):
        return said
    name = said.removeprefix("ref: ")
    loose, packed = root / ".git" / name, root / ".git" / "packed-refs"
    if loose.is_file():
        return loose.read_text(encoding="utf-8").strip()
    lines = packed.read_text(encoding="utf-8").splitlines() if packed.is_file() else []
    return next((line.split()[0] for line in lines if line.endswith(f" {name}")), None)


@cache
def verifier_sha256() -> str:
    """Return the hash of the verifier's own files: which reader it was that checked."""
    return hash_of_sources("matcher.verifier")
