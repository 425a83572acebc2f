"""The first-come baseline: a yardstick, a first plan and a fallback. Its order is published; nobody may redefine it."""

from graphlib import TopologicalSorter

from matcher.admissible import starts_in
from matcher.lookup import lookup
from matcher.occupancy import Occupancy
from matcher.outcome import Placement
from matcher.problem import Batch, BatchId, FacilityId, Option, Problem, Request


def greedy(problem: Problem) -> tuple[Placement, ...]:
    """The baseline plan, sorted by request, then batch.

    Requests come by class, then weight descending, then id. A request takes the one facility that places most of its
    batches, each batch at its earliest start, then least cost, then least id; an all-or-nothing request that is
    not wholly placed there is taken back. The same plan for every order of the lists in the file.
    """
    calendar = Occupancy(problem)
    for request in sorted(problem.requests, key=lambda request: (request.urgency, -request.weight, request.id)):
        for placement in _best_at_one_facility(problem, calendar, request):
            calendar.add(placement)
    return calendar.placements()


def _best_at_one_facility(problem: Problem, calendar: Occupancy, request: Request) -> list[Placement]:
    """The stays at the facility that the request takes; empty when it takes none."""
    found = lookup(problem)
    options: dict[FacilityId, list[Option]] = {}
    for option in request.options:
        options.setdefault(found.facility_of(option), []).append(option)
    batches = in_order(request)
    best: list[Placement] = []
    best_key = (0, 0)
    for facility in sorted(options):
        fewest = len(batches) if request.all_or_nothing else max(1, len(best))
        stays = _tried(problem, calendar, request, (batches, options[facility], fewest))
        cost = sum(found.options[request.id, stay.suite].cost for stay in stays)
        if stays and (not best or (-len(stays), cost) < best_key):
            best, best_key = stays, (-len(stays), cost)
    return best


def _tried(
    problem: Problem, calendar: Occupancy, request: Request, case: tuple[list[Batch], list[Option], int]
) -> list[Placement]:
    """What the request could place on these options, one batch after the other; the calendar is left as it was.

    `case` holds the batches in order, the options, and how many stays are of interest: nothing is returned, and the
    trial ends, as soon as fewer are certain.
    """
    batches, options, fewest = case
    suites = lookup(problem).suites
    stays: list[Placement] = []
    for number, batch in enumerate(batches):
        if len(stays) + len(batches) - number < fewest:
            break
        earliest = min(
            (
                (start, option.cost, option.suite)
                for option in options
                for start in _first_fit(
                    calendar, request, batch, option, starts_in(suites[option.suite], problem.horizon, batch, option)
                )
            ),
            default=None,
        )
        if earliest is not None:
            start, _, suite = earliest
            stays.append(Placement(request.id, batch.id, suite, start))
            calendar.add(stays[-1])
    for stay in reversed(stays):
        calendar.remove(stay)
    return stays if len(stays) >= fewest else []


def _first_fit(
    calendar: Occupancy, request: Request, batch: Batch, option: Option, starts: tuple[int, ...]
) -> tuple[int, ...]:
    """The earliest of these starts that fits, as a tuple of one; empty when none does."""
    for start in starts:
        if calendar.fits(request, batch, option, start):
            return (start,)
    return ()


def in_order(request: Request) -> list[Batch]:
    """The batches by earliest start, then id, each behind the batch that it comes after."""
    if all(batch.after is None for batch in request.batches):
        return sorted(request.batches, key=lambda batch: (batch.earliest, batch.id))
    batches = {batch.id: batch for batch in request.batches}
    order: TopologicalSorter[BatchId] = TopologicalSorter(
        {batch.id: () if batch.after is None else (batch.after.batch,) for batch in request.batches}
    )
    order.prepare()
    ready: list[BatchId] = []
    sorted_batches: list[Batch] = []
    while order.is_active():
        ready.extend(order.get_ready())
        ready.sort(key=lambda name: (batches[name].earliest, name), reverse=True)
        first = ready.pop()
        sorted_batches.append(batches[first])
        order.done(first)
    return sorted_batches
