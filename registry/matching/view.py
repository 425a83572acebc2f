"""A calculation as a reader sees it: facts, placements and reasons become a `PlanView`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from matcher.facts import Facility, Facts, Request
from matcher.lookup import lookup
from matcher.outcome import Outcome, Placement
from matcher.problem import Problem
from registry.matching.days import PlanDays
from registry.matching.reasons import Reason
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
from registry.vocabulary.periods import Days, minus


@dataclass(frozen=True, slots=True)
class Names:
    """What a reader may call things: regions by facility id, families in plain words."""

    region: Mapping[str, str]
    family: Mapping[str, str]


def plan_view(
    facts: Facts,
    problem: Problem,
    outcome: Outcome,
    greedy: Iterable[Placement],
    reasons: Mapping[str, tuple[Reason, ...]],
    names: Names,
    *,
    title: str,
    rehearsal: bool,
    checked: bool,
    calculated_on: date,
    notes: tuple[str, ...],
    days: PlanDays,
) -> PlanView:
    """Put a calculation into values to show; places and labels are taken as the facts give them (aliases in a rehearsal)."""
    asked, limit = _asked(facts), most_patients(problem, outcome)
    shown = [facility for facility in facts.facilities if any(site.suites for site in facility.sites)]
    return PlanView(
        rehearsal=rehearsal,
        title=title,
        origin=facts.origin,
        weeks=facts.horizon_weeks,
        known_on=facts.known_on,
        calculated_on=calculated_on,
        asked=asked,
        plan=_measure(facts, outcome.placements),
        first_come=_measure(facts, greedy),
        most_patients=None if limit is None else min(limit, asked.patients),
        checked=checked,
        facilities=tuple(_facility(facility, names) for facility in shown),
        suites=tuple(_suites(shown)),
        stays=_stays(facts, problem, outcome.placements, days),
        closures=tuple(_closures(facts, shown)),
        requests=tuple(_request(request, outcome.placements, reasons, names) for request in facts.requests),
        notes=notes,
    )


def most_patients(problem: Problem, outcome: Outcome) -> int | None:
    """The limit on patients that the bound proves, from the first tier that counts every placed start alone.

    Preparatory batches count there too, so the limit is safe and may be a little loose.
    """
    for tier, limit in zip(problem.policy.tiers, outcome.bound, strict=False):
        if set(tier) == {"placed"} and limit is not None:
            return limit // tier["placed"]
    return None


def _asked(facts: Facts) -> Measure:
    batches = [batch for request in facts.requests for batch in request.batches]
    return Measure(sum(batch.patients for batch in batches), len(facts.requests), len(batches))


def _measure(facts: Facts, placements: Iterable[Placement]) -> Measure:
    plan = tuple(placements)
    patients = {(request.id, batch.id): batch.patients for request in facts.requests for batch in request.batches}
    return Measure(
        sum(patients[placement.request, placement.batch] for placement in plan),
        len({placement.request for placement in plan}),
        len(plan),
    )


def _facility(facility: Facility, names: Names) -> PlanFacility:
    site = facility.sites[0]
    region = names.region.get(facility.id, facility.country)
    return PlanFacility(facility.id, facility.label, region, site.latitude, site.longitude)


def _suites(facilities: Iterable[Facility]) -> Iterable[PlanSuite]:
    for facility in facilities:
        suites = [suite for site in facility.sites for suite in site.suites]
        for number, suite in enumerate(suites, start=1):
            yield PlanSuite(suite.id, facility.id, f"Suite {number}", suite.places)


def _stays(facts: Facts, problem: Problem, placements: Iterable[Placement], days: PlanDays) -> tuple[PlanStay, ...]:
    """The days where they are settled, else the whole weeks that are held."""
    settled = {(stay.request, stay.batch): stay for stay in days.dated}
    options = lookup(problem).options
    patients = {(request.id, batch.id): batch.patients for request in facts.requests for batch in request.batches}
    found = []
    for placement in placements:
        request, batch = placement.request, placement.batch
        stay, weeks = settled.get((request, batch)), options[request, placement.suite].duration
        start = facts.origin + timedelta(weeks=placement.start) if stay is None else stay.start
        end = facts.origin + timedelta(weeks=placement.start + weeks) if stay is None else stay.free_again
        found.append(PlanStay(request, batch, placement.suite, start, end, patients[request, batch]))
    return tuple(found)


def _closures(facts: Facts, facilities: Iterable[Facility]) -> Iterable[PlanClosure]:
    horizon = Days(facts.origin, facts.origin + timedelta(weeks=facts.horizon_weeks))
    for suite in (suite for facility in facilities for site in facility.sites for suite in site.suites):
        for closed in minus(horizon, suite.open):
            if closed.end is not None:
                yield PlanClosure(suite.id, closed.start, closed.end, "closed or taken")


def _request(
    request: Request, placements: Iterable[Placement], reasons: Mapping[str, tuple[Reason, ...]], names: Names
) -> PlanRequest:
    placed = {placement.batch for placement in placements if placement.request == request.id}
    return PlanRequest(
        id=request.id,
        label=request.label,
        short=request.id.rsplit("-", 1)[-1],
        family=names.family.get(request.product.family, request.product.family),
        starts=len(request.batches),
        placed=len(placed),
        patients=sum(batch.patients for batch in request.batches),
        patients_placed=sum(batch.patients for batch in request.batches if batch.id in placed),
        waiting_because=tuple(
            Obstacle(reason.rule, reason.text, reason.facilities) for reason in reasons.get(request.id, ())
        ),
        assumed=request.defaults + ((f"Invented: {', '.join(request.invented)}.",) if request.invented else ()),
    )
