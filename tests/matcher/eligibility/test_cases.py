"""Every rule on its cases, and every rule has them."""

from collections import defaultdict

import pytest

from matcher.eligibility import judge, judge_pair
from matcher.eligibility.catalogue import RULES
from registry.vocabulary.results import RuleResult, Status
from tests.matcher.eligibility.cases import ALL
from tests.matcher.eligibility.cases.case import Case
from tests.matcher.eligibility.good import FACTS

NEVER_REFUSED = frozenset({"one-product"})
"""For information only."""

NEVER_FAILS = frozenset(
    {"process-simulation", "language", "certificate-reliance", "equipment-qualified", "tissue-border", "collection-law", "gmo-trial", "national-pathway", "import", "provisional-certification"}
)  # fmt: skip
"""At worst conditional or unknown; a family never made, or an old media fill, is work before the first start."""


def result_of(case: Case) -> RuleResult:
    """What the rule says about the case."""
    facility = case.facts.facilities[0]
    site = facility.sites[0]
    results = judge_pair(case.facts, case.facts.requests[0], facility, site, site.suites[0])
    return next(result for result in results if result.rule == case.rule)


@pytest.mark.parametrize("case", ALL, ids=lambda case: f"{case.rule}: {case.name}")
def test_a_rule_says_what_its_case_expects(case: Case) -> None:
    result = result_of(case)
    assert result.status is case.status, result
    if case.by is not None:
        assert result.condition_by == case.by
    if case.status is not Status.PASS:
        assert result.actual
        assert result.required
    if case.status in {Status.CONDITIONAL, Status.UNKNOWN}:
        assert result.condition, "a condition says what must happen, an unknown what to ask"


@pytest.mark.parametrize("case", ALL, ids=lambda case: f"{case.rule}: {case.name}")
def test_the_table_says_the_same(case: Case) -> None:
    verdicts = judge(case.facts)
    if not verdicts.quarantined:
        assert verdicts.code_status(case.rule, "R1", "S1") is case.status
    assert verdicts.quarantined == () or "stated" in str(verdicts.quarantined)


def test_every_rule_has_its_pair_of_cases() -> None:
    statuses: defaultdict[str, set[Status]] = defaultdict(set)
    for case in ALL:
        statuses[case.rule].add(case.status)
    assert set(statuses) == {rule.id for rule in RULES}
    for rule in RULES:
        assert Status.PASS in statuses[rule.id], rule.id
        if rule.id not in NEVER_REFUSED:
            assert len(statuses[rule.id]) > 1, rule.id
        assert (Status.FAIL in statuses[rule.id]) == (rule.id not in NEVER_REFUSED | NEVER_FAILS), rule.id


def test_the_good_pair_passes_every_rule() -> None:
    assert {result.status for result in judge(FACTS)["R1", "S1"]} == {Status.PASS}


def test_ids_are_unique_and_every_rule_says_where_it_comes_from() -> None:
    assert len({rule.id for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert rule.id == rule.id.lower()
        assert " " not in rule.id
        assert rule.title
        assert rule.citation.text
