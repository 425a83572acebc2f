"""The last value that is allowed and the first that is not, where the other tests come less close."""

import json
from typing import Any

import pytest

from matcher.verifier import Report, verify
from matcher.verifier.formats import check_problem
from matcher.verifier.reading import Odd, canonical, read, shown
from matcher.verifier.shapes import Check, integer, listing, mapping, optional, pair, record, text
from tests.matcher.verifier.small import Document, Row, batch, option, outcome, problem, report, request, suite, use

BOTH: list[Row] = [("A", "1", "F1", 0), ("A", "2", "F1", 0)]


def proved(rows: list[Row], first: int) -> Report:
    """Two batches that can only start at once in a suite for one; its first tick is worth `first`, all others nothing."""
    batches = [batch("1", latest=0), batch("2", latest=0)]
    document = problem(
        horizon=2,
        suites=[suite("F1", "F", open=[[0, 2]])],
        resources=[],
        requests=[request("A", batches=batches, options=[option("F1")])],
    )
    return report(document, rows, proof={"scale": 1, "suites": {"F1": [first, 0]}, "resources": {}})


def test_a_plan_may_reach_what_its_proof_allows_and_no_more() -> None:
    """With a value of 1 a start brings nothing and the free tick 1: the limit is 1, and both batches at once make 2."""
    exact = proved(BOTH[:1], 1)
    assert (exact.objective, exact.proof_bound, exact.findings) == ((1,), 1, ())
    above = proved(BOTH, 1)
    assert (above.objective, above.proof_bound) == ((2,), 1)
    assert [(one.found, one.required) for one in above.findings if one.check == "proof"] == [("1", "at least 2")]
    level = proved(BOTH, 0)
    assert (level.objective, level.proof_bound) == ((2,), 2)
    assert "proof" not in {one.check for one in level.findings}


@pytest.mark.parametrize(("value", "tail"), [("x" * 78, ""), ("x" * 79, "...")])
def test_what_is_shown_is_whole_up_to_eighty_characters(value: str, tail: str) -> None:
    assert shown(value) == (json.dumps(value) if not tail else json.dumps(value)[:77] + tail)
    assert len(shown(value)) == 80


def test_the_json_of_a_report_is_laid_out_for_reading() -> None:
    assert Report(bound=7).as_json().splitlines()[:3] == ["{", '  "bound": 7,', '  "findings": [],']


def test_fifty_levels_are_read() -> None:
    assert read(b"[" * 50 + b"]" * 50).value != Odd("nested too deeply")
    assert read(b"[" * 51 + b"]" * 51).value == Odd("nested too deeply")


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
def test_what_json_cannot_say_has_no_canonical_form(value: float) -> None:
    with pytest.raises(ValueError, match="JSON"):
        canonical({"a": [value]})


CHECKED: list[tuple[Check, Any, str]] = [
    (integer(2, 4), 2, ""),
    (integer(2, 4), 4, ""),
    (integer(2, 4), 1, "must be an integer from 2 to 4, found 1"),
    (integer(2, 4), 5, "must be an integer from 2 to 4, found 5"),
    (integer(), -(2**53) + 1, ""),
    (integer(), -(2**53), "must be an integer from -9007199254740991 to 9007199254740991, found -9007199254740992"),
    (integer(), 2**53 - 1, ""),
    (integer(), 2**53, "must be an integer from -9007199254740991 to 9007199254740991, found 9007199254740992"),
    (text(), "", ""),
    (text(), "x" * 9999, ""),
    (text(1, 2), "xx", ""),
    (text(1, 2), "", "must have 1 to 2 characters, found 0"),
    (text(1, 2), "xxx", "must have 1 to 2 characters, found 3"),
    (text(), "\ud7ff\ue000", ""),
    (text(), "\ud800", "must be Unicode text, found half of a surrogate pair"),
    (text(), "\udfff", "must be Unicode text, found half of a surrogate pair"),
    (optional(text()), None, ""),
    (optional(text()), 1, "must be text, found 1"),
    (pair, [3, 3], ""),
    (pair, [3, 2], "must not end before it begins, found [3, 2]"),
    (pair, [3], "must have at least 2 and at most 2 entries, found 1"),
    (pair, [3, 4, 5], "must have at least 2 and at most 2 entries, found 3"),
    (listing(text()), [], ""),
    (listing(text(), least=1), ["x"], ""),
    (listing(text(), least=1), [], "must have at least 1 and at most 9007199254740991 entries, found 0"),
    (listing(record({"a": text()}), unique=("a",)), [{"a": "x"}, {"a": "y"}], ""),
    (listing(record({"a": text()}), unique=("a",)), [{"a": "x"}, {"a": "x"}], 'stands twice: "x"'),
    (mapping(text(), text()), {}, ""),
    (mapping(text(), text()), ["x"], 'must be an object, found ["x"]'),
    (mapping(text(), text()), None, "must be an object, found null"),
    (record({"a": text()}), {"a": "x"}, ""),
    (record({"a": text()}), {}, "is missing"),
    (record({"a": text()}), ["a"], 'must be an object, found ["a"]'),
    (record({"a": text()}), None, "must be an object, found null"),
    (mapping(text(), text(), least=1), {"x": "y"}, ""),
    (mapping(text(), text(), least=1), {}, "must have at least 1 keys, found 0"),
]


@pytest.mark.parametrize(("check", "value", "fault"), CHECKED)
def test_checks_of_shape_at_their_edges(check: Check, value: object, fault: str) -> None:
    assert [one.text for one in check(value, "here")] == ([fault] if fault else [])


def test_the_same_row_thrice_is_named_twice() -> None:
    rows: list[Document] = [{"a": "x"}, {"a": "x"}, {"a": "x"}]
    faults = listing(record({"a": text()}), unique=("a",))(rows, "rows")
    assert [one.path for one in faults] == ["rows[1]", "rows[2]"]


def test_a_faulty_row_hides_rows_that_stand_twice() -> None:
    """The rows are compared only when each has its keys."""
    faults = listing(record({"a": text()}), unique=("a",))([{"a": "x"}, {"a": "x"}, {}], "rows")
    assert [(one.path, one.text) for one in faults] == [("rows[2].a", "is missing")]


@pytest.mark.parametrize("spoiled", [use("end", delay="x"), use("end", delay=None), {"resource": "QC", "delay": 1}])
def test_a_use_that_is_wrong_in_another_way_is_not_asked_about_its_delay(spoiled: Document) -> None:
    options = [option("F1", uses=[spoiled])]
    faults = check_problem(problem(requests=[request("A", options=options)]))
    assert {one.path.removeprefix("requests[0].options[0].uses[0].") for one in faults} <= {"delay", "at", "amount"}
    assert "is only for uses at the end" not in {one.text for one in faults}
    assert faults


@pytest.mark.parametrize("key", [5, None, ("placed",), 1.5])
def test_a_key_that_is_no_text_is_a_fault_and_never_raises(key: object) -> None:
    assert verify(problem(policy={"tiers": [{key: 1}]}), None).exit_code == 2
    answer = outcome(problem(), [])
    answer["terms"][key] = 0
    assert "format" in {one.check for one in verify(problem(), answer).findings}
