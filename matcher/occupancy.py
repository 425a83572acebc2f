"""The calendar while a plan is made: what is taken, and whether one more stay still fits.

Whole numbers only; a suite's full ticks are the bits of one Python integer.
"""

from collections.abc import Iterable, Iterator

from matcher.admissible import admissible_starts, taken, uses_of
from matcher.families import FamilyCalendar
from matcher.lookup import lookup
from matcher.outcome import Placement
from matcher.problem import Batch, BatchId, FacilityId, Option, Problem, Request, RequestId, ResourceId, SuiteId

Load = tuple[ResourceId, int, int]


class Occupancy:
    """A plan in the making, with every hard rule that concerns other stays.

    `fits` answers for an admissible start: places, resources (with `once`), families and changeover, `after`,
    `max_sites`. All-or-nothing concerns a finished request: ask `whole`. Because `once` falls on the *earliest* start,
    taking a stay away may move that load into a fuller period: after `remove`, ask `overfull`.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self._found = lookup(problem)
        self._taken: dict[SuiteId, list[int]] = {suite.id: [0] * problem.horizon for suite in problem.suites}
        self._full: dict[SuiteId, int] = {}
        self._used = {resource.id: [0] * len(resource.capacity) for resource in problem.resources}
        self._families = FamilyCalendar(problem)
        self._placed: dict[RequestId, dict[BatchId, Placement]] = {request.id: {} for request in problem.requests}
        self._loads: dict[tuple[RequestId, SuiteId, int], list[Load]] = {}
        self._onboards = {
            request.id
            for request in problem.requests
            if any(use.at == "once" for option in request.options for use in option.uses)
        }
        self._overfull: set[tuple[ResourceId, int]] = set()
        self._add_bookings()

    def _add_bookings(self) -> None:
        for booking in self.problem.bookings:
            ticks = self._taken[booking.suite]
            for tick in range(max(booking.start, 0), min(booking.end, self.problem.horizon)):
                ticks[tick] += booking.places
            stay = (booking.start, booking.end)
            for resource, index, amount in taken(booking.uses, stay, self.problem.horizon, self._found.resources):
                self._used[resource][index] += amount
        self._booked = {name: tuple(used) for name, used in self._used.items()}
        for suite in self.problem.suites:
            full = (tick for tick, count in enumerate(self._taken[suite.id]) if count >= suite.places)
            self._full[suite.id] = sum(1 << tick for tick in full)

    def fits(self, request: Request, batch: Batch, option: Option, start: int) -> bool:
        """Whether the unplaced `batch` may be added at the admissible tick `start`, everything placed considered."""
        if self._full[option.suite] >> start & ((1 << option.duration) - 1):
            return False
        end = start + option.duration
        return (
            self._resources_allow(request, option, start)
            and self._families.allows(option.suite, request.family_or_own, start, end)
            and self._order_allows(request, batch, start, end)
            and self._sites_allow(request, option)
        )

    def _resources_allow(self, request: Request, option: Option, start: int) -> bool:
        loads = self._load(request, option, start)
        if request.id in self._onboards:
            loads = self._with_onboarding(request, option, start)
        resources = self._found.resources
        return all(self._used[name][index] + more <= resources[name].capacity[index] for name, index, more in loads)

    def _load(self, request: Request, option: Option, start: int) -> list[Load]:
        if not option.uses:
            return []
        key = (request.id, option.suite, start)
        known = self._loads.get(key)
        if known is None:
            known = self._loads[key] = uses_of(option, start, self.problem.horizon, self._found.resources)
        return known

    def _with_onboarding(self, request: Request, option: Option, start: int) -> list[Load]:
        """The load that adding the stay would bring, onboarding moved and enlarged included; only what grows."""
        facility = self._found.facility_of(option)
        there = [(start, option), *self._stays_at(request, facility)]
        change = {(name, index): amount for name, index, amount in self._load(request, option, start)}
        for name, index, amount in self._once(there):
            change[name, index] = change.get((name, index), 0) + amount
        for name, index, amount in self._once(there[1:]):
            change[name, index] = change.get((name, index), 0) - amount
        return [(name, index, amount) for (name, index), amount in change.items() if amount > 0]

    def _stays_at(self, request: Request, facility: FacilityId) -> Iterator[tuple[int, Option]]:
        for placement in self._placed[request.id].values():
            option = self._found.options[request.id, placement.suite]
            if self._found.facility_of(option) == facility:
                yield placement.start, option

    def _once(self, stays: list[tuple[int, Option]]) -> Iterator[Load]:
        """The `once` uses of one request's stays at one facility: largest amount, period of the earliest start."""
        largest: dict[ResourceId, int] = {}
        for _, option in stays:
            for use in option.uses:
                if use.at == "once":
                    largest[use.resource] = max(largest.get(use.resource, 0), use.amount)
        for name, amount in largest.items():
            yield name, min(start for start, _ in stays) // self._found.resources[name].period, amount

    def _order_allows(self, request: Request, batch: Batch, start: int, end: int) -> bool:
        placed = self._placed[request.id]
        if batch.after is not None:
            before = placed.get(batch.after.batch)
            if before is None or start < self._end(before) + batch.after.min:
                return False
        for other in placed.values():
            after = self._found.batches[request.id, other.batch].after
            if after is not None and after.batch == batch.id and other.start < end + after.min:
                return False
        return True

    def _end(self, placement: Placement) -> int:
        return placement.start + self._found.options[placement.request, placement.suite].duration

    def _sites_allow(self, request: Request, option: Option) -> bool:
        facilities = {self._found.suites[placement.suite].facility for placement in self._placed[request.id].values()}
        facilities.add(self._found.facility_of(option))
        facilities.update(request.held)
        return len(facilities) <= request.max_sites

    def free_places(self, suite: SuiteId, tick: int) -> int:
        """The places of a suite that nothing takes at a tick inside the horizon."""
        return self._found.suites[suite].places - self._taken[suite][tick]

    def left(self, resource: ResourceId, period: int) -> int:
        """What a period of a resource still carries; below 0 where it carries more than allowed."""
        return self._found.resources[resource].capacity[period] - self._used[resource][period]

    def whole(self, request: Request) -> bool:
        """Whether an all-or-nothing request has all of its batches or none; always true for another request."""
        count = len(self._placed[request.id])
        return not request.all_or_nothing or count in {0, len(request.batches)}

    def overfull(self) -> bool:
        """Whether some period carries more of a resource than allowed with something of the plan in it."""
        return bool(self._overfull)

    def placements(self) -> tuple[Placement, ...]:
        """The plan so far, sorted by request, then batch."""
        return tuple(sorted(placement for placed in self._placed.values() for placement in placed.values()))

    def placed(self, request: RequestId) -> tuple[Placement, ...]:
        """The stays of one request, in the order in which they were added."""
        return tuple(self._placed[request].values())

    def add(self, placement: Placement) -> None:
        """Put a stay into the calendar; the batch must not be placed. Nothing is checked: ask `fits` before."""
        self._change(placement, 1)

    def remove(self, placement: Placement) -> None:
        """Take a placed stay out again."""
        self._change(placement, -1)

    def _change(self, placement: Placement, sign: int) -> None:
        request = self._found.requests[placement.request]
        option = self._found.options[placement.request, placement.suite]
        facility = self._found.facility_of(option)
        end = placement.start + option.duration
        onboards = request.id in self._onboards
        before = list(self._once(list(self._stays_at(request, facility)))) if onboards else []
        if sign > 0:
            self._placed[request.id][placement.batch] = placement
        else:
            del self._placed[request.id][placement.batch]
        after = list(self._once(list(self._stays_at(request, facility)))) if onboards else []
        self._count_places(option.suite, placement.start, end, sign)
        self._families.change(option.suite, (placement.start, end, request.family_or_own), sign)
        self._use(self._load(request, option, placement.start), sign)
        self._use(before, -1)
        self._use(after, 1)

    def _count_places(self, suite: SuiteId, start: int, end: int, sign: int) -> None:
        ticks, full = self._taken[suite], self._full[suite]
        places = self._found.suites[suite].places
        for tick in range(start, end):
            ticks[tick] += sign
            full = full | 1 << tick if ticks[tick] >= places else full & ~(1 << tick)
        self._full[suite] = full

    def _use(self, loads: Iterable[Load], sign: int) -> None:
        for name, index, amount in loads:
            used = self._used[name][index] = self._used[name][index] + sign * amount
            if self._booked[name][index] < used > self._found.resources[name].capacity[index]:
                self._overfull.add((name, index))
            else:
                self._overfull.discard((name, index))


def plan_holds(problem: Problem, placements: Iterable[Placement]) -> bool:
    """Whether a plan that names only what the problem holds keeps every hard rule.

    Stays are added by start: then nothing a later stay brings can mend what an earlier one broke.
    """
    found = lookup(problem)
    calendar = Occupancy(problem)
    seen: set[tuple[RequestId, BatchId]] = set()
    for placement in sorted(placements, key=lambda stay: (stay.start, stay)):
        request = found.requests[placement.request]
        batch = found.batches[placement.request, placement.batch]
        option = found.options[placement.request, placement.suite]
        if (placement.request, placement.batch) in seen:
            return False
        if placement.start not in admissible_starts(problem, request, batch, option):
            return False
        if not calendar.fits(request, batch, option, placement.start):
            return False
        seen.add((placement.request, placement.batch))
        calendar.add(placement)
    return all(calendar.whole(request) for request in problem.requests)
