"""Consent taken back while the other side consents: who comes second sees what the first did."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Event
from time import monotonic
from uuid import UUID

import pytest
from sqlalchemy import Engine, text

from registry.access.subject import OPERATOR, OrganisationId, PersonId, Subject
from registry.database import unit_of_work
from registry.errors import WrongStateError
from registry.models import Person
from registry.services import disclosing
from registry.services.disclosing import consent_as_facility, consent_as_sponsor, disclosures_of_request
from registry.vocabulary.lifecycle import DataSet
from registry.vocabulary.roles import Role
from tests.api import records
from tests.factories.facilities import added, facility, numbers, organisation

pytestmark = pytest.mark.database
SECONDS = 60


@dataclass(frozen=True, slots=True)
class Pair:
    """A request and a facility, and who speaks for each."""

    request: UUID
    facility: UUID
    developer: Subject
    planner: Subject


@pytest.fixture
def pair(committed: Engine) -> Pair:
    """Two sides, of which the sponsor consents already."""
    assert committed is not None
    with unit_of_work(OPERATOR) as session:
        sponsor, maker = organisation(session), organisation(session)
        asked, premises = records.request_of(session, sponsor), facility(session, maker)
        people = [added(session, Person(code=f"p{next(numbers)}", data_set=DataSet.LIVE)) for _ in range(2)]
        developer = Subject(PersonId(people[0].id), frozenset({(Role.DEVELOPER, OrganisationId(sponsor.id))}))
        planner = Subject(PersonId(people[1].id), frozenset({(Role.PLANNER, OrganisationId(maker.id))}))
        found = Pair(asked.id, premises.id, developer, planner)
    with unit_of_work(found.developer) as session:
        consent_as_sponsor(session, found.developer, found.request, found.facility, consents=True)
    return found


def await_a_waiter(engine: Engine) -> None:
    """Return once a transaction of this database waits for another."""
    waits = text(
        "select exists (select from pg_locks l join pg_stat_activity a using (pid)"
        " where not l.granted and a.datname = current_database())"
    )
    latest = monotonic() + SECONDS
    while monotonic() < latest:
        with engine.connect() as connection:
            if connection.scalar(waits):
                return
    raise AssertionError("Nobody waits.")


def taken_back_at_once(engine: Engine, pair: Pair) -> BaseException | None:
    """The facility consents, and before that is committed the sponsor takes back; return what the sponsor is told."""
    stepped = Event()

    def take_back() -> None:
        with unit_of_work(pair.developer) as session:
            assert stepped.wait(SECONDS)
            consent_as_sponsor(session, pair.developer, pair.request, pair.facility, consents=False)

    with ThreadPoolExecutor(1) as pool:
        with unit_of_work(pair.planner) as session:
            asked = pool.submit(take_back)
            told = consent_as_facility(session, pair.planner, pair.facility, pair.request, consents=True)
            assert told.disclosed
            stepped.set()
            await_a_waiter(engine)
        return asked.exception(SECONDS)


def disclosed(pair: Pair) -> bool:
    with unit_of_work(OPERATOR) as session:
        return disclosures_of_request(session, OPERATOR, pair.request)[pair.facility].disclosed


def test_what_was_disclosed_in_the_meantime_cannot_be_taken_back(committed: Engine, pair: Pair) -> None:
    assert isinstance(taken_back_at_once(committed, pair), WrongStateError)
    assert disclosed(pair)


def test_sabotage_without_waiting_it_is_taken_back(
    committed: Engine, pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disclosing, "_wait_for_the_other_side", lambda *_: None)
    assert taken_back_at_once(committed, pair) is None
    assert not disclosed(pair)
