"""Every fact that comes over HTTP says so: whatever an operation writes carries the source API."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.access.subject import OPERATOR
from registry.database import act_as
from registry.models.base import BY, Base, Sourced
from registry.vocabulary.facilities import Rhythm
from registry.vocabulary.lifecycle import Publication, RequestState, Source
from tests.api import records
from tests.api.calls import call
from tests.api.direct import IDENTICAL, Direct, as_sent
from tests.api.keeping import keep
from tests.api.test_matrix import CALLERS, OPERATIONS
from tests.api.world import World
from tests.factories.facilities import facility, organisation

pytestmark = pytest.mark.database
DECIDING = {"attest_legal_record", "confirm_suites", "decide_request_urgency", "publish_facility"}
"""They write what was done with a record; how its facts came stays."""
MADE = "organisation facility site suite equipment authorisation certificate non_compliance permit closure opening product process lot centre request"
MUST = {f"create_{what}" for what in MADE.split()} | {
    "state_weeks",
    "state_line",
    "put_limit",
    "put_qualification",
    "attach",
}
FACTS: list[Any] = [mapper.class_ for mapper in Base.registry.mappers if issubclass(mapper.class_, Sourced)]
CHANGES = [
    (operation, relation, name)
    for operation, relations in OPERATIONS.items()
    for relation, row in relations.items()
    for name in CALLERS
    if relation in ("any", "own") and row.get(name, row.get("rest", 404)) in (200, 201)
]


def standing(session: Session) -> dict[tuple[str, UUID], tuple[int, Source]]:
    """Version and source of every fact there is, as the machine sees it."""
    act_as(session, OPERATOR)
    session.expire_all()
    return {
        (table.__tablename__, row.id): (row.version, row.source)
        for table in FACTS
        for row in session.scalars(select(table))
    }


def written(session: Session, direct: Direct, world: World, operation: str, relation: str, name: str) -> set[str]:
    """Send a call; return table and source of every fact it wrote, one a line."""
    who = world.callers[name]
    sent = call(session, world, operation, relation, who)
    keep(session)
    before = standing(session)
    keep(session)
    assert direct.send(as_sent(sent), IDENTICAL | who.headers).status < 300, operation
    after = standing(session)
    return {f"{key[0]}: {found[1].value}" for key, found in after.items() if before.get(key) != found}


@pytest.mark.parametrize(("operation", "relation"), sorted({(one, relation) for one, relation, _ in CHANGES}))
def test_what_is_written_says_how_it_came(
    step: Session, direct: Direct, world: World, operation: str, relation: str
) -> None:
    name = next(who for one, place, who in CHANGES if (one, place) == (operation, relation))
    found = written(step, direct, world, operation, relation, name)
    sources = {line.partition(": ")[2] for line in found}
    assert sources <= ({"typed"} if operation in DECIDING else {"API"}), found
    assert found or operation not in MUST, "nothing was written"


def test_sabotage_without_it_facts_are_called_typed(
    step: Session, direct: Direct, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.dependencies.BY", "nothing")
    assert written(step, direct, world, "create_site", "own", "qa") == {"site: typed"}


def test_what_is_done_with_a_record_leaves_its_source(session: Session) -> None:
    owner = organisation(session)
    premises, asked = facility(session, owner, source=Source.SHEET), records.request_of(session, owner)
    asked.source = Source.GENERATED
    session.flush()
    session.info[BY] = Source.API
    premises.publication, premises.confirmed_on = Publication.DRAFT, date(2026, 11, 25)
    asked.state = RequestState.SUBMITTED
    session.flush()
    assert (premises.source, asked.source) == (Source.SHEET, Source.GENERATED)
    premises.rhythm = Rhythm.WEEKLY
    asked.shelf_life_hours = 5
    session.flush()
    assert (premises.source, asked.source) == (Source.API, Source.API)


def test_a_source_that_is_named_stays(session: Session) -> None:
    owner = organisation(session)
    session.info[BY] = Source.API
    premises = facility(session, owner, source=Source.REGISTER_IMPORT)
    assert premises.source is Source.REGISTER_IMPORT
    premises.source, premises.rhythm = Source.SHEET, Rhythm.WEEKLY
    session.flush()
    assert premises.source is Source.SHEET
