"""The directory page: real facilities with their sources, and never a rehearsal's."""

import pytest
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from api.app import create_app
from registry.vocabulary.lifecycle import DataSet
from tests.api.conftest import keep
from tests.factories.facilities import facility, organisation, site

pytestmark = pytest.mark.database


@pytest.fixture
def client(session: Session) -> TestClient:
    public = organisation(session, data_set=DataSet.DIRECTORY, country="FR", name="A hospital")
    known = facility(session, public, name="Known house", source_note="public page: https://example.org/house")
    site(session, known)
    facility(session, public, name="Vague <house>", source_note="general knowledge: existence only")
    facility(session, organisation(session, data_set=DataSet.REHEARSAL), name="Rehearsal facility XX-01")
    keep(session)
    return TestClient(create_app())


def test_it_shows_sourced_facilities_only_and_says_they_are_unverified(client: TestClient) -> None:
    text = client.get("/directory").text
    assert "Unverified: none of it is a licence." in text
    assert 'href="https://example.org/house" rel="noreferrer"' in text
    assert "general knowledge" in text
    assert "Vague &lt;house&gt;" in text
    assert "Rehearsal facility" not in text


def test_a_point_leads_to_its_line(client: TestClient) -> None:
    text = client.get("/directory").text
    assert text.count('<circle class="point') + text.count('class="point idle"') >= 1
    anchor = text.split('href="#facility-')[1].split('"')[0]
    assert f'id="facility-{anchor}"' in text


def test_what_was_asked_stays_in_the_form(client: TestClient) -> None:
    text = client.get("/directory", params={"q": "known", "country": "FR"}).text
    assert "1 of 2 shown" in text
    assert 'value="known"' in text
    assert '<option value="FR" selected>' in text


def test_nothing_found_and_unreadable_questions(client: TestClient) -> None:
    assert "Nothing fits" in client.get("/directory?q=zzz").text
    assert client.get("/directory?q=%00").status_code == 422
