"""Facts planted so that every rehearsal shows each kind of refusal: scope, validity, distance, QC limit, no room.

All but distance use a suite added to a facility, with a device that one request needs and no other facility has.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from matcher.eligibility import judge_pair
from matcher.eligibility.distance import hours_door_to_door, kilometres
from matcher.facts import Facility, Facts, Request
from registry.rehearsal.annex import needing, next_suite, with_annex, with_ready_pairs
from registry.rehearsal.frame import Frame
from registry.rehearsal.requests import place_weeks
from registry.rehearsal.rules import rules
from registry.vocabulary.products import Donor, InputState
from registry.vocabulary.results import Status


@dataclass(frozen=True, slots=True)
class Plant:
    """A request that is meant to fail by `rule`, and the suites added for it."""

    rule: str
    request: str
    suites: tuple[str, ...] = ()


PAIR_RULES = frozenset({"scope-codes", "authorisation-validity"})
"""Planted facts that a rule about the pair refuses; the others show only in the plan."""

ENOUGH = 6
"""With so many facilities one can be spared for a licence that ends, or has not the scope, as a whole."""

SITES = {"scope-codes": 2, "authorisation-validity": 1, "qc_results": 1, "room": 1}


def plant(facts: Facts, frame: Frame) -> tuple[Facts, tuple[Plant, ...]]:
    """Return the facts with one request for each kind of refusal, and what was planted."""
    plants: list[Plant] = []
    for rule, choose in CHOICES.items():
        request = choose(free_requests(facts, plants), facts)
        facts, made = (
            too_far(request, facts) if rule == "fresh-material" else hosted(request, rule, facts, plants, frame)
        )
        plants.append(made)
    return facts, tuple(plants)


def free_requests(facts: Facts, plants: Sequence[Plant]) -> list[Request]:
    """Return the requests that may be planted: not the most urgent, with cells, nothing unknown, not planted yet."""
    taken = {made.request for made in plants}
    left = [one for one in facts.requests if one.id not in taken] or list(facts.requests)
    plain = [
        one
        for one in left
        if one.urgency > 0 and one.product.donor is not Donor.NONE and one.input_state is not InputState.UNKNOWN
    ]
    return plain or left


def hosted(request: Request, rule: str, facts: Facts, plants: Sequence[Plant], frame: Frame) -> tuple[Facts, Plant]:
    """Return the facts with the request planted at one or more facilities where nothing but the rule stands in the way."""
    taken = {suite.rpartition("-S")[0] for made in plants for suite in made.suites}
    facilities = {facility.id: facility for facility in facts.facilities}
    tried = hosts(request, rule, facts, taken, frame)
    whole = len(facilities) >= ENOUGH
    meant = [
        site
        for site in tried
        if as_meant(rule, facts, *planted_at(request, rule, facilities[site], frame, whole=whole))
    ]
    sites = (meant or tried)[: SITES[rule]]
    planted = with_ready_pairs(needing(request, rule, facilities[sites[0]]), [facilities[site] for site in sites])
    suites = tuple(next_suite(facilities[site]) for site in sites)
    for site, suite in zip(sites, suites, strict=True):
        facilities[site] = with_annex(facilities[site], suite, rule, planted, frame, whole=whole)
    requests = tuple(planted if one.id == request.id else one for one in facts.requests)
    changed = replace(facts, facilities=tuple(facilities.values()), requests=requests)
    return changed, Plant(rule, request.id, suites)


def planted_at(
    request: Request, rule: str, facility: Facility, frame: Frame, *, whole: bool
) -> tuple[Request, Facility]:
    """Return the request and the facility after a need and the refusal it meets were planted in them."""
    planted = with_ready_pairs(needing(request, rule, facility), [facility])
    return planted, with_annex(facility, next_suite(facility), rule, planted, frame, whole=whole)


def as_meant(rule: str, facts: Facts, request: Request, facility: Facility) -> bool:
    """Whether the rules say about the added suite what is meant: the planted rule fails, and nothing else does."""
    site = facility.sites[0]
    results = judge_pair(facts, request, facility, site, site.suites[-1])
    against = {one.rule for one in results if one.status in {Status.FAIL, Status.UNKNOWN}}
    return against == ({rule} if rule in PAIR_RULES else set())


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
    """Return the patients a request asks for."""
    return sum(batch.patients for batch in request.batches)


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


def too_far(request: Request, facts: Facts) -> tuple[Facts, Plant]:
    """Return the facts with the request's material fresh, for one hour less than the nearest site is away."""
    hours = max(0, math.ceil(nearest_hours(request, facts)) - 1)
    said = [text for text in request.defaults if not text.startswith("Fresh or frozen material")]
    planted = replace(
        request,
        input_state=InputState.FRESH,
        hours_fresh=hours,
        defaults=(*said, "Rehearsal: material that may travel only a few hours."),
        invented=(*request.invented, "fresh material for a few hours"),
    )
    requests = tuple(planted if one.id == request.id else one for one in facts.requests)
    return replace(facts, requests=requests), Plant("fresh-material", request.id)


def hosts(request: Request, rule: str, facts: Facts, taken: set[str], frame: Frame) -> list[str]:
    """Return the facilities of the request's family, least harm first.

    Those not used for a plant come first; for scope then those that have not the operation anyway, for validity those
    with the fewest suites; then those in the treating countries.
    """
    able = [one for one in facts.facilities if request.product.family in one.experience] or list(facts.facilities)
    treating = {place.country for place in request.treating}
    code = rules().code_of_product[request.product.product_class]

    def harm(facility: Facility) -> tuple[bool, int, bool]:
        site = facility.sites[0]
        loss = {
            "scope-codes": sum(code in one.codes for one in site.authorisations),
            "authorisation-validity": len(site.suites),
        }
        return facility.id in taken, loss.get(rule, 0), facility.country not in treating

    order = frame.draws("hosts", request.id).shuffled(able)
    return [facility.id for facility in sorted(order, key=harm)]
