"""What is said of placements that cannot stand, which starts there are instead, and who is in a suite at a tick."""

import pytest

from matcher.verifier.problem import Batch
from matcher.verifier.report import Finding
from matcher.verifier.starts import batch_starts, common
from tests.matcher.verifier.small import Row, batch, checks, option, problem, report, request, suite

SPANS = ((0, 1), (3, 4), (6, 7), (9, 9))


def test_of_a_batch_placed_twice_the_first_placement_counts() -> None:
    rows: list[Row] = [("A", "1", "F1", 1), ("A", "1", "G1", 4)]
    found = report(problem(), rows)
    assert [finding.check for finding in found.findings] == ["twice"]
    assert (found.terms["placed"], found.terms["waiting"]) == (1, 1)
    assert checks(problem(), [("A", "1", "F1", 1), ("A", "1", "F1", 99)]) == {"twice"}


@pytest.mark.parametrize(
    ("windows", "listed"),
    [
        ([[first, first] for first in (1, 2, 3, 4, 5)], "1 to 1, 2 to 2, 3 to 3, 4 to 4, 5 to 5"),
        ([[first, first] for first in (1, 2, 3, 4, 5, 6)], "1 to 1, 2 to 2, 3 to 3, 4 to 4, 5 to 5"),
        ([[4, 6], [8, 20]], "4 to 6, 8 to 8"),
        ([], "no start is admissible"),
    ],
)
def test_a_wrong_start_is_answered_with_the_first_five_spans_that_are_right(
    windows: list[list[int]], listed: str
) -> None:
    document = problem(requests=[request("A", options=[option("F1", windows=windows)])])
    where = 'batch "1" of request "A" does not start admissibly in suite "F1"'
    assert report(document, [("A", "1", "F1", 0)]).findings == (Finding("start", where, "0", listed),)


@pytest.mark.parametrize(
    ("earliest", "latest", "starts"),
    [
        (0, 9, SPANS),
        (1, 6, ((1, 1), (3, 4), (6, 6))),
        (2, 2, ()),
        (4, 8, ((4, 4), (6, 7))),
        (9, 99, ((9, 9),)),
        (10, 99, ()),
    ],
)
def test_a_batch_may_start_in_every_span_its_range_meets(earliest: int, latest: int, starts: object) -> None:
    assert batch_starts(SPANS, Batch("1", earliest, latest, 1, None, 0)) == starts


def test_spans_that_end_together_are_both_done_with() -> None:
    assert common(((0, 3), (5, 9)), ((2, 3), (4, 6))) == ((2, 3), (5, 6))
    assert common(((2, 3), (4, 6)), ((0, 3), (5, 9))) == ((2, 3), (5, 6))


def test_a_place_is_free_again_once_for_each_stay_that_ends() -> None:
    batches = [batch(str(number)) for number in range(4)]
    document = problem(
        suites=[suite("F1", "F", places=2)],
        requests=[request("A", batches=batches, options=[option("F1")])],
    )
    rows: list[Row] = [("A", "0", "F1", 0), ("A", "1", "F1", 0), ("A", "2", "F1", 2), ("A", "3", "F1", 2)]
    assert checks(document, rows) == set()
    document["bookings"] = [{"suite": "F1", "start": 3, "end": 4}]
    assert [(one.check, one.found) for one in report(document, rows).findings] == [("places", "3 places held")]


@pytest.mark.parametrize(
    ("start", "end", "ticks"), [(-2, 0, ""), (-2, 1, "0"), (0, 1, "0"), (9, 10, "9"), (9, 99, "9")]
)
def test_a_booking_holds_its_places_at_the_ticks_inside_the_horizon(start: int, end: int, ticks: str) -> None:
    """Beside a booking that holds the whole horizon, in a suite for two, with a stay of one tick."""
    for tick in range(10):
        document = problem(
            suites=[suite("F1", "F", places=2)],
            requests=[request("A", options=[option("F1", duration=1)])],
            bookings=[{"suite": "F1", "start": -5, "end": 15}, {"suite": "F1", "start": start, "end": end}],
        )
        found = [one.text for one in report(document, [("A", "1", "F1", tick)]).findings]
        where = f'suite "F1" from tick {tick}: batch "1" of request "A"'
        assert found == ([where] if str(tick) in ticks else [])
