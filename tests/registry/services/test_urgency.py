"""The urgency class of a programme takes two reviewers who state the same."""

import pytest
from sqlalchemy.orm import Session

from registry.access.subject import OPERATOR, Subject
from registry.models import Request
from registry.services.requests import decide_urgency
from registry.vocabulary.lifecycle import RequestState
from tests.factories import requests
from tests.registry.services.house import REASON, acting, coordinator

pytestmark = pytest.mark.database


@pytest.fixture
def request_(session: Session) -> Request:
    return requests.request(session, state=RequestState.SUBMITTED)


@pytest.fixture
def first(session: Session) -> Subject:
    return coordinator(session)


@pytest.fixture
def second(session: Session) -> Subject:
    acting(session, OPERATOR)
    return coordinator(session)


def stated(session: Session, request: Request, subject: Subject, urgency: int) -> tuple[int | None, int | None]:
    """State a class; returns what is decided, and what waits for another reviewer."""
    acting(session, subject)
    decide_urgency(session, subject, request.id, request.version, urgency, REASON)
    return request.urgency_decided, request.urgency_stated


def test_one_reviewer_decides_nothing(session: Session, request_: Request, first: Subject) -> None:
    assert stated(session, request_, first, 0) == (None, 0)


def test_one_reviewer_who_says_it_twice_decides_nothing(session: Session, request_: Request, first: Subject) -> None:
    stated(session, request_, first, 0)
    assert stated(session, request_, first, 0) == (None, 0)


def test_two_reviewers_decide(session: Session, request_: Request, first: Subject, second: Subject) -> None:
    stated(session, request_, first, 0)
    assert stated(session, request_, second, 0) == (0, None)


def test_another_class_waits_in_its_turn(session: Session, request_: Request, first: Subject, second: Subject) -> None:
    stated(session, request_, first, 0)
    assert stated(session, request_, second, 1) == (None, 1)
    assert stated(session, request_, first, 1) == (1, None)


def test_what_was_decided_stands_until_two_decide_otherwise(
    session: Session, request_: Request, first: Subject, second: Subject
) -> None:
    stated(session, request_, first, 2)
    stated(session, request_, second, 2)
    assert stated(session, request_, first, 1) == (2, 1)
    assert stated(session, request_, second, 1) == (1, None)
