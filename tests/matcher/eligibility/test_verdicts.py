"""What a round asks its verdicts: options, exclusions by facility, near misses; and rounds with nothing in them."""

from dataclasses import replace

import pytest

from matcher.eligibility import judge
from matcher.facts import Facility, Facts
from matcher.formulate import formulate
from registry.vocabulary.facilities import ServiceModel
from registry.vocabulary.results import Status
from tests.matcher.eligibility.cases.case import asking, built, licensed, offering
from tests.matcher.eligibility.good import FACILITY, FACTS, REQUEST, SITE, SUITE, with_parts
from tests.matcher.eligibility.many import many_facts


def three_facilities() -> Facts:
    """One good facility with a good and a poor suite, one captive, one whose licence lacks the code."""
    poor = replace(SUITE, id="S2", vector_work=False)
    good = replace(FACILITY, sites=(replace(SITE, suites=(SUITE, poor)),))
    captive = replace(other("F2"), service_model=ServiceModel.CAPTIVE)
    out_of_scope = replace(
        other("F3"), sites=(replace(licensed(codes=frozenset({"1.6.1"})), id="F3-A", suites=(built(id="F3-S"),)),)
    )
    return replace(FACTS, facilities=(good, captive, out_of_scope))  # fmt: skip


def other(code: str) -> Facility:
    """The good facility under another id."""
    return replace(FACILITY, id=code, sites=(replace(SITE, id=f"{code}-A", suites=(built(id=f"{code}-S"),)),))


def test_a_facility_is_excluded_by_a_rule_that_none_of_its_suites_passes() -> None:
    found = {(one.rule, one.status): one.facilities for one in judge(three_facilities()).exclusions("R1")}
    assert found == {("service-model", Status.FAIL): ("F2",), ("scope-codes", Status.FAIL): ("F3",)}


def test_the_good_suite_is_the_only_option() -> None:
    verdicts = judge(three_facilities())
    assert [where.suite.id for where in verdicts.option_suites("R1")] == ["S1"]
    assert verdicts.status("R1", "S2") is Status.FAIL
    assert verdicts.conditions("R1", "S1") == 0


def test_near_misses_name_the_few_rules_in_the_way() -> None:
    misses = judge(three_facilities()).near_misses("R1")
    assert {(one.facility, one.suite, tuple(r.rule for r in one.results)) for one in misses} == {
        ("F1", "S2", ("vector-segregation",)),
        ("F2", "F2-S", ("service-model",)),
        ("F3", "F3-S", ("scope-codes",)),
    }
    assert len(judge(three_facilities()).near_misses("R1", most=1)) == 1


def test_what_the_requester_excludes_is_no_near_miss() -> None:
    facts = replace(three_facilities(), requests=(asking(excluded=frozenset({"F2"})),))
    assert {one.facility for one in judge(facts).near_misses("R1")} == {"F1", "F3"}


def test_unknown_pairs_are_shown_apart_with_what_to_ask() -> None:
    verdicts = judge(with_parts(facility=offering(qp=None)))
    (exclusion,) = verdicts.exclusions("R1")
    assert (exclusion.rule, exclusion.status) == ("qualified-person", Status.UNKNOWN)
    result = next(one for one in verdicts["R1", "S1"] if one.rule == "qualified-person")
    assert result.condition == "who certifies GTMP_exvivo for the facility?"


def test_verdicts_are_a_mapping_over_every_pair() -> None:
    verdicts = judge(three_facilities())
    assert len(verdicts) == len(list(verdicts)) == 4
    assert ("R1", "S2") in verdicts
    with pytest.raises(KeyError):
        verdicts["R1", "S9"]


@pytest.mark.parametrize(("requests", "facilities"), [(0, 3), (3, 0), (0, 0)])
def test_a_round_with_one_side_empty(requests: int, facilities: int) -> None:
    drawn = many_facts(max(requests, 1), max(facilities, 1), 1)
    facts = replace(drawn, requests=drawn.requests[:requests], facilities=drawn.facilities[:facilities])
    verdicts = judge(facts)
    assert verdicts.worst.size == 0
    problem = formulate(facts, verdicts)
    assert len(problem.requests) == requests - len(verdicts.quarantined)
    assert problem.suites == ()


def test_a_request_for_one_suite_of_two_sites_uses_the_pair_of_its_site() -> None:
    second = replace(SITE, id="F1-B", suites=(built(id="S-B"),))
    facts = replace(FACTS, facilities=(replace(FACILITY, sites=(SITE, second)),))
    verdicts = judge(facts)
    assert verdicts.status("R1", "S1") is Status.PASS
    assert verdicts.status("R1", "S-B") is Status.CONDITIONAL
    assert REQUEST.pairs[0].site == "F1-A"
