"""Accounts, roles and networks: kept by administrators, read by auditors, too."""

from datetime import UTC, date, datetime
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from api.dependencies import SignedInDep, Work, allowed_to
from api.idempotency import OnceDep
from api.paging import PageDep, cut, in_pages, text_and_id
from api.preconditions import VersionDep, check_version, tag
from api.problems import CHANGING, CREATING, READING, answers
from api.routes.members import member
from api.schemas.page import Page
from api.schemas.people import (
    AccountBody,
    AccountFull,
    AccountState,
    Invitation,
    InvitationBody,
    MadeMember,
    Member,
    NetworkBody,
    NetworkLine,
    RoleBody,
)
from api.seen import SeenAccount, SeenMembership, SeenNetwork
from registry.access.permissions import Permission, may
from registry.errors import NotAllowedError, NotVisibleError
from registry.models import Person
from registry.queries.organisations import list_networks
from registry.queries.people import delegates_of, in_network, list_accounts, one_account, roles_of
from registry.services.accounts import erase_person
from registry.services.facilities import Seen
from registry.services.invitations import invite
from registry.services.organisations import add_network
from registry.services.people import close_account, end_role, give_role, open_account

router = APIRouter(tags=["accounts"])
Administrator = Depends(allowed_to(Permission.MANAGE_ACCOUNTS), scope="function")
REMOVING = tuple(code for code in CHANGING if code not in {"malformed-body", "body-too-large", "rule-broken"})


def reads_accounts(work: SignedInDep) -> Work:
    """Guard of reading accounts: administrators and auditors."""
    if not (may(work.subject, Permission.MANAGE_ACCOUNTS) or may(work.subject, Permission.READ_TRAIL)):
        raise NotAllowedError("Accounts are read by administrators and auditors.")
    return work


Reader = Depends(reads_accounts, scope="function")


def reads_network(network_id: UUID, work: SignedInDep) -> Work:
    """Guard of reading who acts for a network: its members, its delegates, administrators and auditors."""
    return work if in_network(work.session, work.subject, network_id) else reads_accounts(work)


ReaderOfNetwork = Depends(reads_network, scope="function")


@router.get("/accounts", responses=answers(*READING, "not-allowed"), dependencies=[Reader])
def list_all_accounts(request: Request, response: Response, work: SignedInDep, page: PageDep) -> Page[AccountFull]:
    """List accounts of people, by account; their roles are read with each."""
    after = None if page.after is None else text_and_id(page.after)
    found = list_accounts(work.session, work.subject, after=after, limit=page.limit + 1)
    shown = cut(request, response, page, found, lambda last: (last.code, str(last.id)))
    return Page[AccountFull](items=[_full(work, person) for person in shown])


@router.post(
    "/accounts",
    status_code=201,
    response_model=AccountFull,
    responses=answers(*CREATING, "rule-broken"),
    dependencies=[Administrator],
)
def create_account(body: AccountBody, once: OnceDep) -> Response:
    """Make an account without a role and without a password."""
    work = once.work

    def make() -> AccountFull:
        return _full(work, open_account(work.session, work.subject, body.facts(), reason=body.reason))

    return once.answer(body, make)


@router.get("/accounts/{person_id}", responses=answers(*READING, "not-allowed"), dependencies=[SeenAccount, Reader])
def read_account(person_id: UUID, work: SignedInDep, response: Response) -> AccountFull:
    """Read an account with its roles; the ETag is needed to change it."""
    person = _visible(work, person_id)
    tag(response, person.version)
    return _full(work, person)


@router.put("/accounts/{person_id}/state", responses=answers(*CHANGING), dependencies=[SeenAccount, Administrator])
def set_account_state(
    person_id: UUID, body: AccountState, work: SignedInDep, seen: VersionDep, response: Response
) -> AccountFull:
    """Close an account, so that no key and no login of it is good any more, or open it again."""
    changed = close_account(work.session, work.subject, Seen(person_id, seen), closed=body.closed, reason=body.reason)
    tag(response, changed.version)
    return _full(work, changed)


@router.delete(
    "/accounts/{person_id}", status_code=204, responses=answers(*REMOVING), dependencies=[SeenAccount, Administrator]
)
def erase_account(person_id: UUID, work: SignedInDep, seen: VersionDep) -> None:
    """Forget name and mail of a person and close the account; what it did stays, under an opaque key."""
    person = _visible(work, person_id)
    check_version(seen, person.version)
    if person.id == work.subject.person:
        raise NotAllowedError("Nobody erases their own account.", "Ask another administrator.")
    erase_person(work.session, work.subject, person)


@router.post(
    "/accounts/{person_id}/invitations",
    status_code=201,
    response_model=Invitation,
    responses=answers(*CREATING, "not-found"),
    dependencies=[SeenAccount, Administrator],
)
def invite_person(person_id: UUID, body: InvitationBody, once: OnceDep) -> Response:
    """Make a word with which somebody chooses the password of their account; the one before is withdrawn.

    Hand it to that person alone: `POST /invitations/accept`. Nobody invites themselves: `PUT /me/password`.
    """
    session, subject = once.work.session, once.work.subject

    def make() -> Invitation:
        made = invite(session, subject, person_id, reason=body.reason)
        return Invitation(word=made.word, expires_at=made.expires_at)

    return once.answer(body, make, kept=lambda made: made.model_copy(update={"word": None}))


@router.post(
    "/accounts/{person_id}/roles",
    status_code=201,
    response_model=MadeMember,
    responses=answers(*CREATING, "not-found"),
    dependencies=[SeenAccount, Administrator],
)
def give_a_role(person_id: UUID, body: RoleBody, once: OnceDep) -> Response:
    """Give a person a role: in an organisation, in a network (delegate), or of the platform."""
    session, subject = once.work.session, once.work.subject

    def make() -> MadeMember:
        made = give_role(
            session,
            subject,
            person_id,
            body.role,
            organisation_id=body.organisation_id,
            network_id=body.network_id,
            today=_today(),
            reason=body.reason,
        )
        return MadeMember.model_validate(made)

    return once.answer(body, make)


@router.delete(
    "/memberships/{membership_id}",
    status_code=204,
    responses=answers(*REMOVING),
    dependencies=[SeenMembership, Administrator],
)
def end_a_role(membership_id: UUID, work: SignedInDep, seen: VersionDep) -> None:
    """End a role today."""
    end_role(work.session, work.subject, Seen(membership_id, seen), today=_today())


@router.get("/networks", responses=answers("not-authenticated", "invalid-input"))
def list_all_networks(request: Request, response: Response, work: SignedInDep, page: PageDep) -> Page[NetworkLine]:
    """List the networks organisations may belong to, by name."""
    shown = in_pages(request, response, page, list_networks(work.session), lambda row: (row.name, str(row.id)))
    return Page[NetworkLine](items=[NetworkLine.model_validate(row) for row in shown])


@router.post(
    "/networks",
    status_code=201,
    response_model=NetworkLine,
    responses=answers(*CREATING, "rule-broken"),
    dependencies=[Administrator],
)
def create_network(body: NetworkBody, once: OnceDep) -> Response:
    """Record a network; organisations join it themselves."""
    session, subject = once.work.session, once.work.subject

    def make() -> NetworkLine:
        return NetworkLine.model_validate(add_network(session, subject, body.code, body.name, reason=body.reason))

    return once.answer(body, make)


@router.get(
    "/networks/{network_id}/delegates",
    responses=answers(*READING, "not-allowed"),
    dependencies=[SeenNetwork, ReaderOfNetwork],
)
def list_delegates(
    request: Request, response: Response, network_id: UUID, work: SignedInDep, page: PageDep
) -> Page[Member]:
    """List the delegates of a network, for its members and whoever reads accounts.

    One is named by giving the role at `/accounts/{id}/roles`.
    """
    found = delegates_of(work.session, work.subject, network_id, _today())
    shown = in_pages(request, response, page, found, lambda line: (line.person, str(line.id)))
    return Page[Member](items=[member(work.subject, line) for line in shown])


def _visible(work: Work, person_id: UUID) -> Person:
    found = one_account(work.session, work.subject, person_id)
    if found is None:
        raise NotVisibleError("There is no such account.")
    return found


def _full(work: Work, person: Person) -> AccountFull:
    roles = [member(work.subject, line) for line in roles_of(work.session, work.subject, person.id, _today())]
    columns = {name: getattr(person, name) for name in AccountFull.model_fields if name != "roles"}
    return AccountFull(**{**columns, "roles": roles})


def _today() -> date:
    return datetime.now(UTC).date()
