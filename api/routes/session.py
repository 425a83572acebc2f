"""Log in with a local account, and out; the login lives in a cookie no script can read."""

from fastapi import APIRouter, Request, Response

from api.authentication import clear_login, login_secret, set_login
from api.dependencies import KnockingDep, SignedInDep
from api.headers import request_id_of
from api.login import address_of, login_key, open_login
from api.problems import ApiError, answers
from api.schemas.sessions import Acceptance, Credentials, FirstAdministrator
from registry.access.subject import OPERATOR
from registry.database import unit_of_work
from registry.models import Person
from registry.services.first_run import claim
from registry.services.invitations import accept_invitation
from registry.services.logins import TooManyGuesses, log_out, open_session

router = APIRouter(tags=["account"])


@router.post(
    "/session",
    status_code=204,
    responses=answers(
        "malformed-body", "not-authenticated", "not-allowed", "body-too-large", "invalid-input", "too-many-attempts"
    ),
)
def log_in(request: Request, response: Response, body: Credentials, _guard: KnockingDep) -> None:
    """Log in; wrong account and wrong password look the same, and guessing is slowed down."""
    opened = open_login(request, body.account, body.password)
    if isinstance(opened, TooManyGuesses):
        raise ApiError("too-many-attempts", headers={"Retry-After": str(opened.wait_seconds)})
    if opened is None:
        raise ApiError("not-authenticated", "Account or password is wrong.")
    set_login(request, response, opened.secret)


@router.delete("/session", status_code=204, responses=answers("not-authenticated", "not-allowed"))
def end_login(request: Request, response: Response, work: SignedInDep) -> None:
    """Log out: the login ends on the server, too."""
    secret = login_secret(request)
    if secret is not None:
        log_out(work.session, secret)
    clear_login(request, response)


@router.post(
    "/invitations/accept",
    status_code=204,
    responses=answers(
        "malformed-body", "not-authenticated", "not-allowed", "body-too-large", "invalid-input", "too-many-attempts"
    ),
)
def accept_an_invitation(request: Request, response: Response, body: Acceptance, _guard: KnockingDep) -> None:
    """Choose the password of one's account with the word an administrator gave; it is used up, and logged in.

    Every other login of the account ends. Wrong account and wrong word look the same, and guessing is slowed down as
    at logins. A password that is refused leaves the word good.
    """
    with unit_of_work(OPERATOR, action="accept invitation", correlation=request_id_of(request)) as session:
        person = accept_invitation(session, body.account, body.word, body.password, address_of(request), login_key())
        login = open_session(session, person, "password") if isinstance(person, Person) else None
    if isinstance(person, TooManyGuesses):
        raise ApiError("too-many-attempts", headers={"Retry-After": str(person.wait_seconds)})
    if login is None:
        raise ApiError(
            "not-authenticated",
            "Account or word is wrong, or the word is used, withdrawn or too old; ask an administrator for a new one.",
        )
    set_login(request, response, login.secret)


@router.post(
    "/session/first-administrator",
    status_code=204,
    responses=answers("malformed-body", "not-authenticated", "not-allowed", "body-too-large", "invalid-input"),
)
def become_first_administrator(
    request: Request, response: Response, body: FirstAdministrator, _guard: KnockingDep
) -> None:
    """Choose the password of the first administrator with the word that was printed once; it is used up, and logged in."""
    with unit_of_work(OPERATOR, action="first administrator", correlation=request_id_of(request)) as session:
        person = claim(session, body.word, body.password)
        login = None if person is None else open_session(session, person, "password")
    if login is None:
        raise ApiError(
            "not-authenticated", "The word is unknown, used or too old; start the service again for a new one."
        )
    set_login(request, response, login.secret)
