"""Small rounds in which something is always short: rooms, weeks, limits, licences, dates or facilities."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random

from matcher.eligibility import Verdicts, judge
from matcher.explain.explaining import Calculated
from matcher.facts import Authorisation, Batch, Facility, Facts, Limit, Load, Pair, Product, Request, Site, Suite
from matcher.formulate import formulated
from matcher.greedy import greedy
from registry.vocabulary.facilities import LimitKind, StartsClass
from registry.vocabulary.periods import Days
from registry.vocabulary.products import BatchKind, InputState
from registry.vocabulary.regulation import PairStage
from tests.matcher.eligibility.good import FACILITY, FACTS, ORIGIN, PRODUCT, READY_PAIR, REQUEST, SITE, SUITE, TODAY

WEEKS = 14
LIMITS = (LimitKind.QC_RESULTS, LimitKind.OPERATORS, LimitKind.CERTIFICATIONS, LimitKind.NEW_PRODUCTS)


def week(number: int) -> date:
    """The Monday of a week of the round."""
    return ORIGIN + timedelta(weeks=number)


def tight_facts(seed: int) -> Facts:
    """A round of two or three facilities and three or four requests, the same for the same seed."""
    rng = Random(seed)
    facilities = tuple(a_facility(rng, number) for number in range(1, rng.randint(2, 3) + 1))
    requests = tuple(a_request(rng, number, facilities) for number in range(1, rng.randint(3, 4) + 1))
    return replace(FACTS, horizon_weeks=WEEKS, facilities=facilities, requests=requests)


def a_facility(rng: Random, number: int) -> Facility:
    code = f"FAC{number}"
    return replace(
        FACILITY,
        id=code,
        label=f"Rehearsal facility XX-0{number}",
        organisation=f"ORG{number}",
        notice_days=rng.choice([None, 0, 28]),
        largest_campaign=rng.choice([None, None, None, 1]),
        starts=tuple(
            replace(one, starts_per_week=rng.randint(1, 2), starts_class=StartsClass.FIRM) for one in FACILITY.starts
        ),
        limits=tuple(Limit(kind, rng.choice([1, 2, 4]), rng.randint(1, 2)) for kind in LIMITS if rng.random() < 0.35),
        sites=(a_site(rng, code, number),),
    )


def a_site(rng: Random, code: str, number: int) -> Site:
    good = SITE.authorisations[0]
    authorisation: Authorisation = replace(
        good,
        id=f"{code}-L",
        holder=f"ORG{number}",
        codes=rng.choice([good.codes, good.codes, good.codes, frozenset({"1.6.1"})]),
        validity=Days(good.validity.start, rng.choice([None, None, week(rng.randint(3, WEEKS))])),
    )
    certificates = tuple(
        replace(one, id=f"{code}-C", withdrawn_on=TODAY if rng.random() < 0.1 else None) for one in SITE.certificates
    )
    return replace(
        SITE,
        id=f"{code}-A",
        latitude=52.52 - number,
        authorisations=(authorisation,),
        certificates=certificates,
        suites=tuple(a_suite(rng, f"{code}-S{k}") for k in range(rng.randint(1, 2))),
    )


def a_suite(rng: Random, code: str) -> Suite:
    gap = rng.randint(3, WEEKS - 2)
    closed = rng.randint(1, 2)
    return replace(
        SUITE,
        id=code,
        places=1,
        one_product=rng.random() < 0.5,
        changeover_days=rng.choice([0, 2, 9]),
        start_weekdays=frozenset({1}),
        open=(Days(week(0), week(gap)), Days(week(gap + closed), week(WEEKS)))
        if rng.random() < 0.7
        else (Days(week(0), week(WEEKS)),),
    )


def a_request(rng: Random, number: int, facilities: tuple[Facility, ...]) -> Request:
    code = f"REQ{number}"
    product: Product = replace(
        PRODUCT,
        id=f"PROD{number}",
        stay_days=rng.choice([6, 12]),
        loads=(
            Load(LimitKind.QC_RESULTS, 1, "end", rng.choice([0, 14])),
            Load(LimitKind.OPERATORS, 1, "each"),
            Load(LimitKind.CERTIFICATIONS, 1, "end", 14),
        ),
    )
    pairs = tuple(
        Pair(f"{facility.id}-A", dict.fromkeys(PairStage, READY_PAIR.stages[PairStage.READY]), None)
        for facility in facilities
        if rng.random() < 0.6
    )
    count = rng.randint(1, 3)
    batches = tuple(a_batch(rng, code, k, count) for k in range(count))
    return replace(
        REQUEST,
        id=code,
        label=f"Request 00{number}, CAR-T, sponsor in DE",
        sponsor=f"SPONSOR{number}",
        product=product,
        batches=batches,
        input_state=rng.choice([InputState.FRESH, InputState.FRESH, InputState.FROZEN, InputState.UNKNOWN]),
        hours_fresh=rng.choice([24, 5]),
        product_fresh=rng.choice([False, False, False, None]),
        max_sites=rng.choice([1, 1, 2]),
        all_or_nothing=rng.random() < 0.3,
        materials=(),
        pairs=pairs,
    )


def a_batch(rng: Random, code: str, number: int, count: int) -> Batch:
    first = rng.randint(1, 5)
    last = first + rng.randint(0, 2)
    follows = number > 0 and count > 1 and rng.random() < 0.3
    return Batch(
        f"{code}-B{number}",
        BatchKind.PATIENT,
        week(first + (2 if follows else 0)),
        week(last + (3 if follows else 0)),
        rng.randint(1, 3),
        after=f"{code}-B{number - 1}" if follows else None,
        gap_days=7 if follows else 0,
    )


def calculated(facts: Facts) -> Calculated:
    """The round judged, formulated and placed first-come."""
    verdicts: Verdicts = judge(facts)
    done = formulated(facts, verdicts)
    return Calculated(facts, verdicts, done.problem, done.resource_rules, greedy(done.problem))
