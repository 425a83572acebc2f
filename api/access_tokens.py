"""Short-lived tokens for machines: signed by this installation, worth nothing once the key behind them has ended."""

from dataclasses import dataclass

from itsdangerous import BadSignature, URLSafeTimedSerializer

from registry.settings import secret_key

LASTS_SECONDS = 900
SALT = "access token"


@dataclass(frozen=True, slots=True)
class Access:
    """The SHA-256 of the key's secret, and what the token is limited to; empty = as the key."""

    key_sha256: str
    scopes: frozenset[str]


def write_access(access: Access) -> str:
    """Return a token for a quarter of an hour."""
    return _signer().dumps([access.key_sha256, sorted(access.scopes)])


def read_access(token: str) -> Access | None:
    """Return what a token says, None when it is none of ours or too old."""
    if token.count(".") < 2:
        return None
    try:
        digest, scopes = _signer().loads(token, max_age=LASTS_SECONDS)
    except (BadSignature, ValueError):
        return None
    return Access(str(digest), frozenset(map(str, scopes)))


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secret_key(), salt=SALT)
