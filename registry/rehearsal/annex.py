"""A suite added to a facility for one planted request: one device nobody else has, one fact that stands in the way."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from matcher.facts import Authorisation, Equipment, Facility, Limit, Pair, QpCover, Request, Site, Step, Suite
from registry.rehearsal.capacity import QUALIFIED, build_suite
from registry.rehearsal.frame import Frame
from registry.rehearsal.pairs import READY
from registry.rehearsal.requests import place_weeks, weeks_held
from registry.rehearsal.rules import rules
from registry.vocabulary.facilities import LimitKind
from registry.vocabulary.periods import Days
from registry.vocabulary.products import ProductClass

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


def with_annex(facility: Facility, code: str, rule: str, request: Request, frame: Frame, *, whole: bool) -> Facility:
    """The facility with one more suite for the request, and the planted fact.

    `whole`: a fact of the licence holds for the whole site; else only for the added suite, under an authorisation of
    its own, where so few facilities are modelled that none can be spared.
    """
    site = facility.sites[0]
    suite = annex(code, rule, request, frame)
    limits = facility.limits
    if rule == "qc_results":
        others = [one for one in limits if one.kind is not LimitKind.QC_RESULTS]
        limits = tuple(sorted([*others, qc_limit(facility)], key=lambda one: one.kind.value))
    platform = request.product.platform
    starts = tuple(
        replace(one, starts_per_week=one.starts_per_week + 1) if one.platform == platform else one
        for one in facility.starts
    )
    changed = replace(
        site,
        suites=(*site.suites, suite),
        authorisations=authorisations_with(site, suite, rule, request, frame, whole=whole),
    )
    classes = {request.product.product_class} | (facility.qp.classes if facility.qp else set())
    cover = replace(facility.qp, classes=frozenset(classes)) if facility.qp else QpCover(frozenset(classes), here=True)
    return replace(facility, sites=(changed, *facility.sites[1:]), limits=limits, starts=starts, qp=cover)


def authorisations_with(
    site: Site, suite: Suite, rule: str, request: Request, frame: Frame, *, whole: bool
) -> tuple[Authorisation, ...]:
    """The authorisations of the site once the suite is there: all with the planted fact, or one more that has it."""
    spoiled = {"scope-codes": without_code, "authorisation-validity": ending}.get(rule, unchanged)
    if whole or spoiled is unchanged:
        with_room = (
            one if one.suites is None else replace(one, suites=one.suites | {suite.id}) for one in site.authorisations
        )
        return tuple(spoiled(one, request, frame) for one in with_room)
    rooms = frozenset(room.id for room in site.suites)
    others = tuple(one if one.suites is not None else replace(one, suites=rooms) for one in site.authorisations)
    number = len(site.authorisations) + 1
    own = replace(others[0], id=f"{site.id.rpartition('-')[0]}-L{number}", suites=frozenset({suite.id}), complete=True)
    return (*others, spoiled(own, request, frame))


def unchanged(one: Authorisation, _request: Request, _frame: Frame) -> Authorisation:
    """Nothing planted in the licence."""
    return one


def without_code(one: Authorisation, request: Request, _frame: Frame) -> Authorisation:
    """The operation the request needs is not in the scope; a combined product could use a second code."""
    product_class = request.product.product_class
    second = {"1.3.1.3"} if product_class is ProductClass.COMBINED else set()
    return replace(one, codes=one.codes - {rules().code_of_product[product_class]} - second)


def ending(one: Authorisation, _request: Request, frame: Frame) -> Authorisation:
    """Valid only for the first week."""
    end = frame.origin + timedelta(weeks=VALID_WEEKS)
    return replace(one, validity=Days(one.validity.start, end), open_ended_confirmed=False)


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
