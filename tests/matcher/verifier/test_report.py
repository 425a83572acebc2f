"""What a report says to people and to programs."""

import json

from matcher.verifier import Report
from matcher.verifier.report import Finding

FOUND = Report(
    findings=(Finding("places", "too many stays", "2", "at most 1"),),
    remarks=("a remark",),
    objective=(7, -3),
    terms={"placed": 7},
    bound=9,
    proof_bound=8,
)


def test_the_text_says_everything() -> None:
    assert FOUND.as_text().splitlines() == [
        "verdict: findings",
        "places: too many stays",
        "  found 2, required at most 1",
        "remark: a remark",
        "objective: [7, -3]",
        "  placed: 7",
        "bound of the first tier: 9; shown by the proof: 8",
    ]


def test_the_text_of_a_refusal_has_no_numbers() -> None:
    assert Report(refused=("horizon: is missing",)).as_text().splitlines() == [
        "verdict: refused",
        "refused: horizon: is missing",
    ]


def test_the_json_holds_the_same_in_sorted_keys() -> None:
    found = json.loads(FOUND.as_json())
    assert list(found) == sorted(found)
    assert found["verdict"] == "findings"
    assert found["findings"] == [
        {"check": "places", "found": "2", "required": "at most 1", "text": "too many stays"},
    ]
    assert (found["objective"], found["terms"], found["bound"], found["proof_bound"]) == ([7, -3], {"placed": 7}, 9, 8)
