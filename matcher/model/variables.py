"""The variables of the exact model: one per admissible start, and one per request and facility where it matters.

The starts are sorted by id; callers that need rows in one order as well give a problem in canonical order.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from matcher.admissible import admissible_starts
from matcher.model.linear import LinearModel
from matcher.outcome import Placement
from matcher.problem import (
    Batch,
    BatchId,
    FacilityId,
    Option,
    Problem,
    Request,
    RequestId,
    Resource,
    ResourceId,
    Suite,
    SuiteId,
)

BatchKey = tuple[RequestId, BatchId]
SiteKey = tuple[RequestId, FacilityId]


@dataclass(frozen=True, slots=True)
class Start:
    """`batch` of `request` starts at tick `start` on `option`; its variable is its position in `Variables.starts`."""

    request: Request
    batch: Batch
    option: Option
    suite: Suite
    start: int

    @property
    def end(self) -> int:
        """The first tick after the stay."""
        return self.start + self.option.duration

    @property
    def placement(self) -> Placement:
        return Placement(self.request.id, self.batch.id, self.suite.id, self.start)


@dataclass(slots=True)
class Variables:
    """All starts with the indexes the rules ask for.

    `site` is filled by the sites rule; `derived` says for every further variable what it is in a given plan;
    `owner` names the request of every variable that belongs to one alone.
    """

    problem: Problem
    model: LinearModel
    requests: tuple[Request, ...]
    suites: dict[SuiteId, Suite]
    resources: dict[ResourceId, Resource]
    starts: list[Start] = field(default_factory=list)
    of_batch: dict[BatchKey, list[int]] = field(default_factory=dict)
    of_suite: dict[SuiteId, list[int]] = field(default_factory=dict)
    of_site: dict[SiteKey, list[int]] = field(default_factory=dict)
    site: dict[SiteKey, int] = field(default_factory=dict)
    number: dict[Placement, int] = field(default_factory=dict)
    derived: dict[int, Callable[[Mapping[int, int]], int]] = field(default_factory=dict)
    owner: dict[int, RequestId] = field(default_factory=dict)

    def batch(self, request: Request, batch: Batch) -> list[int]:
        """The variables of a batch, at most one of which is 1."""
        return self.of_batch.get((request.id, batch.id), [])

    def batch_at(self, request: Request, batch: Batch, facility: FacilityId) -> list[int]:
        """The variables of a batch at one facility."""
        return [v for v in self.batch(request, batch) if self.starts[v].suite.facility == facility]

    def facilities_of(self, request: Request) -> list[FacilityId]:
        """The facilities where a request has an admissible start, sorted."""
        return sorted({self.starts[v].suite.facility for batch in request.batches for v in self.batch(request, batch)})

    def derive(self, variable: int, value: Callable[[Mapping[int, int]], int], owner: RequestId | None = None) -> int:
        """Registers what `variable` is, given the values of those before it, and whose it is; returns the variable."""
        self.derived[variable] = value
        if owner is not None:
            self.owner[variable] = owner
        return variable

    def values_of(self, placements: Iterable[Placement]) -> dict[int, int]:
        """Every variable's value in a plan that names only admissible starts, all zeros included."""
        values = dict.fromkeys(range(len(self.starts)), 0)
        values.update({self.number[placement]: 1 for placement in placements})
        for variable, value in self.derived.items():
            values[variable] = value(values)
        return values

    def uses_term(self, name: str) -> bool:
        """Whether any tier of the policy counts the term."""
        return any(name in tier for tier in self.problem.policy.tiers)


def make_variables(problem: Problem) -> Variables:
    """One binary variable per admissible start, sorted by request, batch, suite and tick."""
    variables = Variables(
        problem=problem,
        model=LinearModel(),
        requests=tuple(sorted(problem.requests, key=lambda request: request.id)),
        suites={suite.id: suite for suite in sorted(problem.suites, key=lambda suite: suite.id)},
        resources={item.id: item for item in sorted(problem.resources, key=lambda item: item.id)},
    )
    for request in variables.requests:
        options = sorted(request.options, key=lambda option: option.suite)
        for batch in sorted(request.batches, key=lambda batch: batch.id):
            for option in options:
                for tick in admissible_starts(problem, request, batch, option):
                    _add(variables, Start(request, batch, option, variables.suites[option.suite], tick))
    return variables


def _add(variables: Variables, start: Start) -> None:
    number = variables.model.add_binary()
    variables.starts.append(start)
    variables.owner[number] = start.request.id
    variables.number[start.placement] = number
    variables.of_batch.setdefault((start.request.id, start.batch.id), []).append(number)
    variables.of_suite.setdefault(start.suite.id, []).append(number)
    variables.of_site.setdefault((start.request.id, start.suite.facility), []).append(number)
