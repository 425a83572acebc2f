"""Facility rows → facilities: what the row says is kept, what it does not say is invented by platform."""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import timedelta

from matcher.facts import Equipment, Facility, Site, StartsStatement, Suite
from registry.rehearsal import aliases, legal
from registry.rehearsal.capability import Market, Named, Need
from registry.rehearsal.competence import experience_of, limits_of, qc_methods_of, qp_of
from registry.rehearsal.frame import Frame
from registry.rehearsal.rules import PlatformRule, rules
from registry.vocabulary.facilities import Rhythm, ServiceModel, StartsClass
from registry.vocabulary.periods import Days

QUALIFIED = timedelta(days=540)

NEWCOMERS_SPARE = 2
"""Facilities can bring in so many times the products that ask, at least."""

MOST_SUITES = 4
"""Suites of one platform in one facility; a larger demand makes them larger."""

NOTICE_DAYS = {
    ServiceModel.NATIONAL_NETWORK: 14,
    ServiceModel.ACADEMIC_COLLABORATION: 14,
    ServiceModel.CONTRACT: 28,
    ServiceModel.PREMISES_FOR_TENANTS: 28,
}
RHYTHMS = (Rhythm.WEEKLY, Rhythm.FORTNIGHTLY, Rhythm.MONTHLY, Rhythm.MONTHLY, Rhythm.QUARTERLY)


def build_facilities(
    named: Sequence[Named], needs: Mapping[Market, Need], spare: float, frame: Frame
) -> list[Facility]:
    """Return the facilities with every suite open over the whole horizon, built for `spare` times the demand."""
    sizes = {
        (one.code, platform): [frame.draws("places", one.code, platform).between(rules().platforms[platform].places)]
        for one in named
        for platform in one.platforms
    }
    claimed: defaultdict[tuple[str, str], float] = defaultdict(float)
    newcomers = dict.fromkeys((one.code for one in named), 0)
    for market, need in sorted(needs.items()):
        able = [(one.code, market.platform) for one in named if one.serves(market)]
        wanted = spare * need.place_weeks / frame.weeks
        enlarge(sizes, able, wanted + sum(claimed[key] for key in able))
        built = sum(sum(sizes[key]) for key in able)
        for key in able:
            claimed[key] += wanted * sum(sizes[key]) / built
            newcomers[key[0]] += math.ceil(NEWCOMERS_SPARE * need.requests / len(able))
    return [build_facility(one, sizes, newcomers[one.code], frame) for one in named]


def enlarge(sizes: dict[tuple[str, str], list[int]], able: Sequence[tuple[str, str]], wanted: float) -> None:
    """Add suites of the usual size, then places, round by round, until those able have the places wanted."""
    missing = math.ceil(wanted) - sum(sum(sizes[key]) for key in able)
    while able and missing > 0:
        for key in able:
            if len(sizes[key]) < MOST_SUITES:
                most = rules().platforms[key[1]].places[1]
                sizes[key].append(most)
                missing -= most
            else:
                sizes[key] = [places + 1 for places in sizes[key]]
                missing -= len(sizes[key])
            if missing <= 0:
                return


def build_facility(
    one: Named, sizes: Mapping[tuple[str, str], Sequence[int]], newcomers: int, frame: Frame
) -> Facility:
    """Return one facility under its alias."""
    draws = frame.draws("facility", one.code)
    row = one.row
    figures = rules().facilities
    suites = tuple(
        build_suite(f"{one.code}-S{number:02d}", rules().platforms[platform], places, frame)
        for number, (platform, places) in enumerate(
            ((platform, places) for platform in one.platforms for places in sizes[one.code, platform]), start=1
        )
    )
    overdue = draws.happens(figures.number("overdue_share"))
    rhythm = frame.draws("rhythm", one.code).shuffled(RHYTHMS)[0]
    place = aliases.shifted(row.country, row.latitude, row.longitude, figures.span("shift_km"), draws)
    total = sum(suite.places for suite in suites)
    return Facility(
        id=one.code,
        label=f"Rehearsal facility {one.code}",
        organisation=one.organisation,
        organisation_kind=row.kind,
        country=row.country,
        service_model=row.service_model,
        families=None,
        smallest_campaign=1,
        largest_campaign=None,
        notice_days=NOTICE_DAYS[row.service_model],
        open_to_companies=one.open_to_companies,
        languages=rules().countries[row.country].languages | {"en"},
        experience=experience_of(one.platforms),
        qc_methods=qc_methods_of(one.platforms, draws),
        qp=qp_of(one.codes, draws),
        rhythm=rhythm,
        calendar_confirmed_on=frame.today - timedelta(days=190 if overdue else draws.between((0, 6))),
        calendar_clock_stopped_days=0,
        legal_confirmed_on=frame.today - timedelta(days=draws.between((10, 300))),
        starts=tuple(statement(platform, sum(sizes[one.code, platform]), frame) for platform in one.platforms),
        limits=limits_of(total, newcomers, draws),
        sites=(
            Site(
                id=f"{one.code}-A",
                country=row.country,
                latitude=place.latitude,
                longitude=place.longitude,
                authorisations=legal.authorisations_of(one, frame.today, draws),
                certificates=legal.certificates_of(one, frame.today, draws),
                non_compliances=(),
                permits=legal.permits_of(one.code, frame.today),
                suites=suites,
            ),
        ),
        invented=True,
    )


def statement(platform: str, places: int, frame: Frame) -> StartsStatement:
    """As many firm starts a week as there are places: the calendar, not the statement, is what is scarce."""
    return StartsStatement(platform, Days(frame.origin, frame.end), places, StartsClass.FIRM, pooled=True)


def build_suite(code: str, platform: PlatformRule, places: int, frame: Frame) -> Suite:
    """Return a suite of the platform, open over the whole horizon."""
    return Suite(
        id=code,
        grade=platform.grade,
        mode=platform.mode,
        containment_class=platform.containment_class,
        vector_work=platform.vector_work,
        places=places,
        place_kind=platform.place_kind,
        one_product=platform.one_product,
        clearance_days=platform.clearance_days,
        changeover_days=platform.changeover_days,
        start_weekdays=platform.start_weekdays,
        equipment=tuple(Equipment(name, places, frame.today + QUALIFIED) for name in sorted(platform.equipment)),
        open=(Days(frame.origin, frame.end),),
    )
