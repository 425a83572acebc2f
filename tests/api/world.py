"""One caller of every kind, and the organisations they belong to or not."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from registry.access.subject import OPERATOR
from registry.database import act_as
from registry.models import Membership, Network, Organisation, Person, Term
from registry.services.accounts import issue_token
from registry.services.logins import set_password
from registry.vocabulary.lifecycle import DataSet
from registry.vocabulary.roles import ORGANISATION_ROLES, Role
from tests.api.keeping import keep
from tests.factories.facilities import added, organisation

PASSWORD = "a sentence that is easy to remember"
ROLES = ("planner", "qa", "developer", "coordinator", "delegate", "auditor", "administrator")


@dataclass(frozen=True, slots=True)
class Caller:
    """How one kind of caller presents itself."""

    headers: dict[str, str]
    person: Person | None


WORDS = (
    ("platforms", "static_expansion"),
    ("platforms", "closed_automated"),
    ("process_families", "til"),
    ("qc_methods", "sterility"),
)
"""Entries of the vocabulary that bodies name."""


@dataclass(frozen=True, slots=True)
class World:
    """Two organisations, the callers of one of them, and records of both."""

    own: Organisation
    other: Organisation
    callers: dict[str, Caller]
    stranger: Person
    second: Person


def build(session: Session) -> World:
    """Make the world; the caller of a kind belongs to `own` where its role belongs to an organisation at all."""
    act_as(session, OPERATOR)
    network = added(session, Network(code="net", name="Network"))
    own, other = organisation(session, network_id=network.id), organisation(session)
    for vocabulary, code in WORDS:
        added(session, Term(vocabulary=vocabulary, code=code, title=code, source="test"))
    callers = {role: _caller(session, role, own, network) for role in ROLES}
    disabled = _caller(session, "planner", own, network, code="disabled")
    assert disabled.person is not None
    disabled.person.disabled_at = disabled.person.created_at
    callers |= {
        "disabled": disabled,
        "anonymous": Caller({}, None),
        "ended_login": Caller({"Cookie": "gmphub=a-login-that-has-ended"}, None),
    }
    stranger, second = (added(session, Person(code=code, data_set=DataSet.LIVE)) for code in ("stranger", "second"))
    for role in ("qa", "coordinator"):
        person = callers[role].person
        assert person is not None
        set_password(session, OPERATOR, person, PASSWORD)
    world = World(own, other, callers, stranger, second)
    keep(session)
    return world


def _caller(session: Session, role: str, own: Organisation, network: Network, code: str = "") -> Caller:
    person = added(session, Person(code=code or f"the-{role}", data_set=DataSet.LIVE))
    kind = Role(role)
    place: dict[str, Any] = {"organisation_id": own.id} if kind in ORGANISATION_ROLES else {}
    if kind is Role.DELEGATE:
        place = {"network_id": network.id}
    added(session, Membership(person_id=person.id, role=kind, **place))
    secret = issue_token(session, OPERATOR, person, "call", None)
    return Caller({"Authorization": f"Bearer {secret}"}, person)
