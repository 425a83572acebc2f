"""One caller of every kind, and a record of every kind for them to call about."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from registry.access.subject import OPERATOR
from registry.database import act_as
from registry.models import ApiToken, Membership, Network, Organisation, Person, Policy, Round, Run, Term
from registry.services.accounts import issue_token
from registry.vocabulary.lifecycle import DataSet, Publication, RoundKind, RoundState, RunState
from registry.vocabulary.roles import ORGANISATION_ROLES, Role
from tests.api.conftest import keep
from tests.factories.facilities import added, facility, organisation
from tests.factories.requests import process, product, request

ROLES = ("planner", "qa", "developer", "coordinator", "delegate", "auditor", "administrator")


@dataclass(frozen=True, slots=True)
class Caller:
    """How one kind of caller presents itself."""

    headers: dict[str, str]
    person: Person | None


@dataclass(frozen=True, slots=True)
class World:
    """Two organisations, the callers of one of them, and records of both."""

    own: Organisation
    other: Organisation
    callers: dict[str, Caller]
    stranger: Person
    run: Run


def build(session: Session) -> World:
    """Make the world; the caller of a kind belongs to `own` where its role belongs to an organisation at all."""
    act_as(session, OPERATOR)
    network = added(session, Network(code="net", name="Network"))
    own, other = organisation(session, network_id=network.id), organisation(session)
    added(session, Term(vocabulary="platforms", code="x", title="X", source="test"))
    callers = {role: _caller(session, role, own, network) for role in ROLES}
    disabled = _caller(session, "planner", own, network, code="disabled")
    assert disabled.person is not None
    disabled.person.disabled_at = disabled.person.created_at
    callers |= {
        "disabled": disabled,
        "anonymous": Caller({}, None),
        "ended_login": Caller({"Cookie": "gmphub=a-login-that-has-ended"}, None),
    }
    stranger = added(session, Person(code="stranger", data_set=DataSet.LIVE))
    world = World(own, other, callers, stranger, _run(session))
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


def _run(session: Session) -> Run:
    policy = added(session, Policy(code="usual", number=1, title="Usual", tiers=[{"weight": 1}], text_generated="-"))
    held = added(
        session,
        Round(
            data_set=DataSet.LIVE,
            code="R-1",
            kind=RoundKind.PERIOD,
            state=RoundState.OPEN,
            policy_id=policy.id,
            origin=date(2026, 11, 30),
            horizon_weeks=26,
            known_on=date(2026, 11, 25),
        ),
    )
    return added(session, Run(data_set=DataSet.LIVE, round_id=held.id, state=RunState.QUEUED))


@dataclass(frozen=True, slots=True)
class Call:
    """What to send."""

    method: str
    address: str
    body: dict[str, Any] | None = None
    headers: dict[str, str] | None = None


PLAIN = {
    "list_public_facilities": "/facilities",
    "list_directory": "/directory",
    "list_public_organisations": "/organisations",
    "list_vocabularies": "/vocabulary",
    "read_vocabulary": "/vocabulary/platforms",
    "list_rules": "/rules",
    "read_health": "/health",
    "list_visible_requests": "/requests",
    "list_visible_runs": "/runs",
    "list_audit_events": "/audit-events",
    "read_me": "/me",
    "list_own_tokens": "/tokens",
}


def call(session: Session, world: World, operation: str, relation: str, caller: Caller) -> Call:
    """Make a fresh record in the relation asked for and say how to call the operation about it."""
    act_as(session, OPERATOR)
    if operation in PLAIN:
        return Call("GET", PLAIN[operation])
    match operation:
        case "read_facility":
            state = Publication.PUBLISHED if relation == "published" else Publication.DRAFT
            owner = world.other if relation == "draft_other" else world.own
            return Call("GET", f"/facilities/{facility(session, owner, publication=state).id}")
        case "read_organisation":
            return Call("GET", f"/organisations/{world.other.id}")
        case "read_request" | "read_eligibility":
            sponsor = world.own if relation == "own" else world.other
            made = request(session, process(session, product(session, sponsor)))
            return Call("GET", f"/requests/{made.id}" + ("/eligibility" if operation == "read_eligibility" else ""))
        case "read_run":
            return Call("GET", f"/runs/{world.run.id}")
        case "log_in":
            return Call("POST", "/session", {"account": uuid4().hex, "password": "not the password"})
        case "end_login":
            return Call("DELETE", "/session")
        case "make_token":
            return Call("POST", "/tokens", {"label": "script", "days": 30}, {"Idempotency-Key": "once"})
        case "read_token" | "end_token":
            token = _token(session, world, relation, caller)
            method = "GET" if operation == "read_token" else "DELETE"
            return Call(method, f"/tokens/{token}", headers={"If-Match": '"v1"'})
    raise LookupError(f"no call is known for {operation}")


def _token(session: Session, world: World, relation: str, caller: Caller) -> UUID:
    owner = world.stranger if relation == "other" or caller.person is None else caller.person
    key = ApiToken(person_id=owner.id, label="target", secret_sha256=uuid4().hex)
    return added(session, key).id
