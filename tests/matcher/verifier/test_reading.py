"""Bytes in, canonical bytes out: strict reading and the RFC 8785 form."""

import json

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from matcher.verifier import verify_bytes
from matcher.verifier.reading import NotJsonError, Odd, canonical, read, sha256, shown
from tests.matcher.verifier.small import outcome, problem, with_value

WHOLE = st.integers(-(2**53) + 1, 2**53 - 1)
DOCUMENTS = st.recursive(
    st.none() | st.booleans() | WHOLE | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
)


@given(DOCUMENTS)
def test_the_canonical_form_is_that_of_rfc_8785(document: object) -> None:
    assert canonical(document) == rfc8785.dumps(document)  # type: ignore[arg-type]


def test_keys_are_sorted_by_utf_16_code_units() -> None:
    """The surrogates of U+1F600 sort before U+FB33, the code points the other way round (RFC 8785, 3.2.3)."""
    assert canonical({"\ufb33": 1, "\U0001f600": 2, "a": [True, None, -0]}) == (
        '{"a":[true,null,0],"\U0001f600":2,"\ufb33":1}'.encode()
    )


def test_sha256_of_a_known_text() -> None:
    assert sha256(b"abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"NaN",
        b"[Infinity]",
        b"[-Infinity]",
        b"{'a': 1}",
        b"[1,]",
        b"\xff",
        b"\xef\xbb\xbf{}",
        b"{} {}",
        b"01",
    ],
)
def test_what_is_not_json_is_refused(data: bytes) -> None:
    with pytest.raises(NotJsonError):
        read(data)
    good = json.dumps(problem()).encode()
    assert verify_bytes(data, good).exit_code == 2
    assert verify_bytes(good, data).exit_code == 2


def test_numbers_of_another_kind_are_kept_apart() -> None:
    assert read(b"[1, -0, 12345678901234567890]").value == [1, 0, 12345678901234567890]
    assert read(b"[1.0, 1e3, 123456789012345678901]").value == [Odd("1.0"), Odd("1e3"), Odd("123456789012345678901")]
    assert read(b"[" * 200_000 + b"]" * 200_000).value == Odd("nested too deeply")


def test_repeated_keys_are_listed() -> None:
    assert read(b'{"a": {"b": 1, "b": 1, "c": 1}, "d": 1, "d": 1}').repeated == ("b", "d")
    assert read(b'{"a": {"a": 1}, "b": [{"a": 1}, {"a": 1}]}').repeated == ()


def test_a_repeated_key_refuses_a_problem_and_is_found_in_an_outcome() -> None:
    asked, answered = json.dumps(problem()).encode(), json.dumps(outcome(problem(), [])).encode()
    assert verify_bytes(asked, answered).exit_code == 0
    assert verify_bytes(asked[:-1] + b', "tick": "week"}', answered).exit_code == 2
    found = verify_bytes(asked, answered[:-1] + b', "seed": 0}')
    assert (found.exit_code, [finding.check for finding in found.findings]) == (1, ["format"])


@pytest.mark.parametrize(
    ("written", "code"), [("1.5", 0), ("0", 0), ("1e-3", 0), ("null", 0), ("-1.5", 1), ('"1"', 1), ("[]", 1)]
)
def test_seconds_may_have_a_point(written: str, code: int) -> None:
    asked, answered = json.dumps(problem()).encode(), json.dumps(outcome(problem(), [], seconds=7)).encode()
    changed = answered.replace(b'"seconds": 7', b'"seconds": ' + written.encode())
    assert verify_bytes(asked, changed).exit_code == code


@pytest.mark.parametrize("place", ["horizon", "suites.0.places", "requests.0.batches.0.earliest"])
@pytest.mark.parametrize("written", ["1.0", "1e0", "true", "1" * 30, "1" * 5000, "[" * 100_000 + "]" * 100_000])
def test_a_number_of_another_kind_refuses_a_problem(place: str, written: str) -> None:
    document = json.dumps(with_value(problem(), place, "HERE")).replace('"HERE"', written)
    assert verify_bytes(document.encode(), b"{}").exit_code == 2


def test_the_order_of_keys_does_not_matter() -> None:
    asked = json.dumps(dict(reversed(problem().items())), indent=3).encode()
    assert verify_bytes(asked, json.dumps(outcome(problem(), [])).encode()).exit_code == 0


@given(st.text() | st.integers() | st.builds(Odd, st.text()))
def test_what_is_shown_is_short_and_ascii(value: object) -> None:
    assert shown(value).isascii()
    assert len(shown(value)) <= 80
