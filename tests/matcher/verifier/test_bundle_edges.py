"""Bundles that are wrong in a way which once broke the reading of them, and the edges of their rules."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from matcher.verifier.bundle.facts import covered
from matcher.verifier.bundle.room import Room
from matcher.verifier.plan import read_plan
from matcher.verifier.problem import build
from tests.matcher.verifier.bundles import good, judged, numbers, resealed
from tests.matcher.verifier.small import Document, Row, batch, option, problem, request, suite, use


def test_a_batch_the_snapshot_does_not_have_is_found(tmp_path: Path) -> None:
    documents = good()
    documents["snapshot.json"]["requests"][0]["batches"][0]["id"] = "b2"
    assert numbers(judged(tmp_path, documents)) == {"V02 unknown", "V11 request"}


@pytest.mark.parametrize("start", [10**6, 2**53 - 1, -(10**6)])
def test_a_start_beyond_all_calendars_is_found(tmp_path: Path, start: int) -> None:
    documents = good()
    documents["outcome.json"]["placements"][0]["start"] = start
    assert {"V06 start", "V01 shape"} <= numbers(judged(tmp_path, documents))


def test_a_request_the_snapshot_does_not_have_is_found_where_it_is_not_placed(tmp_path: Path) -> None:
    documents = good()
    documents["problem.json"]["requests"].append({**documents["problem.json"]["requests"][1], "id": "R7"})
    found = judged(tmp_path, resealed(documents)).findings
    assert ("V02 unknown", '"R7"') in {(one.check, one.found) for one in found}


def test_a_batch_without_patients_weighs_one(tmp_path: Path) -> None:
    documents = good()
    documents["problem.json"]["requests"][1]["batches"][0]["weight"] = 1
    documents["snapshot.json"]["requests"][1]["batches"][0]["patients"] = 0
    assert numbers(judged(tmp_path, resealed(documents))) == set()


def test_a_name_may_be_that_of_the_letter_s_own_party_too(tmp_path: Path) -> None:
    documents = good()
    documents["snapshot.json"]["requests"][0]["label"] = "Request 3"
    documents["reasons/R3.json"]["note"] = "Request 3"
    assert numbers(judged(tmp_path, documents)) == set()


def test_days_are_covered_up_to_the_first_gap() -> None:
    def day(number: int) -> date:
        return date(2026, 1, number)

    assert covered(day(1), day(9), [(day(5), day(7)), (day(1), day(5))]) == day(7)
    assert covered(day(1), day(9), [(day(1), day(5)), (day(6), day(9))]) == day(5)
    assert covered(day(1), day(9), [(day(1), day(20))]) == day(9)


def blocks(document: Document, rows: list[Row], start: int, **changes: Any) -> set[str]:
    """What stands in the way of batch 1 of request B in F1, a stay of two ticks."""
    built = build(document)
    room = Room(built, read_plan(built, [dict(zip(KEYS, row, strict=True)) for row in rows])[0])
    asked = built.requests[changes.get("request", "B")]
    return room.blocks(asked, asked.batches[changes.get("batch", "1")], asked.options["F1"], start)


KEYS = ("request", "batch", "suite", "start")


@pytest.mark.parametrize(
    ("places", "exclusive", "start", "found"),
    [
        (1, False, 0, set()),
        (1, False, 1, set()),
        (1, False, 2, {"family"}),
        (1, False, 3, {"family", "places"}),
        (1, False, 5, {"family", "places"}),
        (1, False, 6, {"family"}),
        (1, False, 7, set()),
        (2, False, 4, set()),
        (2, True, 4, {"family"}),
        (2, True, 6, {"family"}),
        (2, True, 7, set()),
    ],
)
def test_a_stay_of_another_family_blocks_with_its_changeover(
    places: int, start: int, found: set[str], *, exclusive: bool
) -> None:
    shared = suite("F1", "F", places=places, exclusive=exclusive, changeover=1)
    document = problem(suites=[shared, suite("G1", "G")])
    # A holds 4 and 5: with one tick of changeover, B may end by 3 or start at 7
    assert blocks(document, [("A", "1", "F1", 4)], start) == found


def test_the_stays_of_one_family_share_a_suite() -> None:
    document = problem(suites=[suite("F1", "F", places=2, exclusive=True, changeover=1), suite("G1", "G")])
    document["requests"][1]["family"] = "A"
    assert blocks(document, [("A", "1", "F1", 4)], 4) == set()
    assert blocks(document, [("A", "1", "F1", 4), ("A", "2", "F1", 4)], 5) == {"places"}
    assert blocks(document, [("A", "1", "F1", 4), ("A", "2", "F1", 5)], 6) == set()


@pytest.mark.parametrize(("start", "found"), [(0, {"after"}), (3, {"after"}), (4, set())])
def test_a_batch_is_blocked_until_the_one_it_follows_is_over(start: int, found: set[str]) -> None:
    batches = [batch("1"), batch("2", after={"batch": "1", "min": 1})]
    document = problem(requests=[request("A"), request("B", batches=batches)])
    document["suites"][0]["places"] = 9
    rows: list[Row] = [("B", "1", "F1", 1)]
    assert blocks(document, rows, start, batch="2") == found
    assert blocks(document, [], start, batch="2") == {"after"}


@pytest.mark.parametrize(("start", "found"), [(0, set()), (2, set()), (3, {"after"}), (9, {"after"})])
def test_a_batch_is_blocked_by_the_one_that_follows_it(start: int, found: set[str]) -> None:
    batches = [batch("1"), batch("2", after={"batch": "1", "min": 1})]
    document = problem(requests=[request("A"), request("B", batches=batches)])
    document["suites"][0]["places"] = 9
    assert blocks(document, [("B", "2", "F1", 5)], start) == found


@pytest.mark.parametrize(
    ("taken", "capacity", "start", "found"),
    [
        ([use("once", 2)], [0, 2, 0, 0, 0], 3, set()),
        ([use("once", 2)], [0, 1, 0, 0, 0], 3, {"resource"}),
        ([use("once", 2), use("once", 1)], [0, 2, 0, 0, 0], 3, set()),
        ([use("start"), use("end")], [0, 1, 1, 0, 0], 3, set()),
        ([use("start"), use("end")], [0, 2, 0, 0, 0], 3, {"resource"}),
        ([use("each")], [0, 1, 1, 0, 0], 3, set()),
        ([use("each")], [0, 1, 0, 9, 9], 3, {"resource"}),
    ],
)
def test_a_resource_blocks_when_it_is_used_up(
    taken: list[Document], capacity: list[int], start: int, found: set[str]
) -> None:
    document = problem(requests=[request("A"), request("B", options=[option("F1", uses=taken)])])
    document["resources"][0]["capacity"] = capacity
    assert blocks(document, [], start) == found


def test_onboarding_is_not_taken_again_where_a_batch_is_placed() -> None:
    document = problem(requests=[request("A"), request("B", options=[option("F1", uses=[use("once")])])])
    document["resources"][0]["capacity"] = [1, 0, 0, 0, 0]
    assert blocks(document, [("B", "1", "F1", 0)], 4, batch="2") == set()
    assert blocks(document, [], 4, batch="2") == {"resource"}


def test_a_further_site_blocks() -> None:
    document = problem(requests=[request("A"), request("B", max_sites=1, held=["G"])])
    assert blocks(document, [], 0) == {"sites"}
    document["requests"][1]["held"] = ["F"]
    assert blocks(document, [], 0) == set()


def test_room_lists_each_start_once() -> None:
    built = build(problem(suites=[suite("F1", "F", open=[[0, 4], [6, 9]]), suite("G1", "G")]))
    asked = built.requests["A"]
    assert Room(built, {}).starts(asked.batches["1"], asked.options["F1"]) == [0, 1, 2, 6, 7]
