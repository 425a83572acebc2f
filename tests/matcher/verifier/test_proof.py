"""The proof of a bound against numbers worked out by hand."""

import pytest

from matcher.verifier import Report
from tests.matcher.verifier.small import Document, Row, batch, option, problem, report, request, suite, use, with_value


def provable(**changes: object) -> Document:
    options = [option("F1", cost=1, uses=[use("each"), use("once", 2)]), option("G1", cost=3)]
    tiers = [{"placed": 10, "waiting": 2, "cost": 1, "changes": 4}]
    previous = [{"request": "A", "batch": "1", "suite": "F1", "start": 1}]
    document = problem(
        horizon=4,
        resources=[{"id": "QC", "facility": "F", "period": 2, "capacity": [2, 3]}],
        requests=[request("A", options=options, max_sites=1)],
        bookings=[{"suite": "F1", "start": 3, "end": 9, "uses": [use("start", 4)]}],
        suites=[suite("F1", "F", open=[[0, 3]]), suite("G1", "G", open=[[1, 4]])],
        policy={"tiers": tiers},
        previous=previous,
    )
    document["requests"][0].update(changes)
    return document


def judged(document: Document, rows: list[Row], **changes: object) -> Report:
    """The bookings of this problem exceed QC in period 1, so every outcome carries a warning."""
    return report(document, rows, warnings=["QC is full"], **changes)


def found_in(document: Document, rows: list[Row], **changes: object) -> set[str]:
    return {finding.check for finding in judged(document, rows, **changes).findings}


PROOF: Document = {"scale": 2, "suites": {"F1": [3, 0, 1, 9], "G1": [7, 2, 2, 0]}, "resources": {"QC": [1, 2]}}


def test_the_proof_is_redone_as_the_page_words_it() -> None:
    """By hand: profits are 2 · share − values held − each tick's value of QC.

    Suite F1: start 0: 2 · (10 − 1) − 3 − 2 = 13 for both batches; start 1: batch 1 keeps its place, 2 · (10 − 2 − 1 + 4)
    − 1 − 3 = 18, batch 2 2 · 7 − 4 = 10. Suite G1: start 1: 2 · (10 − 2 − 3) − 4 = 6; start 2: 2 · 3 − 2 = 4.
    Facility F: 18 + 13 = 31; G: 12. Free places: F1 3 + 0 + 1 (tick 3 is closed); G1 2 + 2 + 0 (tick 0 is closed).
    Free capacity: 2 · 1 + 0 (period 1 has 3 − 4). Sum 31 + 4 + 4 + 2 = 41, half of it 20, less 4 for one entry.
    """
    assert judged(provable(), [], proof=PROOF).proof_bound == 16
    assert judged(provable(max_sites=2), [], proof=PROOF).proof_bound == 16
    assert judged(provable(all_or_nothing=True), [], proof=PROOF).proof_bound == 16
    costly = {**PROOF, "suites": {"F1": [60, 60, 60, 0], "G1": [0, 60, 0, 60]}}
    # F1: batch 1 best at 1: 22 − 120 − 3; nothing pays, floors at 0; free places 180 + 120, QC 2: 302 / 2 − 4
    assert judged(provable(), [], proof=costly).proof_bound == 147


def test_the_proof_counts_places_and_capacity_that_bookings_leave() -> None:
    """Places 2 of which one is booked at ticks 1 and 2: 2 · 1 + 10 + 100 + 2 · 1000; QC 2 − 2 and 3 − 1 of value 7."""
    held = {"suite": "G1", "places": 1}
    bookings = [{**held, "start": 1, "end": 3}, {**held, "start": -3, "end": 0}, {**held, "start": 4, "end": 9}]
    bookings.append({"suite": "F1", "start": 0, "end": 3, "uses": [use("each")]})
    suites = [suite("F1", "F", open=[]), suite("G1", "G", places=2, open=[[0, 4]])]
    document = provable() | {"bookings": bookings, "suites": suites, "requests": [], "previous": []}
    values = {"F1": [5, 5, 5, 5], "G1": [1, 10, 100, 1000]}
    proof = {"scale": 1, "suites": values, "resources": {"QC": [7, 7]}}
    assert judged(document, [], proof=proof).proof_bound == 2112 + 14


def test_the_proof_weighs_class_and_waiting_and_only_the_terms_of_its_tier() -> None:
    """One batch of weight 4 that starts at 1 at best: 4 · (3 + 5) − 2 · 4 · 1, and keeping its place earns nothing."""
    nothing = {"scale": 1, "suites": {"F1": [0] * 4, "G1": [0] * 4}, "resources": {"QC": [0, 0]}}
    document = provable(weight=4, batches=[batch("1")], options=[option("G1", cost=9, travel=9, preference=9)])
    document["policy"]["tiers"] = [{"placed": 3, "placed_class_0": 5, "waiting": 2}]
    document["previous"][0]["suite"] = "G1"
    assert judged(document, [], proof=nothing).proof_bound == 24
    document["policy"]["tiers"] = [{"placed": 3, "placed_class_7": 5, "travel": 1}]
    assert judged(document, [], proof=nothing).proof_bound == 12 - 9


def test_the_proof_of_all_or_nothing_floors_the_sum() -> None:
    """F1 at start 0: 2 · 9 − 20 − 2 = −4 for each, at 1: 22 − 0 − 3 = 19 for batch 1 and 14 − 3 = 11 for batch 2."""
    values = {"F1": [20, 0, 0, 0], "G1": [0, 0, 0, 0]}
    proof = {**PROOF, "suites": values}
    document = provable(all_or_nothing=True, batches=[batch("1"), batch("2", latest=0)])
    # batch 2 can only start at 0 in F1: 19 − 4 = 15; free places 20, QC 2: 37 // 2 − 4
    assert judged(document, [], proof=proof).proof_bound == 14
    # each floored at 0: 19 + 0
    document = provable(batches=[batch("1"), batch("2", latest=0)])
    assert judged(document, [], proof=proof).proof_bound == 16
    # batch 2 cannot start anywhere: nothing for all or nothing, 19 otherwise
    late = [batch("1"), batch("2", earliest=9)]
    assert judged(provable(all_or_nothing=True, batches=late), [], proof=proof).proof_bound == 7
    assert judged(provable(batches=late), [], proof=proof).proof_bound == 16


def test_the_best_facility_is_taken_only_for_one_site() -> None:
    """Batch 1 can only start in F1 (profit 22 − 3 = 19 at start 1), batch 2 only in G1 (start 2: 20 − 8 − 6 = 6)."""
    proof = {"scale": 2, "suites": {"F1": [0] * 4, "G1": [0] * 4}, "resources": {"QC": [1, 2]}}
    batches = [batch("1", earliest=0, latest=1), batch("2", earliest=2)]
    document = provable(batches=batches)
    document["requests"][0]["options"][1]["windows"] = [[2, 2]]
    one = judged(document, [], proof=proof).proof_bound
    document["requests"][0]["max_sites"] = 2
    two = judged(document, [], proof=proof).proof_bound
    # F alone 19 + QC 2 = 21 // 2 − 4; both 19 + 14 (waiting 0: 2 · 7) + 2 = 35 // 2 − 4
    assert (one, two) == (6, 13)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("suites.F1", [0] * 3),
        ("suites.F1", [0] * 5),
        ("suites.X", [0] * 4),
        ("suites", {}),
        ("resources.QC", [0]),
        ("resources.QC", [0, 0, 0]),
        ("resources.X", [0, 0]),
        ("resources", {}),
    ],
)
def test_a_proof_of_the_wrong_shape_does_not_hold(path: str, value: object) -> None:
    assert found_in(provable(), [], proof=PROOF) == set()
    assert found_in(provable(), [], proof=with_value(PROOF, path, value)) == {"proof"}


@pytest.mark.parametrize(
    ("path", "value"), [("scale", 0), ("scale", None), ("suites.F1.0", -1), ("resources.QC.0", -1)]
)
def test_a_proof_with_negative_values_breaks_the_format(path: str, value: object) -> None:
    assert found_in(provable(), [], proof=with_value(PROOF, path, value)) == {"format"}


def test_the_smallest_scale() -> None:
    assert found_in(provable(), [], proof={**PROOF, "scale": 1}) == set()


@pytest.mark.parametrize("term", ["sites", "fairness"])
def test_a_proof_is_only_for_terms_it_can_bound(term: str) -> None:
    document = provable()
    document["policy"]["tiers"] = [{"placed": 1, term: 1}]
    assert found_in(document, [], proof=PROOF) == {"proof"}
    document["policy"]["tiers"] = [{"placed": 1, "placed_class_0": 1, "travel": 1, "preference": 1}, {term: 1}]
    assert found_in(document, [], proof=PROOF) == set()


def test_a_proof_below_the_plan_does_not_hold() -> None:
    """The plan breaks the one place of the suite twice; its proof, honest for sound plans, lies below it."""
    zero = {"scale": 1, "suites": {"F1": [90] * 4, "G1": [90] * 4}, "resources": {"QC": [0, 0]}}
    document = provable(options=[option("F1")], batches=[batch(str(number)) for number in range(99)])
    document["policy"]["tiers"] = [{"placed": 10}]
    rows: list[Row] = [("A", name, "F1", 0) for name in sorted(map(str, range(99)))]
    assert found_in(document, rows, proof=zero) == {"places", "proof"}


def test_the_report_prints_both_bounds_and_remarks_on_a_tighter_claim() -> None:
    found = judged(provable(), [], proof=PROOF, bound=[15])
    assert (found.bound, found.proof_bound, found.exit_code) == (15, 16, 0)
    assert len(found.remarks) == 1
    assert "15; shown by the proof: 16" in found.as_text()
    assert judged(provable(), [], proof=PROOF, bound=[16]).remarks == ()


def bound_of(qc: list[int], suites: list[int], **changes: object) -> int | None:
    """The limit that these values give for one suite, open at ticks 0 and 1 of four, and QC in periods of two ticks."""
    document = problem(
        horizon=4,
        suites=[suite("F1", "F", open=[[0, 2]])],
        resources=[{"id": "QC", "facility": "F", "period": 2, "capacity": [2, 3]}],
        requests=[],
    )
    proof = {"scale": 1, "suites": {"F1": suites}, "resources": {"QC": qc}}
    return report({**document, **changes}, [], proof=proof).proof_bound


def only(**changes: object) -> dict[str, object]:
    """One request for one batch at F1."""
    return {
        "requests": [request("A", **{"batches": [batch("1")], "options": [option("F1")], "max_sites": 1} | changes)]
    }


NOTHING = [0, 0, 0, 0]


def test_each_part_of_a_proof_alone() -> None:
    assert bound_of([0, 0], [1, 1, 1, 1]) == 2
    assert bound_of([0, 0], [1, 1, 1, 1], bookings=[{"suite": "F1", "start": 0, "end": 1}]) == 1
    assert bound_of([0, 0], NOTHING, **only(options=[])) == 0
    assert bound_of([0, 0], NOTHING, **only()) == 1
    assert bound_of([0, 0], NOTHING, **only(), policy={"tiers": [{"cost": 1}]}) == 0


def test_keeping_a_place_earns_nothing_in_a_tier_without_changes() -> None:
    kept = [{"request": "A", "batch": "1", "suite": "F1", "start": 0}]
    assert bound_of([0, 0], NOTHING, **only(), previous=kept) == 1
    assert bound_of([0, 0], NOTHING, **only(), previous=kept, policy={"tiers": [{"placed": 1, "changes": 2}]}) == 1


def test_a_stay_that_ends_with_a_period_pays_for_the_ticks_it_holds() -> None:
    """One tick, the second of period 0, at 5: 100 − 5, and the free capacity 2 · 5 + 3 · 7."""
    stay = option("F1", duration=1, windows=[[1, 1]], uses=[use("each")])
    assert bound_of([5, 7], NOTHING, **only(options=[stay], weight=100)) == 95 + 10 + 21
