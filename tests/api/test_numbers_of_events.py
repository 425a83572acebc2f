"""The number of an event counts what everybody does: only who reads the whole trail is shown it, or pages by it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from api.paging import read_cursor, write_cursor
from api.routes import audit_events
from registry.access.permissions import Permission
from registry.access.subject import OPERATOR, PersonId, Subject
from registry.database import act_as
from registry.models import AuditEvent
from registry.services.auditing import record_act, record_read
from registry.vocabulary.roles import Role
from tests.api.conftest import Account, account, keep
from tests.factories.facilities import facility, organisation

pytestmark = pytest.mark.database
OTHERS = 150


@dataclass(frozen=True, slots=True)
class Place:
    """A facility that was renamed twice and read twice, with much in between that others did."""

    own: Account
    auditor: Account
    addresses: tuple[str, ...]
    numbers: frozenset[int]


@pytest.fixture
def place(session: Session) -> Place:
    owner = organisation(session)
    made = facility(session, owner, name="First name")
    own, auditor = account(session, "qa", Role.QA, owner.id), account(session, "auditor", Role.AUDITOR)
    for name in ("Second name", "Third name"):
        act_as(session, Subject(PersonId(auditor.person.id), frozenset({(Role.AUDITOR, None)})))
        for _ in range(OTHERS):
            record_act(session, "look", "round", None)
        record_read(session, "facility", made.id, [owner.id], "suites")
        act_as(session, OPERATOR)
        made.name = name
        keep(session)
    inside = f"/api/v1/facilities/{made.id}"
    numbers = session.scalars(select(AuditEvent.sequence).where(AuditEvent.record_id == made.id))
    addresses = (f"{inside}/history", f"{inside}/who-saw", f"/api/v1/audit-events?record_id={made.id}")
    return Place(own, auditor, addresses, frozenset(numbers))


def pages(client: TestClient, who: Account, address: str, limit: int) -> Iterator[tuple[list[Any], str | None]]:
    """The entries of each page, and the cursor to the next."""
    following: str | None = f"{address}{'&' if '?' in address else '?'}limit={limit}"
    while following is not None:
        answer = client.get(following, headers=who.headers)
        assert answer.status_code == 200, answer.text
        following = answer.links["next"]["url"] if "next" in answer.links else None
        yield answer.json()["items"], following and parse_qs(urlsplit(following).query)["cursor"][0]


def numbers_in(told: Any) -> set[int]:
    """Every whole number in a JSON document, also one that is written as a text."""
    if isinstance(told, dict | list):
        inner = told.values() if isinstance(told, dict) else told
        return set().union(*(numbers_in(one) for one in inner))
    return {int(told)} if isinstance(told, int) or (isinstance(told, str) and told.isdecimal()) else set()


def told(client: TestClient, who: Account, address: str) -> set[int]:
    """The whole numbers in all pages of a list, and in the cursors between them."""
    found: set[int] = set()
    for items, cursor in pages(client, who, address, 1):
        found |= numbers_in(items) | numbers_in([] if cursor is None else list(read_cursor(cursor)))
    return found


def test_nobody_is_told_the_number_of_an_event(client: TestClient, place: Place) -> None:
    assert min(place.numbers) < OTHERS < max(place.numbers)
    late = {number for number in place.numbers if number > OTHERS}
    assert len(late) == 4
    assert [told(client, place.own, address) & late for address in place.addresses] == [set()] * 3


def test_the_auditor_is_told_in_the_trail_and_pages_by_it(client: TestClient, place: Place) -> None:
    *others, trail = place.addresses
    assert told(client, place.auditor, trail) >= place.numbers
    assert [told(client, place.auditor, address) & place.numbers - {1, 2, 3} for address in others] == [set()] * 2


def test_every_entry_stands_on_one_page(client: TestClient, place: Place) -> None:
    for address in place.addresses:
        for who in (place.own, place.auditor):
            at_once = [entry for items, _ in pages(client, who, address, 200) for entry in items]
            assert [entry for items, _ in pages(client, who, address, 1) for entry in items] == at_once
            assert len(at_once) >= 2


def test_nobody_else_finds_a_number_by_asking_for_what_was_before_it(client: TestClient, place: Place) -> None:
    for address in place.addresses:
        joined = f"{address}{'&' if '?' in address else '?'}cursor={write_cursor([str(max(place.numbers))])}"
        assert client.get(joined, headers=place.own.headers).status_code == 422
    assert client.get(joined, headers=place.auditor.headers).status_code == 200


def test_the_link_to_the_event_before_is_shown_to_the_auditor_only(client: TestClient, place: Place) -> None:
    trail = place.addresses[2]
    for who, hidden in ((place.own, True), (place.auditor, False)):
        ((items, _),) = pages(client, who, trail, 200)
        assert [(one["previous_hash"] is None, one["sequence"] is None, len(one["hash"])) for one in items] == [
            (hidden, hidden, 64)
        ] * len(items)


def test_sabotage_whoever_counted_as_reader_of_the_whole_trail_would_be_told(
    client: TestClient, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit_events, "may", lambda _subject, permission: permission is Permission.READ_TRAIL)
    assert told(client, place.own, place.addresses[2]) >= {max(place.numbers)}
