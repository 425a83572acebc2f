"""Facts planted so that every rehearsal shows each kind of refusal: scope, validity, distance, QC limit, no room.

All but distance use a suite added to a facility, with a device that one request needs and no other facility has.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from matcher.eligibility.distance import hours_door_to_door, kilometres
from matcher.facts import Authorisation, Equipment, Facility, Facts, Limit, Pair, Request, Step, Suite
from registry.rehearsal.capacity import QUALIFIED, build_suite
from registry.rehearsal.frame import Frame
from registry.rehearsal.pairs import READY
from registry.rehearsal.requests import place_weeks, weeks_held
from registry.rehearsal.rules import rules
from registry.vocabulary.facilities import LimitKind, OrganisationKind, ServiceModel
from registry.vocabulary.periods import Days
from registry.vocabulary.products import Donor, InputState


@dataclass(frozen=True, slots=True)
class Plant:
    """A request that is meant to fail by `rule`, and the suites added for it."""

    rule: str
    request: str
    suites: tuple[str, ...] = ()


DEVICES = {
    "scope-codes": "electroporator",
    "authorisation-validity": "magnetic_separator",
    "qc_results": "rocking_bioreactor",
    "room": "hollow_fibre_bioreactor",
}
SITES = {"scope-codes": 3, "authorisation-validity": 2, "qc_results": 1, "room": 1}
VALID_WEEKS = 1
"""Weeks from the origin for which the planted authorisation is still valid: shorter than any stay with its tests."""

QC_DELAY_DAYS = 2


def plant(facts: Facts, frame: Frame) -> tuple[Facts, tuple[Plant, ...]]:
    """Return the facts with one request for each kind of refusal, and what was planted."""
    facilities = {facility.id: facility for facility in facts.facilities}
    requests = {request.id: request for request in facts.requests}
    plants: list[Plant] = []
    free = [request for request in facts.requests if request.urgency > 0 and request.product.donor is not Donor.NONE]
    free = free or list(facts.requests)
    for rule, choose in CHOICES.items():
        request = choose([one for one in free if one.id not in {made.request for made in plants}] or free, facts)
        if rule == "fresh-material":
            requests[request.id] = too_far(request, facts)
            plants.append(Plant(rule, request.id))
            continue
        taken = {suite.split("-S")[0] for made in plants for suite in made.suites}
        sites = hosts(request, facts, taken, frame)[: SITES[rule]]
        requests[request.id] = needing(request, rule, facilities[sites[0]])
        suites = [f"{site}-S{count_suites(facilities[site]) + 1:02d}" for site in sites]
        requests[request.id] = with_ready_pairs(requests[request.id], [facilities[site] for site in sites])
        for site, suite in zip(sites, suites, strict=True):
            facilities[site] = with_annex(facilities[site], suite, rule, requests[request.id], frame)
        plants.append(Plant(rule, request.id, tuple(suites)))
    planted = replace(facts, facilities=tuple(facilities.values()), requests=tuple(requests.values()))
    return planted, tuple(plants)


Choice = Callable[[Sequence[Request], Facts], Request]


def smallest(requests: Sequence[Request], _facts: Facts) -> Request:
    """The request with the fewest patients among those of several batches."""
    return min(requests, key=lambda one: (len(one.batches) < 2, patients(one), one.id))


def longest(requests: Sequence[Request], _facts: Facts) -> Request:
    """The request that needs a place for the most weeks."""
    return max(requests, key=lambda one: (place_weeks(one), one.id))


def remotest(requests: Sequence[Request], facts: Facts) -> Request:
    """The request farthest from the nearest site that works on its platform."""
    with_cells = [one for one in requests if one.collection and one.product.donor is Donor.AUTOLOGOUS] or requests
    return max(with_cells, key=lambda one: (nearest_hours(one, facts), -patients(one), one.id))


CHOICES: dict[str, Choice] = {
    "fresh-material": remotest,
    "room": longest,
    "scope-codes": smallest,
    "authorisation-validity": smallest,
    "qc_results": smallest,
}


def patients(request: Request) -> int:
    return sum(batch.patients for batch in request.batches)


def count_suites(facility: Facility) -> int:
    return sum(len(site.suites) for site in facility.sites)


def nearest_hours(request: Request, facts: Facts) -> float:
    """Hours from the nearest place of collection to the nearest site of the request's platform, door to door."""
    hours = [
        hours_door_to_door(kilometres((place.latitude, place.longitude), (site.latitude, site.longitude)))
        for facility in facts.facilities
        if request.product.family in facility.experience
        for site in facility.sites
        if site.latitude is not None and site.longitude is not None
        for place in request.collection
    ]
    return min(hours, default=0.0)


def too_far(request: Request, facts: Facts) -> Request:
    """The request with fresh material that may travel one hour less than the nearest site is away."""
    hours = max(0, math.ceil(nearest_hours(request, facts)) - 1)
    said = (*request.defaults, "Rehearsal: material that may travel only a few hours.")
    return replace(
        request,
        input_state=InputState.FRESH,
        hours_fresh=hours,
        defaults=tuple(text for text in said if not text.startswith("Fresh or frozen material")),
        invented=(*request.invented, "fresh material for a few hours"),
    )


def hosts(request: Request, facts: Facts, taken: set[str], frame: Frame) -> list[str]:
    """Facilities that could make it but for the planted fact; the ones not used yet come first."""
    code = rules().code_of_product[request.product.product_class]
    able = [
        facility
        for facility in facts.facilities
        if serves(facility, request) and any(code in one.codes for one in facility.sites[0].authorisations)
    ]
    order = frame.draws("hosts", request.id).shuffled(able or list(facts.facilities))
    order.sort(key=lambda facility: (facility.id in taken, request.product.family not in facility.experience))
    return [facility.id for facility in order]


def serves(facility: Facility, request: Request) -> bool:
    """Whether the facility is for such requesters, near enough to be plain, and its record in good order."""
    company = request.sponsor_kind is OrganisationKind.COMPANY
    if company and (facility.service_model is ServiceModel.ACADEMIC_COLLABORATION or not facility.open_to_companies):
        return False
    authorisation = facility.sites[0].authorisations[0]
    treating = {place.country for place in request.treating}
    return authorisation.complete and authorisation.validity.end is None and facility.country in treating


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
