"""What is told of a request is of that very request: the same code in another data set is another one."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.access.subject import OPERATOR, Subject
from registry.database import unit_of_work
from registry.errors import NotVisibleError
from registry.matching import telling
from registry.matching.publishing import publish
from registry.matching.telling import explanation_told, letter_told
from registry.models import Organisation, Request
from registry.vocabulary.lifecycle import DataSet
from registry.vocabulary.roles import Role
from tests.factories import requests
from tests.registry.matching.small import REASON, Small, publication_proof
from tests.registry.services.house import member

pytestmark = [pytest.mark.database, pytest.mark.xdist_group("calculations")]

CODE = "R6"
TELLINGS: dict[str, Callable[[Subject, UUID, UUID], object]] = {
    "explanation": explanation_told,
    "letter": lambda subject, run, request: letter_told(subject, run, request, date(2026, 11, 25)),
}


def sponsor_of(session: Session, request: Request) -> Subject:
    return member(session, Role.DEVELOPER, session.get_one(Organisation, request.organisation_id))


def two_alike() -> tuple[tuple[UUID, Subject], tuple[UUID, Subject]]:
    """A request of the rehearsal and its sponsor, and one of the live data set that carries the same code, and its own."""
    with unit_of_work(OPERATOR) as session:
        rehearsed = session.scalars(select(Request).where(Request.code == CODE)).one()
        live = requests.request(session, code=CODE)
        assert (rehearsed.data_set, live.data_set) == (DataSet.REHEARSAL, DataSet.LIVE)
        return (rehearsed.id, sponsor_of(session, rehearsed)), (live.id, sponsor_of(session, live))


@pytest.mark.parametrize("what", TELLINGS)
def test_a_request_of_another_data_set_is_not_told_as_its_namesake(world: Small, what: str) -> None:
    (rehearsed, sponsor), (live, stranger) = two_alike()
    publish(world.approver, world.run, publication_proof(world.approver, world.run), reason=REASON)
    for reader in (sponsor, world.coordinator):
        assert TELLINGS[what](reader, world.run, rehearsed)
    for reader in (stranger, world.coordinator):
        with pytest.raises(NotVisibleError):
            TELLINGS[what](reader, world.run, live)


def test_sabotage_by_the_code_alone_a_stranger_reads_the_letter_of_its_namesake(
    world: Small, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, (live, stranger) = two_alike()
    publish(world.approver, world.run, publication_proof(world.approver, world.run), reason=REASON)
    documents = telling._documents

    def by_code(reader: Subject, run_id: UUID, *, of: Any, published: bool) -> object:
        assert of is DataSet.LIVE
        return documents(reader, run_id, published=published)

    monkeypatch.setattr(telling, "_documents", by_code)
    assert TELLINGS["letter"](stranger, world.run, live)
