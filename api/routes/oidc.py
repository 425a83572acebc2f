"""Log in at an identity provider: there and back, with what must come back kept in a signed cookie for ten minutes.

Whoever links a further identity proves first to be the account's owner, by password or by an identity linked before:
an open browser alone must not become a second way in, nor a way to sign.
"""

from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from itsdangerous import BadSignature, URLSafeTimedSerializer

from api.authentication import login_secret, set_login
from api.dependencies import SignedInDep, Work
from api.headers import request_id_of
from api.problems import ApiError, answers
from api.schemas.signing import ToProve, WhereToProve
from api.signing import check_password, give_proof
from registry.access.subject import ANONYMOUS, OPERATOR, Subject
from registry.database import unit_of_work
from registry.models import Person
from registry.services.logins import open_session, subject_of_login
from registry.services.oidc import Begun, Client, ProviderError, begin, finish, link_identity, person_of_identity
from registry.services.own_account import own_identities
from registry.settings import Settings, secret_key
from registry.vocabulary.roles import Role

router = APIRouter(prefix="/session/oidc", tags=["account"])
COOKIE, PATH, SECONDS_TO_RETURN = "gmphub_oidc", "/api/v1/session/oidc", 600
THERE_AND_BACK: dict[int | str, dict[str, Any]] = {303: {"description": "Go on at the address in Location."}}


@dataclass(frozen=True, slots=True)
class _Kept:
    """What the browser must bring back: the way leads to a login, to linking to `link`, or to a proof for `to_sign`.

    `proved` is false on the first of two ways to a link, on which an identity that is linked already is proved.
    """

    begun: Begun
    link: UUID | None = None
    to_sign: str | None = None
    proved: bool = True


@router.get(
    "",
    status_code=303,
    response_class=RedirectResponse,
    responses={**THERE_AND_BACK, **answers("not-authenticated", "not-found", "provider-failed")},
)
def begin_oidc(request: Request) -> RedirectResponse:
    """Send the browser to the identity provider; 404 where none is set up."""
    answer = RedirectResponse("/", status_code=303)
    answer.headers["Location"] = begun_elsewhere(request, answer)
    return answer


def begun_link(request: Request, answer: Response, work: Work, password: str | None) -> str:
    """Return where the browser goes to link an identity to the caller's account, after the password if one is given.

    Without one the way leads first to the proof of an identity linked before; 403 where there is none.
    """
    client = _client(request)
    if password is not None:
        check_password(request, work, password, "nothing is linked")
    elif all(known.issuer != client.issuer for known in own_identities(work.session, work.subject)):
        raise ApiError("not-proved", "Send your password; nothing is linked.")
    return begun_elsewhere(request, answer, link=work.subject.person, proved=password is not None)


def begun_elsewhere(
    request: Request, answer: Response, link: UUID | None = None, *, to_sign: str | None = None, proved: bool = True
) -> str:
    """Return where the browser goes to prove who it is, and give it what must come back.

    The way back leads to a login, to `link`, or to a proof for signing what has the SHA-256 `to_sign`; whoever is
    logged in at the provider counts for a login only.
    """
    begun = begin(_client(request), again=to_sign is not None or link is not None)
    kept = {
        "begun": asdict(begun),
        "link": None if link is None else str(link),
        "to_sign": to_sign,
        "proved": proved,
    }
    answer.set_cookie(
        COOKIE,
        _signer().dumps(kept),
        max_age=SECONDS_TO_RETURN,
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="lax",
        path=PATH,
    )
    return begun.address


@router.get(
    "/callback",
    status_code=303,
    response_class=RedirectResponse,
    responses={**THERE_AND_BACK, **answers("not-authenticated", "not-found", "invalid-input", "provider-failed")},
)
def finish_oidc(request: Request) -> Response:
    """Take the browser back from the provider and log it in, once, or link its identity to the account that asked.

    Where an identity linked before was proved first, the browser goes on to the provider for the one to link.
    An identity without an account is refused (401), one that another account has, too (422).
    """
    client = _client(request)
    kept = _kept(request)
    subject = finish(client, kept.begun, str(request.url))
    if kept.to_sign is not None:
        return _proved(request, client, subject, kept.to_sign)
    if kept.link is not None and not kept.proved:
        _check_own(request, client, subject)
        return _onward(request, kept.link)
    if kept.link is not None:
        _link(request, client, kept.link, subject)
        return _home(request)
    with unit_of_work(OPERATOR, action="log in", correlation=request_id_of(request)) as session:
        person = person_of_identity(session, client.issuer, subject)
        login = None if person is None else open_session(session, person, "oidc")
    if login is None:
        raise ApiError(
            "not-authenticated",
            "There is no account for this identity; log in to your account first and link it: POST /me/identities.",
        )
    answer = _home(request)
    set_login(request, answer, login.secret)
    return answer


def _link(request: Request, client: Client, person_id: UUID, subject: str) -> None:
    """Link an identity to the account that asked for it, which must still be logged in on this browser."""
    secret, correlation = login_secret(request), request_id_of(request)
    with unit_of_work(ANONYMOUS, correlation=correlation) as session:
        caller = None if secret is None else subject_of_login(session, secret)
    if caller is None or caller.person != person_id:
        raise ApiError("not-authenticated", "Log in on this browser first, and begin again.")
    on_behalf = Subject(caller.person, frozenset({(Role.OPERATOR, None)}))
    with unit_of_work(on_behalf, action="link identity", correlation=correlation) as session:
        link_identity(session, on_behalf, session.get_one(Person, person_id), client.issuer, subject)


@router.post(
    "/signature",
    responses=answers("malformed-body", "not-authenticated", "not-found", "invalid-input", "provider-failed"),
)
def begin_proof(request: Request, response: Response, body: ToProve, work: SignedInDep) -> WhereToProve:
    """Begin to prove once more who one is, at the identity provider, for one signature on what was shown.

    Send the browser to `address`; it comes back with a proof that the signing call then finds, within five minutes.
    """
    assert work.subject.person is not None
    return WhereToProve(address=begun_elsewhere(request, response, to_sign=body.content_sha256))


def _proved(request: Request, client: Client, subject: str, content: str) -> Response:
    """Give the browser a proof when the identity belongs to the account that is logged in on it."""
    person = _check_own(request, client, subject)
    answer = _home(request)
    give_proof(request, answer, person, content)
    return answer


def _check_own(request: Request, client: Client, subject: str) -> UUID:
    """Return the person logged in on this browser; refuse when the identity that came back is not theirs."""
    secret = login_secret(request)
    with unit_of_work(OPERATOR, action="prove identity", correlation=request_id_of(request)) as session:
        person = person_of_identity(session, client.issuer, subject)
    with unit_of_work(ANONYMOUS, correlation=request_id_of(request)) as session:
        caller = None if secret is None else subject_of_login(session, secret)
    if person is None or caller is None or caller.person != person.id:
        raise ApiError("not-authenticated", "Another identity came back than that of the account logged in here.")
    return person.id


def _onward(request: Request, link: UUID) -> RedirectResponse:
    """Send the browser to the provider again, now for the identity that is to be linked."""
    answer = RedirectResponse("/", status_code=303)
    answer.headers["Location"] = begun_elsewhere(request, answer, link=link)
    return answer


def _home(request: Request) -> RedirectResponse:
    answer = RedirectResponse("/", status_code=303)
    answer.delete_cookie(COOKIE, path=PATH, secure=request.url.scheme == "https", httponly=True, samesite="lax")
    return answer


def _client(request: Request) -> Client:
    settings = Settings()
    if settings.oidc_issuer is None:
        raise ApiError(
            "no-provider",
            "Log in with account and password (POST /session), and sign with the password. Whoever runs the"
            " installation sets one up with GMPHUB_OIDC_ISSUER, GMPHUB_OIDC_CLIENT_ID and GMPHUB_OIDC_CLIENT_SECRET.",
        )
    redirect = str(request.url_for("finish_oidc"))
    secret = settings.oidc_client_secret.get_secret_value()
    return Client(settings.oidc_issuer, settings.oidc_client_id, secret, redirect)


def _kept(request: Request) -> _Kept:
    try:
        kept = _signer().loads(request.cookies.get(COOKIE, ""), max_age=SECONDS_TO_RETURN)
        link = None if kept["link"] is None else UUID(kept["link"])
        return _Kept(Begun(**kept["begun"]), link, kept["to_sign"], kept["proved"])
    except (BadSignature, TypeError, KeyError, ValueError) as error:
        raise ProviderError("This login was not begun on this browser, or too long ago.", "Begin again.") from error


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secret_key(), salt="oidc login")
