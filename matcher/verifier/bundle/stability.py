"""V14 and V15, remarks only: what one more start would improve, and whether equals were ranked as published."""

from itertools import pairwise
from typing import Any

from matcher.verifier.bundle.room import Room
from matcher.verifier.measure import measured, valued
from matcher.verifier.plan import Placed, Plan
from matcher.verifier.problem import Problem, Request
from matcher.verifier.reading import shown


def stability_remarks(problem: Problem, plan: Plan) -> list[str]:
    """Return, for each request, a start that would fit beside the plan and improve the objective."""
    room = Room(problem, plan)
    value = valued(problem, measured(problem, plan))
    remarks: list[str] = []
    for request in problem.requests.values():
        better = _better(room, plan, request, value)
        if better is not None:
            where = f"{better.label} could start at {better.start} in suite {shown(better.option.suite)}"
            remarks.append(f"V14: {where} and improve the objective")
    return remarks


def _better(room: Room, plan: Plan, request: Request, value: tuple[int, ...]) -> Placed | None:
    placed = plan.get(request.id, ())
    waiting = [batch for batch in request.batches.values() if batch.id not in {one.batch.id for one in placed}]
    if request.all_or_nothing and len(waiting) > 1:
        return None
    for batch in waiting:
        for option in request.options.values():
            facility = room.problem.suites[option.suite].facility
            for start in room.starts(batch, option):
                if room.blocks(request, batch, option, start):
                    continue
                more = Placed(request, batch, option, facility, start)
                if valued(room.problem, measured(room.problem, {**plan, request.id: (*placed, more)})) > value:
                    return more
    return None


def tie_break_remarks(problem: Problem, plan: Plan, order: Any) -> list[str]:
    """Return pairs of requests that differ in nothing but their id where the one ranked later was placed instead."""
    if not isinstance(order, list):
        return ["V15: the policy publishes no order for ties"]
    rank = {name: number for number, name in enumerate(order)}
    alike: dict[str, list[str]] = {}
    for request in problem.requests.values():
        own = request.family == request.id
        alike.setdefault(repr((*_substance(request), "" if own else request.family)), []).append(request.id)
    remarks: list[str] = []
    for names in alike.values():
        ranked = sorted(names, key=lambda name: rank.get(name, len(rank)))
        for earlier, later in pairwise(ranked):
            if later in plan and earlier not in plan:
                remarks.append(
                    f"V15: {shown(later)} is placed and its equal {shown(earlier)}, ranked before it, is not"
                )
    return remarks


def _substance(request: Request) -> tuple[object, ...]:
    promises = (request.urgency, request.group, request.max_sites, request.all_or_nothing, sorted(request.held))
    return (*promises, sorted(request.batches.items()), sorted(request.options.items(), key=lambda item: item[0]))
