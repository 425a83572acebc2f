"""Names that a problem does not have are found each by itself, with no other fault beside them."""

import pytest

from matcher.verifier import verify
from tests.matcher.verifier.small import problem, request, with_value


@pytest.mark.parametrize(
    ("path", "value", "fault"),
    [
        ("suites.0.facility", "X", "suites[0].facility"),
        ("resources.0.facility", "X", "resources[0].facility"),
        ("requests.0.held", ["X"], "requests[0].held[0]"),
        ("requests.0.options.0.suite", "X", "requests[0].options[0].suite"),
        ("requests.0.batches.0.after", {"batch": "X", "min": 0}, "requests[0].batches[0].after.batch"),
        ("bookings", [{"suite": "X", "start": 0, "end": 1}], "bookings[0].suite"),
    ],
)
def test_a_name_that_is_not_there_is_the_only_fault(path: str, value: object, fault: str) -> None:
    found = verify(with_value(problem(), path, value), None).refused
    assert found == (f'{fault}: is not in the document: "X"',)


def test_names_that_are_there_are_no_fault() -> None:
    document = problem(requests=[request("A", held=["F", "G"])], bookings=[{"suite": "F1", "start": 0, "end": 1}])
    assert verify(document, None).refused == ()
