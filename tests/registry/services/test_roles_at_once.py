"""Two roles that exclude each other, given to one person at the same moment: only one is."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from uuid import UUID

import pytest
from sqlalchemy import Engine, select

from registry.access.subject import OPERATOR, PersonId, Subject
from registry.database import unit_of_work
from registry.errors import NotAllowedError
from registry.models import Membership, Person
from registry.services import people
from registry.services.people import give_role
from registry.vocabulary.lifecycle import DataSet
from registry.vocabulary.roles import Role
from tests.factories.facilities import added

pytestmark = pytest.mark.database
APART = (Role.COORDINATOR, Role.AUDITOR)
TODAY = date(2026, 11, 25)


@pytest.fixture
def persons(committed: Engine) -> tuple[UUID, UUID]:
    assert committed is not None
    with unit_of_work(OPERATOR) as session:
        administrator, somebody = (
            added(session, Person(code=code, data_set=DataSet.LIVE)) for code in ("administrator", "somebody")
        )
        added(session, Membership(person_id=administrator.id, role=Role.ADMINISTRATOR))
        return administrator.id, somebody.id


def given(persons: tuple[UUID, UUID]) -> set[Role]:
    """Let one administrator give both at the same moment to somebody, and return which roles that person then holds."""
    administrator = Subject(PersonId(persons[0]), frozenset({(Role.ADMINISTRATOR, None)}))
    barrier = Barrier(len(APART))

    def give(role: Role) -> None:
        with unit_of_work(administrator) as session:
            barrier.wait(timeout=60)
            give_role(session, administrator, persons[1], role, organisation_id=None, network_id=None, today=TODAY)

    with ThreadPoolExecutor(len(APART)) as pool:
        asked = [pool.submit(give, role) for role in APART]
    said = [one.exception() for one in asked]
    assert all(error is None or isinstance(error, NotAllowedError) for error in said)
    with unit_of_work(OPERATOR) as session:
        return set(session.scalars(select(Membership.role).where(Membership.person_id == persons[1])))


def test_only_one_of_two_is_given(persons: tuple[UUID, UUID]) -> None:
    assert len(given(persons)) == 1


def test_sabotage_without_waiting_both_are(persons: tuple[UUID, UUID], monkeypatch: pytest.MonkeyPatch) -> None:
    looked = Barrier(len(APART))
    monkeypatch.setattr(people, "_wait_for_others", lambda *_: looked.wait(timeout=60))
    monkeypatch.setattr(people, "keep", lambda *_: looked.wait(timeout=60))
    assert given(persons) == set(APART)
