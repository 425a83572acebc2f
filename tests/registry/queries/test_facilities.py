"""The plain list: a rehearsal says and finds only the word of the alias, never the country behind it."""

import pytest
from sqlalchemy.orm import Session

from registry.access.subject import ANONYMOUS
from registry.queries.facilities import FacilityFilter, list_facilities
from registry.vocabulary.lifecycle import DataSet
from tests.factories.facilities import facility, organisation

pytestmark = pytest.mark.database


@pytest.fixture
def masked(session: Session) -> None:
    owner = organisation(session, data_set=DataSet.REHEARSAL, country="NO")
    facility(session, owner, code="North-03", name="Rehearsal facility North-03", country="NO")


@pytest.mark.usefixtures("masked")
def test_a_masked_country_is_neither_said_nor_found(session: Session) -> None:
    found = list_facilities(session, ANONYMOUS, DataSet.REHEARSAL, FacilityFilter(country="North"))
    assert [(one.name, one.country) for one in found] == [("Rehearsal facility North-03", "North")]
    assert list_facilities(session, ANONYMOUS, DataSet.REHEARSAL, FacilityFilter(country="NO")) == []


def test_outside_rehearsals_the_country_is_the_country(session: Session) -> None:
    facility(session, organisation(session, country="NO"))
    assert len(list_facilities(session, ANONYMOUS, DataSet.LIVE, FacilityFilter(country="NO"))) == 1
    assert list_facilities(session, ANONYMOUS, DataSet.LIVE, FacilityFilter(country="SE")) == []
