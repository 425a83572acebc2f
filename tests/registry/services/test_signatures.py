"""Signatures: only after logging in again, on what was shown, once; later content shows as unsigned."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError, ProgrammingError
from sqlalchemy.orm import Session

from registry.access.subject import OPERATOR, PersonId, Subject
from registry.errors import NotAllowedError
from registry.models import Person, Signature
from registry.services.signatures import Content, Reauthenticated, sign, signatures_of
from registry.vocabulary.lifecycle import DataSet, SignatureMeaning
from registry.vocabulary.roles import Role
from tests.factories.facilities import added
from tests.registry.matching.small import REASON, proof

RECORD = UUID(int=7)
CONTENT: Content = {"title": "A letter", "number": 1}


@pytest.fixture
def signer(session: Session) -> Subject:
    """A coordinator with an account."""
    person = added(session, Person(code="signer", name="A Signer", data_set=DataSet.LIVE))
    return Subject(PersonId(person.id), frozenset({(Role.COORDINATOR, None)}))


def signed(
    session: Session,
    subject: Subject,
    shown: Reauthenticated,
    *,
    content: Content = CONTENT,
    role: Role = Role.COORDINATOR,
    reason: str = REASON,
) -> Signature:
    return sign(
        session,
        subject,
        shown,
        record_type="letter",
        record_id=RECORD,
        record_version=1,
        content=content,
        meaning=SignatureMeaning.REVIEW,
        role=role,
        reason=reason,
    )


def test_a_signature_says_who_as_what_when_and_why(session: Session, signer: Subject) -> None:
    signed(session, signer, proof(session, signer, CONTENT))
    (found,) = signatures_of(session, "letter", RECORD, CONTENT)
    assert (found.name, found.role, found.meaning, found.reason, found.holds) == (
        "A Signer",
        Role.COORDINATOR,
        SignatureMeaning.REVIEW,
        REASON,
        True,
    )
    assert found.at.tzinfo is not None


def test_later_content_shows_as_unsigned(session: Session, signer: Subject) -> None:
    signed(session, signer, proof(session, signer, CONTENT))
    (found,) = signatures_of(session, "letter", RECORD, {**CONTENT, "number": 2})
    assert not found.holds


SPOILED: dict[str, tuple[Callable[[Reauthenticated], Reauthenticated], str]] = {
    "another person": (lambda shown: replace(shown, person=PersonId(uuid4())), "The proof is another person's."),
    "other content": (
        lambda shown: replace(shown, content_sha256="0" * 64),
        "What is to be signed is not what was shown.",
    ),
    "too old": (lambda shown: replace(shown, at=shown.at - timedelta(minutes=5, seconds=1)), "too long ago"),
    "from the future": (lambda shown: replace(shown, at=shown.at + timedelta(minutes=1)), "too long ago"),
}


@pytest.mark.parametrize("kind", SPOILED)
def test_a_proof_that_does_not_fit_is_refused(session: Session, signer: Subject, kind: str) -> None:
    spoil, fault = SPOILED[kind]
    with pytest.raises(NotAllowedError) as refusal:
        signed(session, signer, spoil(proof(session, signer, CONTENT)))
    assert len(refusal.value.details) == 1
    assert fault in refusal.value.details[0]


def test_a_proof_of_almost_five_minutes_ago_will_do(session: Session, signer: Subject) -> None:
    shown = proof(session, signer, CONTENT)
    assert signed(session, signer, replace(shown, at=shown.at - timedelta(minutes=4, seconds=50))).method == "password"


def test_a_proof_is_used_once(session: Session, signer: Subject) -> None:
    shown = proof(session, signer, CONTENT)
    signed(session, signer, shown)
    with pytest.raises(NotAllowedError) as refusal:
        signed(session, signer, shown)
    assert refusal.value.details == ("The login was used for a signature already.",)


def test_the_database_refuses_a_proof_used_twice(session: Session, signer: Subject) -> None:
    row = signed(session, signer, proof(session, signer, CONTENT))
    copied = {
        column.key: getattr(row, column.key)
        for column in Signature.__table__.columns
        if column.key not in {"id", "version", "created_at", "created_by", "changed_at", "changed_by"}
    }
    with pytest.raises(IntegrityError, match="uq_signature_proof_id"):
        added(session, Signature(**copied))


def test_the_machine_signs_nothing(session: Session) -> None:
    shown = Reauthenticated(uuid4(), PersonId(UUID(int=0)), "password", datetime.now(UTC), "")
    with pytest.raises(NotAllowedError) as refusal:
        signed(session, OPERATOR, shown, role=Role.OPERATOR)
    assert "The account of this machine signs nothing." in refusal.value.details


def test_a_closed_account_keeps_its_signatures_and_makes_none(session: Session, signer: Subject) -> None:
    signed(session, signer, proof(session, signer, CONTENT))
    session.get_one(Person, signer.person).disabled_at = session.scalar(select(func.now()))
    session.flush()
    with pytest.raises(NotAllowedError) as refusal:
        signed(session, signer, proof(session, signer, CONTENT))
    assert refusal.value.details == ("The account is closed or unknown.",)
    assert [found.holds for found in signatures_of(session, "letter", RECORD, CONTENT)] == [True]


def test_one_signs_in_a_role_one_holds_and_says_why(session: Session, signer: Subject) -> None:
    with pytest.raises(NotAllowedError) as refusal:
        signed(session, signer, proof(session, signer, CONTENT), role=Role.QA, reason=" update ")
    assert len(refusal.value.details) == 2
    assert signed(session, signer, proof(session, signer, CONTENT), reason="12345678").reason == "12345678"


@pytest.mark.parametrize("statement", ["update signature set reason = 'x'", "delete from signature"])
def test_what_is_signed_is_never_changed(session: Session, signer: Subject, statement: str) -> None:
    signed(session, signer, proof(session, signer, CONTENT))
    with pytest.raises(ProgrammingError, match="permission denied"), session.begin_nested():
        session.execute(text(statement))
