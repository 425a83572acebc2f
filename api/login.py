"""Checking a password in a transaction of its own, so that a refused attempt is remembered, too."""

from fastapi import Request

from api.headers import request_id_of
from registry.access.subject import OPERATOR
from registry.database import unit_of_work
from registry.services.logins import Login, TooManyGuesses, log_in
from registry.settings import secret_key


def open_login(request: Request, account: str, password: str) -> Login | TooManyGuesses | None:
    """Return a new login, or why there is none."""
    with unit_of_work(OPERATOR, action="log in", correlation=request_id_of(request)) as session:
        return log_in(session, account, password, address_of(request), login_key())


def address_of(request: Request) -> str:
    """Return where the call comes from."""
    return "unknown" if request.client is None else request.client.host


def login_key() -> bytes:
    """Return the key under which accounts and addresses are hashed."""
    return secret_key().encode()
