"""A calculation is carried out once, whole, whatever breaks off; an old execution writes nothing any more (T-G1, T-G2)."""

import os
import signal
from dataclasses import replace

import pytest
from sqlalchemy import Engine, func, select

from matcher.outcome import SolveOptions
from registry.access.subject import OPERATOR
from registry.database import unit_of_work
from registry.errors import NotAllowedError, WrongStateError
from registry.matching import runs
from registry.matching.calculation import calculate, prepare
from registry.matching.manifest import is_sealed
from registry.matching.progress import watched
from registry.matching.runs import SupersededError, begin, execute, fenced, store
from registry.matching.second_opinion import SecondOpinion, not_asked, opinion_on
from registry.matching.tie_break import ranked
from registry.models import AuditEvent, Placement, Policy, Round, Run, VerifierReport
from registry.queries.facilities import shown_data_set
from registry.rehearsing import end_rehearsal
from registry.services.rounds import cancel_run
from registry.services.secrets import TIE_BREAK, commitment_of, read_secret
from registry.vocabulary.lifecycle import DataSet, RoundKind, RoundState, RunState
from tests.registry.matching.dying import SLEEP, SUPERSEDED, killed, started
from tests.registry.matching.small import (
    Small,
    a_round,
    held_round,
    policy_in_force,
    queued,
    seeded,
    small_facts,
    stored,
)

pytestmark = [pytest.mark.database, pytest.mark.xdist_group("calculations")]

EFFORT = SolveOptions(effort=1)
POINTS = (
    "claimed",
    "looked",
    "frozen",
    "before solving",
    "solved",
    "checked",
    "before storing",
    "stored, not committed",
    "committed",
)


@pytest.fixture
def world(waiting: Small) -> Small:
    """An official round whose calculation waits in the queue."""
    return waiting


def counts(run: Run) -> tuple[int, int]:
    """How many reports and proposed placements a run has."""
    with unit_of_work(OPERATOR) as session:
        reports = select(func.count()).where(VerifierReport.run_id == run.id)
        placed = select(func.count()).where(Placement.run_id == run.id, Placement.plan == "proposed")
        return session.scalar(reports) or 0, session.scalar(placed) or 0


def late_writes(run: Run) -> int:
    """How often the trail says that a late write was refused."""
    with unit_of_work(OPERATOR) as session:
        question = select(func.count()).where(AuditEvent.action == "late write refused", AuditEvent.record_id == run.id)
        return session.scalar(question) or 0


def test_an_official_calculation_is_checked_explained_and_sealed(world: Small) -> None:
    done = execute(world.coordinator, world.run, EFFORT)
    run, held = stored(world.run), held_round(world.round)

    assert run.state is RunState.CHECKED
    assert done.outcome.objective == (2, 0)
    assert set(done.reasons) == {request.id for request in small_facts().requests} - {
        placement.request for placement in done.outcome.placements
    }
    assert is_sealed(run.manifest)
    assert run.manifest["snapshot"]["sha256"] == run.facts_sha256
    assert run.manifest["params"]["tie_commitment"] == held.tie_commitment
    assert run.second_opinion is not None
    assert run.second_opinion["agrees"] is True
    assert held.tie_secret is None


def test_alike_requests_are_served_by_the_rank_that_was_committed_to(world: Small) -> None:
    done = execute(world.coordinator, world.run, EFFORT)
    with unit_of_work(OPERATOR) as session:
        secret = read_secret(session, world.round, TIE_BREAK)
    alike = [request.id for request in small_facts().requests if not request.excluded]

    assert commitment_of(secret) == held_round(world.round).tie_commitment
    assert {placement.request for placement in done.outcome.placements} == set(ranked(secret, alike)[:2])


def test_the_coordinator_cannot_read_the_secret_before_the_result(world: Small) -> None:
    with pytest.raises(NotAllowedError.__base__), unit_of_work(world.coordinator) as session:  # type: ignore[arg-type]
        read_secret(session, world.round, TIE_BREAK)


def test_each_execution_has_the_next_number_and_the_same_facts(world: Small) -> None:
    first = begin(world.coordinator, world.run)
    digest = stored(world.run).facts_sha256
    second = begin(world.coordinator, world.run)

    assert (first.fence, second.fence) == (1, 2)
    assert second.facts == first.facts
    assert stored(world.run).facts_sha256 == digest


def overtaken(world: Small) -> SupersededError | None:
    """Let an execution finish whose run was taken over meanwhile."""
    old = begin(world.coordinator, world.run)
    done = calculate(prepare(old.facts), EFFORT, old.rank)
    execute(world.coordinator, world.run, EFFORT)
    try:
        store(world.coordinator, world.run, old, done, not_asked("not now"))
    except SupersededError as error:
        return error
    return None


def test_the_late_write_of_an_old_execution_is_refused_and_logged(world: Small) -> None:
    assert overtaken(world) is not None

    run = stored(world.run)
    assert run.second_opinion is not None
    assert run.second_opinion["asked"]
    assert counts(run) == (1, 2)
    assert late_writes(run) == 1


def test_sabotage_without_the_fence_the_late_write_lands(world: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "_check_fence", lambda *_: None)
    with pytest.raises(Exception, match="breaks a rule"):
        overtaken(world)


def test_what_has_ended_is_not_begun_again(world: Small) -> None:
    execute(world.coordinator, world.run, EFFORT)
    with pytest.raises(NotAllowedError, match="checked"):
        begin(world.coordinator, world.run)


def check_resumed(engine: Engine, world: Small, point: str) -> None:
    """Kill an execution at a point; the next one finishes the run, once and whole."""
    killed(engine, "execute", world.run, point)
    left = stored(world.run)
    whole = left.state is RunState.CHECKED
    assert counts(left) == ((1, 2) if whole else (0, 0))
    assert whole is (point == "committed")
    if not whole:
        execute(world.coordinator, world.run, EFFORT)
    run = stored(world.run)
    assert run.state is RunState.CHECKED
    assert run.fence == (1 if whole else 2)
    assert counts(run) == (1, 2)
    assert left.facts_sha256 in (None, run.facts_sha256)


@pytest.mark.parametrize("point", ["looked", "solved", "stored, not committed"])
def test_a_killed_execution_is_resumed(calculated: Engine, world: Small, point: str) -> None:
    check_resumed(calculated, world, point)


@pytest.mark.deep
@pytest.mark.parametrize("point", POINTS)
def test_kills_at_every_point(calculated: Engine, world: Small, point: str) -> None:
    for _ in range(10):
        check_resumed(calculated, world, point)
        world = replace(world, run=queued(world.coordinator, world.round))


@pytest.mark.deep
def test_a_frozen_execution_that_wakes_up_writes_nothing(calculated: Engine, world: Small) -> None:
    for _ in range(50):
        with started(calculated, "execute", world.run, f"{SLEEP}checked") as frozen:
            _, status = os.waitpid(frozen.pid, os.WUNTRACED)
            assert os.WIFSTOPPED(status)
            execute(world.coordinator, world.run, EFFORT)
            finished = stored(world.run)
            frozen.send_signal(signal.SIGCONT)
            _, said = frozen.communicate()
        assert frozen.returncode == SUPERSEDED, said[-2000:]
        run = stored(world.run)
        assert (run.version, run.outcome_sha256) == (finished.version, finished.outcome_sha256)
        assert late_writes(run) == 1
        world = replace(world, run=queued(world.coordinator, world.round))


def test_a_cancelled_calculation_keeps_the_plan_so_far(world: Small) -> None:

    def cancel_when_solved(point: str) -> None:
        if point == "solved":
            with unit_of_work(world.approver) as session:
                cancel_run(session, world.approver, world.run)

    execute(world.coordinator, world.run, EFFORT, passing=cancel_when_solved)
    run = stored(world.run)
    assert run.state is RunState.CANCELLED
    assert run.outcome is not None
    assert counts(run) == (1, 2)


def test_the_solver_is_asked_to_stop_when_somebody_cancels(world: Small) -> None:
    begun = begin(world.coordinator, world.run)
    options = watched(EFFORT, world.run, begun.fence)
    assert options.cancelled is not None
    with unit_of_work(world.approver) as session:
        cancel_run(session, world.approver, world.run)
    assert options.cancelled()


def test_only_what_is_under_way_is_cancelled(world: Small) -> None:
    execute(world.coordinator, world.run, EFFORT)
    with pytest.raises(WrongStateError, match="under way"), unit_of_work(world.coordinator) as session:
        cancel_run(session, world.coordinator, world.run)


def test_two_solvers_that_contradict_each_other_leave_it_disputed(world: Small) -> None:
    begun = begin(world.coordinator, world.run)
    done = calculate(prepare(begun.facts), EFFORT, begun.rank)
    against = SecondOpinion(
        asked=True, solver="another", agrees=False, disputed_because="its limit lies below the plan"
    )
    store(world.coordinator, world.run, begun, done, against)

    run = stored(world.run)
    assert run.state is RunState.DISPUTED
    assert run.state_reason == "its limit lies below the plan"
    assert run.manifest["second_opinion"]["agrees"] is False


def test_a_model_that_is_too_large_is_left_out_and_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    prepared = prepare(small_facts())
    done = calculate(prepared, EFFORT)
    assert opinion_on(prepared.formulated.problem, done.outcome, EFFORT).asked

    monkeypatch.setattr("matcher.dispatch.MOST_COLUMNS_OF_ONE_MODEL", 1)
    left_out = opinion_on(prepared.formulated.problem, done.outcome, EFFORT)
    assert not left_out.asked
    assert left_out.agrees is None
    assert "columns" in left_out.why_not


def test_a_policy_that_is_not_in_force_carries_no_official_calculation(committed: Engine) -> None:
    coordinator, approver = seeded()
    policy = policy_in_force(coordinator, approver)
    facts = small_facts()
    what_if = a_round(coordinator, policy, RoundKind.WHAT_IF)
    with unit_of_work(OPERATOR) as session:
        draft = Policy(code="draft", number=1, title="", tiers=[{"placed": 1}], text_generated="")
        session.add(draft)
        session.flush()
        held = Round(
            data_set=DataSet.REHEARSAL,
            code="past the services",
            kind=RoundKind.PERIOD,
            state=RoundState.CLOSED,
            policy_id=draft.id,
            origin=facts.origin,
            horizon_weeks=facts.horizon_weeks,
            known_on=facts.known_on,
        )
        session.add(held)
        session.flush()
        official = held.id
    refused, allowed = queued(coordinator, official), queued(coordinator, what_if)
    with pytest.raises(NotAllowedError, match="does not carry"):
        execute(coordinator, refused, EFFORT)
    assert stored(refused).state is RunState.FAILED
    assert "not in force" in (stored(refused).state_reason or "")
    execute(coordinator, allowed, EFFORT)
    assert stored(allowed).state is RunState.CHECKED


def test_an_error_leaves_the_run_failed(world: Small) -> None:

    def fail(point: str) -> None:
        if point == "solved":
            raise RuntimeError("out of luck")

    with pytest.raises(RuntimeError):
        execute(world.coordinator, world.run, EFFORT, passing=fail)
    assert stored(world.run).state is RunState.FAILED


def test_a_write_under_the_right_number_goes_through(world: Small) -> None:
    begun = begin(world.coordinator, world.run)
    with fenced(world.coordinator, world.run, begun.fence, "note") as (_, run):
        run.state_reason = "noted"
    assert stored(world.run).state_reason == "noted"
    with (
        pytest.raises(SupersededError),
        fenced(world.coordinator, world.run, begun.fence - 1, "note") as (_, run),
    ):
        run.state_reason = "never"
    assert stored(world.run).state_reason == "noted"


def test_a_rehearsal_that_ends_leaves_the_lists_to_what_is_in_real_use(world: Small) -> None:
    assert world.run
    with unit_of_work(OPERATOR) as session:
        assert shown_data_set(session) is DataSet.REHEARSAL
    for _ in range(2):
        end_rehearsal()
    with unit_of_work(OPERATOR) as session:
        assert shown_data_set(session) is DataSet.LIVE
        assert session.scalars(select(Run.id)).all() == []
