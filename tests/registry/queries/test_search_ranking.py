"""The rank: text, distance in steps, freshness, completeness, distance, name; pages that stay; masks of a rehearsal."""

from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from registry.access.subject import ANONYMOUS, OPERATOR
from registry.bench.thousand import TODAY
from registry.database import act_as
from registry.models import Confirmation, Facility
from registry.queries.facilities import shown_country
from registry.queries.search import Filters, Key, Near, search
from registry.queries.search.answer import read_key
from registry.vocabulary.lifecycle import ConfirmationSubject, DataSet
from tests.factories import facilities
from tests.factories.facilities import added
from tests.registry.queries.searching import found, names


def at(session: Session, name: str, kilometres: float, days_ago: int = 0, languages: tuple[str, ...] = ()) -> Facility:
    """A facility so far from 0° N 0° E, confirmed so many days ago."""
    facility = facilities.facility(session, name=name, languages=list(languages))
    facilities.site(session, facility, latitude=kilometres / 111.195, longitude=0.0)
    day = TODAY - timedelta(days=days_ago)
    key = {"facility_id": facility.id, "organisation_id": facility.organisation_id}
    added(session, Confirmation(**key, subject=ConfirmationSubject.CALENDAR, confirmed_on=day))
    return facility


HERE = Near(0.0, 0.0)


def test_a_step_of_distance_outweighs_freshness_and_less_than_a_step_does_not(session: Session) -> None:
    at(session, "stale, 10 km", 10, days_ago=50)
    at(session, "fresh, 40 km", 40)
    at(session, "fresh and told, 45 km", 45, languages=("de",))
    at(session, "fresh, 60 km", 60)
    answer = found(session, Filters(near=HERE))
    assert names(answer) == ["fresh and told, 45 km", "fresh, 40 km", "stale, 10 km", "fresh, 60 km"]
    assert answer.facilities[2].reasons == (
        "10 km away",
        "calendar confirmed 50 days ago: overdue",
        "1 of 9 public facts recorded",
    )


def test_equals_stand_by_name_and_without_a_place_last(session: Session) -> None:
    at(session, "b", 5000)
    at(session, "a", 5000)
    facilities.facility(session, name="nowhere")
    answer = found(session, Filters(near=HERE))
    assert names(answer) == ["a", "b", "nowhere"]
    assert answer.facilities[-1].distance_km is None
    assert answer.facilities[-1].reasons[0] == "place not recorded"


def test_a_page_goes_on_after_its_key_whatever_comes_or_goes_before(session: Session) -> None:
    for letter in "bcdef":
        at(session, letter, 10)
    first = search(session, OPERATOR, DataSet.LIVE, today=TODAY, limit=2)
    assert (names(first), first.total) == (["b", "c"], 5)
    at(session, "a", 10)
    gone = session.query(Facility).where(Facility.name == "c").one()
    gone.name = "a, renamed"
    session.flush()
    second = search(session, OPERATOR, DataSet.LIVE, today=TODAY, after=first.next, limit=2)
    third = search(session, OPERATOR, DataSet.LIVE, today=TODAY, after=second.next, limit=2)
    assert (names(second), names(third), third.next) == (["d", "e"], ["f"], None)


@given(st.builds(Key, *[st.integers(0, 10**8)] * 5, st.text(max_size=20), st.uuids(version=4).map(str)))
def test_a_key_is_read_as_it_was_written(key: Key) -> None:
    assert read_key(key.parts()) == key


@pytest.mark.parametrize("parts", [(), ("1",) * 7, ("x", "0", "0", "0", "0", "name", str(UUID(int=1)))])
def test_other_words_are_no_key(parts: tuple[str, ...]) -> None:
    assert read_key(parts) is None


@pytest.mark.parametrize("code", ["North-03", "DE-07", "Europe-01", "South-East-02"])
def test_in_a_rehearsal_a_country_is_the_word_it_is_shown_by(session: Session, code: str) -> None:
    owner = facilities.organisation(session, data_set=DataSet.REHEARSAL, country="FI")
    masked = facilities.facility(session, owner, code=code, name=f"Rehearsal facility {code}")
    word = shown_country(masked)
    found_by_word = found(session, Filters(countries=frozenset({word})), ANONYMOUS, DataSet.REHEARSAL)
    assert [one.country for one in found_by_word.facilities] == [word]
    found_by_country = found(session, Filters(countries=frozenset({"FI"})), ANONYMOUS, DataSet.REHEARSAL)
    assert found_by_country.total == 0


def test_one_data_set_at_a_time(session: Session) -> None:
    for data_set in DataSet:
        owner = facilities.organisation(session, data_set=data_set)
        facility = facilities.facility(session, owner, name=data_set.value, languages=[data_set.value])
        facilities.suite(session, facilities.site(session, facility), grade="B")
    act_as(session, OPERATOR)
    for data_set in DataSet:
        answer = found(session, Filters(), OPERATOR, data_set)
        assert names(answer) == [data_set.value]
        assert all(one.facilities == 1 for counts in answer.counts.values() for one in counts)
