"""Identifiers by form and check digits: the smallest that is right, the nearest that is wrong."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.vocabulary.countries import country_fault, holiday_region_fault
from registry.vocabulary.identifiers import (
    CROCKFORD,
    nuts_fault,
    oms_location_fault,
    oms_organisation_fault,
    ror_fault,
)


@pytest.mark.parametrize("given", ["001w7jn25", "02nv7yv05", "00k4n6c32", "05wg1m734"])
def test_ror_identifiers_in_use_are_right(given: str) -> None:
    assert ror_fault(given) is None


@pytest.mark.parametrize("given", ["001w7jn24", "01w7jn25", "101w7jn25", "0o1w7jn25", "https://ror.org/001w7jn25", ""])
def test_others_are_not(given: str) -> None:
    assert ror_fault(given) is not None


@given(st.text(CROCKFORD, min_size=6, max_size=6), st.integers(0, 5), st.sampled_from(CROCKFORD))
def test_one_wrong_character_of_a_ror_is_found(body: str, place: int, other: str) -> None:
    number = 0
    for character in body:
        number = number * 32 + CROCKFORD.index(character)
    right = f"0{body}{98 - number * 100 % 97:02}"
    wrong = f"{right[: place + 1]}{other}{right[place + 2 :]}"
    assert ror_fault(right) is None
    assert (ror_fault(wrong) is None) == (wrong == right)


@pytest.mark.parametrize(
    ("fault", "right", "wrong"),
    [
        (oms_organisation_fault, "ORG-100000001", "ORG-10000001"),
        (oms_organisation_fault, "ORG-100000001", "LOC-100000001"),
        (oms_location_fault, "LOC-100000001", "LOC-1000000010"),
        (country_fault, "DE", "De"),
        (country_fault, "DE", "DEU"),
        (country_fault, "ZW", "ZZ"),
        (country_fault, "GB", "UK"),
        (lambda code: holiday_region_fault(code, "DE"), "DE-BY", "BY"),
        (lambda code: holiday_region_fault(code, "DE"), "DE-B", "FR-B"),
    ],
)
def test_forms(fault: object, right: str, wrong: str) -> None:
    assert callable(fault)
    assert fault(right) is None
    assert wrong in fault(wrong)


@pytest.mark.parametrize(
    ("code", "country", "right"),
    [
        ("DED51", "DE", True),
        ("DE", "DE", False),
        ("DED511", "DE", False),
        ("ES511", "DE", False),
        ("EL30", "GR", True),
        ("GR30", "GR", False),
        ("UKI", "GB", True),
    ],
)
def test_a_nuts_code_begins_as_its_country(code: str, country: str, right: bool) -> None:
    assert (nuts_fault(code, country) is None) == right
