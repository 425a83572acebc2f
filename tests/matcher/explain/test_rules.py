"""Funnel, matrix, near misses and conditions against the plain functions, one pair after the other."""

from dataclasses import replace
from datetime import date

import pytest

from matcher.eligibility import judge, judge_pair
from matcher.eligibility.judging import places_of
from matcher.explain.conditions import placed_pairs
from matcher.explain.funnel import FunnelStep, funnel_of, matrix_of, results_of
from matcher.explain.near import near_misses_of
from matcher.explain.rows import Rows
from matcher.facts import Facts, Site
from matcher.formulate import formulate
from matcher.greedy import greedy
from registry.vocabulary.periods import Days
from registry.vocabulary.results import RuleResult, Status
from tests.matcher.eligibility.cases.case import at
from tests.matcher.eligibility.good import FACTS, REQUEST, SITE, with_parts
from tests.matcher.eligibility.many import many_facts
from tests.matcher.explain.tight import calculated, tight_facts

CLOSED = {Status.FAIL, Status.UNKNOWN}
SEEDS = range(6)


def plain(facts: Facts, request: str) -> dict[tuple[str, str], tuple[RuleResult, ...]]:
    """Every result of every pair of a request, by facility and suite."""
    asked = next(one for one in facts.requests if one.id == request)
    return {
        (where.facility.id, where.suite.id): judge_pair(facts, asked, where.facility, where.site, where.suite)
        for where in places_of(facts)
    }


@pytest.mark.parametrize("seed", SEEDS)
def test_the_funnel_counts_what_the_rules_say_pair_by_pair(seed: int) -> None:
    facts = many_facts(6, 12, seed)
    verdicts = judge(facts)
    rows = Rows(verdicts)
    for request in verdicts.requests:
        results = plain(facts, request.id)
        funnel = funnel_of(rows, request.id)
        for number, step in enumerate(funnel.steps):
            alone = {f for (f, _), said in results.items() if said[number].status not in CLOSED}
            left = {
                f for (f, _), said in results.items() if all(one.status not in CLOSED for one in said[: number + 1])
            }
            rule = verdicts.rules[number]
            assert step == FunnelStep(rule.id, rule.title, len(alone), len(left))
        assert funnel.left == len({where.facility.id for where in verdicts.option_suites(request.id)})


def test_the_matrix_shows_every_rule_of_every_pair() -> None:
    facts = many_facts(3, 8, 1)
    verdicts = judge(facts)
    rows = Rows(verdicts)
    request = verdicts.requests[0].id
    results = plain(facts, request)
    lines = {(line.facility, line.suite): line.statuses for line in matrix_of(rows, request)}
    assert lines == {pair: tuple(one.status for one in said) for pair, said in results.items()}
    facility, suite = next(iter(results))
    assert results_of(rows, request, suite) == results[facility, suite]


@pytest.mark.parametrize("seed", SEEDS)
def test_near_misses_are_the_pairs_that_one_or_two_rules_keep_out(seed: int) -> None:
    facts = many_facts(8, 15, seed)
    verdicts = judge(facts)
    rows = Rows(verdicts)
    for request in verdicts.requests:
        closed = {
            pair: tuple(one for one in said if one.status in CLOSED) for pair, said in plain(facts, request.id).items()
        }
        reached = {facility for (facility, _), rules in closed.items() if not rules}
        near = {
            facility
            for (facility, _), rules in closed.items()
            if rules and len(rules) <= 2 and facility not in reached and facility not in request.excluded
        }
        found = near_misses_of(rows, request.id, most=100)
        assert {miss.facility for miss in found} == near
        assert all(miss.results == closed[miss.facility, miss.suite] for miss in found)
        assert [len(miss.results) for miss in found] == sorted(len(miss.results) for miss in found)


def test_a_smaller_shortfall_is_the_nearer_miss() -> None:
    nearer = replace(FACTS.facilities[0], id="nearer", smallest_campaign=3, sites=(_site("nearer"),))
    farther = replace(FACTS.facilities[0], id="farther", smallest_campaign=9, sites=(_site("farther"),))
    rows = Rows(judge(replace(FACTS, facilities=(farther, nearer))))
    assert [miss.facility for miss in near_misses_of(rows, REQUEST.id)] == ["nearer", "farther"]


def _site(name: str) -> Site:
    return replace(SITE, id=f"{name}-A", suites=(replace(SITE.suites[0], id=f"{name}-S"),))


def conditions(facts: Facts) -> dict[str, date | None]:
    """The open points of the only placed pair: rule → day."""
    verdicts = judge(facts)
    (pair,) = placed_pairs(facts, verdicts, greedy(formulate(facts, verdicts)))[REQUEST.id]
    return {condition.rule: condition.by for condition in pair.conditions}


def test_a_certificate_that_ends_before_the_proposed_stay_is_an_open_point_with_its_day() -> None:
    certificates = (replace(SITE.certificates[0], reliance_until=date(2027, 1, 20)),)
    assert conditions(with_parts(site=at(certificates=certificates))) == {"certificate-reliance": date(2027, 1, 20)}


def test_a_certificate_that_ends_after_the_last_proposed_stay_is_no_open_point() -> None:
    """The window asked for reaches beyond the certificate, the proposed starts do not."""
    last_day = date(2027, 3, 3)
    certificates = (replace(SITE.certificates[0], reliance_until=last_day),)
    facts = with_parts(site=at(certificates=certificates))
    assert judge(facts).code_status("certificate-reliance", "R1", "S1") is Status.CONDITIONAL
    assert conditions(facts) == {}


def test_a_licence_the_dates_respect_is_no_open_point() -> None:
    licence = replace(SITE.authorisations[0], validity=Days(date(2020, 1, 1), date(2027, 3, 3)))
    facts = with_parts(site=at(authorisations=(licence,)))
    assert judge(facts).code_status("authorisation-validity", "R1", "S1") is Status.CONDITIONAL
    assert conditions(facts) == {}


@pytest.mark.parametrize("seed", range(8))
def test_placed_pairs_are_the_plan(seed: int) -> None:
    done = calculated(tight_facts(seed))
    pairs = placed_pairs(done.facts, done.verdicts, done.placements)
    said = {
        (request, pair.suite, batch) for request, some in pairs.items() for pair in some for batch, _ in pair.starts
    }
    assert said == {(stay.request, stay.suite, stay.batch) for stay in done.placements}
