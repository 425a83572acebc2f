"""Remarks about starts that would improve a plan, and about ties, at their edges."""

from typing import Any

import pytest

from matcher.verifier.bundle.stability import stability_remarks, tie_break_remarks
from matcher.verifier.plan import read_plan
from matcher.verifier.problem import build
from tests.matcher.verifier.small import Document, Row, batch, option, problem, request

KEYS = ("request", "batch", "suite", "start")


def better(document: Document, rows: list[Row]) -> list[str]:
    """What is remarked on starts that would improve the plan."""
    built = build(document)
    return stability_remarks(built, read_plan(built, [dict(zip(KEYS, row, strict=True)) for row in rows])[0])


def ties(document: Document, rows: list[Row], order: object) -> list[str]:
    """What is remarked on equals."""
    built = build(document)
    return tie_break_remarks(built, read_plan(built, [dict(zip(KEYS, row, strict=True)) for row in rows])[0], order)


def alone(batches: int, **changes: Any) -> Document:
    """One request with this many batches."""
    several = [batch(str(number)) for number in range(1, batches + 1)]
    return problem(requests=[request("A", batches=several, options=[option("G1")], **changes)])


@pytest.mark.parametrize(
    ("batches", "whole", "rows", "count"),
    [
        (1, False, [], 1),
        (2, False, [], 1),
        (2, False, [("A", "1", "G1", 0)], 1),
        (2, False, [("A", "1", "G1", 0), ("A", "2", "G1", 0)], 0),
        (1, True, [], 1),
        (2, True, [("A", "1", "G1", 0)], 1),
        (2, True, [], 0),
    ],
)
def test_a_single_start_helps_all_or_nothing_only_when_it_is_the_last_one_missing(
    batches: int, rows: list[Row], count: int, *, whole: bool
) -> None:
    assert len(better(alone(batches, all_or_nothing=whole), rows)) == count


def test_a_start_that_changes_nothing_is_not_remarked() -> None:
    """At its earliest tick a batch waits for nothing: the objective stays what it is, and later it becomes worse."""
    assert better(alone(1) | {"policy": {"tiers": [{"waiting": 1}]}}, []) == []
    assert better(alone(1) | {"policy": {"tiers": [{"waiting": 1}, {"placed": 1}]}}, []) == [
        'V14: batch "1" of request "A" could start at 0 in suite "G1" and improve the objective'
    ]


A_PLACED: list[Row] = [("A", "1", "G1", 0)]
B_PLACED: list[Row] = [("B", "1", "G1", 0)]


@pytest.mark.parametrize(
    ("rows", "order", "count"),
    [
        ([], ["A", "B"], 0),
        (A_PLACED, ["A", "B"], 0),
        (B_PLACED, ["A", "B"], 1),
        ([*A_PLACED, *B_PLACED], ["A", "B"], 0),
        (A_PLACED, ["B", "A"], 1),
        (A_PLACED, ["B"], 1),
        (B_PLACED, ["B"], 0),
    ],
)
def test_of_two_equals_the_one_ranked_first_is_placed(rows: list[Row], order: list[str], count: int) -> None:
    assert len(ties(problem(), rows, order)) == count


@pytest.mark.parametrize(
    ("of_a", "of_b", "count"),
    [
        ({}, {}, 1),
        ({"family": "x"}, {"family": "x"}, 1),
        ({"family": "x"}, {"family": "y"}, 0),
        ({"family": "x"}, {}, 0),
        ({"weight": 2}, {}, 0),
        ({"class": 1}, {}, 0),
        ({"held": ["F", "G"]}, {"held": ["G", "F"]}, 1),
        ({"options": [option("F1"), option("G1")]}, {"options": [option("G1"), option("F1")]}, 1),
        ({"options": [option("F1", cost=1), option("G1")]}, {}, 0),
        ({"batches": [batch("1"), batch("2")]}, {"batches": [batch("2"), batch("1")]}, 1),
        ({"batches": [batch("1"), batch("2", latest=8)]}, {}, 0),
    ],
)
def test_equals_differ_in_nothing_but_their_id(of_a: Document, of_b: Document, count: int) -> None:
    document = problem(requests=[request("A", **of_a), request("B", **of_b)])
    assert len(ties(document, B_PLACED, ["A", "B"])) == count
