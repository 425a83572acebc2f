"""Whatever stands in the two files, the answer is a report."""

import copy
import random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.verifier import verify, verify_bytes
from matcher.verifier.reading import Odd
from tests.matcher.verifier.plans import right_outcome

VALUES: list[Any] = [None, True, 0, -1, 2**53, 1.5, "", "x", "\ud800", [], {}, [[]], {"": {}}, Odd("1e9"), "F0-S0", 7]


def containers(value: Any) -> list[Any]:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [found for item in inner for found in containers(item)] + ([value] if isinstance(value, dict | list) else [])


def spoiled(document: Any, source: random.Random) -> Any:
    """A copy with one to three values replaced, dropped or added anywhere."""
    document = copy.deepcopy(document)
    for _ in range(source.randint(1, 3)):
        where = source.choice(containers(document))
        keys: list[Any] = list(where) if isinstance(where, dict) else list(range(len(where)))
        value = copy.deepcopy(source.choice(VALUES))
        if not keys or source.random() < 0.2:
            where.update({"new": value}) if isinstance(where, dict) else where.append(value)
        elif source.random() < 0.3:
            del where[source.choice(keys)]
        else:
            where[source.choice(keys)] = value
    return document


@settings(max_examples=400, deadline=None)
@given(st.integers(0, 10**9))
def test_spoiled_documents_are_answered(seed: int) -> None:
    source = random.Random(seed)
    asked, answered = right_outcome(seed % 50)
    assert verify(asked, spoiled(answered, source)).exit_code in (0, 1)
    report = verify(spoiled(asked, source), answered)
    assert report.exit_code in (0, 1, 2)
    assert report.as_json().isascii()
    assert report.as_text()


@settings(max_examples=200)
@given(st.binary(max_size=40), st.binary(max_size=40))
def test_any_bytes_are_answered(asked: bytes, answered: bytes) -> None:
    assert verify_bytes(asked, answered).exit_code == 2
