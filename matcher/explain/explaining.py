"""Everything that is explained about a calculation, one request after the other: values, from which words are made."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from matcher.eligibility.quarantine import SetAside
from matcher.eligibility.verdicts import Verdicts
from matcher.explain.asking import Asking, Waiting
from matcher.explain.changes import Counterfactual, Kind, rank
from matcher.explain.conditions import PlacedPair, placed_pairs
from matcher.explain.conflicts import ConflictGroup, conflict_groups
from matcher.explain.funnel import Funnel, funnel_of
from matcher.explain.holding import HeldWeeks, held_weeks
from matcher.explain.insertion import Insertion, insertion
from matcher.explain.licensing import licensed
from matcher.explain.near import NearMiss, near_misses_of
from matcher.explain.nextbest import NextBest, next_best
from matcher.explain.obstacles import Obstacle, obstacles
from matcher.explain.premises import Changed, Premises
from matcher.explain.residual import beside
from matcher.explain.rows import Rows
from matcher.explain.sponsor import MOST_WEEKS
from matcher.explain.supplying import supplied
from matcher.explain.usage import usage_of
from matcher.facts import Facts
from matcher.outcome import Placement
from matcher.problem import Problem, Request, RequestId, ResourceId
from matcher.weeks import Weeks

PATIENT_STEPS = 200_000
"""Questions to the calendar for a request whose unchanged case the usual search does not settle."""

TOGETHER = 32
"""Waiting requests whose variants are judged together."""


@dataclass(frozen=True, slots=True)
class EarliestDate:
    """Waiting `weeks` longer than asked, every start fits beside the plan: the first on `first`, the last on `last`.

    `proved` is the change that was solved for it, where it lies beyond what is shown as a change too.
    """

    weeks: int
    first: date
    last: date
    proved: Counterfactual


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What was found by solving again; `fits` starts fit beside the plan as it is (None where nothing is waiting).

    `tried` is false where every start may fit already, or the search could not settle that: then changes say nothing.
    """

    fits: int | None = None
    tried: bool = False
    counterfactuals: tuple[Counterfactual, ...] = ()
    earliest: EarliestDate | None = None
    conflicts: tuple[ConflictGroup, ...] = ()


@dataclass(frozen=True, slots=True)
class Explained:
    """One request: how many starts were asked for and placed, and why; `set_aside` holds reasons, or nothing."""

    request: str
    asked: int
    placed: int
    set_aside: tuple[str, ...]
    funnel: Funnel | None
    near: tuple[NearMiss, ...]
    pairs: tuple[PlacedPair, ...]
    obstacles: tuple[Obstacle, ...]
    held: tuple[HeldWeeks, ...]
    next_best: NextBest | None
    what_if: WhatIf


@dataclass(frozen=True, slots=True)
class Calculated:
    """What is explained: frozen facts, their verdicts, the problem they gave, and the plan.

    `days` are the settled start days by request and batch, `undated` says why a batch has none.
    """

    facts: Facts
    verdicts: Verdicts
    problem: Problem
    rules: Mapping[ResourceId, str]
    placements: tuple[Placement, ...]
    days: Mapping[tuple[str, str], date] = field(default_factory=dict)
    undated: Mapping[tuple[str, str], str] = field(default_factory=dict)


class Explainer:
    """Explains the requests of one calculation; what is common to all of them is made once."""

    def __init__(self, done: Calculated) -> None:
        self.done = done
        self.rows = Rows(done.verdicts)
        self.premises = Premises(done.facts, done.problem, done.placements)
        self._usage = usage_of(done.problem, done.placements)
        self._pairs = placed_pairs(done.facts, done.verdicts, done.placements, done.days, done.undated)
        self._obstacles = obstacles(done.problem, done.placements, done.rules)
        self._stated = {request.id: request for request in done.problem.requests}

    def explain(self, request: str, what_if: WhatIf | None = None) -> Explained:
        """What is known of one request without solving anything again; raises KeyError for a request not in the round."""
        aside = next((one for one in self.done.verdicts.quarantined if one.request == request), None)
        if aside is not None:
            return self._set_aside(aside)
        stated = self._stated[RequestId(request)]
        own = self.premises.rest.own.get(stated.id, ())
        waiting = len(own) < len(stated.batches)
        return Explained(
            request=request,
            asked=len(stated.batches),
            placed=len(own),
            set_aside=(),
            funnel=funnel_of(self.rows, request),
            near=near_misses_of(self.rows, request),
            pairs=self._pairs.get(request, ()),
            obstacles=self._obstacles.get(stated.id, ()),
            held=held_weeks(self.done.problem, stated, self.done.placements, self._usage, self.done.rules)
            if waiting
            else (),
            next_best=next_best(self.premises.rest, stated),
            what_if=what_if or WhatIf(),
        )

    def _set_aside(self, aside: SetAside) -> Explained:
        asked = next(len(one.batches) for one in self.done.facts.requests if one.id == aside.request)
        return Explained(aside.request, asked, 0, aside.reasons, None, (), (), (), (), None, WhatIf())

    def waiting(self) -> tuple[Request, ...]:
        """The requests of which some start was not placed."""
        own = self.premises.rest.own
        return tuple(one for one in self.done.problem.requests if len(own.get(one.id, ())) < len(one.batches))

    def what_if(self, go_on: Callable[[], bool] = lambda: True) -> dict[str, WhatIf]:
        """For waiting requests, changes that would help, the earliest date and conflict groups; all solved again.

        `go_on` is asked before each request; once it says no, the requests that are left have no entry.
        """
        waiting = self.waiting()
        found: dict[str, WhatIf] = {}
        for first in range(0, len(waiting), TOGETHER):
            found |= self._what_ifs(waiting[first : first + TOGETHER], go_on)
        return found

    def _what_ifs(self, some: Sequence[Request], go_on: Callable[[], bool]) -> dict[str, WhatIf]:
        stated = {request.id: request for request in some if go_on()}
        cases = {
            name: Waiting(self.rows.request(name), settled(beside(self.premises.rest, request)))
            for name, request in stated.items()
        }
        asking = Asking(self.premises, self.done.verdicts, cases.values())
        return {name: self._what_if(cases[name], stated[name], asking) for name in stated if go_on()}

    def _what_if(self, case: Waiting, stated: Request, asking: Asking) -> WhatIf:
        if case.base.most >= case.asked:
            return WhatIf(case.base.starts)
        found = [*asking.of(case), *supplied(self.premises, case, stated, self.done.rules)]
        found += licensed(self.premises, self.rows, case, stated)
        problem = self.premises.beside(Changed(stated, ()), stated.id)
        return WhatIf(
            fits=case.base.starts,
            tried=True,
            counterfactuals=shown(found),
            earliest=self._earliest(found),
            conflicts=conflict_groups(problem, self.done.rules),
        )

    def _earliest(self, found: list[Counterfactual]) -> EarliestDate | None:
        whole = [one for one in found if one.change.kind is Kind.WAITS_LONGER and one.whole]
        if not whole:
            return None
        least = min(whole, key=lambda one: one.change.amount)
        weeks = Weeks(self.done.facts.origin, self.done.facts.horizon_weeks)
        starts = [stay.start for stay in least.placements]
        return EarliestDate(least.change.amount, weeks.day(min(starts)), weeks.day(max(starts)), least)


def settled(problem: Problem) -> Insertion:
    """What fits beside the plan as it is, with more patience where the usual search does not settle it."""
    found = insertion(problem)
    return found if found.exact else insertion(problem, at_least=max(1, found.starts), steps=PATIENT_STEPS)


def shown(found: list[Counterfactual]) -> tuple[Counterfactual, ...]:
    """The changes to show, smallest first: one of a kind, dates by at most eight weeks, both frozen only where one is not enough."""
    frozen = [one.starts for one in found if one.change.kind in {Kind.FROZEN_MATERIAL, Kind.FROZEN_PRODUCT}]
    kinds: dict[Kind, Counterfactual] = {}
    for one in sorted(found, key=rank):
        too_far = one.change.kind is Kind.WAITS_LONGER and one.change.amount > MOST_WEEKS
        needless = one.change.kind is Kind.FROZEN_BOTH and max(frozen, default=0) >= one.starts
        if not too_far and not needless:
            kinds.setdefault(one.change.kind, one)
    return tuple(kinds.values())


def explain_all(done: Calculated, *, counterfactuals: bool = True) -> dict[str, Explained]:
    """Every request of the facts explained, in their sequence; with what would change the answer where asked for."""
    explainer = Explainer(done)
    what_if = explainer.what_if() if counterfactuals else {}
    return {request.id: explainer.explain(request.id, what_if.get(request.id)) for request in done.facts.requests}
