"""The page behind a link that needs no login: opening it changes nothing, pressing the button does one thing, once."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from api.app import create_app
from registry.access.subject import OPERATOR
from registry.models import Confirmation
from registry.notices.links import LinkAct, make_link
from registry.settings import secret_key
from tests.api.conftest import keep
from tests.registry.services.house import House, acting, house

pytestmark = pytest.mark.database


@pytest.fixture
def here(session: Session) -> House:
    found = house(session)
    keep(session)
    return found


@pytest.fixture
def client(here: House) -> TestClient:
    assert here.facility.id
    return TestClient(create_app())


def address(here: House, act: LinkAct = LinkAct.STILL_TRUE, age: timedelta = timedelta()) -> str:
    assert here.planner.person is not None
    now = datetime.now(UTC) - age
    day = None if act is LinkAct.STILL_TRUE else now.date() + timedelta(days=7 - now.weekday())
    key = secret_key().encode()
    return f"/calendar-answers/{make_link(key, here.facility.id, here.planner.person, act, now=now, day=day)}"


def confirmations(session: Session) -> int:
    acting(session, OPERATOR)
    return session.scalar(select(func.count()).select_from(Confirmation)) or 0


def test_opening_it_says_what_it_will_do_and_changes_nothing(session: Session, here: House, client: TestClient) -> None:
    for _ in range(3):
        answer = client.get(address(here))
        assert answer.status_code == 200
        assert "The calendar is still true as it stands." in answer.text
        assert '<form method="post">' in answer.text
    assert confirmations(session) == 0


def test_the_button_does_it_once(session: Session, here: House, client: TestClient) -> None:
    link = address(here)
    assert "Noted." in client.post(link).text
    assert confirmations(session) == 1
    again = client.post(link)
    assert again.status_code == 403
    assert "This link was used before. Log in and say it in the calendar." in again.text
    assert confirmations(session) == 1


def test_a_week_is_closed_and_said_in_days(here: House, client: TestClient) -> None:
    assert "Closed for the week" in client.get(address(here, LinkAct.CLOSE_WEEK)).text
    assert "Noted." in client.post(address(here, LinkAct.CLOSE_WEEK)).text


def test_an_altered_or_old_link_does_nothing(session: Session, here: House, client: TestClient) -> None:
    link = address(here)
    for broken in (link[:-2] + ("AA" if link[-2:] != "AA" else "BB"), link + "x", "/calendar-answers/x.y"):
        assert client.post(broken).status_code == 403
        assert client.get(broken).status_code == 403
    old = address(here, age=timedelta(days=15))
    assert "This link has expired." in client.get(old).text
    assert client.post(old).status_code == 403
    assert confirmations(session) == 0


def test_what_is_no_link_at_all_cannot_be_read(client: TestClient) -> None:
    assert client.get("/calendar-answers/%3Cscript%3E").status_code == 422
