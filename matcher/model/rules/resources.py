"""In every period at most `capacity` of a resource, bookings included."""

from matcher.admissible import taken, uses_of
from matcher.model.variables import Variables
from matcher.problem import Problem, Resource, ResourceId

Loads = dict[tuple[ResourceId, int], list[tuple[int, int]]]
"""(resource, period) → (variable, amount) pairs."""


def add(variables: Variables, loads: Loads) -> None:
    """One row per resource and period with a use; `loads` are the `once` uses, found by their own rule."""
    for number, start in enumerate(variables.starts):
        uses = uses_of(start.option, start.start, variables.problem.horizon, variables.resources)
        for resource, period, amount in uses:
            loads.setdefault((resource, period), []).append((number, amount))
    free = {name: free_capacity(variables.problem, resource) for name, resource in variables.resources.items()}
    for resource, period in sorted(loads):
        left = free[resource][period]
        terms = loads[resource, period]
        for number, amount in terms:
            if amount > left and number < len(variables.starts):
                variables.model.forbid(number)
        variables.model.add_row(terms, upper=left)


def free_capacity(problem: Problem, resource: Resource) -> list[int]:
    """What the bookings leave in each period, never below 0."""
    free = list(resource.capacity)
    for booking in problem.bookings:
        uses = tuple(use for use in booking.uses if use.resource == resource.id)
        for _, period, amount in taken(uses, (booking.start, booking.end), problem.horizon, {resource.id: resource}):
            free[period] -= amount
    return [max(amount, 0) for amount in free]
