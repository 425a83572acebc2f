"""What a facility offers and what limits it, as suites, bookings and resources of a problem in weeks."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from matcher.eligibility.stated_starts import placeable
from matcher.facts import Facility, Limit, Suite
from matcher.problem import Booking, FacilityId, Resource, ResourceId, SuiteId
from matcher.problem import Suite as ProblemSuite
from matcher.weeks import Weeks
from registry.vocabulary.facilities import LimitKind

RULE_OF_LIMIT = {
    LimitKind.QC_RESULTS: "qc-limit",
    LimitKind.CERTIFICATIONS: "certification-limit",
    LimitKind.OPERATORS: "operator-limit",
    LimitKind.NEW_PRODUCTS: "new-products-limit",
    LimitKind.TRANSFER_WEEKS: "transfer-limit",
}
"""The name a full resource has in explanations."""

STATED = "stated-starts-limit"
CAMPAIGN = "campaign-limit"


@dataclass(frozen=True, slots=True)
class Limited:
    """A resource, what it stands for, and its name in explanations."""

    resource: Resource
    kind: LimitKind | None
    platform: str | None
    rule: str


def limits_of(facility: Facility, weeks: Weeks) -> Iterator[Limited]:
    """The facility's limits as resources, the declared starts among them, one resource per platform."""
    owner = FacilityId(facility.id)
    for number, limit in enumerate(facility.limits):
        name = ResourceId(f"{facility.id}/{limit.kind}" + (f"/{number}" if _again(facility, number) else ""))
        period, capacity = _capacity(limit, weeks)
        yield Limited(Resource(name, owner, period, capacity), limit.kind, None, RULE_OF_LIMIT[limit.kind])
    for platform in sorted({statement.platform for statement in facility.starts}):
        name = ResourceId(f"{facility.id}/starts/{platform}")
        capacity = tuple(_stated(facility, platform, week, weeks) for week in range(weeks.horizon))
        yield Limited(Resource(name, owner, 1, capacity), None, platform, STATED)


def _again(facility: Facility, number: int) -> bool:
    return any(limit.kind is facility.limits[number].kind for limit in facility.limits[:number])


def _capacity(limit: Limit, weeks: Weeks) -> tuple[int, tuple[int, ...]]:
    if limit.weekly is not None:
        stated = limit.weekly[: weeks.horizon]
        return 1, stated + (limit.amount,) * (weeks.horizon - len(stated))
    return limit.period_weeks, (limit.amount,) * -(-weeks.horizon // limit.period_weeks)


def _stated(facility: Facility, platform: str, week: int, weeks: Weeks) -> int:
    """Firm, pooled starts of a week; where two statements overlap, the smaller: the declared figure is the upper limit."""
    stated = [
        statement.starts_per_week
        for statement in facility.starts
        if statement.platform == platform
        and placeable(statement)
        and any(first <= week < last for first, last in weeks.whole([statement.period]))
    ]
    return min(stated, default=0)


def suite_of(facility: Facility, suite: Suite, changeover: int, weeks: Weeks) -> ProblemSuite:
    """A suite with the weeks that are wholly open; exclusive where it takes one product at a time."""
    return ProblemSuite(
        id=SuiteId(suite.id),
        facility=FacilityId(facility.id),
        places=suite.places,
        open=weeks.whole(suite.open),
        exclusive=suite.one_product,
        changeover=changeover,
    )


def bookings_of(suite: Suite, weeks: Weeks) -> Iterator[Booking]:
    """The confirmed stays of a suite, with their clearance, over every week they touch; without end: beyond the horizon."""
    for stay in suite.stays:
        start = weeks.holding(stay.period.start)
        end = weeks.horizon + 1
        if stay.period.end is not None:
            end = weeks.first_from(stay.period.end + timedelta(days=suite.clearance_days))
        if end > start:
            yield Booking(SuiteId(suite.id), start, end, stay.places, stay.family)


def booking_slack(suite: Suite, weeks: Weeks) -> int:
    """The fewest days left over in the last week of a confirmed stay (7 where there is none)."""
    slacks = [7]
    for stay in suite.stays:
        if stay.period.end is not None:
            free_again = stay.period.end + timedelta(days=suite.clearance_days)
            slacks.append((weeks.day(weeks.first_from(free_again)) - free_again).days)
    return min(slacks)
