"""Facts survive the way into a document and back, and the same facts always give the same bytes."""

from dataclasses import replace
from datetime import date

import pytest

from matcher.facts import Authorisation, Facts
from registry.matching.documents import canonical, facts_from_json, sha256_of, to_document
from registry.vocabulary.periods import Days
from registry.vocabulary.regulation import AuthorisationKind, ProductType

EMPTY = Facts(date(2026, 11, 30), 26, date(2026, 11, 25), (), (), ({"placed": 1},))


def test_facts_come_back_as_they_were() -> None:
    assert facts_from_json(canonical(EMPTY)) == EMPTY


def test_sets_have_one_form_whatever_their_sequence() -> None:
    codes = ["1.3.1.4", "1.6.1", "1.3.1.3"]
    forms = {canonical(_authorisation(frozenset(order))) for order in (codes, codes[::-1])}
    assert len(forms) == 1


def test_a_changed_day_changes_the_hash() -> None:
    assert sha256_of(EMPTY) != sha256_of(replace(EMPTY, known_on=date(2026, 11, 26)))


def test_a_value_without_a_form_is_refused() -> None:
    with pytest.raises(TypeError, match="no place in a snapshot"):
        to_document(object())


def _authorisation(codes: frozenset[str]) -> Authorisation:
    return Authorisation(
        id="a",
        kind=AuthorisationKind.MIA_IMP,
        holder="h",
        product_type=ProductType.IMP,
        codes=codes,
        validity=Days(date(2020, 1, 1), None),
        open_ended_confirmed=True,
        complete=True,
        confirmed_on=None,
    )
