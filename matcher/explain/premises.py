"""A changed request as the problem would state it, beside the plan of the round, without formulating the round again.

Every suite, limit and booking of the facts stands ready, also where the round itself had no option. A suite's changeover
in weeks may only be the one of the round or wider: an option that would ask for a wider one is left out.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from matcher.capacities import Limited, bookings_of, limits_of, suite_of
from matcher.eligibility.judging import places_of
from matcher.eligibility.rule import Where
from matcher.eligibility.verdicts import Verdicts
from matcher.explain.residual import Rest, beside, rest_of
from matcher.facts import Facts
from matcher.facts import Request as FactsRequest
from matcher.formulate import batches_of, has_week, option_of, request_of
from matcher.occupancy import plan_holds
from matcher.outcome import Placement
from matcher.problem import Facility, FacilityId, Option, Problem, Request, RequestId, Resource, ResourceId, SuiteId
from matcher.weeks import Weeks, slack_days, start_offset


@dataclass(frozen=True, slots=True)
class Changed:
    """A request as changed, under the id it was judged by, and the campaign limits it brings along."""

    request: Request
    resources: tuple[Resource, ...]


class Premises:
    """The facts of a round as weeks, once, and the plan beside which changes are tried."""

    def __init__(self, facts: Facts, problem: Problem, placements: Iterable[Placement]) -> None:
        self.facts, self.problem = facts, problem
        self.weeks = Weeks(facts.origin, facts.horizon_weeks)
        self.limited: dict[str, tuple[Limited, ...]] = {
            facility.id: tuple(limits_of(facility, self.weeks)) for facility in facts.facilities
        }
        self.where = {where.suite.id: where for where in places_of(facts)}
        self.plan = tuple(placements)
        self.wide = self._wide()
        self.rest: Rest = rest_of(self.wide, self.plan)

    def _wide(self) -> Problem:
        """The problem with the suites and limits that no request of the round could use."""
        there = {facility.id for facility in self.problem.facilities}
        known = {suite.id for suite in self.problem.suites}
        missing = [where for where in self.where.values() if where.suite.id not in known]
        return replace(
            self.problem,
            facilities=self.problem.facilities
            + tuple(
                Facility(FacilityId(facility.id), facility.country)
                for facility in self.facts.facilities
                if facility.id not in there
            ),
            suites=self.problem.suites
            + tuple(
                suite_of(where.facility, where.suite, -(-where.suite.changeover_days // 7), self.weeks)
                for where in missing
            ),
            resources=self.problem.resources
            + tuple(
                one.resource
                for facility in self.facts.facilities
                if facility.id not in there
                for one in self.limited[facility.id]
            ),
            bookings=self.problem.bookings
            + tuple(booking for where in missing for booking in bookings_of(where.suite, self.weeks)),
            sha256="",
        )

    def stated(
        self,
        request: FactsRequest,
        verdicts: Verdicts,
        limits: Mapping[str, tuple[Limited, ...]] | None = None,
    ) -> Changed:
        """The request as the problem would state it, from verdicts that hold it; `limits` of a changed facility."""
        limited = self.limited if limits is None else limits
        eligible = verdicts.option_suites(request.id)
        batches = batches_of(request, self.weeks, max((start_offset(where.suite) for where in eligible), default=0))
        campaigns: dict[ResourceId, Resource] = {}
        options: list[Option] = []
        for where in eligible:
            if self._keeps_changeover(request, where):
                option = option_of(request, where, verdicts, self.weeks, limited[where.facility.id], campaigns)
                if has_week(option, where, batches, self.weeks):
                    options.append(option)
        return Changed(request_of(request, batches, tuple(options)), tuple(campaigns.values()))

    def _keeps_changeover(self, request: FactsRequest, where: Where) -> bool:
        needed = -(-max(0, where.suite.changeover_days - slack_days(where.suite, request.product.stay_days)) // 7)
        return needed <= self.rest.suites[SuiteId(where.suite.id)].changeover

    def beside(self, changed: Changed, instead_of: str) -> Problem:
        """The changed request alone, everything of the plan but the stays of `instead_of` fixed."""
        problem = beside(self.rest, changed.request, instead_of=RequestId(instead_of))
        wider = {resource.id: resource for resource in changed.resources}
        known = {resource.id for resource in problem.resources}
        return replace(
            problem,
            resources=(
                *(wider.get(resource.id, resource) for resource in problem.resources),
                *(resource for resource in changed.resources if resource.id not in known),
            ),
        )

    def holds(self, changed: Changed, instead_of: str, placements: tuple[Placement, ...], proof: Problem) -> bool:
        """Whether the whole plan, with these stays for the changed request, keeps every hard rule of the changed round."""
        known = {resource.id: resource for resource in self.wide.resources}
        known |= {resource.id: resource for resource in proof.resources}
        suites = {suite.id: suite for suite in self.wide.suites} | {suite.id: suite for suite in proof.suites}
        others = tuple(request for request in self.wide.requests if request.id != instead_of)
        whole = replace(
            self.wide,
            suites=tuple(suites.values()),
            resources=tuple(known.values()),
            requests=(*others, changed.request),
        )
        rest = tuple(placement for placement in self.plan if placement.request != instead_of)
        return plan_holds(whole, (*rest, *placements))
