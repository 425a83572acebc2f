"""A client of the whole application on the test database, and accounts to call with."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

import pytest
from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session, sessionmaker
from starlette.testclient import TestClient

from api.app import create_app
from registry import database
from registry.access.subject import OPERATOR
from registry.database import act_as
from registry.models import Membership, Person
from registry.services import oidc
from registry.services.accounts import issue_token
from registry.vocabulary.lifecycle import DataSet
from registry.vocabulary.roles import Role
from tests.api.direct import Direct, directly
from tests.api.keeping import keep
from tests.api.provider import running
from tests.api.world import World, build

__all__ = ["Account", "account", "keep"]


@pytest.fixture
def client(session: Session) -> Iterator[TestClient]:
    """A caller without an account; what it does is rolled back with the test."""
    assert session.is_active
    with TestClient(create_app()) as client:
        yield client


@pytest.fixture(scope="module")
def whole(application: Engine) -> Iterator[Connection]:
    """One transaction around every test of a module, rolled back at its end."""
    with application.connect() as connection, connection.begin() as transaction:
        yield connection
        transaction.rollback()


@pytest.fixture(scope="module")
def opened(whole: Connection) -> Iterator[sessionmaker[Session]]:
    """Sessions inside that transaction, for the tests and for the application under test."""
    make = sessionmaker(whole, join_transaction_mode="create_savepoint", expire_on_commit=False)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database, "sessions", lambda: make)
        yield make


@pytest.fixture(scope="module")
def world(opened: sessionmaker[Session]) -> World:
    """The callers and their organisations, made once a module."""
    with opened() as session:
        return build(session)


@pytest.fixture(scope="module")
def caller(opened: sessionmaker[Session]) -> Iterator[TestClient]:
    """One application for a module."""
    assert opened is not None
    with TestClient(create_app()) as client:
        yield client


@pytest.fixture(scope="module")
def direct(opened: sessionmaker[Session]) -> Iterator[Direct]:
    """The same, called without a client between."""
    assert opened is not None
    with directly(create_app()) as found:
        yield found


@pytest.fixture
def step(whole: Connection, opened: sessionmaker[Session], world: World) -> Iterator[Session]:
    """A session in the module's transaction whose rows, and those of the calls, go away again."""
    assert world.own.id is not None
    with whole.begin_nested() as nested:
        with opened() as session:
            yield session
        nested.rollback()


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """The address of an identity provider in a process of its own."""
    with running() as address:
        yield address


@pytest.fixture
def provided(issuer: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The application knows that provider."""
    monkeypatch.setenv("GMPHUB_OIDC_ISSUER", issuer)
    monkeypatch.setenv("GMPHUB_OIDC_CLIENT_SECRET", "known to both")
    oidc._metadata.cache_clear()
    return issuer


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
