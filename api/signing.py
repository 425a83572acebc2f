"""Proving again who one is, for one signature: bound to what was shown, used once, in a transaction of its own."""

from datetime import UTC, datetime
from uuid import uuid4

from fastapi import Request

from api.dependencies import Work
from api.headers import request_id_of
from api.login import address_of, login_key
from api.problems import ApiError
from registry.access.subject import OPERATOR
from registry.database import act_as, unit_of_work
from registry.services.logins import TooManyGuesses, prove_password
from registry.services.signatures import Reauthenticated


def prove(request: Request, work: Work, password: str, content_sha256: str) -> Reauthenticated:
    """Check the caller's password once more (wrong: 403, too often: 429) and return the proof for this content.

    The attempt is remembered even when the signature is refused, so that guessing is slowed down here, too.
    """
    person = work.subject.person
    assert person is not None
    with unit_of_work(OPERATOR, action="prove identity", correlation=request_id_of(request)) as session:
        proved = prove_password(session, person, password, address_of(request), login_key())
    act_as(work.session, work.subject, correlation=request_id_of(request))
    if isinstance(proved, TooManyGuesses):
        raise ApiError("too-many-attempts", headers={"Retry-After": str(proved.wait_seconds)})
    if not proved:
        raise ApiError("not-allowed", "The password is wrong; nothing was signed.")
    return Reauthenticated(uuid4(), person, "password", datetime.now(UTC), content_sha256)
