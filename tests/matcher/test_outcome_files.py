"""Outcomes as files: written, read back, refused; and the RFC 8785 form by its own examples."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings

from matcher.greedy import greedy
from matcher.measure import objective, terms
from matcher.outcome import Fault, Outcome, Proof
from matcher.problem import Problem, ResourceId, SuiteId
from matcher.serialise import (
    UnreadableOutcome,
    canonical,
    document_sha256,
    outcome_document,
    outcome_json,
    problem_document,
    problem_json,
    read_outcome,
)
from matcher.writing import plain_canonical
from tests.matcher.drawing import problems, random_problem


def answered(problem: Problem) -> Outcome:
    plan = greedy(problem)
    return Outcome(
        problem_sha256=problem.sha256,
        status="feasible",
        placements=plan,
        objective=objective(problem, plan),
        terms=terms(problem, plan),
        bound=(None, *objective(problem, plan)[1:]),
        stopped="effort",
        seed=3,
        effort=10,
        workers=1,
        seconds=1.25,
        proof=Proof(1000, {SuiteId("S"): (0, 1)}, {ResourceId("R"): (5,)}),
        warnings=("suite S: bookings alone exceed the places",),
        versions={"ortools": "9.15"},
    )


@given(problems())
@settings(max_examples=30)
def test_an_outcome_is_read_back_as_it_was(problem: Problem) -> None:
    outcome = answered(problem)
    assert read_outcome(outcome_json(outcome)) == outcome


def test_a_rejected_outcome_without_a_hash_is_read_back() -> None:
    outcome = replace(
        answered(random_problem(1)),
        status="rejected",
        problem_sha256=None,
        placements=(),
        objective=(),
        terms={},
        bound=(),
        proof=None,
        effort=None,
        faults=(Fault("$.horizon", "must be a whole number of at least 1, found 0"),),
    )
    assert read_outcome(outcome_json(outcome)) == outcome


def test_placements_are_written_in_code_point_order() -> None:
    outcome = answered(random_problem(5))
    turned = replace(outcome, placements=tuple(reversed(outcome.placements)))
    assert outcome_json(turned) == outcome_json(outcome)


@pytest.mark.parametrize(
    ("key", "value", "path"),
    [
        ("status", "perfect", "$.status"),
        ("placements", {}, "$.placements"),
        ("placements", [{"request": "Q"}], "$.placements[0].batch"),
        ("objective", [1.5], "$.objective[0]"),
        ("bound", ["high"], "$.bound[0]"),
        ("terms", {"placed": "many"}, "$.terms.placed"),
        ("effort", 0, "$.effort"),
        ("surprise", 1, "$.surprise"),
        ("seconds", "long", "$.seconds"),
        ("proof", {"scale": 0, "suites": {}, "resources": {}}, "$.proof.scale"),
    ],
)
def test_what_is_no_outcome_is_refused_with_its_path(key: str, value: object, path: str) -> None:
    document = json.loads(outcome_json(answered(random_problem(1))))
    document[key] = value
    with pytest.raises(UnreadableOutcome) as caught:
        read_outcome(json.dumps(document).encode())
    assert path in {fault.path for fault in caught.value.faults}


def test_bytes_that_are_not_json_are_no_outcome() -> None:
    with pytest.raises(UnreadableOutcome, match="not JSON"):
        read_outcome(b"{")


@given(problems())
@settings(max_examples=50)
def test_the_quick_canonical_form_of_a_problem_is_that_of_the_library(problem: Problem) -> None:
    document = problem_document(problem)
    assert plain_canonical(document) == canonical(document)


def test_the_canonical_form_sorts_keys_by_utf_16_and_writes_numbers_as_the_standard_says() -> None:
    assert canonical({"\ufb33": 1, "\U0001f600": 2, "a": 1e21, "b": 4.50}) == (
        '{"a":1e+21,"b":4.5,"\U0001f600":2,"\ufb33":1}'.encode()
    )
    assert document_sha256({}) == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"


def test_files_keep_one_line_per_entry() -> None:
    problem = random_problem(7)
    lines = problem_json(problem).decode().splitlines()
    assert len([line for line in lines if line.startswith('  {"id": "Q')]) == len(problem.requests)
    assert json.loads(problem_json(problem)) == problem_document(problem)
    outcome = answered(problem)
    assert json.loads(outcome_json(outcome)) == json.loads(json.dumps(outcome_document(outcome)))
