"""Who is calling: a key sent as bearer token, or nobody known."""

from fastapi import Request
from sqlalchemy.orm import Session

from api.problems import ApiError
from registry.access.accounts import subject_of_token
from registry.access.subject import ANONYMOUS, Subject

LONGEST_KEY = 200


def identify(request: Request, session: Session) -> Subject:
    """Return who the request speaks for; a key that is not good is refused (401), never taken for nobody."""
    sent = request.headers.get("authorization")
    if sent is None:
        return ANONYMOUS
    scheme, _, secret = sent.partition(" ")
    secret = secret.strip()
    if scheme.lower() != "bearer" or not secret or len(secret) > LONGEST_KEY:
        raise ApiError("not-authenticated", "Send a key as: Authorization: Bearer KEY")
    subject = subject_of_token(session, secret)
    if subject is None:
        raise ApiError("not-authenticated", "The key is unknown, expired or revoked.")
    return subject
