"""From facts and verdicts to the problem a solver is handed, in weeks; `matcher.weeks` says how days are rounded.

An option is a pair no rule fails and no rule leaves unknown; its windows respect the conditions that have dates.
Ids are those of the facts, which are pseudonymous.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from matcher.capacities import CAMPAIGN, Limited, booking_slack, bookings_of, limits_of, suite_of
from matcher.eligibility.distance import kilometres
from matcher.eligibility.establishment import is_onboarded
from matcher.eligibility.judging import places_of
from matcher.eligibility.rule import Tie, Where
from matcher.eligibility.verdicts import Verdicts
from matcher.facts import Facts, Load, Request
from matcher.problem import (
    After,
    Batch,
    BatchId,
    Booking,
    Facility,
    FacilityId,
    Option,
    Policy,
    Problem,
    RequestId,
    Resource,
    ResourceId,
    SuiteId,
    Use,
)
from matcher.problem import Request as ProblemRequest
from matcher.serialise import seal
from matcher.weeks import Weeks, delay_weeks, slack_days, start_offset, weeks_held
from registry.vocabulary.facilities import LimitKind

UNKNOWN_KM = 3000
"""Travel of a pair whose distance is not recorded: farther than most of Europe, so never preferred; our assumption."""

ONLY_NEW = frozenset({LimitKind.NEW_PRODUCTS, LimitKind.TRANSFER_WEEKS})
"""Limits that only a new pair takes from, once."""


@dataclass(frozen=True, slots=True)
class Formulated:
    """The problem, and the way back to the facts.

    `resource_rules` names each resource for explanations; `without_start` lists options that have no week in which a
    batch could start; `patients` counts patients per (request, batch), 0 for preparatory batches, which
    weigh 1 in the problem so that they are placed at all.
    """

    problem: Problem
    resource_rules: Mapping[ResourceId, str]
    without_start: tuple[tuple[str, str], ...]
    patients: Mapping[tuple[str, str], int]


def formulate(facts: Facts, verdicts: Verdicts) -> Problem:
    """The sealed problem of a round, in weeks."""
    return formulated(facts, verdicts).problem


def formulated(facts: Facts, verdicts: Verdicts) -> Formulated:
    """The sealed problem of a round, with the way back to the facts.

    `facts` may have other calendars than the ones judged (a what-if), but the same suites and requests.
    """
    weeks = Weeks(facts.origin, facts.horizon_weeks)
    limited = {facility.id: tuple(limits_of(facility, weeks)) for facility in facts.facilities}
    campaigns: dict[ResourceId, Resource] = {}
    requests, without_start = [], []
    used: defaultdict[str, list[int]] = defaultdict(list)
    as_now = {where.suite.id: where for where in places_of(facts)}
    for request in verdicts.requests:
        eligible = [as_now[where.suite.id] for where in verdicts.option_suites(request.id)]
        batches = batches_of(request, weeks, max((start_offset(where.suite) for where in eligible), default=0))
        options = []
        for where in eligible:
            option = option_of(request, where, verdicts, weeks, limited[where.facility.id], campaigns)
            options.append(option)
            slacks = used[where.suite.id]
            if has_week(option, where, batches, weeks):
                slacks.append(slack_days(where.suite, request.product.stay_days))
            else:
                without_start.append((request.id, where.suite.id))
        requests.append(request_of(request, batches, tuple(options)))
    problem = assemble(facts, weeks, used, limited, campaigns.values(), requests)
    rules = {one.resource.id: one.rule for some in limited.values() for one in some}
    rules |= dict.fromkeys(campaigns, CAMPAIGN)
    patients = {(request.id, batch.id): batch.patients for request in verdicts.requests for batch in request.batches}
    return Formulated(seal(problem), rules, tuple(without_start), patients)


def batches_of(request: Request, weeks: Weeks, offset: int) -> tuple[Batch, ...]:
    """The batches with their start weeks; a preparatory batch weighs 1."""
    result = []
    for batch in request.batches:
        first, last = weeks.starts(batch, offset)
        after = None if batch.after is None else After(BatchId(batch.after), -(-batch.gap_days // 7))
        result.append(Batch(BatchId(batch.id), first, last, max(1, batch.patients), after))
    return tuple(result)


def option_of(
    request: Request,
    where: Where,
    verdicts: Verdicts,
    weeks: Weeks,
    limited: Iterable[Limited],
    campaigns: dict[ResourceId, Resource],
) -> Option:
    """The option of an eligible pair; a campaign limit of its own is added to `campaigns`."""
    tie = verdicts.tie(request.id, where.suite.id)
    days = verdicts.allowed_starts(request.id, where.suite.id)
    uses = list(uses_of(request, where, tie, limited))
    uses += campaign_use(request, where, weeks, campaigns)
    return Option(
        suite=SuiteId(where.suite.id),
        duration=weeks_held(where.suite, request.product.stay_days),
        cost=verdicts.conditions(request.id, where.suite.id),
        travel=travel_km(request, where),
        preference=preference_of(request, where.facility.id),
        windows=None if days is None else weeks.windows(days, start_offset(where.suite)),
        uses=tuple(uses),
    )


def uses_of(request: Request, where: Where, tie: Tie, limited: Iterable[Limited]) -> Iterable[Use]:
    """What a stay takes from each limit of the facility, and from the starts it declares on the platform."""
    new = not is_onboarded(tie.pair)
    for one in limited:
        name = one.resource.id
        if one.platform is not None:
            if one.platform == request.product.platform:
                yield Use(name, 1, "start")
        elif one.kind is LimitKind.NEW_PRODUCTS:
            if new:
                yield Use(name, 1, "once")
        else:
            for load in request.product.loads:
                if load.kind is one.kind and (new or load.kind not in ONLY_NEW):
                    yield _use(name, load, request, where)


def _use(name: ResourceId, load: Load, request: Request, where: Where) -> Use:
    if load.kind in ONLY_NEW or load.at == "once":
        return Use(name, load.amount, "once")
    if load.at == "end":
        return Use(name, load.amount, "end", delay_weeks(where.suite, request.product.stay_days, load.delay_days))
    return Use(name, load.amount, "start" if load.at == "start" else "each")


def campaign_use(request: Request, where: Where, weeks: Weeks, campaigns: dict[ResourceId, Resource]) -> list[Use]:
    """A limit of the starts of this request at this facility: its largest campaign, or the doses of a material lot."""
    doses = [lot.doses for lot in request.materials if lot.doses is not None]
    most = min([*doses, where.facility.largest_campaign or len(request.batches)])
    if most >= len(request.batches):
        return []
    name = ResourceId(f"{where.facility.id}/campaign/{request.id}")
    campaigns[name] = Resource(name, FacilityId(where.facility.id), weeks.horizon, (most,))
    return [Use(name, 1, "start")]


def travel_km(request: Request, where: Where) -> int:
    """Whole kilometres from the site to the nearest place of collection, or of treatment where nothing is collected."""
    latitude, longitude = where.site.latitude, where.site.longitude
    places = request.collection or request.treating
    if latitude is None or longitude is None or not places:
        return UNKNOWN_KM
    return round(min(kilometres((place.latitude, place.longitude), (latitude, longitude)) for place in places))


def preference_of(request: Request, facility: str) -> int:
    """The requester's rank of the facility, small is liked; one it does not name comes after all it names."""
    last = max(request.preferences.values(), default=-1) + 1
    return request.preferences.get(facility, last)


def has_week(option: Option, where: Where, batches: Iterable[Batch], weeks: Weeks) -> bool:
    """Whether some batch has a start week inside the option's windows and one run of open weeks."""
    windows = [(0, weeks.horizon)] if option.windows is None else option.windows
    runs = [(first, last - option.duration) for first, last in weeks.whole(where.suite.open)]
    return any(
        max(batch.earliest, first, begin) <= min(batch.latest, last, end)
        for batch in batches
        for first, last in windows
        for begin, end in runs
    )


def request_of(request: Request, batches: tuple[Batch, ...], options: tuple[Option, ...]) -> ProblemRequest:
    """The request as the problem asks for it; one product is one family."""
    return ProblemRequest(
        id=RequestId(request.id),
        batches=batches,
        options=options,
        urgency=request.urgency,
        group=request.group,
        family=request.product.id,
        max_sites=request.max_sites,
        all_or_nothing=request.all_or_nothing,
    )


def assemble(
    facts: Facts,
    weeks: Weeks,
    used: Mapping[str, list[int]],
    limited: Mapping[str, tuple[Limited, ...]],
    campaigns: Iterable[Resource],
    requests: Iterable[ProblemRequest],
) -> Problem:
    """The problem, with the facilities, suites and resources that some option may use."""
    facilities, suites = [], []
    bookings: list[Booking] = []
    resources: list[Resource] = []
    for facility in facts.facilities:
        mine = [suite for site in facility.sites for suite in site.suites if suite.id in used]
        if not mine:
            continue
        facilities.append(Facility(FacilityId(facility.id)))
        resources.extend(one.resource for one in limited[facility.id])
        for suite in mine:
            slack = min([booking_slack(suite, weeks), *used[suite.id]])
            changeover = -(-max(0, suite.changeover_days - slack) // 7)
            suites.append(suite_of(facility, suite, changeover, weeks))
            bookings.extend(bookings_of(suite, weeks))
    there = {facility.id for facility in facilities}
    resources.extend(resource for resource in campaigns if resource.facility in there)
    return Problem(
        origin=facts.origin.isoformat(),
        tick="week",
        horizon=facts.horizon_weeks,
        facilities=tuple(facilities),
        suites=tuple(suites),
        resources=tuple(resources),
        requests=tuple(requests),
        bookings=tuple(bookings),
        previous=(),
        policy=Policy(facts.tiers),
        sha256="",
    )
