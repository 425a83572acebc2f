"""API keys: one's own, made with a term, shown once, ended at once."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from fastapi import APIRouter, Response

from api.dependencies import SignedInDep
from api.idempotency import OnceDep
from api.preconditions import VersionDep, check_version, tag
from api.problems import answers
from api.schemas.page import Page
from api.schemas.tokens import MadeToken, NewToken, Token
from registry.errors import NotVisibleError
from registry.queries.accounts import list_tokens, one_token, own_account, token_of_secret
from registry.services.accounts import issue_token, revoke_token

router = APIRouter(tags=["account"])


@router.get("/tokens", responses=answers("not-authenticated"))
def list_own_tokens(work: SignedInDep) -> Page[Token]:
    """List the caller's keys, newest first; their secrets are stored nowhere."""
    return Page[Token](items=[Token.model_validate(token) for token in list_tokens(work.session, work.subject)])


@router.post(
    "/tokens",
    status_code=201,
    response_model=MadeToken,
    responses=answers("malformed-body", "not-authenticated", "body-too-large", "invalid-input"),
)
def make_token(body: NewToken, once: OnceDep) -> Response:
    """Make a key for the caller's own account, for a year at most."""
    work = once.work

    def make() -> MadeToken:
        expires_at = datetime.now(UTC) + timedelta(days=body.days)
        person = own_account(work.session, work.subject)
        secret = issue_token(work.session, work.subject, person, body.label, expires_at)
        made = token_of_secret(work.session, secret)
        return MadeToken(id=made.id, label=made.label, expires_at=expires_at, secret=secret)

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


def _without_secret(body: MadeToken) -> MadeToken:
    return body.model_copy(update={"secret": None})
