"""The manifest of a finished calculation holds every field that was promised, and what each of them says."""

from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select

from matcher.fingerprint import model_sha256
from matcher.outcome import Outcome, Progress, SolveOptions
from matcher.problem import Problem
from matcher.serialise import read_outcome, read_problem
from registry.access.subject import OPERATOR
from registry.database import unit_of_work
from registry.matching.documents import sha256_of
from registry.matching.manifest import is_sealed
from registry.matching.manifest_stages import Phase, Phases, stages_part
from registry.matching.publishing import publish
from registry.matching.runs import execute
from registry.models import Policy, Signature
from registry.services.auditing import anchor_trail
from tests.registry.matching.small import REASON, Small, publication_proof, stored

TOLD = [pytest.mark.database, pytest.mark.xdist_group("calculations")]

FIELDS = {
    "manifest_version": "manifest_version",
    "run_id": "run_id",
    "kind": "round.kind",
    "cycle_id": "round.id",
    "snapshot sha256": "snapshot.sha256",
    "taken_at_utc": "snapshot.taken_at",
    "db_lsn or txid": "snapshot.transaction",
    "row_counts": "snapshot.counts",
    "schema_revision": "snapshot.schema_revision",
    "policy id": "policy.id",
    "policy version": "policy.number",
    "policy sha256": "policy.sha256",
    "effective_from": "policy.in_force_from",
    "approved_by": "policy.approved_by",
    "signature_ids": "policy.signature_ids",
    "seed": "params.seed",
    "deterministic_limit": "params.effort",
    "presolve": "params.presolve",
    "weights_sha256": "params.weights_sha256",
    "tie_commitment": "params.tie_commitment",
    "app_version": "software.gmphub",
    "git_commit": "software.git_commit",
    "lock_sha256": "software.lock_sha256",
    "sbom_sha256": "software.sbom_sha256",
    "python": "software.python",
    "ortools": "software.ortools",
    "os": "software.os",
    "arch": "software.architecture",
    "tzdata": "software.tzdata",
    "result sha256": "result.sha256",
    "result status": "result.status",
    "objective_vector": "result.objective",
    "best_bound": "result.bound",
    "stages": "result.stages",
    "phases": "result.phases",
    "deterministic_time": "result.deterministic_time",
    "wall_time": "result.seconds",
    "n_assigned": "result.placed",
    "n_unassigned": "result.not_placed",
    "proto_sha256": "model.proto_sha256",
    "verifier version": "verifier.version_sha256",
    "report_sha256": "verifier.report_sha256",
    "verdict": "verifier.verdict",
    "second solver": "second_opinion.solver",
    "second version": "second_opinion.version",
    "second status": "second_opinion.status",
    "second objective": "second_opinion.objective",
    "agrees": "second_opinion.agrees",
    "started_by": "people.started_by",
    "people approved_by": "people.approved_by",
    "meanings": "people.meaning",
    "reasons": "people.reason",
    "audit_seq": "chain.sequence",
    "audit_hash": "chain.hash",
    "anchor_id": "chain.anchor",
    "previous_run_of_cycle": "runs_of_round_before",
    "deviations": "deviations",
}
"""What a manifest has to hold, by the name in the note it comes from, and where it stands."""

NEVER = {"deterministic_time"}
"""Not to be had, see docs/matcher.md."""
LATER = {"people approved_by", "meanings", "reasons", "anchor_id"}
"""Filled in by publishing, and by an anchor that is older than the calculation."""


def at(manifest: dict[str, Any], path: str) -> Any:
    """The value at a path; raises KeyError where the manifest has no such field."""
    value: Any = manifest
    for part in path.split("."):
        value = value[part]
    return value


def unsaid(manifest: dict[str, Any]) -> set[str]:
    """The fields that are there and say nothing."""
    return {name for name, path in FIELDS.items() if at(manifest, path) is None}


def outcome_of(world: Small) -> tuple[Problem, Outcome]:
    """The stored problem and outcome."""
    run = stored(world.run)
    problem = read_problem(run.problem or b"")
    assert isinstance(problem, Problem)
    return problem, read_outcome(run.outcome or b"")


class TestStored:
    """What a stored calculation of the small registry carries."""

    pytestmark = TOLD

    def test_every_field_is_there_and_says_something_unless_it_comes_later(self, world: Small) -> None:
        assert unsaid(stored(world.run).manifest) == NEVER | LATER

    def test_once_anchored_and_published_only_what_is_not_to_be_had_is_silent(self, waiting: Small) -> None:
        with unit_of_work(OPERATOR) as session:
            anchored = anchor_trail(session, Ed25519PrivateKey.generate())
        execute(waiting.coordinator, waiting.run, SolveOptions(effort=1))
        proof = publication_proof(waiting.approver, waiting.run)
        publish(waiting.approver, waiting.run, proof, reason=REASON)
        manifest = stored(waiting.run).manifest
        assert unsaid(manifest) == NEVER
        assert manifest["chain"]["anchor"] == {"sequence": anchored.sequence, "hash": anchored.hash}
        assert manifest["chain"]["sequence"] > anchored.sequence
        assert is_sealed(manifest)

    def test_the_signatures_are_those_of_the_two_who_approved_the_policy(self, world: Small) -> None:
        named = stored(world.run).manifest["policy"]["signature_ids"]
        with unit_of_work(OPERATOR) as session:
            policy = session.get_one(Policy, world.policy)
            signers = {str(one.id): one.signer_id for one in session.scalars(select(Signature))}
            assert [signers[one] for one in named] == [policy.first_approver_id, policy.second_approver_id]
            assert stored(world.run).manifest["params"]["weights_sha256"] == sha256_of(policy.tiers)

    def test_the_model_is_the_one_the_stored_problem_gives(self, world: Small) -> None:
        problem, _ = outcome_of(world)
        assert stored(world.run).manifest["model"]["proto_sha256"] == model_sha256(problem)

    def test_the_stages_are_the_tiers_of_the_outcome(self, world: Small) -> None:
        problem, outcome = outcome_of(world)
        stages = stored(world.run).manifest["result"]["stages"]
        assert [stage["terms"] for stage in stages] == [dict(tier) for tier in problem.policy.tiers]
        assert [stage["value"] for stage in stages] == list(outcome.objective)
        assert {stage["status"] for stage in stages} == {"optimal"} == {outcome.status}
        phases = stored(world.run).manifest["result"]["phases"]
        assert phases
        assert all(0 <= phase["first"] <= phase["last"] for phase in phases)


@pytest.mark.parametrize("name", sorted(FIELDS))
def test_sabotage_a_manifest_without_a_field_is_noticed(name: str) -> None:
    whole: dict[str, Any] = {}
    for path in FIELDS.values():
        *above, last = path.split(".")
        part = whole
        for each in above:
            part = part.setdefault(each, {})
        part[last] = 1
    assert unsaid(whole) == set()
    *above, last = FIELDS[name].split(".")
    part = whole
    for each in above:
        part = part[each]
    del part[last]
    with pytest.raises(KeyError):
        unsaid(whole)


def test_phases_follow_each_other_and_are_passed_on() -> None:
    heard: list[str] = []
    phases = Phases(lambda progress: heard.append(progress.phase))
    for name, seconds in (("baseline", 0.1), ("tier 1", 0.5), ("tier 1", 1.25), ("tier 2", 1.5)):
        phases.hear(Progress(name, (), (), seconds))
    assert heard == ["baseline", "tier 1", "tier 1", "tier 2"]
    assert phases.heard == (Phase("baseline", 0.1, 0.1), Phase("tier 1", 0.5, 1.25), Phase("tier 2", 1.5, 1.5))


@pytest.mark.parametrize(
    ("objective", "bound", "said"),
    [
        ((5,), (5,), "optimal"),
        ((5,), (6,), "feasible"),
        ((5,), (None,), "unbounded"),
        ((), (), "no plan"),
    ],
)
def test_a_tier_is_as_good_as_its_limit_shows(
    objective: tuple[int, ...], bound: tuple[int | None, ...], said: str
) -> None:
    outcome = Outcome(None, "feasible", (), objective, {}, bound, "done", 0, 1, 1, 0.0)
    (stage,) = stages_part([{"placed": 1}], outcome)
    assert stage["status"] == said
