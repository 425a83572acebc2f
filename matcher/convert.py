"""Instances of other problems as problem files: the generalised assignment problem."""

from collections.abc import Iterator
from itertools import islice

from matcher.problem import LARGEST_INTEGER, PROBLEM_FORMAT
from matcher.writing import Document, JsonValue

_MOST_PAIRS = 1_000_000


class UnreadableInstanceError(ValueError):
    """A text that is no generalised assignment instance; the message says where and why."""


UnreadableInstance = UnreadableInstanceError


def gap_problem(text: str) -> Document:
    """A generalised assignment instance as a problem document.

    The text holds whole numbers apart by white space: m agents, n jobs, the costs agent by agent (m rows of n), the
    sizes in the same order, the capacities of the agents. An agent becomes a facility with one suite of n places
    open in [0, 1) and one resource with the agent's capacity; a job becomes a request with one batch and an option
    per agent. Source: problem format, *Generalised assignment*. Raises UnreadableInstance.
    """
    numbers = _numbers(text)
    agents, jobs = _next(numbers, "the number of agents"), _next(numbers, "the number of jobs")
    if agents < 1 or jobs < 1 or agents * jobs > _MOST_PAIRS:
        raise UnreadableInstanceError(f"{agents} agents and {jobs} jobs: both must be at least 1, together not so many")
    costs = [_row(numbers, jobs, f"the costs of agent {agent}") for agent in range(agents)]
    sizes = [_row(numbers, jobs, f"the sizes for agent {agent}") for agent in range(agents)]
    capacities = _row(numbers, agents, "the capacities")
    if next(numbers, None) is not None:
        raise UnreadableInstanceError("more numbers than m, n, costs, sizes and capacities; is it one instance?")
    return _document(costs, sizes, capacities)


def _numbers(text: str) -> Iterator[int]:
    for word in text.split():
        if not (word.isascii() and word.isdigit() and len(word) < 17 and int(word) <= LARGEST_INTEGER):
            raise UnreadableInstanceError(f"{word[:20]!r} is no whole number of at least 0")
        yield int(word)


def _next(numbers: Iterator[int], what: str) -> int:
    number = next(numbers, None)
    if number is None:
        raise UnreadableInstanceError(f"the text ends before {what}")
    return number


def _row(numbers: Iterator[int], length: int, what: str) -> list[int]:
    row = list(islice(numbers, length))
    if len(row) < length:
        raise UnreadableInstanceError(f"the text ends within {what}: {len(row)} of {length} numbers")
    return row


def _document(costs: list[list[int]], sizes: list[list[int]], capacities: list[int]) -> Document:
    agents, jobs = range(len(costs)), range(len(costs[0]))
    suites: list[JsonValue] = [
        {"id": _suite(agent), "facility": _agent(agent), "places": len(jobs), "open": [[0, 1]]} for agent in agents
    ]
    resources: list[JsonValue] = [
        {"id": _resource(agent), "facility": _agent(agent), "period": 1, "capacity": [capacities[agent]]}
        for agent in agents
    ]
    requests: list[JsonValue] = [
        {
            "id": f"job-{job:0{_width(len(jobs))}}",
            "batches": [{"id": "batch", "earliest": 0, "latest": 0}],
            "options": [_option(agent, costs[agent][job], sizes[agent][job]) for agent in agents],
        }
        for job in jobs
    ]
    return {
        "format": PROBLEM_FORMAT,
        "origin": "2026-01-05",
        "tick": "week",
        "horizon": 1,
        "facilities": [{"id": _agent(agent)} for agent in agents],
        "suites": suites,
        "resources": resources,
        "requests": requests,
        "bookings": [],
        "previous": [],
        "policy": {"tiers": [{"placed": 1}, {"cost": 1}]},
    }


def _option(agent: int, cost: int, size: int) -> Document:
    uses: list[JsonValue] = [{"resource": _resource(agent), "amount": size, "at": "start"}] if size else []
    return {"suite": _suite(agent), "duration": 1, "cost": cost, "uses": uses}


def _width(count: int) -> int:
    return len(str(count - 1))


def _agent(agent: int) -> str:
    return f"agent-{agent}"


def _suite(agent: int) -> str:
    return f"agent-{agent}-suite"


def _resource(agent: int) -> str:
    return f"agent-{agent}-capacity"
