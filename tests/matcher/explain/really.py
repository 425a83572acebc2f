"""A change really made in the facts, by code of its own, and the most starts beside a plan by looking at every one."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta

from matcher.explain.changes import Change, Kind
from matcher.facts import Certificate, Facility, Facts, Limit, Request, Site
from matcher.outcome import Placement
from matcher.problem import Problem
from registry.vocabulary.facilities import LimitKind
from registry.vocabulary.periods import Days
from registry.vocabulary.products import InputState
from tests.matcher.brute import naive_admissible, naive_faults
from tests.matcher.explain.tight import week

LIMIT_OF = {
    Kind.QC: LimitKind.QC_RESULTS,
    Kind.OPERATORS: LimitKind.OPERATORS,
    Kind.CERTIFICATIONS: LimitKind.CERTIFICATIONS,
    Kind.NEW_PRODUCT: LimitKind.NEW_PRODUCTS,
    Kind.TRANSFER: LimitKind.TRANSFER_WEEKS,
}


def made_true(facts: Facts, request: str, change: Change) -> Facts:
    """The facts as they would be after the change."""
    if change.facility is not None:
        facilities = tuple(supply(one, change) if one.id == change.facility else one for one in facts.facilities)
        return replace(facts, facilities=facilities)
    requests = tuple(demand(one, change) if one.id == request else one for one in facts.requests)
    return replace(facts, requests=requests)


def demand(request: Request, change: Change) -> Request:
    """The sponsor's side."""
    weeks = timedelta(days=7 * change.amount)
    kind = change.kind
    if kind is Kind.EARLIER:
        return dated(request, -weeks, -weeks)
    if kind is Kind.LATER:
        return dated(request, weeks, weeks)
    if kind is Kind.SOONER_TOO:
        return dated(request, -weeks, timedelta(0))
    if kind is Kind.WAITS_LONGER:
        return dated(request, timedelta(0), weeks)
    if kind is Kind.MORE_FACILITIES:
        return replace(request, max_sites=request.max_sites + change.amount)
    if kind is Kind.PARTIAL:
        return replace(request, all_or_nothing=False)
    if kind is Kind.FROZEN_MATERIAL:
        return replace(request, input_state=InputState.FROZEN)
    if kind is Kind.FROZEN_PRODUCT:
        return replace(request, product_fresh=False)
    if kind is Kind.FROZEN_BOTH:
        return replace(request, input_state=InputState.FROZEN, product_fresh=False)
    raise AssertionError(kind)


def dated(request: Request, first: timedelta, last: timedelta) -> Request:
    batches = tuple(replace(b, earliest=b.earliest + first, latest=b.latest + last) for b in request.batches)
    return replace(request, batches=batches)


def supply(facility: Facility, change: Change) -> Facility:
    """The facility's side."""
    kind = change.kind
    if kind in LIMIT_OF:
        return replace(facility, limits=tuple(raised(one, LIMIT_OF[kind], change.weeks) for one in facility.limits))
    if kind is Kind.STARTS:
        return replace(
            facility, starts=tuple(replace(one, starts_per_week=one.starts_per_week + 1) for one in facility.starts)
        )
    (site,) = facility.sites
    return replace(facility, sites=(on_site(site, change),))


def raised(limit: Limit, kind: LimitKind, weeks: tuple[int, ...]) -> Limit:
    """One more; in the named weeks only, where the limit counts week by week."""
    if limit.kind is not kind:
        return limit
    if limit.period_weeks > 1 or not weeks:
        return replace(limit, amount=limit.amount + 1)
    return replace(limit, weekly=tuple(limit.amount + (number in weeks) for number in range(max(weeks) + 1)))


def on_site(site: Site, change: Change) -> Site:
    first = site.authorisations[0]
    if change.kind is Kind.OPENING:
        (opened,) = change.weeks
        return replace(
            site,
            suites=tuple(
                replace(one, open=(*one.open, Days(week(opened), week(opened + 1)))) if one.id == change.detail else one
                for one in site.suites
            ),
        )
    if change.kind is Kind.SCOPE_LINE:
        return replace(site, authorisations=(replace(first, codes=first.codes | {change.detail}),))
    if change.kind is Kind.RENEWED_AUTHORISATION:
        ended = replace(first, validity=Days(first.validity.start, None), open_ended_confirmed=True)
        return replace(site, authorisations=(ended,))
    if change.kind is Kind.RENEWED_CERTIFICATE:
        new = Certificate("new", frozenset({"1.3.1.4"}), date(2026, 11, 25))
        return replace(site, certificates=(*site.certificates, new))
    raise AssertionError(change.kind)


def most_beside(problem: Problem, others: tuple[Placement, ...], request: str) -> int:
    """The most starts of a request beside fixed stays: every combination is looked at."""
    return max(len(own) for own in _plans(problem, others, request))


def _plans(problem: Problem, others: tuple[Placement, ...], request: str) -> Iterator[tuple[Placement, ...]]:
    asked = next(one for one in problem.requests if one.id == request)
    choices: list[list[Placement | None]] = [
        [
            None,
            *(
                Placement(asked.id, batch.id, option.suite, start)
                for option in asked.options
                for start in range(problem.horizon)
                if naive_admissible(problem, batch, option, start)
            ),
        ]
        for batch in asked.batches
    ]
    for own in _combinations(choices):
        if not naive_faults(problem, (*others, *own)):
            yield own


def _combinations(choices: list[list[Placement | None]]) -> Iterator[tuple[Placement, ...]]:
    if not choices:
        yield ()
        return
    for rest in _combinations(choices[1:]):
        for choice in choices[0]:
            yield rest if choice is None else (choice, *rest)


def without(plan: Iterable[Placement], request: str) -> tuple[Placement, ...]:
    """The plan of all others."""
    return tuple(placement for placement in plan if placement.request != request)
