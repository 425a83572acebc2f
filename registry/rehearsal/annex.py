"""A suite added to a facility for one planted request: one device nobody else has, one fact that stands in the way."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from matcher.facts import Authorisation, Equipment, Facility, Limit, Pair, Request, Step, Suite
from registry.rehearsal.capacity import QUALIFIED, build_suite
from registry.rehearsal.frame import Frame
from registry.rehearsal.pairs import READY
from registry.rehearsal.requests import place_weeks, weeks_held
from registry.rehearsal.rules import rules
from registry.vocabulary.facilities import LimitKind
from registry.vocabulary.periods import Days

DEVICES = {
    "scope-codes": "electroporator",
    "authorisation-validity": "magnetic_separator",
    "qc_results": "rocking_bioreactor",
    "room": "hollow_fibre_bioreactor",
}
VALID_WEEKS = 1
"""Weeks from the origin for which the planted authorisation is still valid: shorter than any stay with its tests."""

QC_DELAY_DAYS = 2


def count_suites(facility: Facility) -> int:
    """Return how many suites a facility has."""
    return sum(len(site.suites) for site in facility.sites)


def next_suite(facility: Facility) -> str:
    """Return the code of a suite added to the facility."""
    return f"{facility.id}-S{count_suites(facility) + 1:02d}"


def needing(request: Request, rule: str, host: Facility) -> Request:
    """The request with one step that only the planted suites can do, and for QC more results than the host's limit."""
    product = request.product
    mode, background = product.steps[0].mode, product.steps[0].background
    step = Step(mode, background, frozenset({DEVICES[rule]}))
    loads = product.loads
    if rule == "qc_results":
        more = qc_limit(host).amount + 1
        loads = tuple(
            replace(load, amount=more, delay_days=QC_DELAY_DAYS) if load.kind is LimitKind.QC_RESULTS else load
            for load in loads
        )
    changed = replace(product, steps=(step,), loads=loads)
    return replace(
        request, product=changed, all_or_nothing=False, max_sites=1, invented=(*request.invented, "a special device")
    )


def with_ready_pairs(request: Request, hosts: Sequence[Facility]) -> Request:
    """The request with its process already brought to these facilities, so that nothing but the plant stands against it."""
    sites = {facility.sites[0].id for facility in hosts}
    others = [pair for pair in request.pairs if pair.site not in sites]
    pairs = [*others, *(Pair(site, READY, None) for site in sites)]
    return replace(request, pairs=tuple(sorted(pairs, key=lambda pair: pair.site)))


def qc_limit(facility: Facility) -> Limit:
    """The facility's weekly limit on results, or one made up for it."""
    stated = [limit for limit in facility.limits if limit.kind is LimitKind.QC_RESULTS]
    return stated[0] if stated else Limit(LimitKind.QC_RESULTS, 1, 1 + count_suites(facility))


def with_annex(facility: Facility, code: str, rule: str, request: Request, frame: Frame) -> Facility:
    """The facility with one more suite for the request, under an authorisation of its own."""
    site = facility.sites[0]
    suite = annex(code, rule, request, frame)
    first = site.authorisations[0]
    others = tuple(
        one if one.suites is not None else replace(one, suites=frozenset(room.id for room in site.suites))
        for one in site.authorisations
    )
    number = len(site.authorisations) + 1
    added = annex_authorisation(replace(first, id=f"{facility.id}-L{number}"), code, rule, request, frame)
    limits = facility.limits
    if rule == "qc_results":
        others_stated = [one for one in limits if one.kind is not LimitKind.QC_RESULTS]
        limits = tuple(sorted([*others_stated, qc_limit(facility)], key=lambda one: one.kind.value))
    changed = replace(site, suites=(*site.suites, suite), authorisations=(*others, added))
    platform = request.product.platform
    starts = tuple(
        replace(one, starts_per_week=one.starts_per_week + 1) if one.platform == platform else one
        for one in facility.starts
    )
    return replace(facility, sites=(changed, *facility.sites[1:]), limits=limits, starts=starts)


def annex(code: str, rule: str, request: Request, frame: Frame) -> Suite:
    """One place on the request's platform with the special device; for lack of room it opens half of what is needed."""
    suite = build_suite(code, rules().platforms[request.product.platform], 1, frame)
    weeks = frame.weeks
    held, asked = weeks_held(request), place_weeks(request)
    if rule == "room" and asked <= weeks * 3 // 2:
        first = min(batch.earliest for batch in request.batches)
        end = min(frame.end, first + timedelta(weeks=max(held, asked // 2)))
        suite = replace(suite, open=(Days(first, end),))
    device = Equipment(DEVICES[rule], 1, frame.today + QUALIFIED)
    return replace(suite, equipment=(device,))


def annex_authorisation(copy: Authorisation, suite: str, rule: str, request: Request, frame: Frame) -> Authorisation:
    """The authorisation of the added suite: as the first one, but for the planted fact."""
    made = replace(copy, suites=frozenset({suite}), complete=True)
    if rule == "scope-codes":
        return replace(made, codes=made.codes - {rules().code_of_product[request.product.product_class]} - {"1.3.1.3"})
    if rule == "authorisation-validity":
        end = frame.origin + timedelta(weeks=VALID_WEEKS)
        return replace(made, validity=Days(made.validity.start, end), open_ended_confirmed=False)
    return made
