"""The trail: acts that change no row, reading it out, checking it, and handing its head to outside parties.

Changed rows need nothing from here: the database writes their events at the end of the transaction.
"""

import base64
import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from registry.audit_chain import Anchor, ChainReport, verify_chain
from registry.errors import FolderError, NotVisibleError
from registry.models import AuditAnchor, AuditEvent
from registry.settings import kept_for_its_owner

ROWS_AT_ONCE = 1000


def record_act(
    session: Session,
    action: str,
    record_type: str,
    record_id: UUID | None = None,
    *,
    organisations: Iterable[UUID] = (),
    reason: str = "",
    correlation: str = "",
) -> None:
    """Write an event for something done that changes no row: an export, a disclosure, a refused login.

    Who acted comes from the transaction. `organisations` are those whose people may read the event. Not possible in
    a transaction of isolation level REPEATABLE READ, which cannot see the head of the chain.
    """
    session.flush()
    session.execute(
        text(
            "insert into audit_event (action, record_type, record_id, organisations, reason, correlation)"
            " values (:action, :record_type, :record_id, cast(:organisations as uuid[]), :reason, :correlation)"
        ),
        {
            "action": action,
            "record_type": record_type,
            "record_id": record_id,
            "organisations": list(organisations),
            "reason": reason,
            "correlation": correlation,
        },
    )


def record_read(
    session: Session, record_type: str, record_id: UUID, organisations: Iterable[UUID], reason: str = ""
) -> None:
    """Write that somebody read a confidential record; its owners can see who saw it."""
    record_act(session, "read", record_type, record_id, organisations=organisations, reason=reason)


def export_trail(session: Session) -> Iterator[str]:
    """Yield the trail as lines of an export file, in sequence; `registry.audit_chain` checks them offline."""
    rows = session.execute(
        text(
            "select json_build_object('hash', e.hash, 'previous_hash', e.previous_hash)::text, event_text(e)"
            " from audit_event e order by e.sequence"
        ).execution_options(yield_per=ROWS_AT_ONCE)
    )
    for links, event in rows:
        yield f'{{"event":{event},{links[1:]}\n'


def verify_trail(session: Session, anchors: Iterable[Anchor] = ()) -> ChainReport:
    """Check the live chain against itself, the anchors kept here, and those given from outside."""
    return verify_chain(export_trail(session), [*kept_anchors(session), *anchors])


def kept_anchors(session: Session) -> list[Anchor]:
    """Return the anchors the platform keeps itself, as they were handed out."""
    return [
        Anchor(row.sequence, row.hash, row.anchored_at.astimezone(UTC).isoformat(), row.signature, row.public_key)
        for row in session.scalars(select(AuditAnchor).order_by(AuditAnchor.sequence))
    ]


def fault_of_anchor(anchor: Anchor, pinned: Collection[str] = ()) -> str | None:
    """Return what is wrong with the signature of an anchor, None when it holds.

    `pinned` are the public keys (base64) known to be the platform's; without any, the key the anchor names itself is
    taken, which shows a changed anchor, but not one that somebody signed anew with a key of their own.
    """
    if not anchor.signature or not anchor.public_key:
        return "carries no signature"
    if pinned and anchor.public_key not in pinned:
        return "is signed with another key than the given"
    try:
        at = datetime.fromisoformat(anchor.anchored_at)
        head = SignedHead(anchor.sequence, anchor.hash, at, anchor.signature, anchor.public_key)
        holds = is_signed(head, anchor.public_key)
    except ValueError:
        holds = False
    return None if holds else "carries a signature that does not fit"


@dataclass(frozen=True, slots=True)
class SignedHead:
    """A head of the chain with an Ed25519 signature over its `document`; keys and signature in base64."""

    sequence: int
    hash: str
    anchored_at: datetime
    signature: str
    public_key: str

    @property
    def document(self) -> bytes:
        """What was signed: RFC 8785 form of sequence, hash and time."""
        return _head_document(self.sequence, self.hash, self.anchored_at)

    def line(self) -> str:
        """The head as a line of an anchors file."""
        return json.dumps({
            "anchored_at": self.anchored_at.isoformat(),
            "hash": self.hash,
            "public_key": self.public_key,
            "sequence": self.sequence,
            "signature": self.signature,
        })  # fmt: skip


def anchor_trail(session: Session, key: Ed25519PrivateKey) -> SignedHead:
    """Sign the head of the chain, keep the anchor and return it for two outside parties."""
    head = session.execute(select(AuditEvent.sequence, AuditEvent.hash).order_by(AuditEvent.sequence.desc()).limit(1))
    found = head.one_or_none()
    if found is None:
        raise NotVisibleError("There is no event to anchor, or you may not read the trail.")
    now = datetime.now(UTC)
    signed = SignedHead(
        found.sequence,
        found.hash,
        now,
        _base64(key.sign(_head_document(found.sequence, found.hash, now))),
        _base64(key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)),
    )
    if session.get(AuditAnchor, signed.sequence) is None:
        session.add(
            AuditAnchor(
                sequence=signed.sequence,
                hash=signed.hash,
                anchored_at=now,
                signature=signed.signature,
                public_key=signed.public_key,
            )
        )
        session.flush()
    return signed


def read_or_make_key(path: Path) -> Ed25519PrivateKey:
    """Return the signing key in a PEM file, made for its owner alone on first use."""
    try:
        key = load_pem_private_key(kept_for_its_owner(path, _fresh_key), password=None)
    except OSError as error:
        raise FolderError(f"The key {path} cannot be read or made.", "Name another with --key.") from error
    except ValueError as error:
        raise FolderError(f"{path} holds no key.", "Name another with --key.") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise FolderError(f"The key in {path} is not an Ed25519 key.", "Name another with --key.")
    return key


def _fresh_key() -> bytes:
    return Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def read_public_key(path: Path) -> str:
    """Return, in base64, the Ed25519 public key in a file: PEM, or as it stands in an anchor; a ValueError says why not."""
    try:
        words = path.read_bytes().strip()
    except OSError as error:
        raise ValueError(f"{path} cannot be read: {error.strerror or error}") from error
    try:
        if words.startswith(b"-----"):
            key = load_pem_public_key(words)
        else:
            key = Ed25519PublicKey.from_public_bytes(base64.b64decode(words, validate=True))
    except (ValueError, UnsupportedAlgorithm) as error:
        raise ValueError(f"{path} holds no public key") from error
    if not isinstance(key, Ed25519PublicKey):
        raise ValueError(f"{path} holds a key of another kind than Ed25519")  # noqa: TRY004 - of what a person named
    return _base64(key.public_bytes(Encoding.Raw, PublicFormat.Raw))


def is_signed(head: SignedHead, public_key: str) -> bool:
    """Whether a head carries the signature of the key that was handed out."""
    verifier = Ed25519PublicKey.from_public_bytes(base64.b64decode(public_key))
    try:
        verifier.verify(base64.b64decode(head.signature), head.document)
    except InvalidSignature:
        return False
    return True


def _head_document(sequence: int, event_hash: str, at: datetime) -> bytes:
    return json.dumps(
        {"anchored_at": at.isoformat(), "hash": event_hash, "sequence": sequence}, separators=(",", ":"), sort_keys=True
    ).encode()


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
