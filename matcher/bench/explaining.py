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
"""Seconds wanted on the wall, on a machine with nothing else to do."""


@dataclass(frozen=True, slots=True)
class Measured:
    """The round that was explained, what was found with counterfactuals, and the time without and with them."""

    done: Calculated
    explained: tuple[Explained, ...]
    without: Took
    full: Took

    @property
    def kept(self) -> bool:
        """Whether both times are as wanted."""
        return self.without.kept and self.full.kept


def bench_explanations(facts: Facts, effort: int) -> Measured:
    """Plan a round, explain every request of it without and then with counterfactuals, and print how long that took.

    With `effort` 0 the plan is the first-come one, which leaves more waiting and so takes longer to explain.
    """
    verdicts = judge(facts)
    made = formulated(facts, verdicts)
    plan = _plan(made.problem, effort)
    done = Calculated(facts, verdicts, made.problem, made.resource_rules, plan)
    say(f"{len(facts.requests)} requests, {len(facts.facilities)} facilities, {len(plan)} starts placed")
    _, without = took("without counterfactuals", lambda: explain_all(done, counterfactuals=False), WITHOUT)
    say(line(without))
    explained, full = took("with counterfactuals", lambda: explain_all(done), WITH)
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
