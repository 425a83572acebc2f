"""A problem that breaks the page is refused; the nearest one that does not is read."""

from typing import Any

import pytest

from matcher.verifier import verify
from tests.matcher.verifier.small import DROP, Document, batch, option, outcome, problem, request, use, with_value

LARGEST = 2**53 - 1
USE = use("end", delay=0)


def rich() -> Document:
    """A problem that states every key."""
    document = problem(
        facilities=[{"id": "F", "country": "ES"}, {"id": "G"}],
        bookings=[{"suite": "F1", "start": 0, "end": 1, "places": 1, "family": "x", "uses": [USE]}],
        previous=[{"request": "A", "batch": "1", "suite": "F1", "start": 0}],
    )
    document["suites"][0] |= {"exclusive": False, "changeover": 0}
    stated = {"weight": 1, "class": 0, "group": "g", "family": "f", "max_sites": 1, "all_or_nothing": False}
    batches = [batch("1", weight=1), batch("2", after={"batch": "1", "min": 0})]
    choices = [option("F1", cost=0, travel=0, preference=0, windows=[[0, 9]], uses=[USE]), option("G1")]
    document["requests"] = [request("A", held=["F"], batches=batches, options=choices) | stated, request("B")]
    return document


def refused(document: object) -> bool:
    answer = outcome(rich(), [])
    return verify(document, answer).exit_code == 2


def test_the_rich_problem_is_read() -> None:
    assert verify(rich(), outcome(rich(), [])).exit_code == 0


ACCEPTED: list[tuple[str, Any]] = [
    ("tick", "day"),
    ("horizon", 9),
    ("facilities.0.id", "F"),
    ("facilities.0.country", ""),
    ("suites.0.open", []),
    ("suites.0.open", [[-5, 99], [0, 1]]),
    ("suites.0.changeover", 99),
    ("resources.0.capacity.0", 0),
    ("resources", [{"id": "QC", "facility": "F", "period": 99, "capacity": [0]}]),
    ("requests", []),
    ("requests.0.options", []),
    ("requests.0.held", []),
    ("requests.0.max_sites", 99),
    ("requests.0.batches.0.latest", LARGEST),
    ("requests.0.batches.0.latest", 0),
    ("requests.0.options.0.windows", []),
    ("requests.0.options.0.windows", [[-3, -2]]),
    ("requests.0.options.0.duration", LARGEST),
    ("requests.0.options.0.uses.0.delay", 99),
    ("bookings.0.start", -99),
    ("bookings.0.family", DROP),
    ("previous.0.suite", "gone"),
    ("previous.0.suite", "x" * 200),
    ("previous.0.suite", "x"),
    ("resources", [{"id": "QC", "facility": "F", "period": 1, "capacity": [1] * 10}]),
    ("requests.0.options.0.duration", 1),
    ("requests.0.max_sites", 1),
    ("suites.1.places", 1),
    ("previous.0.start", -4),
    ("policy.tiers", [{"placed_class_99": 1}, {"placed": 1, "waiting": 1}, {"placed": 2}]),
    ("policy.tiers", [{f"placed_class_{LARGEST}": 1}]),
]

REFUSED: list[tuple[str, Any]] = [
    ("format", "gmphub/problem/2"),
    ("origin", "2026-02-30"),
    ("origin", "20260105"),
    ("origin", "2026-W01-1"),
    ("origin", 5),
    ("tick", "month"),
    ("horizon", 0),
    ("horizon", True),
    ("horizon", 10.0),
    ("horizon", "10"),
    ("horizon", 8),
    ("facilities.0.id", ""),
    ("facilities.0.id", "x" * 201),
    ("facilities.1.id", "F"),
    ("facilities.0.country", None),
    ("suites.0.places", 0),
    ("suites.0.facility", "X"),
    ("suites.1.id", "F1"),
    ("suites.0.open.0", [0]),
    ("suites.0.open.0", [1, 0]),
    ("suites.0.open.0", [0, 1, 2]),
    ("suites.0.exclusive", 0),
    ("suites.0.changeover", -1),
    ("resources.0.facility", "X"),
    ("resources.0.period", 0),
    ("resources.0.capacity", [2, 2, 2, 2]),
    ("resources.0.capacity", [2] * 6),
    ("resources.0.capacity.0", -1),
    ("resources.1", {"id": "QC", "facility": "F", "period": 10, "capacity": [1]}),
    ("requests.1.id", "A"),
    ("requests.0.id", "\ud800"),
    ("requests.0.batches", []),
    ("requests.0.batches.1.id", "1"),
    ("requests.0.batches.0.earliest", -1),
    ("requests.0.batches.0.earliest", 10),
    ("requests.0.batches.0.latest", LARGEST + 1),
    ("requests.0.batches.0.weight", 0),
    ("requests.0.batches.1.after.batch", "X"),
    ("requests.0.batches.1.after.batch", "2"),
    ("requests.0.batches.0.after", {"batch": "2", "min": 0}),
    ("requests.0.batches.1.after.min", -1),
    ("requests.0.batches.1.after.min", DROP),
    ("requests.0.weight", 0),
    ("requests.0.class", -1),
    ("requests.0.group", 1),
    ("requests.0.family", None),
    ("requests.0.max_sites", 0),
    ("requests.0.all_or_nothing", 1),
    ("requests.0.held", ["X"]),
    ("requests.0.options.0.suite", "X"),
    ("requests.0.options.1.suite", "F1"),
    ("requests.0.options.0.duration", 0),
    ("requests.0.options.0.cost", -1),
    ("requests.0.options.0.travel", -1),
    ("requests.0.options.0.preference", -1),
    ("requests.0.options.0.windows.0", [2, 1]),
    ("requests.0.options.0.uses.0.resource", "X"),
    ("requests.0.options.1.uses", [USE]),
    ("requests.0.options.0.uses.0.amount", 0),
    ("requests.0.options.0.uses.0.at", "middle"),
    ("requests.0.options.0.uses.0.delay", -1),
    ("requests.0.options.0.uses.0", use("start", delay=1)),
    ("bookings.0.suite", "X"),
    ("bookings.0.start", 1),
    ("bookings.0.places", 0),
    ("bookings.0.uses.0.at", "once"),
    ("bookings.0.family", 1),
    ("previous.0.suite", "x" * 201),
    ("previous.0.suite", ""),
    ("previous.1", {"request": "A", "batch": "1", "suite": "G1", "start": 0}),
    ("policy.tiers", []),
    ("policy.tiers", [{}]),
    ("policy.tiers.0.placed", 0),
    ("policy.tiers.0.profit", 1),
    ("policy.tiers.0.placed_class_01", 1),
    ("policy.tiers.0.placed_class_", 1),
    (f"policy.tiers.0.placed_class_{LARGEST + 1}", 1),
    ("policy.tiers.0.placed", LARGEST),
    ("requests.0.weight", LARGEST),
    ("bookings.0.uses.0.amount", LARGEST + 1),
]


@pytest.mark.parametrize(("path", "value"), ACCEPTED)
def test_accepted(path: str, value: Any) -> None:
    assert not refused(with_value(rich(), path, value))


@pytest.mark.parametrize(("path", "value"), REFUSED)
def test_refused(path: str, value: Any) -> None:
    assert refused(with_value(rich(), path, value))


def paths_of_objects(value: Any, path: str = "") -> list[str]:
    """The path of every object inside a document."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    found = [place for key, item in inner for place in paths_of_objects(item, f"{path}{key}.")]
    return [*found, path] if isinstance(value, dict) else found


@pytest.mark.parametrize("path", paths_of_objects(rich()))
def test_an_unknown_key_is_refused_everywhere(path: str) -> None:
    assert refused(with_value(rich(), f"{path}surplus", 1))


@pytest.mark.parametrize("key", sorted(problem()))
def test_every_key_of_the_problem_is_needed(key: str) -> None:
    assert refused(with_value(rich(), key, DROP))


@pytest.mark.parametrize("value", [None, [], 3, "text", True])
def test_a_problem_that_is_no_object_is_refused(value: object) -> None:
    assert refused(value)


def test_all_faults_are_named_with_their_path() -> None:
    broken = with_value(with_value(rich(), "horizon", 0), "suites.1.places", 0)
    assert [text.split(":")[0] for text in verify(broken, None).refused] == ["horizon", "suites[1].places"]
    broken = with_value(with_value(rich(), "suites.1.facility", "X"), "requests.0.held", ["Y", "Y"])
    assert [text.split(":")[0] for text in verify(broken, None).refused] == [
        "suites[1].facility",
        "requests[0].held[0]",
        "requests[0].held[1]",
        "requests[0].held",
    ]


def test_the_smallest_problem() -> None:
    small = problem(horizon=1, facilities=[], suites=[], resources=[], requests=[])
    assert not refused(small)


def test_sums_out_of_range_are_refused() -> None:
    two = [{"suite": "G1", "start": 0, "end": 1, "places": LARGEST // 2} for _ in range(2)]
    assert not refused(problem(bookings=two, requests=[]))
    assert refused(problem(bookings=[*two, {"suite": "G1", "start": 0, "end": 1, "places": 2}], requests=[]))
    assert refused(problem(bookings=two))
    each = {"suite": "F1", "start": -5, "end": 2, "uses": [use("each", LARGEST // 2)]}
    assert not refused(problem(bookings=[each], requests=[]))
    assert refused(problem(bookings=[{**each, "end": 3}], requests=[]))
    dear = [request("A", batches=[batch("1")], options=[option("F1", cost=LARGEST)])]
    assert not refused(problem(requests=dear))
    assert refused(problem(requests=dear, policy={"tiers": [{"cost": 2}]}))
    assert refused(problem(requests=[*dear, {**dear[0], "id": "B", "options": [option("F1", cost=1)]}]))
    waits = [request("A", weight=LARGEST // 8, batches=[batch("1")])]
    assert not refused(problem(requests=waits))
    assert refused(problem(requests=waits, policy={"tiers": [{"waiting": 2}]}))
    heavy = [request("A", weight=LARGEST // 2, batches=[batch("1", latest=0), batch("2", latest=0)])]
    assert not refused(problem(requests=heavy))
    assert refused(problem(requests=[*heavy, request("B", weight=2, batches=[batch("1", latest=0)])]))
