"""Logging in at an identity provider: OpenID Connect, code flow with PKCE (S256), state and nonce.

Sources: OpenID Connect Core 1.0 section 3.1; RFC 7636; RFC 9207 is honoured where the provider sends `iss`.
"""

import secrets
import time
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.httpx_client import OAuth2Client
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.access.permissions import Permission, require
from registry.access.subject import Subject
from registry.errors import DomainError, InvalidInputError
from registry.models import Identity, Person

SECONDS_TO_ANSWER = 5.0
ALGORITHMS = ("RS256", "PS256", "ES256")
SCOPE = "openid"
SECONDS_CLOCKS_DIFFER = 5


class ProviderError(DomainError):
    """The identity provider did not answer, or not as it should; nobody is logged in."""

    code = "provider-failed"


@dataclass(frozen=True, slots=True)
class Client:
    """What the provider knows of us; `redirect` is where the provider sends the browser back."""

    issuer: str
    client_id: str
    client_secret: str
    redirect: str


@dataclass(frozen=True, slots=True)
class Begun:
    """A login under way: where to send the browser, and what must come back with it.

    `since` is the second since 1970 after which the person must have logged in; None = any login of theirs counts.
    """

    address: str
    state: str
    nonce: str
    verifier: str
    since: int | None = None


def begin(client: Client, *, again: bool = False) -> Begun:
    """Return where to send a browser that wants to log in; `again` = the person must prove now who it is."""
    asked = {"prompt": "login", "max_age": "0"} if again else {}
    since = int(time.time()) if again else None
    state, nonce, verifier = secrets.token_urlsafe(24), secrets.token_urlsafe(24), secrets.token_urlsafe(48)
    with _oauth(client) as oauth:
        address, _ = oauth.create_authorization_url(
            _told(_metadata(client.issuer), "authorization_endpoint"),
            state=state,
            nonce=nonce,
            code_verifier=verifier,
            **asked,
        )
    return Begun(address, state, nonce, verifier, since)


def finish(client: Client, begun: Begun, answer: str) -> str:
    """Return the subject the provider names in its answer (the address the browser came back to).

    Refused: another state or issuer, an error of the provider, a code that is not good, an ID token that is not
    signed by the provider, or is for another client, another nonce or another time; where a new login was asked for,
    one that was before.
    """
    told = {name: values[0] for name, values in parse_qs(urlsplit(answer).query).items()}
    if not secrets.compare_digest(told.get("state", ""), begun.state):
        raise ProviderError("This login was not begun here.", "Begin again.")
    if told.get("iss", client.issuer) != client.issuer:
        raise ProviderError("Another provider answered.", "Begin again.")
    metadata = _metadata(client.issuer)
    try:
        with _oauth(client) as oauth:
            token = oauth.fetch_token(
                _told(metadata, "token_endpoint"), authorization_response=answer, code_verifier=begun.verifier
            )
    except (OAuthError, httpx.HTTPError, ValueError) as error:
        raise ProviderError("The provider did not confirm the login.", "Begin again.") from error
    return _subject(client, begun, str(token.get("id_token", "")), metadata)


def person_of_identity(session: Session, issuer: str, subject: str) -> Person | None:
    """Return, to the operator, the open account of whoever the provider named."""
    return session.scalars(
        select(Person)
        .join(Identity, Identity.person_id == Person.id)
        .where(Identity.issuer == issuer, Identity.subject == subject, Person.can_log_in, Person.disabled_at.is_(None))
    ).one_or_none()


def link_identity(session: Session, subject: Subject, person: Person, issuer: str, name: str) -> Identity:
    """Let an account be logged in to by a provider's subject; for administrators."""
    require(subject, Permission.MANAGE_ACCOUNTS)
    known = session.scalars(select(Identity).where(Identity.issuer == issuer, Identity.subject == name)).one_or_none()
    if known is not None:
        raise InvalidInputError("This identity has an account.", "", ("subject: is linked to an account already",))
    identity = Identity(person_id=person.id, issuer=issuer, subject=name)
    session.add(identity)
    session.flush()
    return identity


def _subject(client: Client, begun: Begun, token: str, metadata: dict[str, Any]) -> str:
    try:
        keys = KeySet.import_key_set(_keys(_told(metadata, "jwks_uri")))
        claims = jwt.decode(token, keys, algorithms=list(ALGORITHMS)).claims
        jwt.JWTClaimsRegistry(
            leeway=60,
            iss={"essential": True, "value": client.issuer},
            aud={"essential": True, "value": client.client_id},
            nonce={"essential": True, "value": begun.nonce},
            exp={"essential": True},
            sub={"essential": True},
        ).validate(claims)
    except (JoseError, ValueError, KeyError) as error:
        raise ProviderError("The provider's statement is not good.", "Begin again.") from error
    _check_login(claims.get("auth_time"), begun.since)
    return str(claims["sub"])


def _check_login(at: object, since: int | None) -> None:
    """Refuse a login that was before the person was asked to log in again, or of which the time is not told."""
    if since is None:
        return
    if not isinstance(at, int) or isinstance(at, bool) or at < since - SECONDS_CLOCKS_DIFFER:
        raise ProviderError("The provider did not ask who you are once more.", "Begin again.")


def _oauth(client: Client) -> Any:
    """The protocol's client; untyped where the library is."""
    return OAuth2Client(
        client.client_id,
        client.client_secret,
        token_endpoint_auth_method="client_secret_basic" if client.client_secret else "none",
        scope=SCOPE,
        redirect_uri=client.redirect,
        code_challenge_method="S256",
        timeout=SECONDS_TO_ANSWER,
    )


@lru_cache(maxsize=8)
def _metadata(issuer: str) -> dict[str, Any]:
    found = _fetched(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
    if found.get("issuer") != issuer:
        raise ProviderError("The provider calls itself otherwise than this installation does.")
    return found


def _told(metadata: dict[str, Any], name: str) -> str:
    """Return an address the provider's document must name."""
    address = metadata.get(name)
    if not isinstance(address, str) or urlsplit(address).scheme not in {"http", "https"}:
        raise ProviderError(f"The identity provider does not say its {name}.", "Tell whoever runs it.")
    return address


def _keys(address: str) -> Any:
    """The provider's keys as it writes them; untyped until the library has read them."""
    return _fetched(address)


def _fetched(address: str) -> dict[str, Any]:
    try:
        answer = httpx.get(address, timeout=SECONDS_TO_ANSWER)
        answer.raise_for_status()
        found = answer.json()
    except (httpx.HTTPError, ValueError) as error:
        raise ProviderError("The identity provider does not answer.", "Try again, or log in otherwise.") from error
    if not isinstance(found, dict):
        raise ProviderError("The identity provider does not answer as it should.")
    return found
