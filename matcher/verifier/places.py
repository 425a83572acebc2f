"""Suites: how many stays share a tick, and which families meet. One sweep over beginnings and ends each."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from matcher.verifier.plan import Plan
from matcher.verifier.problem import Problem
from matcher.verifier.reading import shown
from matcher.verifier.report import Finding


@dataclass(frozen=True, slots=True)
class Stay:
    """Places held from `start` to before `end`; `planned` by the outcome or booked before."""

    start: int
    end: int
    places: int
    family: str | None
    planned: bool
    label: str


def check_suites(problem: Problem, plan: Plan) -> tuple[list[Finding], list[str]]:
    """Return the findings of all suites, and the suites where bookings alone exceed the places."""
    stays = stays_by_suite(problem, plan)
    findings: list[Finding] = []
    crowded: list[str] = []
    for name in sorted(stays):
        suite = problem.suites[name]
        findings += _places(name, suite.places, stays[name], problem.horizon)
        if suite.exclusive or suite.places == 1:
            findings += _families(name, suite.changeover, stays[name])
        booked = [stay for stay in stays[name] if not stay.planned]
        if any(count > suite.places for _, count, _ in _counts(booked, problem.horizon)):
            crowded.append(f"suite {shown(name)}")
    return findings, crowded


def stays_by_suite(problem: Problem, plan: Plan) -> defaultdict[str, list[Stay]]:
    """Return suite → its bookings and its stays of the plan."""
    stays: defaultdict[str, list[Stay]] = defaultdict(list)
    for index, book in enumerate(problem.bookings):
        stays[book.suite].append(Stay(book.start, book.end, book.places, book.family, False, f"booking {index}"))
    for placed in (placed for placements in plan.values() for placed in placements):
        stay = Stay(placed.start, placed.end, 1, placed.request.family, True, placed.label)
        stays[placed.option.suite].append(stay)
    return stays


def _counts(stays: Iterable[Stay], horizon: int) -> Iterator[tuple[int, int, dict[Stay, None]]]:
    """Yield (tick, places held from there on, planned stays there) at each change inside the horizon."""
    begun: dict[int, list[Stay]] = defaultdict(list)
    ended: dict[int, list[Stay]] = defaultdict(list)
    for stay in stays:
        begun[min(max(stay.start, 0), horizon)].append(stay)
        ended[min(max(stay.end, 0), horizon)].append(stay)
    count = 0
    present: dict[Stay, None] = {}
    for tick in sorted({*begun, *ended}):
        for stay in begun[tick]:
            count += stay.places
            if stay.planned:
                present[stay] = None
        for stay in ended[tick]:
            count -= stay.places
            present.pop(stay, None)
        yield tick, count, present


def _places(name: str, limit: int, stays: list[Stay], horizon: int) -> Iterator[Finding]:
    for tick, count, planned in _counts(stays, horizon):
        if planned and count > limit:
            where = f"suite {shown(name)} from tick {tick}: {', '.join(stay.label for stay in islice(planned, 6))}"
            yield Finding("places", where, f"{count} places held", f"at most {limit}")


def _families(name: str, changeover: int, stays: list[Stay]) -> Iterator[Finding]:
    """Compare each stay with the latest end, among earlier stays of other families, that a rule binds it to."""
    everyone: list[Stay] = []
    planned: list[Stay] = []
    for stay in sorted(stays, key=lambda stay: (stay.start, stay.end, stay.label)):
        others = [other for other in (everyone if stay.planned else planned) if other.family != stay.family]
        if others and others[0].end + changeover > stay.start:
            where = f"suite {shown(name)}: {others[0].label}, then {stay.label}, of two families"
            yield Finding("family", where, f"start {stay.start}", f"not before {others[0].end + changeover}")
        everyone = _latest_two(everyone, stay)
        if stay.planned:
            planned = _latest_two(planned, stay)


def _latest_two(kept: list[Stay], stay: Stay) -> list[Stay]:
    """Keep the latest end and the latest end of any other family: whatever family asks, its answer is one of them."""
    ranked = sorted([*kept, stay], key=lambda stay: -stay.end)
    return [ranked[0], *(other for other in ranked[1:] if other.family != ranked[0].family)][:2]
