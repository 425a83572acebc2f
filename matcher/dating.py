"""From weeks to days inside one facility: which day of its week each placed batch starts.

A round is solved in weeks; here CP-SAT gives every placed batch a start day of the week it was placed in. Nothing is
moved to another week or suite: a batch for which no day is left is reported. The days keep what the weeks kept
(openings, places, one product at a time, changeover, order) with the true lengths, and what weeks could not see:
start weekdays, and first and last day of a batch.

Approximations. A stay with its clearance stays inside the weeks it holds in the plan, even where the days behind them
are free. Weekly limits of the facility are not counted again; instead a day is left out when it would move a load at
the end of the stay into another week. Order between two facilities is what the weeks guarantee. Days are local dates.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import combinations

from ortools.sat.python import cp_model

from matcher.facts import Batch, Facility, Facts, Request, Suite
from matcher.outcome import Placement
from matcher.weeks import Weeks, start_offset, weeks_held
from registry.vocabulary.periods import Days

_WORK = 20.0
"""CP-SAT's deterministic time; a facility needs a small part of it."""
_EVERY_DAY = (Days(date.min, None),)

Allowed = Mapping[tuple[str, str], tuple[Days, ...]]
"""(request, suite) → the start days that conditions with dates leave; a pair that is not named has all."""


@dataclass(frozen=True, slots=True)
class DatedStay:
    """A batch with its start day; `end` is the first day after the stay, `free_again` after its clearance."""

    request: str
    batch: str
    suite: str
    start: date
    end: date
    free_again: date


@dataclass(frozen=True, slots=True)
class Undated:
    """A placed batch without a day in its week, and why."""

    request: str
    batch: str
    suite: str
    week: int
    why: str


@dataclass(frozen=True, slots=True)
class Dating:
    """The days of one facility, sorted by request and batch."""

    dated: tuple[DatedStay, ...]
    undated: tuple[Undated, ...]


@dataclass(frozen=True, slots=True)
class _Stay:
    """A placed batch with the days (numbered from the origin) on which it could start alone."""

    placement: Placement
    request: Request
    batch: Batch
    suite: Suite
    days: tuple[int, ...]

    @property
    def held(self) -> int:
        """Days a place is held: stay and clearance."""
        return self.request.product.stay_days + self.suite.clearance_days


@dataclass(frozen=True, slots=True)
class _Variables:
    """Start day and whether it is dated."""

    stay: _Stay
    start: cp_model.IntVar
    dated: cp_model.IntVar


@dataclass(slots=True)
class _Calendar:
    """The model of one facility."""

    facts: Facts
    model: cp_model.CpModel = field(default_factory=cp_model.CpModel)
    variables: list[_Variables] = field(default_factory=list)

    def number(self, day: date) -> int:
        return (day - self.facts.origin).days


def date_facility(
    facts: Facts,
    facility: Facility,
    placements: Iterable[Placement],
    allowed: Allowed | None = None,
    *,
    seed: int = 0,
) -> Dating:
    """A start day for as many of the facility's placed batches as possible, each as early in its week as possible.

    `placements` are in weeks from `facts.origin`; those in suites of other facilities are passed over. `allowed` are
    the days that conditions with dates leave to a pair. The same input gives the same days, on one worker.
    """
    suites = {suite.id: suite for site in facility.sites for suite in site.suites}
    requests = {request.id: request for request in facts.requests}
    stays = []
    for placement in sorted(placements):
        if placement.suite in suites:
            request = requests[placement.request]
            batch = next(each for each in request.batches if each.id == placement.batch)
            suite = suites[placement.suite]
            free = (allowed or {}).get((request.id, suite.id), _EVERY_DAY)
            days = _possible_days(facts, placement, request, batch, suite, free)
            stays.append(_Stay(placement, request, batch, suite, days))
    found = _solved(facts, suites, _datable(stays), seed)
    return Dating(
        tuple(_dated(facts, stay, found[stay.placement]) for stay in stays if stay.placement in found),
        tuple(_undated(stay) for stay in stays if stay.placement not in found),
    )


def date_plan(
    facts: Facts, placements: Iterable[Placement], allowed: Allowed | None = None, *, seed: int = 0
) -> Dating:
    """The days of a whole plan, facility by facility; every placement is dated or reported, none is left out."""
    plan = tuple(placements)
    parts = [date_facility(facts, facility, plan, allowed, seed=seed) for facility in facts.facilities]
    return Dating(
        tuple(sorted((stay for part in parts for stay in part.dated), key=lambda stay: (stay.request, stay.batch))),
        tuple(sorted((stay for part in parts for stay in part.undated), key=lambda stay: (stay.request, stay.batch))),
    )


def _possible_days(
    facts: Facts, placement: Placement, request: Request, batch: Batch, suite: Suite, allowed: tuple[Days, ...]
) -> tuple[int, ...]:
    """The days of the week on which the batch could start if the suite were empty."""
    weeks = Weeks(facts.origin, facts.horizon_weeks)
    stay = request.product.stay_days
    last_free = 7 * weeks_held(suite, stay) - stay - suite.clearance_days
    days = []
    for offset in range(7):
        day = weeks.day(placement.start, offset)
        held = Days(day, day + timedelta(days=stay + suite.clearance_days))
        if (
            offset <= last_free
            and batch.earliest <= day <= batch.latest
            and (not suite.start_weekdays or day.isoweekday() in suite.start_weekdays)
            and any(period.holds(day) for period in allowed)
            and any(opening.contains(held) for opening in suite.open)
            and _loads_stay_in_their_weeks(request, suite, offset)
        ):
            days.append(7 * placement.start + offset)
    return tuple(days)


def _datable(stays: list[_Stay]) -> list[_Stay]:
    """The stays with a day of their own, and with one for the batch they come after if that one is placed here."""
    without = {(stay.request.id, stay.batch.id) for stay in stays if not stay.days}
    while True:
        lost = {
            (stay.request.id, stay.batch.id) for stay in stays if (stay.request.id, stay.batch.after or "") in without
        }
        if lost <= without:
            return [stay for stay in stays if (stay.request.id, stay.batch.id) not in without]
        without |= lost


def _loads_stay_in_their_weeks(request: Request, suite: Suite, offset: int) -> bool:
    usual, last = start_offset(suite), request.product.stay_days - 1
    return all(
        (offset + last + load.delay_days) // 7 == (usual + last + load.delay_days) // 7
        for load in request.product.loads
        if load.at == "end"
    )


def _solved(facts: Facts, suites: Mapping[str, Suite], stays: list[_Stay], seed: int) -> dict[Placement, int]:
    calendar = _Calendar(facts)
    for stay in stays:
        start = calendar.model.new_int_var_from_domain(cp_model.Domain.from_values(stay.days), "")
        calendar.variables.append(_Variables(stay, start, calendar.model.new_bool_var("")))
    for suite in suites.values():
        inside = [each for each in calendar.variables if each.stay.suite.id == suite.id]
        if inside:
            _keep_places(calendar, suite, inside)
            if suite.one_product or (suite.places == 1 and suite.changeover_days > 0):
                _separate_families(calendar, suite, inside)
    _keep_order(calendar)
    most = 7 * len(stays) + 1
    early = sum(each.start - 7 * each.stay.placement.start for each in calendar.variables)
    calendar.model.maximize(most * sum(each.dated for each in calendar.variables) - early)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = seed
    solver.parameters.max_deterministic_time = _WORK
    for each in calendar.variables:
        calendar.model.add_hint(each.dated, value=False)
    if solver.solve(calendar.model) not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
        return {}
    return {v.stay.placement: solver.value(v.start) for v in calendar.variables if solver.value(v.dated)}


def _keep_places(calendar: _Calendar, suite: Suite, inside: list[_Variables]) -> None:
    """Never more stays than places; where existing stays alone take more, they count as all places taken."""
    model = calendar.model
    intervals = [
        model.new_optional_fixed_size_interval_var(each.start, each.stay.held, each.dated, "") for each in inside
    ]
    demands = [1] * len(intervals)
    first = min(day for each in inside for day in each.stay.days)
    end = max(each.stay.days[-1] + each.stay.held for each in inside)
    for day in range(first, end):
        taken = sum(places for begin, until, places in _existing(calendar, suite, first, end) if begin <= day < until)
        if taken:
            intervals.append(model.new_fixed_size_interval_var(day, 1, ""))
            demands.append(min(taken, suite.places))
    model.add_cumulative(intervals, demands, suite.places)


def _existing(calendar: _Calendar, suite: Suite, first: int, end: int) -> list[tuple[int, int, int]]:
    """The confirmed stays with their clearance as day numbers inside [first, end), and their places."""
    found = []
    for stay in suite.stays:
        until = end if stay.period.end is None else calendar.number(stay.period.end) + suite.clearance_days
        found.append((max(calendar.number(stay.period.start), first), min(until, end), stay.places))
    return found


def _separate_families(calendar: _Calendar, suite: Suite, inside: list[_Variables]) -> None:
    """Two products never share a day, nor the changeover between them."""
    model, change = calendar.model, suite.changeover_days
    prolonged = [
        model.new_optional_fixed_size_interval_var(each.start, each.stay.held + change, each.dated, "")
        for each in inside
    ]
    for (one, here), (other, there) in combinations(zip(inside, prolonged, strict=True), 2):
        if one.stay.request.product.id != other.stay.request.product.id:
            model.add_no_overlap([here, there])
    for each, here in zip(inside, prolonged, strict=True):
        for stay in suite.stays:
            if stay.family != each.stay.request.product.id:
                begin = calendar.number(stay.period.start)
                beyond = each.stay.days[-1] + each.stay.held + 1
                until = beyond if stay.period.end is None else calendar.number(stay.period.end) + suite.clearance_days
                if until > begin:
                    model.add_no_overlap([here, model.new_fixed_size_interval_var(begin, until - begin + change, "")])


def _keep_order(calendar: _Calendar) -> None:
    """A batch that comes after another starts at least its gap after that one's stay, and only if that one is dated."""
    found = {(each.stay.request.id, each.stay.batch.id): each for each in calendar.variables}
    for later in calendar.variables:
        batch = later.stay.batch
        earlier = None if batch.after is None else found.get((later.stay.request.id, batch.after))
        if earlier is not None:
            ready = earlier.start + earlier.stay.request.product.stay_days + batch.gap_days
            calendar.model.add(later.start >= ready).only_enforce_if(later.dated)
            calendar.model.add_implication(later.dated, earlier.dated)


def _dated(facts: Facts, stay: _Stay, number: int) -> DatedStay:
    start = facts.origin + timedelta(days=number)
    end = start + timedelta(days=stay.request.product.stay_days)
    free_again = end + timedelta(days=stay.suite.clearance_days)
    return DatedStay(stay.request.id, stay.batch.id, stay.suite.id, start, end, free_again)


def _undated(stay: _Stay) -> Undated:
    placement = stay.placement
    why = "no day of this week fits the batch's dates, the suite's openings and start weekdays, and its loads"
    if stay.days:
        why = (
            "every day of this week that would fit is taken by other stays of the suite, or the batch before has no day"
        )
    return Undated(placement.request, placement.batch, placement.suite, placement.start, why)
