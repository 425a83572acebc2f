"""Proving again who one is, for one signature: bound to what was shown, used once.

With a local password the proof comes with the signing call; whoever logs in at a provider fetches it there before, and
the browser keeps it for some minutes in a cookie that no script reads.
"""

from datetime import UTC, datetime
from uuid import UUID, uuid4

from fastapi import Request, Response
from itsdangerous import BadSignature, URLSafeTimedSerializer

from api.dependencies import Work
from api.headers import request_id_of
from api.login import address_of, login_key
from api.problems import ApiError
from registry.access.subject import OPERATOR, PersonId
from registry.database import act_as, unit_of_work
from registry.services.logins import TooManyGuesses, prove_password
from registry.services.signatures import PROOF_LASTS, Reauthenticated
from registry.settings import secret_key

COOKIE, PATH = "gmphub_proof", "/api/v1"


def prove(request: Request, work: Work, password: str | None, content_sha256: str) -> Reauthenticated:
    """Return the proof for a signature on this content: by the password, else by the provider's proof of this browser.

    A wrong password is refused (403), too many are (429), and so is a proof that is missing, too old or another's
    (403); one that was used is refused by the signature itself.
    """
    person = work.subject.person
    assert person is not None
    if password is None:
        return _fetched(request, person, content_sha256)
    check_password(request, work, password, "nothing was signed")
    return Reauthenticated(uuid4(), person, "password", datetime.now(UTC), content_sha256)


def check_password(request: Request, work: Work, password: str, without: str) -> None:
    """Refuse a password that is not the caller's (403, with `without` as what did not happen), and too many (429)."""
    assert work.subject.person is not None
    with unit_of_work(OPERATOR, action="prove identity", correlation=request_id_of(request)) as session:
        proved = prove_password(session, work.subject.person, password, address_of(request), login_key())
    act_as(work.session, work.subject, correlation=request_id_of(request))
    if isinstance(proved, TooManyGuesses):
        raise ApiError("too-many-attempts", headers={"Retry-After": str(proved.wait_seconds)})
    if not proved:
        raise ApiError("wrong-password", f"The password is wrong; {without}.")


def give_proof(request: Request, answer: Response, person: UUID, content_sha256: str) -> None:
    """Give a browser whose person has just proved at the provider who it is a proof for one signature."""
    kept = [str(uuid4()), str(person), datetime.now(UTC).isoformat(), content_sha256]
    answer.set_cookie(
        COOKIE,
        _signer().dumps(kept),
        max_age=int(PROOF_LASTS.total_seconds()),
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="strict",
        path=PATH,
    )


def _fetched(request: Request, person: PersonId, content_sha256: str) -> Reauthenticated:
    try:
        kept = _signer().loads(request.cookies.get(COOKIE, ""), max_age=int(PROOF_LASTS.total_seconds()))
    except BadSignature:
        raise ApiError("not-proved", "Prove who you are first; nothing was signed.") from None
    proof, owner, at, shown = kept
    if UUID(owner) != person or shown != content_sha256:
        raise ApiError("not-proved", "The proof is for something else, or another's; nothing was signed.")
    return Reauthenticated(UUID(proof), person, "oidc", datetime.fromisoformat(at), shown)


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secret_key(), salt="proof for a signature")
