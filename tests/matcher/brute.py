"""Every plan of a tiny problem, judged by a naive reading of the format that shares nothing with `Occupancy`."""

from collections.abc import Iterator
from itertools import combinations

from matcher.outcome import Placement
from matcher.problem import Batch, Booking, Option, Problem, Request, Suite, Use

Stay = tuple[int, int, str | None]


def best_plan(problem: Problem) -> tuple[tuple[int, ...], tuple[Placement, ...]]:
    """The best objective, tiers compared in order, and one plan that reaches it."""
    return max(((naive_objective(problem, plan), plan) for plan in all_plans(problem)), key=lambda pair: pair[0])


def all_plans(problem: Problem) -> Iterator[tuple[Placement, ...]]:
    """Every plan that keeps every hard rule, the empty one included."""
    batches = [(request, batch) for request in problem.requests for batch in request.batches]
    yield from _extended(problem, batches, ())


def _extended(
    problem: Problem, batches: list[tuple[Request, Batch]], plan: tuple[Placement, ...]
) -> Iterator[tuple[Placement, ...]]:
    if not batches:
        if naive_faults(problem, plan) == []:
            yield plan
        return
    (request, batch), rest = batches[0], batches[1:]
    yield from _extended(problem, rest, plan)
    for option in request.options:
        for start in range(problem.horizon):
            if naive_admissible(problem, batch, option, start):
                longer = (*plan, Placement(request.id, batch.id, option.suite, start))
                if not _places_broken(problem, longer):
                    yield from _extended(problem, rest, longer)


def naive_admissible(problem: Problem, batch: Batch, option: Option, start: int) -> bool:
    """The definition, tick by tick."""
    end = start + option.duration
    suite = _suite(problem, option.suite)
    in_windows = option.windows is None or any(first <= start <= last for first, last in option.windows)
    in_opening = any(first <= start and end <= min(last, problem.horizon) for first, last in suite.open)
    return start >= 0 and batch.earliest <= start <= batch.latest and in_windows and in_opening


def naive_faults(problem: Problem, plan: tuple[Placement, ...]) -> list[str]:
    """Names of the hard rules that the plan breaks."""
    rules = {
        "admissible": _inadmissible,
        "places": _places_broken,
        "resources": _resources_broken,
        "families": _families_broken,
        "after": _after_broken,
        "sites": _sites_broken,
        "all or nothing": _all_or_nothing_broken,
    }
    return [name for name, broken in rules.items() if broken(problem, plan)]


def _inadmissible(problem: Problem, plan: tuple[Placement, ...]) -> bool:
    keys = [(stay.request, stay.batch) for stay in plan]
    return len(keys) != len(set(keys)) or not all(
        naive_admissible(problem, _batch(problem, stay), _option(problem, stay), stay.start) for stay in plan
    )


def _places_broken(problem: Problem, plan: tuple[Placement, ...]) -> bool:
    for stay in plan:
        for tick in range(stay.start, _end(problem, stay)):
            held = sum(
                other.suite == stay.suite and other.start <= tick < _end(problem, other) for other in plan
            ) + sum(
                booking.places
                for booking in problem.bookings
                if booking.suite == stay.suite and booking.start <= tick < booking.end
            )
            if held > _suite(problem, stay.suite).places:
                return True
    return False


def _resources_broken(problem: Problem, plan: tuple[Placement, ...]) -> bool:
    for resource in problem.resources:
        for index, capacity in enumerate(resource.capacity):
            ticks = range(index * resource.period, min((index + 1) * resource.period, problem.horizon))
            booked = sum(
                _amount(booking.uses, resource.id, booking.start, booking.end, ticks) for booking in problem.bookings
            )
            planned = sum(
                _amount(_option(problem, stay).uses, resource.id, stay.start, _end(problem, stay), ticks)
                for stay in plan
            )
            planned += sum(_onboarding(problem, plan, request, resource.id, ticks) for request in problem.requests)
            if planned > 0 and booked + planned > capacity:
                return True
    return False


def _amount(uses: tuple[Use, ...], resource: str, start: int, end: int, ticks: range) -> int:
    amount = 0
    for use in uses:
        if use.resource != resource:
            continue
        if use.at == "start":
            amount += use.amount * (start in ticks)
        if use.at == "end":
            amount += use.amount * (end - 1 + use.delay in ticks)
        if use.at == "each":
            amount += use.amount * sum(start <= tick < end for tick in ticks)
    return amount


def _onboarding(problem: Problem, plan: tuple[Placement, ...], request: Request, resource: str, ticks: range) -> int:
    """Amount of the `once` uses of one request on one resource that falls into the period with these ticks."""
    facility = next(each.facility for each in problem.resources if each.id == resource)
    stays = [stay for stay in plan if stay.request == request.id and _suite(problem, stay.suite).facility == facility]
    amounts = [
        use.amount
        for stay in stays
        for use in _option(problem, stay).uses
        if use.resource == resource and use.at == "once"
    ]
    return max(amounts) if amounts and min(stay.start for stay in stays) in ticks else 0


def _families_broken(problem: Problem, plan: tuple[Placement, ...]) -> bool:
    placed = [(stay.suite, (stay.start, _end(problem, stay), _family(_request(problem, stay)))) for stay in plan]
    pairs = [(at, one, other) for (at, one), (there, other) in combinations(placed, 2) if at == there]
    return any(_clash(_suite(problem, at), one, other) for at, one, other in pairs) or any(
        _clash(_suite(problem, at), one, _booked(booking))
        for at, one in placed
        for booking in problem.bookings
        if booking.suite == at
    )


def _booked(booking: Booking) -> Stay:
    return booking.start, booking.end, booking.family


def _clash(suite: Suite, one: Stay, other: Stay) -> bool:
    if one[2] == other[2]:
        return False
    first, second = sorted((one, other), key=lambda stay: stay[:2])
    if second[0] < first[1]:
        return suite.exclusive
    return (suite.exclusive or suite.places == 1) and second[0] - first[1] < suite.changeover


def _after_broken(problem: Problem, plan: tuple[Placement, ...]) -> bool:
    at = {(stay.request, stay.batch): stay for stay in plan}
    for stay in plan:
        after = _batch(problem, stay).after
        if after is None:
            continue
        before = at.get((stay.request, after.batch))
        if before is None or stay.start - _end(problem, before) < after.min:
            return True
    return False


def _sites_broken(problem: Problem, plan: tuple[Placement, ...]) -> bool:
    for request in problem.requests:
        used = {_suite(problem, stay.suite).facility for stay in plan if stay.request == request.id}
        if used and len(used | set(request.held)) > request.max_sites:
            return True
    return False


def _all_or_nothing_broken(problem: Problem, plan: tuple[Placement, ...]) -> bool:
    return any(
        request.all_or_nothing and 0 < sum(stay.request == request.id for stay in plan) < len(request.batches)
        for request in problem.requests
    )


def naive_objective(problem: Problem, plan: tuple[Placement, ...]) -> tuple[int, ...]:
    """The tier values of a plan, each term by its sentence in the format."""
    values = naive_terms(problem, plan)
    signs = dict.fromkeys(("waiting", "cost", "travel", "preference", "sites", "changes"), -1)
    return tuple(
        sum(signs.get(term, 1) * weight * values.get(term, 0) for term, weight in tier.items())
        for tier in problem.policy.tiers
    )


def naive_terms(problem: Problem, plan: tuple[Placement, ...]) -> dict[str, int]:
    """Every term, unsigned."""
    values = {
        "placed": sum(_weight(problem, stay) for stay in plan),
        "fairness": _fairness(problem, plan),
        "waiting": sum(_weight(problem, stay) * (stay.start - _batch(problem, stay).earliest) for stay in plan),
        "cost": sum(_option(problem, stay).cost for stay in plan),
        "travel": sum(_option(problem, stay).travel for stay in plan),
        "preference": sum(_option(problem, stay).preference for stay in plan),
        "sites": sum(
            len({_suite(problem, stay.suite).facility for stay in plan if stay.request == request.id})
            for request in problem.requests
        ),
        "changes": sum(
            not any(
                (stay.request, stay.batch, stay.suite, stay.start) == (was.request, was.batch, was.suite, was.start)
                for stay in plan
            )
            for was in problem.previous
        ),
    }
    for urgency in {request.urgency for request in problem.requests}:
        values[f"placed_class_{urgency}"] = sum(
            _weight(problem, stay) for stay in plan if _request(problem, stay).urgency == urgency
        )
    return values


def _fairness(problem: Problem, plan: tuple[Placement, ...]) -> int:
    shares = []
    for group in {request.group for request in problem.requests} - {None}:
        total = sum(
            request.weight if batch.weight is None else batch.weight
            for request in problem.requests
            if request.group == group
            for batch in request.batches
            if any(
                naive_admissible(problem, batch, option, start)
                for option in request.options
                for start in range(problem.horizon)
            )
        )
        placed = sum(_weight(problem, stay) for stay in plan if _request(problem, stay).group == group)
        if total:
            shares.append(1000 * placed // total)
    return min(shares) if shares else 0


def _request(problem: Problem, stay: Placement) -> Request:
    return next(request for request in problem.requests if request.id == stay.request)


def _batch(problem: Problem, stay: Placement) -> Batch:
    return next(batch for batch in _request(problem, stay).batches if batch.id == stay.batch)


def _option(problem: Problem, stay: Placement) -> Option:
    return next(option for option in _request(problem, stay).options if option.suite == stay.suite)


def _suite(problem: Problem, name: str) -> Suite:
    return next(suite for suite in problem.suites if suite.id == name)


def _family(request: Request) -> str:
    return request.id if request.family is None else request.family


def _weight(problem: Problem, stay: Placement) -> int:
    batch = _batch(problem, stay)
    return _request(problem, stay).weight if batch.weight is None else batch.weight


def _end(problem: Problem, stay: Placement) -> int:
    return stay.start + _option(problem, stay).duration
