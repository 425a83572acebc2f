"""Plans made of invented values for drawing tests; the same seed gives the same plan."""

from datetime import date, timedelta
from random import Random

from registry.queries.plan_view import (
    Measure,
    Obstacle,
    PlanClosure,
    PlanFacility,
    PlanRequest,
    PlanStay,
    PlanSuite,
    PlanView,
)

ORIGIN = date(2026, 11, 30)
PLACES = {
    "DE": (51.0, 10.0), "FR": (46.6, 2.4), "ES": (40.2, -3.6), "IT": (43.0, 12.0), "NL": (52.2, 5.3), "BE": (50.7, 4.6),
    "SE": (59.0, 15.0), "North": (61.0, 25.0), "East": (50.5, 18.0), "GB": (52.4, -1.4), "CH": (46.9, 8.0),
}  # fmt: skip
FAMILIES = ("CAR-T cells", "Regulatory T cells", "Mesenchymal stromal cells", "Virus-specific T cells",
            "Gene-corrected stem cells", "Cartilage and skin", "AAV vectors")  # fmt: skip
OBSTACLES = (
    Obstacle("LIC-2", "The licence on record does not cover this kind of making", 21),
    Obstacle("LIC-4", "The licence on record ends before the last day of testing", 3),
    Obstacle("DIST-1", "Fresh material would be on the road for too long", 14),
    Obstacle("QC-1", "The laboratory is full in the weeks that would do", 6),
    Obstacle("ROOM", "No room in the weeks that would do", 5),
    Obstacle("FAM-1", "The facility does not take this process family", 30),
)


def empty_plan(*, rehearsal: bool = True) -> PlanView:
    """A plan without facilities or requests."""
    nothing = Measure(0, 0, 0)
    return PlanView(
        rehearsal=rehearsal, title="Rehearsal round", origin=ORIGIN, weeks=26, known_on=date(2026, 11, 25),
        calculated_on=date(2026, 11, 25), asked=nothing, plan=nothing, first_come=nothing, most_patients=None,
        checked=False, facilities=(), suites=(), stays=(), closures=(), requests=(), notes=(),
    )  # fmt: skip


def large_plan(seed: int = 7, *, facilities: int = 48, requests: int = 82) -> PlanView:
    """A plan about as large as a rehearsal."""
    chance = Random(seed)
    houses = tuple(_facility(index, chance) for index in range(facilities))
    suites = tuple(
        PlanSuite(f"{house.id}-{letter}", house.id, f"Suite {letter}", chance.randint(1, 3))
        for house in houses
        for letter in "AB"[: chance.randint(1, 2)]
    )
    free = {(suite.id, lane): 0 for suite in suites for lane in range(suite.places)}
    asked = [_request(index, chance) for index in range(requests)]
    stays: list[PlanStay] = []
    for request in asked:
        stays += _stays(request, free, chance)
    closures = tuple(_closure(suite, chance) for suite in suites if chance.random() < 0.4)
    patients, starts = sum(r.patients_placed for r in asked), sum(r.placed for r in asked)
    wanted, all_starts = sum(r.patients for r in asked), sum(r.starts for r in asked)
    served = sum(1 for r in asked if r.placed)
    return PlanView(
        rehearsal=True, title="Rehearsal round of winter 2026", origin=ORIGIN, weeks=26, known_on=date(2026, 11, 25),
        calculated_on=date(2026, 11, 25), asked=Measure(wanted, requests, all_starts),
        plan=Measure(patients, served, starts),
        first_come=Measure(patients * 8 // 10, served - 7, starts * 8 // 10), most_patients=patients + 9, checked=True,
        facilities=houses, suites=suites, stays=tuple(stays), closures=closures, requests=tuple(asked),
        notes=("Capacity is scaled to the demand read.", "4 of 99 trial rows were left out: no product class."),
    )  # fmt: skip


def _facility(index: int, chance: Random) -> PlanFacility:
    region = chance.choice(tuple(PLACES))
    latitude, longitude = PLACES[region]
    return PlanFacility(
        f"f{index:02}", f"Rehearsal facility {region}-{index:02}", region,
        latitude + chance.uniform(-1.6, 1.6), longitude + chance.uniform(-2, 2),
    )  # fmt: skip


def _request(index: int, chance: Random) -> PlanRequest:
    starts = chance.randint(2, 12)
    placed = starts if chance.random() < 0.68 else chance.randint(0, starts - 1)
    family = chance.choice(FAMILIES)
    reasons = tuple(chance.sample(OBSTACLES, chance.randint(1, 5))) if placed < starts else ()
    label = f"Request {index:03}, {family}, sponsor in {chance.choice(('DE', 'ES', 'FR', 'IT', 'NL'))}"
    return PlanRequest(
        f"r{index:03}", label, f"{index:03}", family, starts, placed, starts, placed, reasons,
        ("Pace: 0.8 starts a month, as the trial does not say", "Frozen input: invented"),
    )  # fmt: skip


def _stays(request: PlanRequest, free: dict[tuple[str, int], int], chance: Random) -> list[PlanStay]:
    stays: list[PlanStay] = []
    length = chance.randint(1, 3)
    for batch in range(request.placed):
        (suite, lane), week = min(free.items(), key=lambda item: (max(item[1], batch * 2), chance.random()))
        begin = max(week, batch * 2)
        start = ORIGIN + timedelta(weeks=begin)
        stays.append(PlanStay(request.id, f"b{batch}", suite, start, start + timedelta(weeks=length), 1))
        free[suite, lane] = begin + length
    return stays


def _closure(suite: PlanSuite, chance: Random) -> PlanClosure:
    start = ORIGIN + timedelta(weeks=chance.randint(0, 22))
    return PlanClosure(suite.id, start, start + timedelta(weeks=chance.randint(1, 4)), "Closed for maintenance")
