"""API keys: one's own, made with a term, shown once, ended at once."""

from datetime import UTC, datetime, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request, Response

from api.access_tokens import LASTS_SECONDS, Access, write_access
from api.dependencies import KnockingDep, SignedInDep
from api.headers import request_id_of
from api.idempotency import OnceDep
from api.paging import PageDep, as_made, in_pages
from api.preconditions import VersionDep, check_version, tag
from api.problems import ApiError, answers
from api.schemas.page import Page
from api.schemas.tokens import AccessToken, ClientCredentials, MadeToken, NewToken, Token
from api.scopes import SCOPES
from registry.access.accounts import subject_of_key, token_hash
from registry.access.subject import ANONYMOUS
from registry.database import unit_of_work
from registry.errors import NotVisibleError
from registry.queries.accounts import list_tokens, one_token, own_account, token_of_secret
from registry.services.accounts import issue_token, revoke_token

router = APIRouter(tags=["account"])
BEARER = "Bearer"


@router.get("/tokens", responses=answers("not-authenticated", "invalid-input"))
def list_own_tokens(request: Request, response: Response, work: SignedInDep, page: PageDep) -> Page[Token]:
    """List the caller's keys in the order they were made; their secrets are stored nowhere."""
    shown = in_pages(request, response, page, list_tokens(work.session, work.subject), as_made)
    return Page[Token](items=[Token.model_validate(token) for token in shown])


@router.post(
    "/tokens",
    status_code=201,
    response_model=MadeToken,
    responses=answers("malformed-body", "not-authenticated", "body-too-large", "invalid-input"),
)
def make_token(request: Request, body: NewToken, once: OnceDep) -> Response:
    """Make a key for the caller's own account, for a year at most; a limited key makes none that may more than itself."""
    work = once.work
    limit: frozenset[str] = getattr(request.state, "limit", frozenset())
    if limit and not (body.scopes and limit.issuperset(body.scopes)):
        raise ApiError("scope-missing", "A limited key makes no key that may more than itself.")

    def make() -> MadeToken:
        expires_at = datetime.now(UTC) + timedelta(days=body.days)
        person = own_account(work.session, work.subject)
        secret = issue_token(work.session, work.subject, person, body.label, expires_at, body.scopes)
        made = token_of_secret(work.session, secret)
        return MadeToken(id=made.id, version=made.version, label=made.label, expires_at=expires_at, secret=secret)

    return once.answer(body, make, kept=_without_secret)


@router.get("/tokens/{token_id}", responses=answers("not-authenticated", "not-found", "invalid-input"))
def read_token(token_id: UUID, work: SignedInDep, response: Response) -> Token:
    """Read one key of the caller; its ETag is needed to end it."""
    token = one_token(work.session, work.subject, token_id)
    if token is None:
        raise NotVisibleError("There is no such key.")
    tag(response, token.version)
    return Token.model_validate(token)


@router.delete(
    "/tokens/{token_id}",
    status_code=204,
    responses=answers(
        "not-authenticated", "not-allowed", "not-found", "stale-version", "invalid-input", "precondition-required"
    ),
)
def end_token(token_id: UUID, work: SignedInDep, seen: VersionDep) -> None:
    """End a key now; the next call with it is refused."""
    token = one_token(work.session, work.subject, token_id)
    if token is None:
        raise NotVisibleError("There is no such key.")
    check_version(seen, token.version)
    revoke_token(work.session, work.subject, token)


@router.post(
    "/oauth/token",
    responses=answers("not-authenticated", "not-allowed", "body-too-large", "unsupported-media-type", "invalid-input"),
)
def exchange_key(request: Request, body: Annotated[ClientCredentials, Form()], _guard: KnockingDep) -> AccessToken:
    """Exchange the id and secret of a key for a token of a quarter of an hour; ending the key ends it, too."""
    digest = token_hash(body.client_secret)
    with unit_of_work(ANONYMOUS, correlation=request_id_of(request)) as session:
        owner = subject_of_key(session, digest)
        known = None if owner is None else token_of_secret(session, body.client_secret)
    if known is None or known.id != body.client_id:
        raise ApiError("not-authenticated", "Id or secret is wrong, or the key has ended.")
    asked = frozenset(body.scope.split()) or frozenset(known.scopes)
    if not asked <= (frozenset(known.scopes) or frozenset(SCOPES)):
        raise ApiError("scope-missing", "The key itself is limited to less.")
    made = write_access(Access(digest, asked))
    return AccessToken(access_token=made, token_type=BEARER, expires_in=LASTS_SECONDS, scope=" ".join(sorted(asked)))


def _without_secret(body: MadeToken) -> MadeToken:
    return body.model_copy(update={"secret": None})
