"""An all-or-nothing request has all of its batches placed, or none."""

from matcher.model.variables import Variables
from matcher.problem import Request


def add(variables: Variables) -> None:
    """Every batch is placed as often as every other; at one facility only, that holds facility by facility."""
    for request in variables.requests:
        if not request.all_or_nothing or len(request.batches) == 1:
            continue
        sites = [site for key, site in variables.site.items() if key[0] == request.id]
        if request.max_sites == 1 and sites:
            _by_facility(variables, request)
        else:
            _overall(variables, request)


def _by_facility(variables: Variables, request: Request) -> None:
    for facility in variables.facilities_of(request):
        site = variables.site[request.id, facility]
        for batch in request.batches:
            starts = variables.batch_at(request, batch, facility)
            variables.model.add_row([*((start, 1) for start in starts), (site, -1)], lower=0, upper=0)


def _overall(variables: Variables, request: Request) -> None:
    first, *others = (variables.batch(request, batch) for batch in request.batches)
    for other in others:
        terms = [*((start, 1) for start in first), *((start, -1) for start in other)]
        variables.model.add_row(terms, lower=0, upper=0)
