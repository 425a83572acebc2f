"""Nothing is published unchecked: the database itself refuses."""

import hashlib

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from registry.database_errors import refused
from registry.errors import NotVerifiedError
from registry.models import Run, VerifierReport
from registry.vocabulary.lifecycle import ReportVerdict, RunState
from tests.factories.facilities import added
from tests.registry.access.world import run_of

OUTCOME = b'{"format": "gmphub/outcome/1"}'


def checked(session: Session, verdict: ReportVerdict | None = ReportVerdict.PASS) -> Run:
    """A run with documents, and a report with this verdict on just these."""
    run = run_of(session)
    run.problem, run.problem_sha256 = b"{}", "p" * 64
    run.outcome, run.outcome_sha256 = OUTCOME, hashlib.sha256(OUTCOME).hexdigest()
    session.flush()
    if verdict is not None:
        report(session, run, verdict)
    return run


def report(session: Session, run: Run, verdict: ReportVerdict, outcome_sha256: str | None = None) -> None:
    added(
        session,
        VerifierReport(
            run_id=run.id,
            problem_sha256=run.problem_sha256,
            outcome_sha256=outcome_sha256 or run.outcome_sha256,
            verdict=verdict,
            findings=[],
            verifier_sha256="v" * 64,
        ),
    )


def publish(session: Session, run: Run) -> None:
    run.state = RunState.PUBLISHED
    session.flush()


def constraint(refusal: pytest.ExceptionInfo[IntegrityError]) -> str | None:
    assert isinstance(refused(refusal.value), NotVerifiedError)
    return getattr(getattr(refusal.value.orig, "diag", None), "constraint_name", None)


def test_a_run_that_passed_is_published(session: Session) -> None:
    run = checked(session)
    publish(session, run)
    assert session.scalar(text("select state from run where id = :id"), {"id": run.id}) == "published"


@pytest.mark.parametrize("verdict", [None, ReportVerdict.FAIL])
def test_without_a_passing_report_it_is_not(session: Session, verdict: ReportVerdict | None) -> None:
    run = checked(session, verdict)
    with pytest.raises(IntegrityError) as refusal:
        publish(session, run)
    assert constraint(refusal) == "ck_run_published_as_verified"


def test_a_report_on_another_outcome_does_not_count(session: Session) -> None:
    run = checked(session, None)
    report(session, run, ReportVerdict.PASS, outcome_sha256="o" * 64)
    with pytest.raises(IntegrityError) as refusal:
        publish(session, run)
    assert constraint(refusal) == "ck_run_published_as_verified"


def test_one_failing_report_outweighs_a_passing_one(session: Session) -> None:
    run = checked(session)
    report(session, run, ReportVerdict.FAIL)
    with pytest.raises(IntegrityError) as refusal:
        publish(session, run)
    assert constraint(refusal) == "ck_run_published_as_verified"


def test_an_outcome_that_is_not_what_was_hashed_is_refused(session: Session) -> None:
    run = checked(session)
    run.outcome = OUTCOME + b" "
    with pytest.raises(IntegrityError) as refusal:
        publish(session, run)
    assert constraint(refusal) == "ck_run_published_as_hashed"


def test_what_is_published_keeps_its_documents(session: Session) -> None:
    run = checked(session)
    publish(session, run)
    run.outcome = b"{}"
    with pytest.raises(IntegrityError) as refusal:
        session.flush()
    assert constraint(refusal) == "ck_run_published_stays"


def test_sabotage_without_the_guard_anything_is_published(session: Session) -> None:
    run = checked(session, ReportVerdict.FAIL)
    session.execute(text("reset role"))
    session.execute(text("drop trigger guard_publication on run"))
    session.execute(text("set role gmphub_app"))
    publish(session, run)
    assert session.scalar(text("select state from run where id = :id"), {"id": run.id}) == "published"
