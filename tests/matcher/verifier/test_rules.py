"""Each hard rule: the smallest plan it allows and the nearest one it refuses."""

import pytest

from tests.matcher.verifier.small import Document, Row, batch, checks, option, problem, request, suite, use

ONE = [("A", "1", "F1", 0)]


def one_request(**changes: object) -> Document:
    return problem(requests=[request("A", **changes)])


def in_suite(**changes: object) -> Document:
    return problem(suites=[suite("F1", "F", **changes), suite("G1", "G")])


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        (ONE, set()),
        ([("A", "1", "F1", 0), ("A", "1", "G1", 4)], {"twice"}),
        ([("A", "1", "F1", 0), ("A", "1", "F1", 0)], {"twice"}),
        ([("A", "1", "F1", 0), ("A", "2", "F1", 2), ("B", "1", "G1", 0)], set()),
        ([("A", "2", "F1", 2), ("A", "1", "F1", 0)], {"order"}),
        ([("B", "1", "G1", 0), ("A", "1", "F1", 0)], {"order"}),
        ([("X", "1", "F1", 0)], {"unknown"}),
        ([("A", "X", "F1", 0)], {"unknown"}),
        ([("A", "1", "X", 0)], {"unknown"}),
    ],
)
def test_placements_name_what_exists_once_and_in_order(rows: list[Row], found: set[str]) -> None:
    assert checks(problem(), rows) == found


def test_a_suite_without_an_option_is_refused() -> None:
    assert checks(one_request(options=[option("G1")]), ONE) == {"start"}


def test_order_is_by_code_point() -> None:
    document = problem(requests=[request(name, options=[option("G1")]) for name in ("\uffff", "\U00010000")])
    rows: list[Row] = [("\uffff", "1", "G1", 0), ("\U00010000", "1", "G1", 2)]
    assert checks(document, rows) == set()
    assert checks(document, rows[::-1]) == {"order"}


@pytest.mark.parametrize(
    ("document", "allowed", "refused"),
    [
        (one_request(batches=[batch("1", earliest=3, latest=4)]), [3, 4], [2, 5]),
        (one_request(batches=[batch("1", latest=99)]), [0, 8], [-1, 9]),
        (one_request(options=[option("F1", windows=[[1, 2], [5, 5]])]), [1, 2, 5], [0, 3, 4, 6]),
        (one_request(options=[option("F1", windows=[])]), [], [0, 1]),
        (in_suite(open=[[1, 4], [4, 7]]), [1, 2, 4, 5], [0, 3, 6]),
        (in_suite(open=[[-5, 3], [8, 20]]), [0, 1, 8], [-1, 2, 7, 9]),
        (in_suite(open=[[0, 6], [2, 7]]), [0, 4, 5], [6]),
        (in_suite(open=[]), [], [0]),
    ],
)
def test_a_stay_starts_admissibly(document: Document, allowed: list[int], refused: list[int]) -> None:
    for start in allowed:
        assert checks(document, [("A", "1", "F1", start)]) == set()
    for start in refused:
        assert checks(document, [("A", "1", "F1", start)]) == {"start"}


def test_places_hold_stays_and_bookings() -> None:
    two: list[Row] = [("A", "1", "G1", 0), ("A", "2", "G1", 1)]
    assert checks(problem(), two) == set()
    assert checks(problem(), [*two, ("B", "1", "G1", 2)]) == set()
    assert checks(problem(), [*two, ("B", "1", "G1", 1)]) == {"places"}
    booked = {"suite": "G1", "start": -3, "end": 1}
    assert checks(problem(bookings=[booked]), two) == set()
    assert checks(problem(bookings=[{**booked, "end": 2}]), two) == {"places"}
    assert checks(problem(bookings=[{**booked, "places": 2}]), two) == {"places"}
    assert checks(problem(bookings=[{**booked, "places": 2}]), [("A", "1", "G1", 1)]) == set()


@pytest.mark.parametrize(
    ("booking", "warned"),
    [
        ({"suite": "F1", "start": 4, "end": 5, "places": 1}, False),
        ({"suite": "F1", "start": 4, "end": 5, "places": 2}, True),
        ({"suite": "F1", "start": 10, "end": 12, "places": 2}, False),
        ({"suite": "F1", "start": -2, "end": 0, "places": 2}, False),
        ({"suite": "F1", "start": 4, "end": 5, "uses": [use("start", 2)]}, False),
        ({"suite": "F1", "start": 4, "end": 5, "uses": [use("start", 3)]}, True),
    ],
)
def test_bookings_above_a_limit_need_a_warning(booking: Document, *, warned: bool) -> None:
    document = problem(bookings=[booking])
    assert checks(document, []) == ({"warnings"} if warned else set())
    assert checks(document, [], warnings=["bookings exceed a limit"]) == set()


def test_nothing_is_added_where_bookings_exceed() -> None:
    crowded = problem(bookings=[{"suite": "G1", "start": 4, "end": 5, "places": 3}])
    assert checks(crowded, [("A", "1", "G1", 5)], warnings=["crowded"]) == set()
    assert checks(crowded, [("A", "1", "G1", 2)], warnings=["crowded"]) == set()
    assert checks(crowded, [("A", "1", "G1", 4)], warnings=["crowded"]) == {"places"}
    full = problem(bookings=[{"suite": "G1", "start": 4, "end": 5, "uses": [use("each", 3)]}])
    full["resources"][0]["facility"] = "G"
    full["requests"][0]["options"] = [option("G1", uses=[use("start")])]
    assert checks(full, [("A", "1", "G1", 6)], warnings=["full"]) == set()
    assert checks(full, [("A", "1", "G1", 5)], warnings=["full"]) == {"resource"}


@pytest.mark.parametrize(
    ("taken", "start", "load"),
    [
        ([use("start")], 1, [1, 0, 0, 0, 0]),
        ([use("end")], 0, [1, 0, 0, 0, 0]),
        ([use("end")], 1, [0, 1, 0, 0, 0]),
        ([use("end", delay=1)], 1, [0, 1, 0, 0, 0]),
        ([use("end", delay=2)], 1, [0, 0, 1, 0, 0]),
        ([use("end", delay=7)], 1, [0, 0, 0, 0, 1]),
        ([use("end", delay=8)], 1, [0, 0, 0, 0, 0]),
        ([use("each", 3)], 1, [3, 3, 0, 0, 0]),
        ([use("each", 3)], 2, [0, 6, 0, 0, 0]),
        ([use("once", 2)], 1, [2, 0, 0, 0, 0]),
        ([use("once", 2), use("once", 1)], 1, [2, 0, 0, 0, 0]),
        ([use("start"), use("start", 2), use("end")], 1, [3, 1, 0, 0, 0]),
    ],
)
def test_a_use_falls_in_its_period(taken: list[Document], start: int, load: list[int]) -> None:
    document = one_request(options=[option("F1", uses=taken)])
    document["resources"][0]["capacity"] = load
    rows: list[Row] = [("A", "1", "F1", start)]
    assert checks(document, rows) == set()
    for period, amount in enumerate(load):
        if amount:
            lower = [*load[:period], amount - 1, *load[period + 1 :]]
            document["resources"][0]["capacity"] = lower
            assert checks(document, rows) == {"resource"}


@pytest.mark.parametrize(
    ("booking", "load"),
    [
        ({"start": -1, "end": 3, "uses": [use("each")]}, [2, 1, 0, 0, 0]),
        ({"start": -1, "end": 3, "uses": [use("start")]}, [0, 0, 0, 0, 0]),
        ({"start": -3, "end": -1, "uses": [use("end", delay=2)]}, [1, 0, 0, 0, 0]),
        ({"start": 9, "end": 12, "uses": [use("end")]}, [0, 0, 0, 0, 0]),
        ({"start": -5, "end": 15, "uses": [use("each", 2)]}, [4, 4, 4, 4, 4]),
        ({"start": 1, "end": 8, "uses": [use("each", 2)]}, [2, 4, 4, 4, 0]),
    ],
)
def test_a_booking_uses_what_lies_in_the_horizon(booking: Document, load: list[int]) -> None:
    document = problem(bookings=[{"suite": "F1", **booking}])
    document["resources"][0]["capacity"] = load
    assert checks(document, []) == set()
    for period, amount in enumerate(load):
        if amount:
            document["resources"][0]["capacity"] = [*load[:period], amount - 1, *load[period + 1 :]]
            assert checks(document, []) == {"warnings"}


def test_onboarding_counts_once_at_the_earliest_start_with_the_largest_amount() -> None:
    options = [option("F1", uses=[use("once", 1)]), option("F2", uses=[use("once", 2)])]
    document = one_request(options=options, held=["F"])
    document["suites"].append(suite("F2", "F"))
    rows: list[Row] = [("A", "1", "F1", 1), ("A", "2", "F2", 6)]
    document["resources"][0]["capacity"] = [2, 0, 0, 0, 0]
    assert checks(document, rows) == set()
    document["resources"][0]["capacity"] = [1, 0, 0, 2, 0]
    assert checks(document, rows) == {"resource"}


def test_onboarding_outside_the_horizon_is_answered() -> None:
    document = one_request(options=[option("F1", uses=[use("once")])])
    document["resources"][0]["capacity"] = [0] * 5
    assert checks(document, [("A", "1", "F1", 8)]) == {"resource"}
    assert checks(document, [("A", "1", "F1", -1)]) == {"start"}
    assert checks(document, [("A", "1", "F1", 10)]) == {"start"}


def test_onboarding_counts_for_each_request_and_starts_with_any_batch_there() -> None:
    options = [option("F1"), option("F2", uses=[use("once")])]
    document = problem(requests=[request("A", options=options), request("B", options=options)])
    document["suites"] += [suite("F2", "F", places=2)]
    rows: list[Row] = [("A", "1", "F1", 0), ("A", "2", "F2", 4), ("B", "1", "F2", 4)]
    document["resources"][0]["capacity"] = [1, 0, 1, 0, 0]
    assert checks(document, rows) == set()
    document["resources"][0]["capacity"] = [0, 0, 2, 0, 0]
    assert checks(document, rows) == {"resource"}


def test_an_exclusive_suite_keeps_families_apart() -> None:
    rows: list[Row] = [("A", "1", "F1", 0), ("B", "1", "F1", 1)]
    open_suite = in_suite(places=2)
    assert checks(open_suite, rows) == set()
    exclusive = in_suite(places=2, exclusive=True)
    assert checks(exclusive, rows) == {"family"}
    assert checks(exclusive, [("A", "1", "F1", 0), ("B", "1", "F1", 2)]) == set()
    assert checks(exclusive, [("A", "1", "F1", 0), ("A", "2", "F1", 1)]) == set()
    exclusive["requests"][1]["family"] = "A"
    assert checks(exclusive, rows) == set()


@pytest.mark.parametrize(
    ("booking", "start", "found"),
    [
        ({"start": 2, "end": 4, "family": "A"}, 1, set()),
        ({"start": 2, "end": 4, "family": "B"}, 1, {"family"}),
        ({"start": 2, "end": 4}, 1, {"family"}),
        ({"start": 2, "end": 4}, 0, set()),
        ({"start": 2, "end": 4}, 4, set()),
        ({"start": -9, "end": 99}, 4, {"family"}),
    ],
)
def test_an_exclusive_suite_looks_at_bookings(booking: Document, start: int, found: set[str]) -> None:
    document = in_suite(places=2, exclusive=True) | {"bookings": [{"suite": "F1", **booking}]}
    assert checks(document, [("A", "1", "F1", start)]) == found


@pytest.mark.parametrize(
    ("places", "exclusive", "gap", "found"),
    [
        (1, False, 3, set()),
        (1, False, 2, {"family"}),
        (2, True, 3, set()),
        (2, True, 2, {"family"}),
        (2, False, 2, set()),
        (2, False, 0, set()),
    ],
)
def test_changeover_lies_between_families(places: int, gap: int, found: set[str], *, exclusive: bool) -> None:
    document = in_suite(places=places, exclusive=exclusive, changeover=3)
    assert checks(document, [("A", "1", "F1", 0), ("B", "1", "F1", 2 + gap)]) == found
    assert checks(document, [("A", "1", "F1", 0), ("A", "2", "F1", 2 + gap)]) == set()


@pytest.mark.parametrize(
    ("booking", "found"),
    [
        ({"start": -9, "end": -3}, set()),
        ({"start": -9, "end": -2}, {"family"}),
        ({"start": -9, "end": -2, "family": "A"}, set()),
        ({"start": 5, "end": 6}, set()),
        ({"start": 4, "end": 6}, {"family"}),
        ({"start": 12, "end": 13}, set()),
    ],
)
def test_changeover_goes_by_the_true_times_of_bookings(booking: Document, found: set[str]) -> None:
    document = in_suite(changeover=3) | {"bookings": [{"suite": "F1", **booking}]}
    assert checks(document, [("A", "1", "F1", 0)]) == found


def test_changeover_looks_past_a_stay_of_the_same_family_and_not_at_bookings_alone() -> None:
    long_ago = {"suite": "F1", "start": -2, "end": 4, "family": "x"}
    between = {"suite": "F1", "start": 1, "end": 2, "family": "A"}
    document = in_suite(places=9, exclusive=True, changeover=1) | {"bookings": [long_ago, between]}
    assert checks(document, []) == set()
    assert checks(document, [("A", "1", "F1", 5)]) == set()
    assert checks(document, [("A", "1", "F1", 4)]) == {"family"}


def test_a_longer_stay_of_the_same_family_hides_no_other() -> None:
    own = {"suite": "F1", "start": 0, "end": 9, "family": "A"}
    other = {"suite": "F1", "start": 1, "end": 5, "family": "x"}
    document = in_suite(places=9, exclusive=True) | {"bookings": [own, other]}
    assert checks(document, [("A", "1", "F1", 5)]) == set()
    assert checks(document, [("A", "1", "F1", 4)]) == {"family"}


def test_a_plan_stay_before_a_booking_is_compared_with_its_own_kind_of_neighbour() -> None:
    booked = [{"suite": "F1", "start": 1, "end": 9, "family": "B"}, {"suite": "F1", "start": 4, "end": 5}]
    document = in_suite(places=9, exclusive=True) | {"bookings": booked}
    rows: list[Row] = [("B", "1", "F1", 2)]
    assert checks(document, rows) == set()
    assert checks(document, [("B", "1", "F1", 3)]) == {"family"}


@pytest.mark.parametrize(("second", "found"), [(4, {"after"}), (5, set())])
def test_a_batch_follows_the_end_of_another(second: int, found: set[str]) -> None:
    follower = batch("2", after={"batch": "1", "min": 3})
    document = one_request(batches=[batch("1"), follower])
    assert checks(document, [("A", "1", "F1", 0), ("A", "2", "F1", second)]) == found
    assert checks(document, [("A", "2", "F1", second)]) == {"after"}
    assert checks(document, [("A", "1", "F1", 0)]) == set()


def test_sites_are_limited_together_with_those_held() -> None:
    two: list[Row] = [("A", "1", "F1", 0), ("A", "2", "G1", 0)]
    assert checks(one_request(max_sites=2), two) == set()
    assert checks(one_request(max_sites=1), two) == {"sites"}
    assert checks(one_request(max_sites=1, held=["F"]), ONE) == set()
    assert checks(one_request(max_sites=1, held=["G"]), ONE) == {"sites"}
    assert checks(one_request(max_sites=2, held=["G"]), ONE) == set()
    assert checks(one_request(max_sites=1, held=["F", "G"]), []) == set()


def test_one_facility_is_the_default() -> None:
    document = one_request()
    del document["requests"][0]["max_sites"]
    assert checks(document, [("A", "1", "F1", 0), ("A", "2", "F1", 2)]) == set()
    assert checks(document, [("A", "1", "F1", 0), ("A", "2", "G1", 0)]) == {"sites"}


def test_all_or_nothing() -> None:
    document = one_request(all_or_nothing=True)
    assert checks(document, []) == set()
    assert checks(document, ONE) == {"all-or-nothing"}
    assert checks(document, [("A", "1", "F1", 0), ("A", "2", "F1", 2)]) == set()
    assert checks(one_request(), ONE) == set()
