"""Forms of public identifiers; numbers of authorisations and certificates have none and stay opaque text."""

import re

OMS_ORGANISATION = re.compile(r"ORG-[0-9]{9}")
OMS_LOCATION = re.compile(r"LOC-[0-9]{9}")
ROR = re.compile(r"0([a-hj-km-np-tv-z0-9]{6})([0-9]{2})")
NUTS = re.compile(r"[A-Z]{2}[0-9A-Z]{1,3}")

NUTS_PREFIX = {"GR": "EL", "GB": "UK"}
"""Countries whose NUTS codes begin otherwise than their ISO 3166-1 code."""

CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"


def oms_organisation_fault(given: str) -> str | None:
    """Return what is wrong with an OMS organisation identifier, None when it has its form."""
    return None if OMS_ORGANISATION.fullmatch(given) else f"{given!r} is not ORG- and nine digits"


def oms_location_fault(given: str) -> str | None:
    """Return what is wrong with an OMS location identifier, None when it has its form."""
    return None if OMS_LOCATION.fullmatch(given) else f"{given!r} is not LOC- and nine digits"


def ror_fault(given: str) -> str | None:
    """Return what is wrong with a ROR identifier, None when form and check digits are right.

    0, six characters of Crockford's base 32, two check digits: 98 − (100 n mod 97) of the six as number n (ROR,
    after ISO/IEC 7064).
    """
    parts = ROR.fullmatch(given)
    if parts is None:
        return f"{given!r} is not 0, six letters or digits (without i, l, o, u) and two digits"
    number = 0
    for character in parts[1]:
        number = number * 32 + CROCKFORD.index(character)
    expected = f"{98 - number * 100 % 97:02}"
    return None if parts[2] == expected else f"{given!r} ends in {parts[2]}, its check digits are {expected}"


def nuts_fault(given: str, country: str) -> str | None:
    """Return what is wrong with a NUTS code of a place in a country, None when it has its form and prefix."""
    if not NUTS.fullmatch(given):
        return f"{given!r} is not two capital letters and one to three letters or digits"
    prefix = NUTS_PREFIX.get(country, country)
    return None if given.startswith(prefix) else f"{given!r} does not begin with {prefix}, as the country says"
