"""Who is calling: a key sent as bearer token, a login on a browser, or nobody known."""

from fastapi import Request, Response
from sqlalchemy.orm import Session

from api.access_tokens import read_access
from api.crossing import check_same_site
from api.problems import ApiError
from api.scopes import check_scopes
from registry.access.accounts import holder_of_key, token_hash
from registry.access.subject import ANONYMOUS, Subject
from registry.services.logins import LOGIN_LASTS, subject_of_login

LONGEST_SECRET = 1000
SECURE_COOKIE, PLAIN_COOKIE = "__Host-gmphub", "gmphub"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def identify(request: Request, session: Session) -> Subject:
    """Return who the request speaks for; a key that is not good is refused (401), never taken for nobody.

    A login that has ended is nobody; a change with a login must come from our own pages.
    """
    sent = request.headers.get("authorization")
    if sent is not None:
        return _owner_of_key(request, session, sent)
    secret = login_secret(request)
    if secret is None:
        return ANONYMOUS
    subject = subject_of_login(session, secret)
    if subject is None:
        return ANONYMOUS
    if request.method not in SAFE:
        check_same_site(request)
    return subject


def login_secret(request: Request) -> str | None:
    """Return the secret of the login cookie."""
    found = request.cookies.get(_cookie(request))
    return found if found and len(found) <= LONGEST_SECRET else None


def set_login(request: Request, response: Response, secret: str) -> None:
    """Give the browser its login; over https under a name that binds it to this host alone."""
    response.set_cookie(
        _cookie(request),
        secret,
        max_age=int(LOGIN_LASTS.total_seconds()),
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="lax",
        path="/",
    )


def clear_login(request: Request, response: Response) -> None:
    """Take the login from the browser."""
    response.delete_cookie(
        _cookie(request), path="/", secure=request.url.scheme == "https", httponly=True, samesite="lax"
    )


def _owner_of_key(request: Request, session: Session, sent: str) -> Subject:
    scheme, _, secret = sent.partition(" ")
    secret = secret.strip()
    if scheme.lower() != "bearer" or not secret or len(secret) > LONGEST_SECRET:
        raise ApiError("not-authenticated", "Send a key as: Authorization: Bearer KEY")
    access = read_access(secret)
    digest = token_hash(secret) if access is None else access.key_sha256
    holder = holder_of_key(session, digest)
    if holder is None:
        raise ApiError("not-authenticated", "The key is unknown, expired or revoked.")
    limit = holder.scopes if access is None or not access.scopes else access.scopes
    check_scopes(request, limit)
    request.state.limit = limit
    return holder.subject


def _cookie(request: Request) -> str:
    return SECURE_COOKIE if request.url.scheme == "https" else PLAIN_COOKIE
