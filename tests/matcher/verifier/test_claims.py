"""An outcome may leave its numbers out only when it has no plan to count."""

import pytest

from matcher.verifier import verify
from tests.matcher.verifier.small import Document, checks, outcome, problem

EMPTY: Document = {"objective": [], "terms": {}, "bound": []}


@pytest.mark.parametrize("status", ["feasible", "optimal"])
def test_a_plan_comes_with_its_numbers(status: str) -> None:
    assert checks(problem(), [], status=status, bound=[0]) == set()
    assert checks(problem(), [], status=status, **EMPTY) == {"objective", "terms", "bound"}


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, set()),
        ({"objective": [0]}, {"terms", "bound"}),
        ({"terms": {"placed": 5}}, {"objective", "terms", "bound"}),
        ({"bound": [0]}, set()),
    ],
)
def test_without_a_status_that_has_a_plan_all_numbers_or_none_are_given(changes: Document, found: set[str]) -> None:
    assert checks(problem(), [], status="unknown", **{**EMPTY, **changes}) == found


@pytest.mark.parametrize("key", ["objective", "terms", "bound", "status", "placements", "warnings"])
def test_a_key_that_is_missing_is_one_finding_and_nothing_is_said_of_its_value(key: str) -> None:
    answer = outcome(problem(), [("A", "1", "F1", 0)])
    found = verify(problem(), {name: value for name, value in answer.items() if name != key}).findings
    about = [one for one in found if key != "placements" or one.check == "format"]
    assert [(one.check, one.text) for one in about] == [("format", key)]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, False),
        ({"objective": [0]}, True),
        ({"terms": {"placed": 0}}, True),
    ],
)
def test_a_rejected_outcome_has_neither_objective_nor_terms(changes: Document, *, said: bool) -> None:
    answer = outcome(problem(), [], status="rejected", **{**EMPTY, **changes})
    texts = [one.text for one in verify(problem(), answer).findings]
    assert ("a rejected problem has no numbers" in texts) == said
