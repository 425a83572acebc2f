"""The table of all pairs says what the plain functions say, pair by pair and rule by rule."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.eligibility import judge, judge_pair
from matcher.eligibility.judging import places_of
from matcher.eligibility.table import STATUSES
from matcher.eligibility.verdicts import Verdicts
from registry.vocabulary.results import Status
from tests.matcher.eligibility.many import many_facts


def differences(verdicts: Verdicts) -> list[tuple[str, str, str]]:
    """Where the table and the plain functions differ: rule, request, suite."""
    return [
        (result.rule, request, suite)
        for (request, suite), results in verdicts.items()
        for result in results
        if verdicts.code_status(result.rule, request, suite) is not result.status
    ]


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_table_equals_plain_functions(seed: int) -> None:
    verdicts = judge(many_facts(12, 6, seed))
    assert differences(verdicts) == []


@pytest.mark.deep
def test_table_equals_plain_functions_on_many_pairs() -> None:
    for seed in range(4):
        verdicts = judge(many_facts(50, 50, seed))
        assert differences(verdicts) == []


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_worst_status_is_the_worst_of_the_rules(seed: int) -> None:
    verdicts = judge(many_facts(8, 5, seed))
    for (request, suite), results in verdicts.items():
        worst = max(STATUSES.index(result.status) for result in results)
        assert verdicts.status(request, suite) is STATUSES[worst]


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_one_pair_alone_is_judged_as_in_the_round(seed: int) -> None:
    facts = many_facts(5, 4, seed)
    verdicts = judge(facts)
    for request in facts.requests:
        for where in places_of(facts):
            alone = judge_pair(facts, request, where.facility, where.site, where.suite)
            assert alone == verdicts[request.id, where.suite.id]


def test_a_table_that_forgets_the_links_is_caught() -> None:
    verdicts = judge(many_facts(40, 10, 1))
    for rule, answers in verdicts.answers.items():
        verdicts.answers[rule] = replace(answers, exceptions={})
    assert differences(verdicts)


def test_a_table_that_forgets_late_results_is_caught() -> None:
    facts = many_facts(40, 10, 1)
    slow = tuple(replace(one, qc_days=(("sterility", 200), ("endotoxin", 90))) for one in facts.facilities)
    verdicts = judge(replace(facts, facilities=slow))
    assert differences(verdicts) == []
    for rule in verdicts.rules:
        if not rule.tied:
            verdicts.answers[rule.id] = replace(verdicts.answers[rule.id], exceptions={})
    assert differences(verdicts)


def test_a_table_that_is_a_day_off_is_caught() -> None:
    verdicts = judge(many_facts(40, 10, 1))
    answers = verdicts.answers["authorisation-validity"]
    verdicts.answers["authorisation-validity"] = replace(answers, codes=np.roll(answers.codes, 1, axis=0))
    assert differences(verdicts)


def test_drawn_facts_reach_every_status() -> None:
    verdicts = judge(many_facts(60, 40, 3))
    reached = {STATUSES[code] for code in np.unique(verdicts.worst)}
    assert {Status.FAIL, Status.UNKNOWN} <= reached
    for rule in verdicts.rules:
        codes = np.unique(verdicts.answers[rule.id].block(0, 60))
        assert len(codes) > 1 or rule.id in {"one-product", "collection-law", "material-doses"}, rule.id
