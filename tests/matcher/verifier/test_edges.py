"""What findings name, how deep a file may go, and other edges of the two-file form."""

import json

import pytest

from matcher.verifier import Finding, Report, verify_bytes
from matcher.verifier.places import Stay, _latest_two
from matcher.verifier.problem import build
from matcher.verifier.proof import _together
from matcher.verifier.reading import DEEPEST, Odd, read
from matcher.verifier.starts import common, united
from tests.matcher.verifier.small import Row, batch, option, outcome, problem, report, request, suite, use


def resource_findings(capacity: list[int], period: int, rows: list[Row], taken: str = "each") -> list[str]:
    """What is said of the resources of a plan of A in F1, stays of two ticks."""
    batches = [batch(str(number)) for number in range(9)]
    document = problem(
        suites=[suite("F1", "F", places=9)],
        resources=[{"id": "QC", "facility": "F", "period": period, "capacity": capacity}],
        requests=[request("A", batches=batches, options=[option("F1", uses=[use(taken)])])],
    )
    return [one.text for one in report(document, rows).findings if one.check == "resource"]


def label(number: int) -> str:
    return f'batch "{number}" of request "A"'


def test_a_crowded_period_names_those_who_take_from_it_and_nobody_else() -> None:
    rows: list[Row] = [("A", "0", "F1", 0), ("A", "1", "F1", 2), ("A", "2", "F1", 4), ("A", "3", "F1", 6)]
    assert resource_findings([9, 1, 9, 9, 9], 2, rows) == [f'resource "QC" in period 1: {label(1)}']
    assert resource_findings([9, 9, 1, 9, 9], 2, rows) == [f'resource "QC" in period 2: {label(2)}']
    assert resource_findings([1, 9], 5, rows) == [f'resource "QC" in period 0: {label(0)}, {label(1)}, {label(2)}']
    assert resource_findings([9, 1], 5, rows) == [f'resource "QC" in period 1: {label(2)}, {label(3)}']


def test_at_most_six_takers_are_named() -> None:
    rows: list[Row] = [("A", str(number), "F1", 0) for number in range(7)]
    named = ", ".join(label(number) for number in range(6))
    assert resource_findings([0], 10, rows) == [f'resource "QC" in period 0: {named}']


def test_takers_are_named_for_the_first_twenty_periods() -> None:
    document = problem(
        horizon=22,
        suites=[suite("F1", "F", open=[[0, 22]])],
        resources=[{"id": "QC", "facility": "F", "period": 1, "capacity": [0] * 22}],
        requests=[request("A", options=[option("F1", duration=22, uses=[use("each")])])],
    )
    texts = [one.text for one in report(document, [("A", "1", "F1", 0)]).findings]
    assert len(texts) == 22
    assert [": " in text for text in texts] == [True] * 20 + [False] * 2


def test_stays_outside_the_horizon_are_not_named_and_at_most_six_are() -> None:
    batches = [batch(str(number)) for number in range(9)]
    document = problem(
        suites=[suite("F1", "F", places=1)], requests=[request("A", batches=batches, options=[option("F1")])]
    )
    rows: list[Row] = [("A", str(number), "F1", 3) for number in range(8)]
    texts = [one.text for one in report(document, rows).findings]
    named = ", ".join(label(number) for number in range(6))
    assert texts == [f'suite "F1" from tick 3: {named}']


def test_two_latest_ends_are_kept_and_of_two_families() -> None:
    stays = [Stay(0, end, 1, family, True, "") for end, family in ((9, "a"), (8, "a"), (7, "b"), (6, "c"))]
    kept: list[Stay] = []
    for stay in reversed(stays):
        kept = _latest_two(kept, stay)
    assert kept == [stays[0], stays[2]]


@pytest.mark.parametrize("open_", [b"[", b'{"a":'])
def test_a_file_may_go_so_deep_and_no_deeper(open_: bytes) -> None:
    close = b"]" if open_ == b"[" else b"}"

    def nested(depth: int) -> bytes:
        return open_ * (depth - 1) + (b"[]" if open_ == b"[" else b"{}") + close * (depth - 1)

    assert read(nested(DEEPEST)).value != Odd("nested too deeply")
    assert read(nested(DEEPEST + 1)).value == Odd("nested too deeply")


@pytest.mark.parametrize("depth", [60, 900, 985, 990, 992, 994, 996, 1_000])
def test_a_deep_file_is_answered_whatever_is_left_of_the_stack(depth: int) -> None:
    deep = b"[" * depth + b"]" * depth
    asked, answered = json.dumps(problem()).encode(), json.dumps(outcome(problem(), [])).encode()
    assert verify_bytes(deep, answered).exit_code == 2
    assert verify_bytes(asked.replace(b'"horizon": 10', b'"horizon": ' + deep), answered).exit_code == 2
    assert verify_bytes(asked, deep).exit_code == 1
    assert verify_bytes(asked, answered.replace(b'"feasible"', deep)).exit_code == 1


def test_half_a_surrogate_pair_can_be_printed() -> None:
    text = Report(findings=(Finding("x", "\ud800", "\u00e9", ""),)).as_text()
    assert "x: \\ud800\n  found \u00e9, required \n" in text


def test_spans_are_united_and_compared_at_their_edges() -> None:
    assert united([(5, 4), (3, 3), (0, 2), (2, 2), (1, 1)]) == ((0, 2), (3, 3))
    assert united([(0, 9), (1, 2), (9, 10)]) == ((0, 10),)
    assert common(((0, 2), (4, 6), (8, 8)), ((2, 4), (6, 7), (8, 9))) == ((2, 2), (4, 4), (6, 6), (8, 8))
    assert common(((0, 5),), ((0, 1), (3, 5), (6, 7))) == ((0, 1), (3, 5))


def test_profits_of_a_request_at_a_facility_are_never_below_nothing() -> None:
    whole = build(problem(requests=[request("A", all_or_nothing=True)])).requests["A"]
    single = build(problem()).requests["A"]
    rows: list[list[int | None]] = [[-5, 2], [None, 3], [-1, 2], [-1, 0]]
    assert [_together(whole, profits) for profits in rows] == [0, 0, 1, 0]
    assert [_together(single, profits) for profits in rows] == [2, 3, 2, 0]
