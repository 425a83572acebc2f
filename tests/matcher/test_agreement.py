"""The reader and the verifier, which share nothing, refuse the same problem files."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.problem import LARGEST_INTEGER, Problem
from matcher.serialise import problem_json, read_problem
from matcher.verifier import verify_bytes
from tests.matcher.bad_files import BadFile, bad_files
from tests.matcher.documents import FULL, Document, as_bytes, changed
from tests.matcher.drawing import problems

TOO_LARGE_TO_SOLVE = ("a thousand million ticks", "eighteen million starts")
"""Refused by the reader for its memory alone."""
BAD_FILES = [bad for bad in bad_files() if bad.name not in TOO_LARGE_TO_SOLVE]
MOST = LARGEST_INTEGER


def both_read(data: bytes) -> bool:
    """Whether reader and verifier take the file; they must agree."""
    read = read_problem(data)
    refused = verify_bytes(data, b"{}").refused
    assert isinstance(read, Problem) == (not refused), (read, refused)
    return not refused


@pytest.mark.parametrize("bad", BAD_FILES, ids=lambda bad: bad.name)
def test_both_refuse_every_bad_file(bad: BadFile) -> None:
    assert not both_read(bad.data)


def test_minus_zero_is_the_whole_number_zero() -> None:
    written = as_bytes(FULL).replace(b'"earliest": 0', b'"earliest": -0')
    plain = read_problem(as_bytes(FULL))
    assert both_read(written)
    assert read_problem(written) == plain


AT_THE_LIMIT: dict[str, tuple[str, int]] = {
    "weight of a tier": ("policy.tiers[1].changes", MOST - 30),
    "cost": ("requests[0].options[0].cost", MOST // 2),
    "preference": ("requests[0].options[1].preference", MOST // 2),
    "places of bookings": ("bookings[1].places", MOST - 3),
    "uses of bookings": ("bookings[1].uses[0].amount", MOST // 2),
    "uses of a plan": ("requests[0].options[0].uses[1].amount", MOST // 2 - 1),
    "changeover": ("suites[0].changeover", MOST - 10),
    "delay of an option": ("requests[0].options[0].uses[0].delay", MOST - 9),
    "order": ("requests[0].batches[1].after.min", MOST - 10),
}


@pytest.mark.parametrize(("path", "largest"), AT_THE_LIMIT.values(), ids=AT_THE_LIMIT)
def test_a_sum_may_reach_the_limit_and_not_pass_it(path: str, largest: int) -> None:
    for value, allowed in ((largest, True), (largest + 1, False)):
        tier = {"changes": 1, "waiting": 1} if "tiers" in path else {"changes": 1}
        document = changed(("policy", {"tiers": [{"placed": 1}, tier]}), (path, value))
        assert both_read(as_bytes(document)) == allowed


def _numbers(value: object, path: str = "") -> list[str]:
    """The paths of all whole numbers of a document."""
    if isinstance(value, dict):
        return [at for key, each in value.items() for at in _numbers(each, f"{path}.{key}" if path else key)]
    if isinstance(value, list):
        return [at for index, each in enumerate(value) for at in _numbers(each, f"{path}[{index}]")]
    return [path] if isinstance(value, int) and not isinstance(value, bool) else []


NUMBERS = st.sampled_from([path for path in _numbers(FULL) if path != "horizon"])
VALUES = st.one_of(
    st.sampled_from([-1, 0, 1, 2, 3, MOST, MOST - 1, MOST // 2, MOST // 3, MOST // 8, 2**52, 2**50, -MOST, MOST + 1]),
    st.integers(-20, 20),
    st.builds(lambda part, beside: MOST // part + beside, st.integers(1, 40), st.integers(-2, 2)),
)


@given(st.lists(st.tuples(NUMBERS, VALUES), min_size=1, max_size=4))
def test_both_agree_whatever_the_numbers(numbers: list[tuple[str, int]]) -> None:
    document: Document = changed(*numbers)
    data = as_bytes(document)
    assert isinstance(read_problem(data), Problem) == (not verify_bytes(data, b"{}").refused)


@given(problems())
def test_both_read_what_is_right(problem: Problem) -> None:
    assert both_read(problem_json(problem))
