"""How to call what is about accounts, roles and networks."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from sqlalchemy.orm import Session

from registry.models import Identity, LoginSession, Membership, Organisation, Person
from registry.vocabulary.lifecycle import DataSet
from registry.vocabulary.roles import Role
from tests.api import bodies
from tests.api.sent import FIRST, Call
from tests.api.world import PASSWORD, Caller, World
from tests.factories.facilities import added

PLAIN = {
    "list_all_accounts": "/accounts",
    "list_all_networks": "/networks",
    "list_waiting": "/me/waiting",
    "list_results": "/me/results",
    "list_own_logins": "/me/sessions",
    "list_identities": "/me/identities",
}


def somebody(session: Session) -> Person:
    """An account without a role."""
    return added(session, Person(code=uuid4().hex, data_set=DataSet.LIVE))


def colleague(session: Session, owner: Organisation, **facts: object) -> Membership:
    """Somebody who is QA of an organisation."""
    seat = {"role": Role.QA, "organisation_id": owner.id}
    return added(session, Membership(person_id=somebody(session).id, **{**seat, **facts}))


def login_of(session: Session, person: Person) -> LoginSession:
    """A login on a browser that has not ended."""
    ends = datetime.now(UTC) + timedelta(hours=1)
    return added(session, LoginSession(person_id=person.id, secret_sha256=uuid4().hex, method="oidc", ends_at=ends))


def identity_of(session: Session, person: Person) -> Identity:
    """Who a person is at a provider."""
    return added(session, Identity(person_id=person.id, issuer="https://id.example.org", subject=uuid4().hex))


def find(
    session: Session, world: World, operation: str, relation: str, owner: Organisation, caller: Caller
) -> Call | None:
    """Return how to call the operation, None when it is not one of these."""
    if operation in PLAIN:
        return Call("GET", PLAIN[operation])
    match operation:
        case "list_members":
            return Call("GET", f"/organisations/{owner.id}/members")
        case "name_a_deputy":
            body = {"role": "planner", "person_id": str(colleague(session, owner).person_id)}
            return Call("POST", f"/organisations/{owner.id}/deputies", body)
        case "end_a_deputy":
            return Call("DELETE", f"/deputies/{colleague(session, owner, deputy=True).id}", None, {"If-Match": FIRST})
        case "hand_a_role_over":
            body = {"role": "planner", "person_id": str(colleague(session, owner).person_id), "reason": "I leave"}
            return Call("POST", f"/organisations/{owner.id}/hand-overs", body)
        case "create_network":
            return Call("POST", "/networks", {"code": uuid4().hex[:12], "name": "Network"})
        case "list_delegates":
            return Call("GET", f"/networks/{world.own.network_id}/delegates")
    return _own(session, world, operation, relation, caller) or _account(session, operation, owner)


def _own(session: Session, world: World, operation: str, relation: str, caller: Caller) -> Call | None:
    person = world.stranger if relation == "other" or caller.person is None else caller.person
    match operation:
        case "end_all_logins":
            return Call("DELETE", "/me/sessions")
        case "end_one_login":
            return Call("DELETE", f"/me/sessions/{login_of(session, person).id}")
        case "change_own_password":
            return Call("PUT", "/me/password", {"current": PASSWORD, "new": f"{PASSWORD}, and new"})
        case "link_an_identity":
            return Call("POST", "/me/identities", {"password": PASSWORD})
        case "unlink_an_identity":
            return Call("DELETE", f"/me/identities/{identity_of(session, person).id}", None, {"If-Match": FIRST})
    return None


def _account(session: Session, operation: str, owner: Organisation) -> Call | None:
    seen = {"If-Match": FIRST}
    match operation:
        case "create_account":
            return Call("POST", "/accounts", bodies.account())
        case "read_account":
            return Call("GET", f"/accounts/{somebody(session).id}")
        case "set_account_state":
            body = {"closed": True, "reason": "left"}
            return Call("PUT", f"/accounts/{somebody(session).id}/state", body, seen)
        case "erase_account":
            return Call("DELETE", f"/accounts/{somebody(session).id}", None, seen)
        case "give_a_role":
            body = {"role": "qa", "organisation_id": str(owner.id)}
            return Call("POST", f"/accounts/{somebody(session).id}/roles", body)
        case "invite_person":
            return Call("POST", f"/accounts/{somebody(session).id}/invitations", {})
        case "accept_an_invitation":
            body = {"account": somebody(session).code, "word": "no such word", "password": PASSWORD}
            return Call("POST", "/invitations/accept", body)
        case "end_a_role":
            return Call("DELETE", f"/memberships/{colleague(session, owner).id}", None, seen)
    return None
