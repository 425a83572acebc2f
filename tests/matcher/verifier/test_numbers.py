"""Terms, tiers, bounds, statuses and proofs against numbers worked out by hand."""

import pytest

from matcher.verifier import verify
from tests.matcher.verifier.small import (
    Document,
    Row,
    batch,
    checks,
    option,
    outcome,
    problem,
    report,
    request,
    with_value,
)

PLAN: list[Row] = [("A", "1", "F1", 3), ("A", "2", "G1", 1), ("B", "1", "G1", 0)]


def full() -> Document:
    options = [option("F1", cost=5, travel=7, preference=1), option("G1", cost=2, travel=3)]
    previous = [
        {"request": "A", "batch": "1", "suite": "F1", "start": 3},
        {"request": "A", "batch": "2", "suite": "F1", "start": 1},
        {"request": "B", "batch": "1", "suite": "G1", "start": 1},
        {"request": "gone", "batch": "1", "suite": "gone", "start": -4},
    ]
    requests = [
        request("A", weight=3, batches=[batch("1", earliest=1), batch("2", weight=4)], options=options, group="x"),
        request("B", options=options, group="y", **{"class": 2}),
        request("C", options=[], group="z"),
        request("D", options=options),
    ]
    tiers = [{"placed": 2, "placed_class_2": 10, "placed_class_9": 5, "changes": 3}, {"fairness": 1, "sites": 100}]
    return problem(requests=requests, previous=previous, policy={"tiers": tiers})


def test_every_term_and_tier() -> None:
    found = report(full(), PLAN)
    assert found.findings == ()
    assert found.terms == {
        "placed": 3 + 4 + 1,
        "placed_class_0": 7,
        "placed_class_2": 1,
        "fairness": 500,
        "waiting": 3 * 2 + 4 * 1,
        "cost": 5 + 2 + 2,
        "travel": 7 + 3 + 3,
        "preference": 1,
        "sites": 3,
        "changes": 3,
    }
    assert found.objective == (2 * 8 + 10 - 9, 500 - 300)


def test_fairness_rounds_down_and_looks_only_at_batches_that_could_start() -> None:
    three = [batch("1"), batch("2"), batch("3"), batch("4", earliest=99, latest=99)]
    document = problem(requests=[request("A", batches=three, group="x")], policy={"tiers": [{"fairness": 1}]})
    assert report(document, [("A", "1", "F1", 0)]).objective == (333,)
    assert report(problem(policy={"tiers": [{"fairness": 1}]}), []).objective == (0,)


def test_what_is_not_stated_counts_nothing_and_all_placed_is_a_thousand() -> None:
    document = problem(requests=[request("A", batches=[batch("1")], group="x")])
    terms = report(document, [("A", "1", "G1", 0)]).terms
    assert {name for name, value in terms.items() if value} == {"placed", "placed_class_0", "fairness", "sites"}
    assert terms["fairness"] == 1000


def test_a_held_site_with_a_placement_counts_and_one_without_does_not() -> None:
    document = problem(requests=[request("A", held=["F", "G"])])
    assert report(document, [("A", "1", "F1", 0)]).terms["sites"] == 1
    assert report(document, []).terms["sites"] == 0


@pytest.mark.parametrize("term", sorted(outcome(full(), PLAN)["terms"]))
def test_a_term_off_by_one_or_missing_is_found(term: str) -> None:
    terms = outcome(full(), PLAN)["terms"]
    assert checks(full(), PLAN, terms={**terms, term: terms[term] + 1}) == {"terms"}
    assert checks(full(), PLAN, terms={key: value for key, value in terms.items() if key != term}) == {"terms"}


def test_a_class_nobody_has_is_not_listed() -> None:
    terms = outcome(full(), PLAN)["terms"]
    assert checks(full(), PLAN, terms={**terms, "placed_class_9": 0}) == {"terms"}


@pytest.mark.parametrize("objective", [[17, 201], [16, 200], [17], [17, 200, 0], []])
def test_another_objective_is_found(objective: list[int]) -> None:
    assert checks(full(), PLAN, objective=[17, 200]) == set()
    assert checks(full(), PLAN, objective=objective) == {"objective"}


@pytest.mark.parametrize(
    ("status", "bound", "found"),
    [
        ("feasible", [17, 200], set()),
        ("feasible", [18, None], set()),
        ("feasible", [16, 200], {"bound"}),
        ("feasible", [17, 199], {"bound"}),
        ("feasible", [17], {"bound"}),
        ("feasible", [], {"bound"}),
        ("optimal", [17, 200], set()),
        ("optimal", [18, 200], {"optimal"}),
        ("optimal", [17, 201], {"optimal"}),
        ("optimal", [17, None], {"optimal"}),
        ("optimal", [17, 199], {"bound"}),
    ],
)
def test_bounds_are_not_below_and_an_optimal_plan_has_no_gap(
    status: str, bound: list[int | None], found: set[str]
) -> None:
    assert checks(full(), PLAN, status=status, bound=bound) == found


EMPTY: Document = {"objective": [], "terms": {}, "bound": []}


@pytest.mark.parametrize(
    ("rows", "changes", "found"),
    [
        ([], {"status": "unknown", **EMPTY}, set()),
        ([], {"status": "unknown"}, set()),
        ([], {"status": "unknown", **EMPTY, "objective": [0]}, {"terms", "bound", "objective"}),
        ([], {"status": "unknown", **EMPTY, "bound": [5]}, set()),
        (PLAN, {"status": "unknown"}, {"status"}),
        ([], {"status": "infeasible"}, {"status"}),
        ([], {"status": "rejected", **EMPTY, "faults": [{"path": "", "text": "bad"}]}, {"status"}),
        ([], {"faults": [{"path": "", "text": "bad"}]}, {"status"}),
        ([], {"faults": []}, set()),
    ],
)
def test_statuses_fit_a_well_formed_problem(rows: list[Row], changes: Document, found: set[str]) -> None:
    assert checks(full(), rows, **changes) == found


def test_a_rejected_outcome_is_empty_and_lists_faults() -> None:
    answer = outcome(full(), [], status="rejected", faults=[])
    found = [finding.text for finding in verify(full(), answer).findings]
    assert "a rejected problem has no numbers" in found
    assert "a rejected problem has faults" in found
    answer = outcome(full(), [], status="rejected", **{**EMPTY, "objective": [1]})
    assert "a rejected problem has no numbers" in [finding.text for finding in verify(full(), answer).findings]
    answer = outcome(full(), [], status="rejected", faults=[{"path": "", "text": "bad"}], **EMPTY)
    found = [finding.text for finding in verify(full(), answer).findings]
    assert found == ["the problem is well formed and was rejected"]
    answer = outcome(full(), PLAN, status="rejected", **{**EMPTY, "bound": [1]})
    found = [finding.text for finding in verify(full(), answer).findings]
    assert "a rejected problem has no bound" in found
    assert "rejected comes without a plan" in found


@pytest.mark.parametrize("digest", [None, "0" * 64])
def test_another_problem_is_found(digest: str | None) -> None:
    assert checks(full(), PLAN, problem_sha256=digest) == {"hash"}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("format", "gmphub/outcome/2"),
        ("extra", 1),
        ("problem_sha256", "0" * 63),
        ("problem_sha256", "0" * 65),
        ("status", "best"),
        ("placements.0.start", "3"),
        ("placements.0.start", True),
        ("placements.0.extra", 1),
        ("placements.0", []),
        ("objective.0", 17.0),
        ("terms.placed", 1.5),
        ("terms.profit", 0),
        ("bound.0", 2**53),
        ("warnings.0", 1),
        ("stopped", "tired"),
        ("seed", 0.5),
        ("effort", 0),
        ("workers", 0),
        ("seconds", -1),
        ("seconds", True),
        ("versions.python", 3),
        ("faults", None),
        ("proof", {}),
    ],
)
def test_an_outcome_that_breaks_its_format_is_found(path: str, value: object) -> None:
    answer = with_value(outcome(full(), PLAN), path, value)
    assert "format" in {finding.check for finding in verify(full(), answer).findings}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("effort", 1),
        ("effort", None),
        ("workers", 1),
        ("workers", None),
        ("seconds", 0),
        ("seconds", 0.5),
        ("seed", None),
    ],
)
def test_an_outcome_may_say(path: str, value: object) -> None:
    assert verify(full(), with_value(outcome(full(), PLAN), path, value)).findings == ()


@pytest.mark.parametrize("value", [[], None, "text", 3])
def test_an_outcome_that_is_no_object_is_found(value: object) -> None:
    assert verify(full(), value).exit_code == 1
