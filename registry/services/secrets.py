"""Values that are committed to now and shown later; whoever lays one down cannot read it again."""

import hashlib
import secrets
from uuid import UUID, uuid4

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from registry.errors import NotVisibleError
from registry.models import Secret

TIE_BREAK = "tie-break"
RECORD_HASHES = "record hashes"


def lay_down(session: Session, record_id: UUID, purpose: str) -> str:
    """Keep 256 random bits for a record and return them as text; what is published now is their commitment."""
    secret = secrets.token_hex(32)
    session.execute(insert(Secret).inline().values(id=uuid4(), record_id=record_id, purpose=purpose, value=secret))
    return secret


def commitment_of(secret: str) -> str:
    """Return what is published of a secret before the secret itself: the SHA-256 of its text."""
    return hashlib.sha256(secret.encode()).hexdigest()


def read_secret(session: Session, record_id: UUID, purpose: str) -> str:
    """Return a secret; the session must be one of the machine's own account."""
    value = session.scalar(select(Secret.value).where(Secret.record_id == record_id, Secret.purpose == purpose))
    if value is None:
        raise NotVisibleError("There is no such secret, or it may not be read yet.")
    return value
