"""The caller's own account: who, what waits, on which browsers and under which identities."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from api.allowed import may_do
from api.authentication import login_secret, set_login
from api.dependencies import SignedInDep, Work
from api.headers import request_id_of
from api.paging import PageDep, as_made, in_pages
from api.preconditions import VersionDep
from api.problems import READING, answers
from api.routes.oidc import begun_link
from api.schemas.me import LinkBegun, Me, OwnIdentity, OwnLogin, OwnNetwork, ResultLine, Seat, ToLink, WaitingLine
from api.schemas.page import Page
from api.schemas.sessions import NewPassword
from api.signing import check_password
from registry.access.accounts import token_hash
from registry.access.subject import Subject
from registry.database import act_as, unit_of_work
from registry.queries.accounts import own_account, own_organisations
from registry.queries.facilities import shown_data_set
from registry.queries.people import own_networks
from registry.queries.waiting import Waiting, WaitingKind, waiting_for
from registry.services.own_account import (
    change_password,
    end_keys,
    end_logins,
    own_identities,
    own_logins,
    unlink_identity,
)
from registry.services.results import Concerned, results_for
from registry.vocabulary.roles import Role

router = APIRouter(prefix="/me", tags=["account"])
LINKS: Mapping[WaitingKind, str] = {
    WaitingKind.CONFIRM_CALENDAR: "/facilities/{}/freshness",
    WaitingKind.ATTEST_LEGAL_RECORD: "/facilities/{}/legal-record",
    WaitingKind.RENEW: "/facilities/{}/expiries",
    WaitingKind.RETURNED_REQUEST: "/requests/{}",
    WaitingKind.SCREEN_REQUEST: "/requests/{}",
    WaitingKind.REVIEW_URGENCY: "/requests/{}",
    WaitingKind.APPROVE_POLICY: "/policies/{}",
    WaitingKind.APPROVE_ROUND: "/rounds/{}",
    WaitingKind.PUBLISH_RUN: "/runs/{}",
}
RESULTS: Mapping[Concerned, Mapping[str, str]] = {
    Concerned.REQUEST: {
        "letter": "/runs/{0.run_id}/requests/{0.record_id}/letter",
        "explanation": "/runs/{0.run_id}/requests/{0.record_id}/explanation",
        "eligibility": "/requests/{0.record_id}/eligibility",
        "bundle": "/runs/{0.run_id}/bundle?for=party",
    },
    Concerned.FACILITY: {
        "changes": "/runs/{0.run_id}/facilities/{0.record_id}/changes",
        "verdicts": "/facilities/{0.record_id}/verdicts",
        "bundle": "/runs/{0.run_id}/bundle?for=party",
    },
}
"""What a party may read of a result, by name."""


@router.get("", responses=answers("not-authenticated"))
def read_me(work: SignedInDep) -> Me:
    """Say who the caller is, in which roles, what they permit, and how much waits."""
    person = own_account(work.session, work.subject)
    names = own_organisations(work.session, work.subject)
    seats = [
        Seat(role=role, organisation_id=place, organisation=None if place is None else names.get(place))
        for role, place in sorted(work.subject.seats, key=str)
    ]
    networks = own_networks(work.session, work.subject).items()
    return Me(
        id=person.id,
        account=person.code,
        name=person.name,
        seats=seats,
        networks=[OwnNetwork(id=key, name=name) for key, name in sorted(networks, key=lambda one: one[1])],
        may=may_do(work.subject),
        waiting=len(_waiting(work)),
    )


@router.get("/waiting", responses=answers("not-authenticated", "invalid-input"))
def list_waiting(request: Request, response: Response, work: SignedInDep, page: PageDep) -> Page[WaitingLine]:
    """List what waits for the caller, the most urgent first: confirmations, attestations, ends, requests, approvals."""
    shown = in_pages(request, response, page, _waiting(work), _urgency)
    return Page[WaitingLine](
        items=[
            WaitingLine(
                kind=one.kind,
                record_id=one.record_id,
                name=one.name,
                due=one.due,
                link=f"/api/v1{LINKS[one.kind].format(one.record_id)}",
            )
            for one in shown
        ]
    )


@router.get("/results", responses=answers("not-authenticated", "invalid-input"))
def list_results(request: Request, response: Response, work: SignedInDep, page: PageDep) -> Page[ResultLine]:
    """List what published calculations say about the caller's own requests and facilities, newest first."""
    found = enumerate(results_for(work.session, work.subject, shown_data_set(work.session)))
    shown = in_pages(request, response, page, found, lambda entry: (f"{entry[0]:09}",))
    return Page[ResultLine](
        items=[
            ResultLine(
                run_id=one.run_id,
                round=one.round,
                published_at=one.published_at,
                about=one.about,
                record_id=one.record_id,
                name=one.name,
                links={name: f"/api/v1{link.format(one)}" for name, link in RESULTS[one.about].items()},
            )
            for _, one in shown
        ]
    )


@router.get("/sessions", responses=answers("not-authenticated", "invalid-input"))
def list_own_logins(request: Request, response: Response, work: SignedInDep, page: PageDep) -> Page[OwnLogin]:
    """List the browsers the caller is logged in on, oldest first; keys are at `/tokens`."""
    secret = login_secret(request)
    current = None if secret is None else token_hash(secret)
    shown = in_pages(request, response, page, own_logins(work.session, work.subject), as_made)
    return Page[OwnLogin](
        items=[
            OwnLogin(
                id=login.id,
                method=login.method,
                created_at=login.created_at,
                ends_at=login.ends_at,
                current=login.secret_sha256 == current,
            )
            for login in shown
        ]
    )


@router.delete("/sessions", status_code=204, responses=answers("not-authenticated", "not-allowed", "invalid-input"))
def end_all_logins(
    work: SignedInDep, keys: Annotated[bool, Query(description="End every key of the caller, too.")] = False
) -> None:
    """End every login of the caller now, on every browser."""
    end_logins(work.session, work.subject)
    if keys:
        end_keys(work.session, work.subject)


@router.delete("/sessions/{login_id}", status_code=204, responses=answers(*READING, "not-allowed"))
def end_one_login(login_id: UUID, work: SignedInDep) -> None:
    """End one login of the caller now."""
    end_logins(work.session, work.subject, login_id)


@router.put(
    "/password",
    status_code=204,
    responses=answers(
        "malformed-body", "not-authenticated", "wrong-password", "body-too-large", "invalid-input", "too-many-attempts"
    ),
)
def change_own_password(request: Request, response: Response, body: NewPassword, work: SignedInDep) -> None:
    """Choose another password with the present one; every other login of the caller ends, keys stay."""
    check_password(request, work, body.current, "it stays as it was")
    login = change_password(work.session, work.subject, body.new, logged_in=login_secret(request) is not None)
    if login is not None:
        set_login(request, response, login.secret)


@router.get("/identities", responses=answers("not-authenticated", "invalid-input"))
def list_identities(request: Request, response: Response, work: SignedInDep, page: PageDep) -> Page[OwnIdentity]:
    """List who the caller is at identity providers."""
    shown = in_pages(request, response, page, own_identities(work.session, work.subject), as_made)
    return Page[OwnIdentity](items=[OwnIdentity.model_validate(identity) for identity in shown])


@router.post(
    "/identities",
    responses=answers(
        "malformed-body",
        "not-authenticated",
        "not-allowed",
        "not-found",
        "invalid-input",
        "provider-failed",
        "too-many-attempts",
    ),
)
def link_an_identity(request: Request, response: Response, body: ToLink, work: SignedInDep) -> LinkBegun:
    """Begin to link an identity to one's own account: the browser proves it to the provider and comes back.

    Being logged in is not enough: it takes the password, or, where none is sent, an identity linked before, which
    the provider asks for first. 404 where no provider is set up. The browser must be logged in when it comes back.
    """
    return LinkBegun(address=begun_link(request, response, work, body.password))


@router.delete(
    "/identities/{identity_id}",
    status_code=204,
    responses=answers(*READING, "not-allowed", "wrong-state", "stale-version", "precondition-required"),
)
def unlink_an_identity(request: Request, identity_id: UUID, work: SignedInDep, seen: VersionDep) -> None:
    """Take an identity off one's own account; the last way to log in stays."""
    correlation = request_id_of(request)
    on_behalf = Subject(work.subject.person, frozenset({(Role.OPERATOR, None)}))
    with unit_of_work(on_behalf, action="unlink identity", correlation=correlation) as session:
        unlink_identity(session, work.subject, identity_id, seen)
    act_as(work.session, work.subject, correlation=correlation)


def _waiting(work: Work) -> list[Waiting]:
    return waiting_for(work.session, work.subject, shown_data_set(work.session), datetime.now(UTC).date())


def _urgency(one: Waiting) -> tuple[str, ...]:
    return (one.due or date.max).isoformat(), one.kind, one.name, str(one.record_id)
