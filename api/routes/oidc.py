"""Log in at an identity provider: there and back, with what must come back kept in a signed cookie for ten minutes."""

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from itsdangerous import BadSignature, URLSafeTimedSerializer

from api.authentication import set_login
from api.headers import request_id_of
from api.problems import ApiError, answers
from registry.access.subject import OPERATOR
from registry.database import unit_of_work
from registry.errors import NotVisibleError
from registry.services.logins import open_session
from registry.services.oidc import Begun, Client, ProviderError, begin, finish, person_of_identity
from registry.settings import Settings

router = APIRouter(prefix="/session/oidc", tags=["account"])
COOKIE, PATH, SECONDS_TO_RETURN = "gmphub_oidc", "/api/v1/session/oidc", 600
THERE_AND_BACK: dict[int | str, dict[str, Any]] = {303: {"description": "Go on at the address in Location."}}


@router.get(
    "",
    status_code=303,
    response_class=RedirectResponse,
    responses={**THERE_AND_BACK, **answers("not-authenticated", "not-found", "provider-failed")},
)
def begin_oidc(request: Request) -> RedirectResponse:
    """Send the browser to the identity provider; 404 where none is set up."""
    client = _client(request)
    begun = begin(client)
    answer = RedirectResponse(begun.address, status_code=303)
    answer.set_cookie(
        COOKIE,
        _signer().dumps(asdict(begun)),
        max_age=SECONDS_TO_RETURN,
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="lax",
        path=PATH,
    )
    return answer


@router.get(
    "/callback",
    status_code=303,
    response_class=RedirectResponse,
    responses={**THERE_AND_BACK, **answers("not-authenticated", "not-found", "provider-failed")},
)
def finish_oidc(request: Request) -> Response:
    """Take the browser back from the provider and log it in, once; an identity without an account is refused (401)."""
    client = _client(request)
    subject = finish(client, _begun(request), str(request.url))
    with unit_of_work(OPERATOR, action="log in", correlation=request_id_of(request)) as session:
        person = person_of_identity(session, client.issuer, subject)
        login = None if person is None else open_session(session, person, "oidc")
    if login is None:
        raise ApiError("not-authenticated", "There is no account for this identity; ask an administrator to link it.")
    answer = RedirectResponse("/", status_code=303)
    set_login(request, answer, login.secret)
    answer.delete_cookie(COOKIE, path=PATH, secure=request.url.scheme == "https", httponly=True, samesite="lax")
    return answer


def _client(request: Request) -> Client:
    settings = Settings()
    if settings.oidc_issuer is None:
        raise NotVisibleError("No identity provider is set up.")
    redirect = str(request.url_for("finish_oidc"))
    secret = settings.oidc_client_secret.get_secret_value()
    return Client(settings.oidc_issuer, settings.oidc_client_id, secret, redirect)


def _begun(request: Request) -> Begun:
    try:
        return Begun(**_signer().loads(request.cookies.get(COOKIE, ""), max_age=SECONDS_TO_RETURN))
    except (BadSignature, TypeError) as error:
        raise ProviderError("This login was not begun on this browser, or too long ago.", "Begin again.") from error


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(Settings().secret_key.get_secret_value(), salt="oidc login")
