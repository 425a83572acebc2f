"""A request's facilities, together with those where it has confirmed stays, at most `max_sites`."""

from matcher.model.variables import Variables
from matcher.problem import Request


def add(variables: Variables) -> None:
    """One variable per request and facility, at least each batch's share there (the sharp link), and their limit."""
    counted = variables.uses_term("sites")
    for request in variables.requests:
        facilities = variables.facilities_of(request)
        held = set(request.held)
        left = request.max_sites - len(held)
        opening = [facility for facility in facilities if facility not in held]
        if left < 0:
            _forbid_all(variables, request)
        elif counted or len(opening) > left:
            _link(variables, request)
            variables.model.add_row(((variables.site[request.id, name], 1) for name in opening), upper=left)


def _link(variables: Variables, request: Request) -> None:
    for facility in variables.facilities_of(request):
        site = variables.site[request.id, facility] = _opened(
            variables, request, variables.of_site[request.id, facility]
        )
        for batch in request.batches:
            starts = variables.batch_at(request, batch, facility)
            if starts:
                variables.model.add_row([*((start, 1) for start in starts), (site, -1)], upper=0)


def _forbid_all(variables: Variables, request: Request) -> None:
    for batch in request.batches:
        for start in variables.batch(request, batch):
            variables.model.forbid(start)


def _opened(variables: Variables, request: Request, starts: list[int]) -> int:
    site = variables.model.add_binary()
    return variables.derive(site, lambda values: max(values[start] for start in starts), request.id)
