"""Huge horizons and many rows: sweeps go by events, so size of time costs nothing."""

import tracemalloc

import pytest

from matcher.verifier import verify
from tests.matcher.verifier.small import Document, Row, batch, outcome, problem, report, request, suite, use

YEARS = 10**14


def long_problem() -> Document:
    whole = {"id": "QC", "facility": "F", "period": YEARS, "capacity": [YEARS]}
    options = [{"suite": "F1", "duration": YEARS // 2, "uses": [use("each"), use("end", delay=5), use("once")]}]
    return problem(
        horizon=YEARS,
        suites=[suite("F1", "F", open=[[0, YEARS]], changeover=3)],
        resources=[whole],
        requests=[request("A", batches=[batch("1", latest=YEARS), batch("2", latest=YEARS)], options=options)],
        bookings=[{"suite": "F1", "start": YEARS // 2 + 3, "end": YEARS // 2 + 4}],
        policy={"tiers": [{"placed": 1}]},
    )


@pytest.mark.parametrize(
    ("start", "found"), [(0, set()), (1, {"family"}), (YEARS // 2 + 1, {"start", "places", "family"})]
)
def test_memory_does_not_grow_with_the_horizon(start: int, found: set[str]) -> None:
    rows: list[Row] = [("A", "1", "F1", start)]
    answer = outcome(long_problem(), rows)
    tracemalloc.start()
    try:
        judged = verify(long_problem(), answer)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert {finding.check for finding in judged.findings} == found
    assert peak < 2_000_000


def test_a_proof_without_its_lists_does_not_walk_the_horizon() -> None:
    proof = {"scale": 1, "suites": {"F1": [0]}, "resources": {"QC": [0]}}
    judged = report(long_problem(), [], proof=proof)
    assert [finding.check for finding in judged.findings] == ["proof"]


def test_a_very_wrong_plan_is_answered_too() -> None:
    """Five thousand stays on one place, all of one tick, each of another family."""
    names = sorted(f"R{number}" for number in range(5_000))
    choices = [{"suite": "F1", "duration": 2, "uses": [use("start")]}]
    document = problem(requests=[request(name, options=choices, batches=[batch("1")]) for name in names])
    judged = report(document, [(name, "1", "F1", 0) for name in names])
    assert {finding.check for finding in judged.findings} == {"places", "family", "resource"}
    assert judged.terms["placed"] == 5_000
