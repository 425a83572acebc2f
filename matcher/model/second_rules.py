"""The hard rules for the second opinion's step variables, written from the problem format alone."""

from matcher.model.second_model import StepModel, Steps, Sum, combined
from matcher.problem import Booking, FacilityId, Request, Resource, Suite, Use


def add_second_rules(model: StepModel, *, count_sites: bool) -> dict[tuple[str, str], int]:
    """Adds every hard rule; gives the variable of each request and facility, if asked for or needed."""
    suites = {suite.id: suite for suite in model.problem.suites}
    for name, steps in sorted(model.of_suite.items()):
        _places(model, suites[name], steps)
        if suites[name].exclusive or (suites[name].places == 1 and suites[name].changeover > 0):
            _families(model, suites[name], steps)
    _resources(model)
    sites: dict[tuple[str, str], int] = {}
    for request in sorted(model.problem.requests, key=lambda request: request.id):
        _order(model, request)
        _all_or_nothing(model, request)
        _sites(model, request, sites, count_sites=count_sites)
    return sites


def _bookings(model: StepModel, suite: Suite) -> list[Booking]:
    return [booking for booking in model.problem.bookings if booking.suite == suite.id]


def _places(model: StepModel, suite: Suite, steps: list[Steps]) -> None:
    bookings = _bookings(model, suite)
    for tick in range(model.problem.horizon):
        held = combined(*((1, each.held(tick)) for each in steps))
        if held:
            booked = sum(booking.places for booking in bookings if booking.start <= tick < booking.end)
            model.rows.at_most(held, max(suite.places - booked, 0))


def _families(model: StepModel, suite: Suite, steps: list[Steps]) -> None:
    """Stays prolonged by the changeover: at each tick one family, bookings among them."""
    families = sorted({each.request.family_or_own for each in steps})
    bookings = _bookings(model, suite)
    for tick in range(model.problem.horizon + suite.changeover):
        present = [item.family for item in bookings if item.start <= tick < item.end + suite.changeover]
        shown: Sum = {}
        for family in families:
            mine = [each for each in steps if each.request.family_or_own == family]
            held = [total for each in mine if (total := each.held(tick, suite.changeover))]
            foreign = any(other is None or other != family for other in present)
            if not held:
                continue
            here = model.rows.variable(0, 0 if foreign else 1)
            shown[here] = 1
            for total in held:
                model.rows.at_most(combined((1, total), (-1, {here: 1})), 0)
        model.rows.at_most(shown, 1)


def _resources(model: StepModel) -> None:
    horizon = model.problem.horizon
    for resource in sorted(model.problem.resources, key=lambda resource: resource.id):
        load: list[Sum] = [{} for _ in resource.capacity]
        for steps in model.steps:
            uses = [use for use in steps.option.uses if use.resource == resource.id and use.at != "once"]
            for tick, start in steps.starts() if uses else ():
                for use in uses:
                    for taken in _taken(use, tick, tick + steps.option.duration, horizon):
                        index = taken // resource.period
                        load[index] = combined((1, load[index]), (use.amount, start))
        _onboarding(model, resource, load)
        free = list(resource.capacity)
        for booking in model.problem.bookings:
            for use in booking.uses:
                if use.resource == resource.id:
                    for taken in _taken(use, booking.start, booking.end, horizon):
                        free[taken // resource.period] -= use.amount
        for total, left in zip(load, free, strict=True):
            if total:
                model.rows.at_most(total, max(left, 0))


def _taken(use: Use, start: int, end: int, horizon: int) -> list[int]:
    """The ticks within the horizon at which a use counts, once per tick."""
    ticks = {"start": [start], "end": [end - 1 + use.delay], "each": list(range(start, end)), "once": []}[use.at]
    return [tick for tick in ticks if 0 <= tick < horizon]


def _onboarding(model: StepModel, resource: Resource, load: list[Sum]) -> None:
    """Adds what requests take once: the largest amount of their placed options, in the period of the first start."""
    groups: dict[tuple[str, FacilityId], list[Steps]] = {}
    for steps in model.steps:
        groups.setdefault((steps.request.id, steps.suite.facility), []).append(steps)
    for key in sorted(groups):
        group = groups[key]
        amounts = {
            id(steps): max(
                (u.amount for u in steps.option.uses if u.resource == resource.id and u.at == "once"), default=0
            )
            for steps in group
        }
        if any(amounts.values()):
            _onboard(model, resource, group, amounts, load)


def _onboard(
    model: StepModel, resource: Resource, group: list[Steps], amounts: dict[int, int], load: list[Sum]
) -> None:
    begun = [model.rows.variable() for _ in load]
    for period, variable in enumerate(begun):
        last = (period + 1) * resource.period - 1
        for steps in group:
            model.rows.at_most(combined((1, steps.by(last)), (-1, {variable: 1})), 0)
        anything = combined(*((1, steps.by(last)) for steps in group))
        model.rows.at_most(combined((1, {variable: 1}), (-1, anything)), 0)
        if period:
            model.rows.at_most({begun[period - 1]: 1, variable: -1}, 0)
    below = 0
    for amount in sorted(set(amounts.values()) - {0}):
        reached = model.rows.variable()
        for steps in group:
            if amounts[id(steps)] >= amount:
                model.rows.at_most(combined((1, steps.placed()), (-1, {reached: 1})), 0)
        for period, variable in enumerate(begun):
            both = model.rows.variable()
            before = {begun[period - 1]: 1} if period else {}
            model.rows.at_most(combined((1, {reached: 1, variable: 1}), (-1, before), (-1, {both: 1})), 1)
            load[period] = combined((1, load[period]), (amount - below, {both: 1}))
        below = amount


def _order(model: StepModel, request: Request) -> None:
    for batch in request.batches:
        if batch.after is None:
            continue
        followers, leaders = model.batch(request, batch.id), model.batch(request, batch.after.batch)
        for tick in sorted({tick for steps in followers for tick in steps.ticks}):
            begun = combined(*((1, steps.by(tick)) for steps in followers))
            ready = combined(*((1, each.by(tick - batch.after.min - each.option.duration)) for each in leaders))
            model.rows.at_most(combined((1, begun), (-1, ready)), 0)


def _all_or_nothing(model: StepModel, request: Request) -> None:
    if request.all_or_nothing:
        everything = model.rows.variable()
        for batch in request.batches:
            placed = combined(*((1, steps.placed()) for steps in model.batch(request, batch.id)))
            model.rows.equal(combined((1, placed), (-1, {everything: 1})), 0)


def _sites(model: StepModel, request: Request, sites: dict[tuple[str, str], int], *, count_sites: bool) -> None:
    steps = [each for batch in request.batches for each in model.batch(request, batch.id)]
    facilities = sorted({each.suite.facility for each in steps})
    left = request.max_sites - len(set(request.held))
    if left < 0:
        model.rows.at_most(combined(*((1, each.placed()) for each in steps)), 0)
    if not count_sites and len(facilities) <= left:
        return
    for facility in facilities:
        site = sites[request.id, facility] = model.rows.variable()
        for batch in request.batches:
            here = [each for each in model.batch(request, batch.id) if each.suite.facility == facility]
            model.rows.at_most(combined(*((1, each.placed()) for each in here), (-1, {site: 1})), 0)
    new = {sites[request.id, facility]: 1 for facility in facilities if facility not in request.held}
    model.rows.at_most(new, max(left, 0))
