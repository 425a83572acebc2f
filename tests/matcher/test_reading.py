"""Problem files: what is read, what is refused, and that every fault is named with its place."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.problem import LARGEST_INTEGER, Problem
from matcher.reading.faults import LISTED
from matcher.serialise import Rejected, document_sha256, problem_json, read_problem, seal
from tests.matcher.bad_files import BadFile, bad_files
from tests.matcher.documents import ABSENT, FULL, Document, as_bytes, changed
from tests.matcher.drawing import problems

BAD_FILES = bad_files()


def read(document: Document) -> Problem:
    found = read_problem(as_bytes(document))
    assert isinstance(found, Problem), found.faults
    return found


def test_there_are_more_than_a_hundred_kinds_of_bad_files() -> None:
    assert len({bad.name for bad in BAD_FILES}) == len(BAD_FILES) > 100


@pytest.mark.parametrize("bad", BAD_FILES, ids=lambda bad: bad.name)
def test_a_bad_file_is_rejected_with_the_path_of_each_fault(bad: BadFile) -> None:
    found = read_problem(bad.data)
    assert isinstance(found, Rejected)
    assert set(bad.paths) <= {fault.path for fault in found.faults}
    assert all(fault.text and len(fault.text) < 400 for fault in found.faults)
    assert len(found.faults) <= LISTED + 1


def test_one_thing_wrong_is_one_fault() -> None:
    for path, value in (("horizon", 0), ("requests[0].weight", True), ("suites[0].facility", "nowhere")):
        found = read_problem(as_bytes(changed((path, value))))
        assert isinstance(found, Rejected)
        at = [fault.path for fault in found.faults]
        assert at == [f"$.{path}"]


def test_the_full_document_is_read() -> None:
    problem = read(FULL)
    assert problem.requests[0].batches[1].weight == 4
    assert problem.requests[0].urgency == 1
    assert problem.requests[1].family_or_own == "Q2"
    assert problem.requests[1].max_sites == 1
    assert problem.suites[1].changeover == 0
    assert problem.requests[0].options[1].windows is None


NEAREST_ALLOWED = [
    ("requests[0].weight", 1),
    ("requests[0].class", 0),
    ("requests[0].held", []),
    ("requests[0].options[0].windows", []),
    ("requests[0].options[0].uses", []),
    ("requests[0].options[0].cost", 0),
    ("requests[0].options[0].duration", LARGEST_INTEGER),
    ("requests[0].batches[1].latest", LARGEST_INTEGER),
    ("requests[0].batches[0].latest", 0),
    ("requests[0].group", ""),
    ("requests[0].id", "x" * 200),
    ("requests[0].id", "äöü 日本 😀"),
    ("suites[0].open", []),
    ("suites[0].open", [[-5, 3], [3, 400]]),
    ("suites[0].changeover", 0),
    ("suites[0].places", LARGEST_INTEGER - 1),
    ("resources[0].capacity", [0, 0, LARGEST_INTEGER]),
    ("bookings[0].start", -LARGEST_INTEGER),
    ("bookings[0].end", LARGEST_INTEGER),
    ("bookings", []),
    ("previous[0].start", -7),
    ("previous[0].suite", "gone"),
    ("previous", []),
    ("policy.tiers[0].placed_class_99", 1),
    ("facilities[0].country", ABSENT),
    ("requests[0].options[0].uses[0].delay", 10**9),
    ("origin", "2028-02-29"),
]


@pytest.mark.parametrize(("path", "value"), NEAREST_ALLOWED)
def test_the_nearest_allowed_value_is_read(path: str, value: object) -> None:
    assert read(changed((path, value))).sha256


def test_the_hash_is_that_of_the_document_as_read_without_defaults() -> None:
    problem = read(FULL)
    assert problem.sha256 == document_sha256(FULL)
    assert seal(problem).sha256 != problem.sha256


def test_order_of_keys_and_white_space_do_not_change_the_hash() -> None:
    turned = json.dumps(dict(reversed(FULL.items())), indent=3).encode()
    found = read_problem(turned)
    assert isinstance(found, Problem)
    assert found.sha256 == document_sha256(FULL)


@given(problems())
@settings(max_examples=50)
def test_a_written_problem_is_read_back_with_the_same_hash(problem: Problem) -> None:
    assert read_problem(problem_json(problem)) == problem


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20))
def test_any_text_in_an_id_gives_the_hash_of_rfc_8785(name: str) -> None:
    document = changed(("requests[1].id", name + "!"))
    assert read(document).sha256 == document_sha256(document)


@given(st.binary(max_size=200))
def test_any_bytes_are_rejected_with_a_fault(data: bytes) -> None:
    found = read_problem(data)
    assert isinstance(found, Rejected)
    assert found.faults


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(st.data(), json_values)
@settings(max_examples=200)
def test_any_value_anywhere_is_read_or_rejected_but_never_raises(data: st.DataObject, value: object) -> None:
    document = changed()
    holder: object = document
    while isinstance(holder, dict | list) and holder:
        keys = list(holder) if isinstance(holder, dict) else list(range(len(holder)))
        key = data.draw(st.sampled_from(keys))
        inner = holder[key]
        if not (isinstance(inner, dict | list) and inner) or data.draw(st.booleans()):
            holder[key] = value
            break
        holder = inner
    found = read_problem(json.dumps(document).encode())
    assert isinstance(found, Problem) or found.faults
