"""Finding the parts of a problem by their ids, once per problem."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import TypeVar

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

_REMEMBERED = 8

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Lookup:
    """The parts of one problem by id; `batches` and `options` are keyed together with their request."""

    suites: Mapping[SuiteId, Suite]
    resources: Mapping[ResourceId, Resource]
    requests: Mapping[RequestId, Request]
    batches: Mapping[tuple[RequestId, BatchId], Batch]
    options: Mapping[tuple[RequestId, SuiteId], Option]

    def facility_of(self, option: Option) -> FacilityId:
        """The facility that the option's suite belongs to."""
        return self.suites[option.suite].facility


def once_per_problem(compute: Callable[[Problem], Found]) -> Callable[[Problem], Found]:
    """Remember what `compute` found for the few problems asked for last, told apart by identity (one never changes)."""
    recent: dict[int, tuple[Problem, Found]] = {}

    @wraps(compute)
    def remembered(problem: Problem) -> Found:
        known = recent.pop(id(problem), None)
        if known is not None and known[0] is problem:
            recent[id(problem)] = known
            return known[1]
        found = compute(problem)
        while len(recent) >= _REMEMBERED:
            recent.pop(next(iter(recent)), None)
        recent[id(problem)] = (problem, found)
        return found

    return remembered


@once_per_problem
def lookup(problem: Problem) -> Lookup:
    """The parts of `problem` by id."""
    return Lookup(
        suites={suite.id: suite for suite in problem.suites},
        resources={resource.id: resource for resource in problem.resources},
        requests={request.id: request for request in problem.requests},
        batches={(request.id, batch.id): batch for request in problem.requests for batch in request.batches},
        options={(request.id, option.suite): option for request in problem.requests for option in request.options},
    )
