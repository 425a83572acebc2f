"""V04 and V06 to V10: each placement judged again from the snapshot, day by day, by plain rules."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from matcher.verifier.bundle.case import Case, Wrong
from matcher.verifier.bundle.country import check_country
from matcher.verifier.bundle.facts import Record, Snapshot, Where, covered, period
from matcher.verifier.bundle.freshness import check_freshness
from matcher.verifier.bundle.licence import check_licence
from matcher.verifier.bundle.material import check_material
from matcher.verifier.bundle.service import check_service
from matcher.verifier.bundle.technical import check_technical
from matcher.verifier.bundle.travel import check_travel
from matcher.verifier.plan import Placed, Plan
from matcher.verifier.reading import shown
from matcher.verifier.report import Finding

CHECKS = (
    check_licence,
    check_technical,
    check_material,
    check_travel,
    check_country,
    check_freshness,
    check_service,
)


def check_pairs(snapshot: Snapshot, plan: Plan, verdicts: Any) -> list[Finding]:
    """Return what the snapshot says against placements, and placements on pairs whose verdict forbids them."""
    findings: list[Finding] = []
    forbidden = {(row["request"], row["suite"]) for row in verdicts["pairs"] if row["fail"] or row["unknown"]}
    by_suite: dict[str, list[Placed]] = defaultdict(list)
    together: Counter[tuple[str, str]] = Counter()
    for placed in (placed for placements in plan.values() for placed in placements):
        if placed.option.suite not in snapshot.suites or placed.request.id not in snapshot.requests:
            findings.append(Finding("V02 unknown", placed.label, shown(placed.option.suite), "known to the snapshot"))
            continue
        by_suite[placed.option.suite].append(placed)
        together[placed.request.id, snapshot.suites[placed.option.suite].facility["id"]] += 1
        if (placed.request.id, placed.option.suite) in forbidden:
            findings.append(Finding("V10 verdict", placed.label, "a pair that fails or is unknown", "an eligible pair"))
        for check, text, found, required in _judged(snapshot, placed):
            findings.append(Finding(check, f"{placed.label}: {text}", found, required))
    findings += _together(snapshot, together)
    for name, placements in by_suite.items():
        findings += _crowded(snapshot, snapshot.suites[name].suite, placements)
    return findings


def _together(snapshot: Snapshot, together: Counter[tuple[str, str]]) -> Iterator[Finding]:
    """The starts of a request at a facility keep to its largest campaign, and to the doses of every lot."""
    for (request, facility), starts in together.items():
        where = f"request {shown(request)} at facility {shown(facility)}"
        largest = snapshot.facilities[facility]["largest_campaign"]
        if largest is not None and starts > largest:
            yield Finding("V10 campaign", where, f"{starts} starts", f"at most {largest}")
        for lot in snapshot.requests[request]["materials"]:
            if lot["doses"] is not None and starts > lot["doses"]:
                yield Finding("V09 material doses", where, f"{starts} starts", f"{lot['doses']} of {shown(lot['id'])}")


def _judged(snapshot: Snapshot, placed: Placed) -> Wrong:
    first = snapshot.first_day(placed)
    yield from _calendar(snapshot, placed, snapshot.suites[placed.option.suite], first)
    batches: dict[str, Record] = {batch["id"]: batch for batch in snapshot.requests[placed.request.id]["batches"]}
    batch = batches.get(placed.batch.id)
    if batch is None:
        yield "V02 unknown", "the snapshot has no such batch", shown(placed.batch.id), "a batch of the snapshot"
        return
    case = Case(snapshot, placed, batch)
    for check in CHECKS:
        yield from check(case)
    monday = first - timedelta(days=first.weekday())
    if monday + timedelta(days=7) <= date.fromisoformat(batch["earliest"]) or monday > date.fromisoformat(
        batch["latest"]
    ):
        yield "V09 window", "the week lies outside the window", str(monday), f"{batch['earliest']} to {batch['latest']}"


def _calendar(snapshot: Snapshot, placed: Placed, where: Where, first: date) -> Wrong:
    last = snapshot.last_day_out(placed, cleared=True)
    held = covered(first, last, [period(days) for days in where.suite["open"]])
    if held < last:
        yield "V06 open", "the suite is not open throughout", f"closed on {held}", f"open from {first} to {last}"


def _crowded(snapshot: Snapshot, suite: Record, placements: list[Placed]) -> Iterator[Finding]:
    """Sweep over days: planned stays with clearance, and recorded ones, share at most the places of the suite."""
    events: dict[date, list[int]] = defaultdict(lambda: [0, 0])
    for placed in placements:
        events[snapshot.first_day(placed)][0] += 1
        events[snapshot.last_day_out(placed, cleared=True)][0] -= 1
    for stay in suite["stays"]:
        start, end = period(stay["period"])
        events[start][1] += stay["places"]
        events[end][1] -= stay["places"]
    planned = booked = 0
    for day in sorted(events):
        planned, booked = planned + events[day][0], booked + events[day][1]
        if planned and planned + booked > suite["places"]:
            found = f"{planned} planned and {booked} recorded stays"
            yield Finding(
                "V04 days", f"suite {shown(suite['id'])} on {day}", found, f"at most {suite['places']} places"
            )
