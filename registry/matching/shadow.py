"""A policy tried on the frozen facts of earlier calculations: who would gain and who would lose. Nothing is stored."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from matcher.facts import Facts
from matcher.outcome import Outcome, SolveOptions
from matcher.problem import Problem
from matcher.serialise import read_outcome
from registry.matching.calculation import calculate, prepare
from registry.matching.documents import facts_from_json
from registry.matching.replay import Kept


@dataclass(frozen=True, slots=True)
class GroupChange:
    """What a group would have: patients placed before and now, and how many of its requests gain or lose patients."""

    group: str
    requests: int
    patients_before: int
    patients_now: int
    gaining: int
    losing: int


@dataclass(frozen=True, slots=True)
class RequestChange:
    """A request that would have more patients placed, or fewer; `label` is how overseers know it."""

    label: str
    group: str
    patients_before: int
    patients_now: int


@dataclass(frozen=True, slots=True)
class Shadow:
    """One earlier calculation under the other policy; `checked` is whether the new plan passed the independent check.

    `changes` are the requests that gain or lose, the largest loss first.
    """

    objective: tuple[int, ...]
    placed_before: int
    placed_now: int
    groups: tuple[GroupChange, ...]
    changes: tuple[RequestChange, ...]
    checked: bool


def shadow(kept: Kept, tiers: Sequence[Mapping[str, int]], options: SolveOptions | None = None) -> Shadow:
    """Calculate an earlier round under other tiers, with the seed, effort and workers of then, and compare by group."""
    before = read_outcome(kept.outcome)
    asked = options or SolveOptions()
    facts = replace(facts_from_json(kept.facts), tiers=tuple(dict(tier) for tier in tiers))
    done = calculate(
        prepare(facts),
        replace(asked, effort=before.effort or asked.effort, workers=before.workers, seed=before.seed),
        kept.rank,
    )
    problem = done.prepared.formulated.problem
    then, now = patients_of(problem, before), patients_of(problem, done.outcome)
    return Shadow(
        objective=done.outcome.objective,
        placed_before=len(before.placements),
        placed_now=len(done.outcome.placements),
        groups=_groups(facts, then, now),
        changes=_changes(facts, then, now),
        checked=done.report.exit_code == 0,
    )


def patients_of(problem: Problem, outcome: Outcome) -> Mapping[str, int]:
    """Return how many patients of each request an outcome places, by the weights of the problem."""
    weights = {
        (request.id, batch.id): request.weight_of(batch) for request in problem.requests for batch in request.batches
    }
    found: defaultdict[str, int] = defaultdict(int)
    for placement in outcome.placements:
        found[placement.request] += weights.get((placement.request, placement.batch), 0)
    return found


def _groups(facts: Facts, before: Mapping[str, int], now: Mapping[str, int]) -> tuple[GroupChange, ...]:
    members: defaultdict[str, list[str]] = defaultdict(list)
    for request in facts.requests:
        members[request.group].append(request.id)
    return tuple(
        GroupChange(
            group=group,
            requests=len(requests),
            patients_before=sum(before.get(one, 0) for one in requests),
            patients_now=sum(now.get(one, 0) for one in requests),
            gaining=sum(now.get(one, 0) > before.get(one, 0) for one in requests),
            losing=sum(now.get(one, 0) < before.get(one, 0) for one in requests),
        )
        for group, requests in sorted(members.items())
    )


def _changes(facts: Facts, before: Mapping[str, int], now: Mapping[str, int]) -> tuple[RequestChange, ...]:
    changes = (
        RequestChange(request.label, request.group, before.get(request.id, 0), now.get(request.id, 0))
        for request in facts.requests
    )
    moved = (one for one in changes if one.patients_before != one.patients_now)
    return tuple(sorted(moved, key=lambda one: (one.patients_now - one.patients_before, one.label)))
