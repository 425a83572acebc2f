"""Every explanation of a plan, without and with what would change it."""

from dataclasses import dataclass

from matcher.bench.clock import Took, line, say, took
from matcher.eligibility import judge
from matcher.explain.explaining import Calculated, Explained, explain_all
from matcher.facts import Facts
from matcher.formulate import formulated
from matcher.greedy import greedy
from matcher.outcome import Placement, SolveOptions
from matcher.problem import Problem
from matcher.solve import solve

WITHOUT, WITH = 1.0, 20.0
"""Seconds wanted on the wall for a round of size S, on a machine with nothing else to do."""


@dataclass(frozen=True, slots=True)
class Measured:
    """The round that was explained, what was found with counterfactuals, and the time without and with them."""

    done: Calculated
    explained: tuple[Explained, ...]
    without: Took
    full: Took

    @property
    def kept(self) -> bool:
        """Whether both times are as wanted, where any are."""
        return self.without.kept and self.full.kept


def bench_explanations(facts: Facts, effort: int, *, limited: bool = True) -> Measured:
    """Plan a round, explain every request of it without and then with counterfactuals, and print how long that took.

    With `effort` 0 the plan is the first-come one, which leaves more waiting and so takes longer to explain. `limited`
    says whether the times wanted of a round of size S are asked of this one too.
    """
    verdicts = judge(facts)
    made = formulated(facts, verdicts)
    plan = _plan(made.problem, effort)
    done = Calculated(facts, verdicts, made.problem, made.resource_rules, plan)
    batches = sum(len(request.batches) for request in facts.requests)
    say(
        f"{len(facts.requests)} requests, {len(facts.facilities)} facilities, {batches} batches, "
        f"{facts.horizon_weeks} weeks; {len(plan)} starts placed"
    )
    most, all_of_it = (WITHOUT, WITH) if limited else (None, None)
    _, without = took("without counterfactuals", lambda: explain_all(done, counterfactuals=False), most)
    say(line(without))
    explained, full = took("with counterfactuals", lambda: explain_all(done), all_of_it)
    say(line(full))
    found = Measured(done, tuple(explained.values()), without, full)
    say(_found(found.explained))
    return found


def _plan(problem: Problem, effort: int) -> tuple[Placement, ...]:
    return solve(problem, SolveOptions(effort=effort)).placements if effort else greedy(problem)


def _found(explained: tuple[Explained, ...]) -> str:
    waiting = sum(one.placed < one.asked for one in explained)
    changes = sum(len(one.what_if.counterfactuals) for one in explained)
    groups = sum(len(one.what_if.conflicts) for one in explained)
    return f"{waiting} requests not wholly placed; {changes} changes that help, {groups} conflict groups shown"
