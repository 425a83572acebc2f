"""What would stand in the way of one more stay beside a plan."""

from matcher.verifier.loads import Taking, booked_takings, loads, plan_takings
from matcher.verifier.places import Stay, stays_by_suite
from matcher.verifier.plan import Placed, Plan
from matcher.verifier.problem import Batch, Option, Problem, Request, ticks_taken
from matcher.verifier.starts import batch_starts, option_starts


class Room:
    """Stays per suite and loads per resource of a plan, with the bookings."""

    def __init__(self, problem: Problem, plan: Plan) -> None:
        self.problem, self.plan = problem, plan
        self.stays = stays_by_suite(problem, plan)
        booked, added = booked_takings(problem), plan_takings(problem, plan)
        self.loads = {name: loads(resource, booked[name] + added[name]) for name, resource in problem.resources.items()}

    def starts(self, batch: Batch, option: Option) -> list[int]:
        """Return the admissible starts, one by one."""
        spans = batch_starts(option_starts(self.problem, option), batch)
        return [start for first, last in spans for start in range(first, last + 1)]

    def blocks(self, request: Request, batch: Batch, option: Option, start: int) -> set[str]:
        """Return what forbids the stay: places, family, resource, sites, after; empty when it would fit."""
        suite, end = self.problem.suites[option.suite], start + option.duration
        here = self.stays[option.suite]
        found = {"places"} if self._full(here, start, end, suite.places) else set()
        if suite.exclusive or suite.places == 1:
            gap = suite.changeover
            others = [stay for stay in here if stay.family != request.family]
            if any(stay.start < end + gap and start < stay.end + gap for stay in others):
                found.add("family")
        if self._exhausted(request, option, start):
            found.add("resource")
        placed = self.plan.get(request.id, ())
        sites = {one.facility for one in placed}.union(request.held) | {suite.facility}
        if len(sites) > request.max_sites:
            found.add("sites")
        if not self._in_order({one.batch.id: one for one in placed}, request, batch, start, end):
            found.add("after")
        return found

    @staticmethod
    def _full(here: list[Stay], start: int, end: int, places: int) -> bool:
        ticks = {max(start, stay.start) for stay in here if stay.start < end}
        return any(sum(s.places for s in here if s.start <= tick < s.end) >= places for tick in ticks)

    def _exhausted(self, request: Request, option: Option, start: int) -> bool:
        facility = self.problem.suites[option.suite].facility
        new = all(placed.facility != facility for placed in self.plan.get(request.id, ()))
        more: dict[str, list[Taking]] = {}
        once: dict[str, int] = {}
        for use in option.uses:
            if use.at == "once":
                once[use.resource] = max(use.amount, once.get(use.resource, use.amount))
            first, last = ticks_taken(use, start, start + option.duration, self.problem.horizon)
            more.setdefault(use.resource, []).append(Taking(use.amount, first, last, ""))
        for name, amount in once.items() if new else ():
            more.setdefault(name, []).append(Taking(amount, start, start + 1, ""))
        return any(self._over(name, takings) for name, takings in more.items())

    def _over(self, name: str, takings: list[Taking]) -> bool:
        resource = self.problem.resources[name]
        rows = zip(loads(resource, takings), self.loads[name], resource.capacity, strict=True)
        return any(more and more + load > limit for more, load, limit in rows)

    @staticmethod
    def _in_order(placed: dict[str, Placed], request: Request, batch: Batch, start: int, end: int) -> bool:
        if batch.after is not None:
            first = placed.get(batch.after)
            if first is None or start < first.end + batch.gap:
                return False
        followers = (one for one in placed.values() if request.batches[one.batch.id].after == batch.id)
        return all(one.start >= end + one.batch.gap for one in followers)
