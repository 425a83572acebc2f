"""What holds for any facts: saying more never turns a pass into a fail wrongly, and time only ever takes away."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.eligibility import judge
from matcher.eligibility.allowed import shared
from matcher.eligibility.dated import Basis, Demand, allowed_starts, joined, over
from matcher.facts import Authorisation, Certificate, Equipment, Facility, Facts, Permit, QpCover
from registry.vocabulary.periods import Days
from registry.vocabulary.products import ProductClass
from registry.vocabulary.regulation import PermitKind
from registry.vocabulary.results import Status
from tests.matcher.eligibility.good import FACTS, ORIGIN, SITE, TODAY
from tests.matcher.eligibility.many import COUNTRIES, many_facts

RANK = {Status.PASS: 0, Status.CONDITIONAL: 1, Status.UNKNOWN: 2, Status.FAIL: 3}

days = st.integers(-60, 400).map(lambda n: ORIGIN + timedelta(n))
periods = st.builds(
    lambda start, length: Days(start, None if length is None else start + timedelta(length)),
    days,
    st.none() | st.integers(1, 300),
)
demands = st.builds(
    lambda starts, span: Demand(tuple((first, first + timedelta(width)) for first, width in starts), span),
    st.lists(st.tuples(days, st.integers(0, 60)), min_size=1, max_size=4),
    st.integers(0, 60),
)


def basis(of: tuple[Days, ...], *, hard: bool = True) -> Basis:
    return Basis(of, hard, "", "", "renewed")


@given(st.lists(periods, max_size=3), periods, demands)
def test_one_period_more_never_makes_it_worse(some: list[Days], more: Days, demand: Demand) -> None:
    before, later = over(basis(tuple(some)), demand), over(basis((*some, more)), demand)
    assert RANK[later.status] <= RANK[before.status]


@given(st.lists(periods, max_size=3), demands, st.integers(1, 30))
def test_a_longer_stay_never_makes_it_better(some: list[Days], demand: Demand, more: int) -> None:
    before = over(basis(tuple(some)), demand)
    later = over(basis(tuple(some)), replace(demand, span=demand.span + more))
    assert RANK[later.status] >= RANK[before.status]


@given(st.lists(periods, max_size=3), demands)
def test_the_answer_about_periods_equals_counting_the_days(some: list[Days], demand: Demand) -> None:
    def covered(day: date) -> bool:
        stay = [day + timedelta(n) for n in range(max(demand.span, 1))]
        return any(all(one.holds(moment) for moment in stay) for one in joined(some))

    starts = [first + timedelta(n) for first, last in demand.windows for n in range((last - first).days + 1)]
    good = [covered(day) for day in starts]
    expected = Status.PASS if all(good) else Status.CONDITIONAL if any(good) else Status.FAIL
    assert over(basis(tuple(some)), demand).status is expected
    allowed = allowed_starts(some, demand.span)
    assert [any(one.holds(day) for one in allowed) for day in starts] == good


@given(st.lists(periods, max_size=3), st.lists(periods, max_size=3), days)
def test_shared_days_lie_in_both(ones: list[Days], others: list[Days], day: date) -> None:
    both = any(one.holds(day) for one in ones) and any(one.holds(day) for one in others)
    assert any(one.holds(day) for one in shared(ones, others)) is both


@given(st.lists(periods, max_size=4), days)
def test_joining_keeps_the_days_and_leaves_gaps(some: list[Days], day: date) -> None:
    together = joined(some)
    assert any(one.holds(day) for one in some) == any(one.holds(day) for one in together)
    assert all(one.end is not None and one.end < other.start for one, other in pairwise(together))


def learned(facility: Facility) -> Facility:
    """The same facility with everything that may be recorded recorded, in the requester's favour."""
    site = facility.sites[0]
    number = facility.id[1:]
    complete = tuple(
        replace(a, complete=True, codes=a.codes | {"1.3.1.3", "1.3.1.4", "1.3.1.7", "1.6.1", "1.3.2.3", "1.3.2.4", "1.3.2.7"})
        for a in site.authorisations
    )  # fmt: skip
    more = tuple(
        Authorisation(
            f"M{k}", a.kind, f"O{number}", a.product_type, complete[0].codes, Days(date(2000, 1, 1), None), True, True, TODAY
        )
        for k, a in enumerate(complete)
    )  # fmt: skip
    permit = Permit("MP", PermitKind.GMO_CONTAINED_USE, Days(date(2000, 1, 1), None), 4)
    fresh = Certificate("MC", frozenset(), TODAY, reliance_until=date(2040, 1, 1))
    suites = tuple(
        replace(s, equipment=(*s.equipment, Equipment("incubator", 1, date(2040, 1, 1)))) for s in site.suites
    )
    known = replace(
        site,
        authorisations=(*complete, *more),
        certificates=(*site.certificates, fresh),
        permits=(*site.permits, permit),
        suites=suites,
    )
    classes = frozenset(ProductClass) if facility.qp is None else facility.qp.classes | frozenset(ProductClass)
    return replace(facility, sites=(known,), qp=QpCover(classes, here=True), notice_days=0)


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_recording_more_in_favour_never_makes_a_rule_worse(seed: int) -> None:
    facts = many_facts(8, 5, seed)
    better = replace(facts, facilities=tuple(learned(facility) for facility in facts.facilities))
    before, later = judge(facts), judge(better)
    for pair, results in before.items():
        for one, other in zip(results, later[pair], strict=True):
            if one.status is Status.UNKNOWN:
                continue  # what was not known may turn out either way
            if one.rule == "equipment-qualified" and one.status is Status.PASS:
                continue  # a device that was not there has nothing to be qualified
            assert RANK[other.status] <= RANK[one.status], (pair, one, other)


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 2**32), shift=st.integers(1, 200))
def test_facts_that_only_get_older_never_get_better(seed: int, shift: int) -> None:
    facts = many_facts(6, 5, seed)
    older = replace(facts, known_on=facts.known_on + timedelta(shift))
    before, later = judge(facts), judge(older)
    for pair, results in before.items():
        for one, other in zip(results, later[pair], strict=True):
            if one.rule in {"calendar-freshness", "legal-attestation", "notice"}:
                assert RANK[other.status] >= RANK[one.status], (pair, one, other)


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_results_do_not_depend_on_the_order_of_the_facts(seed: int) -> None:
    facts = many_facts(5, 4, seed)
    turned = replace(facts, facilities=facts.facilities[::-1], requests=facts.requests[::-1])
    assert dict(judge(facts)) == dict(judge(turned))


@given(st.sampled_from(COUNTRIES), st.sampled_from(COUNTRIES))
def test_import_never_fails_silently(made_in: str, used_in: str) -> None:
    facts = across(made_in, used_in)
    result = next(one for one in judge(facts)["R1", "S1"] if one.rule == "import")
    inside = made_in == used_in or not {made_in, used_in} & {"CH", "GB", "RS"}
    assert (result.status is Status.PASS) is inside
    assert inside or result.condition


def across(made_in: str, used_in: str) -> Facts:
    """The good facts with a site in one country and a hospital in another."""
    site = replace(SITE, country=made_in)
    request = FACTS.requests[0]
    treating = (replace(request.treating[0], country=used_in),)
    facility = replace(FACTS.facilities[0], sites=(site,))
    return replace(FACTS, facilities=(facility,), requests=(replace(request, treating=treating),))
