"""Only a checked, official calculation is published: by another person, on facts that still hold, whole or not (T-G3, T-G7)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, func, select, text, update
from sqlalchemy.orm import Session

from matcher.outcome import SolveOptions
from registry import database, models
from registry.access.subject import OPERATOR, OrganisationId, Subject
from registry.database import unit_of_work
from registry.errors import BrokenRuleError, DomainError, NotAllowedError, NotVerifiedError
from registry.matching.manifest import is_sealed
from registry.matching.publishing import NotPublishableError, StaleRunError, publish
from registry.matching.runs import execute
from registry.matching.tie_break import ranked
from registry.services.recusal import RecusedError
from registry.services.rounds import queue_run
from registry.services.secrets import commitment_of
from registry.vocabulary.facilities import ClosureKind
from registry.vocabulary.lifecycle import DataSet, Publication, RequestState, RoundKind, RoundState, RunState
from registry.vocabulary.roles import Role
from tests.registry.matching.dying import killed
from tests.registry.matching.small import (
    REASON,
    Small,
    a_round,
    held_round,
    publication_proof,
    queued,
    small_facts,
    stored,
)

pytestmark = [pytest.mark.database, pytest.mark.xdist_group("calculations")]

EFFORT = SolveOptions(effort=1)


def messages() -> int:
    with unit_of_work(OPERATOR) as session:
        return session.scalar(select(func.count()).select_from(models.OutboxMessage)) or 0


def published(world: Small, by: Subject | None = None) -> None:
    subject = by or world.approver
    publish(subject, world.run, publication_proof(subject, world.run), reason=REASON)


def test_another_person_publishes_and_everybody_is_told(world: Small) -> None:
    published(world)
    run, held = stored(world.run), held_round(world.round)

    assert (run.state, held.state) == (RunState.PUBLISHED, RoundState.PUBLISHED)
    assert run.published_by_id == held.approved_by_id == world.approver.person
    assert run.manifest["people"]["approved_by"] == str(world.approver.person)
    assert is_sealed(run.manifest)
    facts = small_facts()
    assert messages() == len(facts.requests) + len(facts.facilities)


def test_the_secret_is_shown_with_the_result_and_gives_the_rank(world: Small) -> None:
    published(world)
    run, held = stored(world.run), held_round(world.round)

    assert held.tie_secret is not None
    assert commitment_of(held.tie_secret) == held.tie_commitment
    assert run.summary["rank"] == list(ranked(held.tie_secret, (request.id for request in small_facts().requests)))


def test_the_signature_is_on_what_was_shown(world: Small) -> None:
    proof = publication_proof(world.approver, world.run)
    with pytest.raises(NotAllowedError, match="not signed") as refusal:
        publish(world.approver, world.run, replace(proof, content_sha256="0" * 64), reason=REASON)
    assert "What is to be signed is not what was shown." in refusal.value.details
    assert (stored(world.run).state, messages()) == (RunState.CHECKED, 0)


def test_whoever_started_it_does_not_approve_it(world: Small) -> None:
    with pytest.raises(NotPublishableError) as refusal:
        published(world, by=world.coordinator)
    assert refusal.value.details == ("Whoever started it does not approve it.",)
    assert messages() == 0


def test_a_what_if_is_never_published(what_if: Small) -> None:
    with pytest.raises(NotPublishableError) as refusal:
        published(what_if)
    assert "It belongs to a what-if round, and those are never published." in refusal.value.details


def forced(world: Small) -> None:
    """Publish past the services, by one statement."""
    with unit_of_work(OPERATOR) as session:
        session.execute(update(models.Run).where(models.Run.id == world.run).values(state=RunState.PUBLISHED))


def test_the_database_refuses_a_what_if_too(what_if: Small) -> None:
    with pytest.raises(BrokenRuleError) as refusal:
        forced(what_if)
    assert refusal.value.details == ("ck_run_official",)


def test_sabotage_without_that_guard_it_is_published(what_if: Small) -> None:
    with database.owner_engine(database.owner_url()).begin() as connection:
        connection.execute(text("drop trigger guard_official on run"))
    forced(what_if)
    assert stored(what_if.run).state is RunState.PUBLISHED


def failed_report(world: Small) -> None:
    with unit_of_work(OPERATOR) as session:
        report = session.scalars(select(models.VerifierReport).where(models.VerifierReport.run_id == world.run)).one()
        session.add(
            models.VerifierReport(
                run_id=world.run,
                problem_sha256=report.problem_sha256,
                outcome_sha256=report.outcome_sha256,
                verdict="fail",
                findings=[{"text": "found later"}],
                verifier_sha256="v" * 64,
            )
        )


def test_a_failing_report_that_came_later_stops_it_in_the_database(world: Small) -> None:
    failed_report(world)
    with pytest.raises(NotVerifiedError):
        published(world)
    assert (stored(world.run).state, messages()) == (RunState.CHECKED, 0)


def test_sabotage_without_the_trigger_it_goes_out(world: Small) -> None:
    failed_report(world)
    with database.owner_engine(database.owner_url()).begin() as connection:
        connection.execute(text("drop trigger guard_publication on run"))
    published(world)
    assert stored(world.run).state is RunState.PUBLISHED


@pytest.mark.parametrize("state", sorted(set(RunState) - {RunState.CHECKED, RunState.PUBLISHED}))
def test_only_a_checked_one_is_published(world: Small, state: RunState) -> None:
    with unit_of_work(OPERATOR) as session:
        session.get_one(models.Run, world.run).state = state
    with pytest.raises(NotPublishableError) as refusal:
        published(world)
    assert f"It is {state.value}, not checked." in refusal.value.details


def test_a_round_is_published_once(world: Small, waiting: Small) -> None:
    other = queued(world.coordinator, world.round)
    execute(world.coordinator, other, EFFORT)
    published(world)
    second = replace(world, run=other)
    with pytest.raises(NotPublishableError, match="not published"):
        published(second)
    with pytest.raises(BrokenRuleError) as refusal:
        forced(second)
    assert refusal.value.details == ("uq_run_published",)
    assert stored(other).manifest["runs_of_round_before"] == [str(world.run), str(waiting.run)]


def publish_as_starter(world: Small) -> None:
    with unit_of_work(OPERATOR) as session:
        run = session.get_one(models.Run, world.run)
        run.published_by_id = run.created_by


def test_the_database_refuses_a_starter_who_publishes(world: Small) -> None:
    with pytest.raises(BrokenRuleError) as refusal:
        publish_as_starter(world)
    assert refusal.value.details == ("ck_run_starter_does_not_publish",)


def member(world: Small, code: str, who: Subject) -> Subject:
    """The person, who also belongs to an organisation of the round."""
    with unit_of_work(OPERATOR) as session:
        question = select(models.Organisation.id).where(
            models.Organisation.code == code, models.Organisation.data_set == DataSet.REHEARSAL
        )
        place = OrganisationId(session.scalars(question).one())
    role = Role.PLANNER if code.startswith("O") else Role.DEVELOPER
    return Subject(who.person, who.seats | {(role, place)})


@pytest.mark.parametrize("code", ["O1", "SP6"])
def test_who_belongs_to_a_party_neither_starts_nor_approves(world: Small, code: str) -> None:
    with pytest.raises(RecusedError):
        published(world, by=member(world, code, world.approver))
    starter = member(world, code, world.coordinator)
    with pytest.raises(RecusedError), unit_of_work(starter) as session:
        queue_run(session, starter, world.round, DataSet.REHEARSAL)
    what_if = a_round(world.coordinator, world.policy, RoundKind.WHAT_IF, code="another what if")
    assert stored(queued(starter, what_if)).state is RunState.QUEUED


Change = Callable[[Session], object]


def _request(session: Session, code: str = "R1") -> models.Request:
    return session.scalars(select(models.Request).where(models.Request.code == code)).one()


def _suite(session: Session) -> models.Suite:
    return session.scalars(select(models.Suite).where(models.Suite.code == "F1-S")).one()


def withdraw_request(session: Session) -> None:
    _request(session).state = RequestState.WITHDRAWN


def change_urgency(session: Session) -> None:
    _request(session).urgency_decided = 0


def move_window(session: Session) -> None:
    request = _request(session)
    session.scalars(select(models.Batch).where(models.Batch.request_id == request.id)).one().latest += timedelta(7)


def exclude_facility(session: Session) -> None:
    request, suite = _request(session), _suite(session)
    session.add(
        models.RequestExclusion(
            organisation_id=request.organisation_id,
            request_id=request.id,
            data_set=request.data_set,
            facility_id=suite.facility_id,
        )
    )


def end_licence(session: Session) -> None:
    licence = session.scalars(select(models.Authorisation)).all()[0]
    licence.open_ended_confirmed, licence.valid_to = False, date(2027, 1, 6)


def close_suite(session: Session) -> None:
    suite = _suite(session)
    session.add(
        models.Closure(
            organisation_id=suite.organisation_id,
            facility_id=suite.facility_id,
            suite_id=suite.id,
            starts=date(2027, 1, 4),
            ends=date(2027, 2, 1),
            kind=ClosureKind.OWN_USE,
        )
    )


def add_place(session: Session) -> None:
    _suite(session).places = 2


def offer_fewer_starts(session: Session) -> None:
    session.scalars(select(models.StartsStatement)).all()[0].starts_per_week = 1


def withdraw_facility(session: Session) -> None:
    suite = _suite(session)
    session.get_one(models.Facility, suite.facility_id).publication = Publication.WITHDRAWN


CHANGES: tuple[Change, ...] = (
    withdraw_request,
    change_urgency,
    move_window,
    exclude_facility,
    end_licence,
    close_suite,
    add_place,
    offer_fewer_starts,
    withdraw_facility,
)


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_changed_facts_stop_it_with_their_reasons(world: Small, change: Change) -> None:
    with unit_of_work(OPERATOR) as session:
        change(session)
    with pytest.raises(StaleRunError) as refusal:
        published(world)
    run = stored(world.run)
    assert refusal.value.details
    assert run.state_reason == f"stale: {'; '.join(refusal.value.details)}"
    assert (run.state, held_round(world.round).state, messages()) == (RunState.CHECKED, RoundState.CLOSED, 0)


def test_sabotage_unseen_changes_go_out(world: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    with unit_of_work(OPERATOR) as session:
        withdraw_request(session)
    monkeypatch.setattr("registry.matching.publishing.reasons_stale", lambda *_: ())
    published(world)
    assert stored(world.run).state is RunState.PUBLISHED


def test_a_newer_confirmation_and_a_later_request_are_no_reason(world: Small) -> None:
    with unit_of_work(OPERATOR) as session:
        suite, request = _suite(session), _request(session)
        session.add(
            models.Confirmation(
                organisation_id=suite.organisation_id,
                facility_id=suite.facility_id,
                subject="calendar",
                confirmed_on=date(2026, 11, 24),
            )
        )
        session.add(_copy(session, request))
    published(world)
    assert stored(world.run).state is RunState.PUBLISHED


def _copy(session: Session, request: models.Request) -> models.Request:
    left_out = {"id", "code", "version", "created_at", "created_by", "changed_at", "changed_by"}
    values = {
        column.key: getattr(request, column.key)
        for column in models.Request.__table__.columns
        if column.key not in left_out
    }
    return models.Request(code="R7", **values)


def check_killed(engine: Engine, world: Small, point: str) -> None:
    """Kill a publication at a point: it is wholly published, with every message, or not at all."""
    killed(engine, "publish", world.run, point)
    run, held = stored(world.run), held_round(world.round)
    whole = point == "committed"
    facts = small_facts()
    assert (run.state is RunState.PUBLISHED) is (held.state is RoundState.PUBLISHED) is whole
    assert messages() == (len(facts.requests) + len(facts.facilities) if whole else 0)
    if not whole:
        published(world)
        assert stored(world.run).state is RunState.PUBLISHED


@pytest.mark.parametrize("point", ["published, not committed"])
def test_a_killed_publication_leaves_nothing_half_done(calculated: Engine, world: Small, point: str) -> None:
    check_killed(calculated, world, point)


@pytest.mark.deep
@pytest.mark.parametrize("number", range(10))
@pytest.mark.parametrize("point", ["published, not committed", "committed"])
def test_kills_during_publication(calculated: Engine, world: Small, point: str, number: int) -> None:
    check_killed(calculated, world, point)


def test_refusals_are_domain_errors_with_codes() -> None:
    codes = {error.code for error in (NotPublishableError, StaleRunError, RecusedError)}
    assert codes == {"not-publishable", "stale-run", "recused"}
    assert all(issubclass(error, DomainError) for error in (NotPublishableError, StaleRunError, RecusedError))
