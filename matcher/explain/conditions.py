"""The open points of a placed pair at the days that were proposed: what must happen, and by when."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from matcher.eligibility.rule import Rule, Where, finding_of
from matcher.eligibility.verdicts import Verdicts
from matcher.facts import Facts, Request
from matcher.outcome import Placement
from matcher.weeks import Weeks, start_offset
from registry.vocabulary.results import Status


@dataclass(frozen=True, slots=True)
class Condition:
    """One open point: the rule, what must happen, and the day by which, None where no day is known."""

    rule: str
    title: str
    text: str
    by: date | None


@dataclass(frozen=True, slots=True)
class PlacedPair:
    """Starts placed in one suite, with their days, and the open points they rest on.

    `undated` names the batches for which no day of their week could be settled, and says why.
    """

    request: str
    facility: str
    suite: str
    starts: tuple[tuple[str, date], ...]
    conditions: tuple[Condition, ...]
    undated: tuple[tuple[str, str], ...] = ()


def placed_pairs(
    facts: Facts,
    verdicts: Verdicts,
    placements: Iterable[Placement],
    settled: Mapping[tuple[str, str], date] | None = None,
    undated: Mapping[tuple[str, str], str] | None = None,
) -> dict[str, tuple[PlacedPair, ...]]:
    """The placed pairs of each request, in the sequence of their first start.

    `settled` are start days by request and batch, `undated` says why a batch has none; a start without one is shown on the first start weekday of its week.
    """
    undated = undated or {}
    weeks = Weeks(facts.origin, facts.horizon_weeks)
    where = {place.suite.id: place for place in verdicts.places}
    requests = {request.id: request for request in verdicts.requests}
    stays: dict[tuple[str, str], list[tuple[date, str]]] = {}
    for placement in placements:
        usual = weeks.day(placement.start, start_offset(where[placement.suite].suite))
        day = (settled or {}).get((placement.request, placement.batch), usual)
        stays.setdefault((placement.request, placement.suite), []).append((day, placement.batch))
    found: dict[str, list[PlacedPair]] = {}
    for (request, suite), days in sorted(stays.items(), key=lambda entry: (entry[0][0], min(entry[1]), entry[0][1])):
        starts = tuple((batch, day) for day, batch in sorted(days))
        conditions = conditions_at(verdicts, requests[request], where[suite], starts)
        open_days = tuple((batch, undated[request, batch]) for batch, _ in starts if (request, batch) in undated)
        pair = PlacedPair(request, where[suite].facility.id, suite, starts, conditions, open_days)
        found.setdefault(request, []).append(pair)
    return {request: tuple(pairs) for request, pairs in found.items()}


def conditions_at(
    verdicts: Verdicts, request: Request, where: Where, starts: tuple[tuple[str, date], ...]
) -> tuple[Condition, ...]:
    """The conditional rules of a pair, those about time weighed anew at the days of the starts themselves.

    So a licence that ends after the last proposed stay is no open point, even if it ends inside the window asked for.
    """
    days = dict(starts)
    proposed = replace(
        request,
        batches=tuple(
            replace(batch, earliest=days[batch.id], latest=days[batch.id])
            for batch in request.batches
            if batch.id in days
        ),
    )
    found = []
    for rule in verdicts.rules:
        if verdicts.code_status(rule.id, request.id, where.suite.id) is not Status.CONDITIONAL:
            continue
        said = _said(rule, verdicts, proposed if rule.demand else request, where)
        if said is not None:
            found.append(said)
    return tuple(found)


def _said(rule: Rule, verdicts: Verdicts, request: Request, where: Where) -> Condition | None:
    tie = verdicts.tie(request.id, where.suite.id)
    finding = finding_of(rule, verdicts.circle, request, where, tie)
    if finding.status is Status.PASS:
        return None
    return Condition(rule.id, rule.title, finding.condition, finding.condition_by)
