"""Which facilities a round takes, with which methods, certification and limits."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from matcher import facts
from registry import models
from registry.matching.snapshot.facilities import facilities_of
from registry.matching.snapshot.period import Horizon
from registry.vocabulary.facilities import LimitKind
from registry.vocabulary.lifecycle import DataSet, FacilityStatus
from registry.vocabulary.products import ProductClass
from tests.factories import facilities

TODAY = date(2026, 11, 25)
HORIZON = Horizon(date(2026, 11, 30), 26)


def taken(session: Session, row: models.Facility) -> facts.Facility | None:
    """The facility as a round takes it, None where it does not."""
    session.flush()
    found = facilities_of(session, DataSet.LIVE, HORIZON, TODAY)
    return next((one for one in found if one.id == row.code), None)


def below(session: Session, row: models.Facility, model: type[Any], **values: object) -> None:
    """Add a row of a facility."""
    session.add(model(facility_id=row.id, organisation_id=row.organisation_id, **values))


@pytest.mark.parametrize("status", list(FacilityStatus))
def test_only_operating_facilities_are_matched(session: Session, status: FacilityStatus) -> None:
    row = facilities.facility(session, status=status)
    assert (taken(session, row) is not None) is (status is FacilityStatus.OPERATING)


def test_methods_are_kept_apart_by_who_runs_them(session: Session) -> None:
    row = facilities.facility(session)
    for method, in_house, days in (("sterility", True, 14), ("endotoxin", False, None), ("potency", None, 7)):
        below(session, row, models.QcMethod, method=method, in_house=in_house, result_days=days)
    found = taken(session, row)
    assert found is not None
    assert [*found.qc_methods, *found.qc_contracted, *found.qc_unclear] == ["sterility", "endotoxin", "potency"]
    assert found.qc_days == (("potency", 7), ("sterility", 14))


def test_certification_has_its_end(session: Session) -> None:
    row = facilities.facility(session)
    end = date(2027, 2, 1)
    below(session, row, models.QpCover, classes=[ProductClass.TEP], here=True, valid_to=end)
    found = taken(session, row)
    assert found is not None
    assert found.qp is not None
    assert found.qp.valid_to == end


@pytest.mark.parametrize("amount", [0, 2])
def test_new_products_a_year_limit_where_nothing_else_is_said(session: Session, amount: int) -> None:
    row = facilities.facility(session, new_products_a_year=amount)
    found = taken(session, row)
    assert found is not None
    assert found.limits == (facts.Limit(LimitKind.NEW_PRODUCTS, 52, amount),)


def test_a_limit_of_its_own_comes_first(session: Session) -> None:
    row = facilities.facility(session, new_products_a_year=0)
    below(session, row, models.FacilityLimit, kind=LimitKind.NEW_PRODUCTS, period_weeks=26, amount=1)
    found = taken(session, row)
    assert found is not None
    assert found.limits == (facts.Limit(LimitKind.NEW_PRODUCTS, 26, 1),)
