"""A client of the whole application on the test database, and accounts to call with."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

import pytest
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from api.app import create_app
from registry.access.subject import OPERATOR
from registry.database import act_as, seal_trail
from registry.models import Membership, Person
from registry.services.accounts import issue_token
from registry.vocabulary.lifecycle import DataSet
from registry.vocabulary.roles import Role


@pytest.fixture
def client(session: Session) -> Iterator[TestClient]:
    """A caller without an account; what it does is rolled back with the test."""
    assert session.is_active
    with TestClient(create_app()) as client:
        yield client


def keep(session: Session) -> None:
    """Finish what a test has prepared, so that the calls that follow find it and its trail is written."""
    seal_trail(session)
    session.commit()


@dataclass(frozen=True, slots=True)
class Account:
    """A person with the headers that a call with its key carries."""

    person: Person
    headers: dict[str, str]


def account(session: Session, code: str, role: Role | None = None, organisation: UUID | None = None) -> Account:
    """Make an account with a key and at most one role."""
    act_as(session, OPERATOR)
    person = Person(code=code, name=f"Name of {code}", data_set=DataSet.LIVE)
    session.add(person)
    session.flush()
    if role is not None:
        session.add(Membership(person_id=person.id, role=role, organisation_id=organisation))
    secret = issue_token(session, OPERATOR, person, "test", None)
    keep(session)
    return Account(person, {"Authorization": f"Bearer {secret}"})
