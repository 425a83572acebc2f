"""Electronic signatures: a person who proved again who it is, a meaning, and the hash of what was shown.

What is signed is what was seen: the proof of re-authentication is bound to the hash of the canonical content
(RFC 8785), lasts minutes by the database's clock, and is used once. A signature is only ever added; a later version
of the record has other content and shows as unsigned.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import rfc8785
from pydantic import JsonValue
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from registry.access.subject import OPERATOR_ID, PersonId, Subject
from registry.errors import NotSignedError
from registry.models import Person, Signature
from registry.vocabulary.lifecycle import SignatureMeaning
from registry.vocabulary.roles import Role

PROOF_LASTS = timedelta(minutes=5)
LONGEST_REASON, SHORTEST_REASON = 2000, 8

Content = Mapping[str, JsonValue]


@dataclass(frozen=True, slots=True)
class Reauthenticated:
    """Proof that a person logged in again, just now, for this content; whoever checked the login makes it.

    `id` is fresh for each; `at` an aware instant; `method` for example "password".
    """

    id: UUID
    person: PersonId
    method: str
    at: datetime
    content_sha256: str


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature as it is shown; `holds` while the record still says what was signed."""

    signer: UUID
    name: str
    role: Role
    meaning: SignatureMeaning
    reason: str
    at: datetime
    holds: bool


def content_sha256(content: Content) -> str:
    """Return the SHA-256 of the canonical form of what is shown and signed."""
    return hashlib.sha256(rfc8785.dumps(dict(content))).hexdigest()


def sign(
    session: Session,
    subject: Subject,
    proof: Reauthenticated,
    *,
    record_type: str,
    record_id: UUID,
    record_version: int,
    content: Content,
    meaning: SignatureMeaning,
    role: Role,
    reason: str,
    organisation_id: UUID | None = None,
) -> Signature:
    """Add a signature in the transaction of the act it stands for.

    Raises NotSignedError with every fault: another person's proof, one for other content, one that is too old or
    used up, a role the signer does not hold, a closed account, a reason that says nothing, the machine's account.
    """
    faults = [*_faults_of_proof(session, subject, proof, content), *_faults_of_signer(session, subject, role, reason)]
    if faults:
        raise NotSignedError("This is not signed.", "Look at it again, log in again, and sign.", faults)
    signature = Signature(
        signer_id=subject.person,
        signer_role=role,
        meaning=meaning,
        reason=reason.strip(),
        record_type=record_type,
        record_id=record_id,
        record_version=record_version,
        content_sha256=proof.content_sha256,
        method=proof.method,
        organisation_id=organisation_id,
        proof_id=proof.id,
    )
    session.add(signature)
    session.flush()
    return signature


def signatures_of(session: Session, record_type: str, record_id: UUID, content: Content) -> tuple[Signed, ...]:
    """Return the signatures on a record, oldest first; those on other content than today's do not hold."""
    rows = session.execute(
        select(Signature, Person.name, Person.code)
        .join(Person, Person.id == Signature.signer_id)
        .where(Signature.record_type == record_type, Signature.record_id == record_id)
        .order_by(Signature.signed_at, Signature.id)
    )
    today = content_sha256(content)
    return tuple(
        Signed(
            signer=row.signer_id,
            name=name or code,
            role=row.signer_role,
            meaning=row.meaning,
            reason=row.reason or "",
            at=row.signed_at,
            holds=row.content_sha256 == today,
        )
        for row, name, code in rows
    )


def _faults_of_proof(session: Session, subject: Subject, proof: Reauthenticated, content: Content) -> list[str]:
    now = session.scalars(select(func.clock_timestamp())).one()
    used = session.scalar(select(func.count()).where(Signature.proof_id == proof.id))
    faults = {
        "The proof is another person's.": proof.person != subject.person,
        "What is to be signed is not what was shown.": proof.content_sha256 != content_sha256(content),
        "The login is too long ago.": not now - PROOF_LASTS <= proof.at <= now + timedelta(seconds=5),
        "The login was used for a signature already.": bool(used),
    }
    return [text for text, found in faults.items() if found]


def _faults_of_signer(session: Session, subject: Subject, role: Role, reason: str) -> list[str]:
    person = None if subject.person is None else session.get(Person, subject.person)
    faults = {
        "The account of this machine signs nothing.": subject.person == OPERATOR_ID,
        "The account is closed or unknown.": person is None or person.disabled_at is not None,
        f"The signer is no {role.value}.": role not in subject.roles,
        f"The reason needs {SHORTEST_REASON} to {LONGEST_REASON} characters.": not SHORTEST_REASON
        <= len(reason.strip())
        <= LONGEST_REASON,
    }
    return [text for text, found in faults.items() if found]
