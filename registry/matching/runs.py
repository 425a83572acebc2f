"""A queued calculation carried out: claim, snapshot, solve, check, store. The solver never runs inside a transaction.

Every execution has a fencing number. One that breaks off is begun again by whoever comes next, on the facts that were
frozen the first time; the number goes up, and whatever the old execution still wants to write is refused and logged.
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from uuid import UUID

import structlog
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from matcher.facts import Facts
from matcher.outcome import SolveOptions
from registry import models
from registry.access.subject import OPERATOR, Subject
from registry.database import unit_of_work
from registry.errors import DomainError, NotAllowedError, NotVisibleError
from registry.matching.calculation import Calculation, calculate, prepare
from registry.matching.days import KEY as DAYS
from registry.matching.documents import canonical, facts_from_json, to_document
from registry.matching.judged import keep_verdicts
from registry.matching.manifest import Frozen, Head, manifest_of, snapshot_part, verifier_sha256
from registry.matching.orphans import alive
from registry.matching.placing import Keys, placements_of
from registry.matching.progress import watched
from registry.matching.records import records_of, records_sha256
from registry.matching.second_opinion import SecondOpinion, not_asked, opinion_on
from registry.matching.snapshot import take_snapshot
from registry.matching.tie_break import ranked, seed_of
from registry.services.auditing import record_act
from registry.services.policies import faults_as_official
from registry.services.rounds import is_official
from registry.services.secrets import RECORD_HASHES, TIE_BREAK, lay_down, read_secret
from registry.vocabulary.lifecycle import ReportVerdict, RunState

log = structlog.get_logger()

RESUMABLE = (RunState.QUEUED, RunState.SOLVING, RunState.CHECKING)

Passing = Callable[[str], None]
"""Called with the name of each point an execution passes; the tests end the process there."""


class SupersededError(DomainError):
    """Another execution has taken the run over."""

    code = "superseded"


@dataclass(frozen=True, slots=True)
class Begun:
    """An execution under way: its facts, its fencing number, and for an official round the secret of its ties."""

    facts: Facts
    fence: int
    official: bool
    tie_secret: str | None = None

    @property
    def rank(self) -> tuple[str, ...]:
        """Request ids in the sequence that breaks ties; empty where no sequence was committed to."""
        ids = (request.id for request in self.facts.requests)
        return () if self.tie_secret is None else ranked(self.tie_secret, ids)


def pass_by(point: str) -> None:
    """Nothing happens at a point."""


def execute(
    subject: Subject,
    run_id: UUID,
    options: SolveOptions,
    *,
    ask_second: bool | None = None,
    passing: Passing = pass_by,
) -> Calculation:
    """Carry out a run, or what is left of it, and store what came out; an error leaves it marked as failed.

    A second solver is asked unless `ask_second` is false, by default about a what-if only when it is small. Raises
    SupersededError when another execution took over, NotAllowedError when the run has ended or its policy is not in
    force.
    """
    with alive(run_id):
        return _carried_out(subject, run_id, options, ask_second, passing)


def _carried_out(
    subject: Subject, run_id: UUID, options: SolveOptions, ask_second: bool | None, passing: Passing
) -> Calculation:
    begun = begin(subject, run_id, passing)
    if begun.tie_secret is not None:
        options = replace(options, seed=seed_of(begun.tie_secret))
    options = watched(options, run_id, begun.fence)
    try:
        passing("before solving")
        done = calculate(prepare(begun.facts), options, begun.rank)
        passing("solved")
        with fenced(subject, run_id, begun.fence, "check calculation") as (_, run):
            run.state = RunState.CHECKING if run.state is RunState.SOLVING else run.state
        opinion = not_asked("nobody wanted it")
        if ask_second is not False:
            official = begun.official or ask_second is True
            opinion = opinion_on(done.prepared.formulated.problem, done.outcome, options, official=official)
        passing("checked")
    except SupersededError:
        raise
    except BaseException as error:
        _fail(subject, run_id, begun, "interrupted" if isinstance(error, KeyboardInterrupt) else "stopped by an error")
        raise
    store(subject, run_id, begun, done, opinion, passing)
    return done


def begin(subject: Subject, run_id: UUID, passing: Passing = pass_by) -> Begun:
    """Take a run over under a new fencing number and return its facts, frozen now unless they were before."""
    with unit_of_work(subject, action="start calculation") as session:
        run = locked_run(session, run_id)
        if run.state not in RESUMABLE:
            raise NotAllowedError(f"The calculation is {run.state.value}.", "Queue another one of the round.")
        run.fence += 1
        run.state = RunState.SOLVING
        run.started_at = run.started_at or session.scalar(func.now().select())
        fence, known = run.fence, run.facts
        official = is_official(session.get_one(models.Round, run.round_id))
    passing("claimed")
    facts = facts_from_json(known) if known is not None else _freeze(subject, run_id, fence, passing)
    return Begun(facts, fence, official, _tie_secret(run_id) if official else None)


def _freeze(subject: Subject, run_id: UUID, fence: int, passing: Passing) -> Facts:
    """Look at the registry once, consistently, and keep what was seen with the run."""
    with unit_of_work(subject, isolation="REPEATABLE READ") as session:
        run = session.get_one(models.Run, run_id)
        held = session.get_one(models.Round, run.round_id)
        policy = session.get_one(models.Policy, held.policy_id)
        at, transaction, schema = session.execute(
            text("select now(), pg_current_snapshot()::text, (select version_num from alembic_version)")
        ).one()
        faults = list(faults_as_official(policy, at)) if is_official(held) else []
        facts = take_snapshot(
            session,
            run.data_set,
            policy,
            origin=held.origin,
            horizon_weeks=held.horizon_weeks,
            known_on=held.known_on,
        )
    if faults:
        _fail(subject, run_id, Begun(facts, fence, official=True), "; ".join(faults))
        raise NotAllowedError("This policy does not carry an official calculation.", "Have it approved first.", faults)
    passing("looked")
    document = canonical(facts)
    with fenced(subject, run_id, fence, "freeze facts") as (session, run):
        hashes = [one.sha256 for one in records_of(facts, lay_down(session, run.id, RECORD_HASHES))]
        frozen = Frozen(facts, at, transaction, schema, records_sha256(hashes))
        run.facts, run.facts_sha256 = document, hashlib.sha256(document).hexdigest()
        run.manifest = {**run.manifest, "snapshot": snapshot_part(frozen, run.facts_sha256)}
    passing("frozen")
    return facts


def _tie_secret(run_id: UUID) -> str:
    with unit_of_work(OPERATOR) as session:
        return read_secret(session, session.get_one(models.Run, run_id).round_id, TIE_BREAK)


@contextmanager
def fenced(subject: Subject, run_id: UUID, fence: int, action: str) -> Iterator[tuple[Session, models.Run]]:
    """A transaction that may write to the run, as long as no other execution took it over; else refuse and log."""
    try:
        with unit_of_work(subject, action=action) as session:
            run = locked_run(session, run_id)
            _check_fence(run, fence)
            yield session, run
    except SupersededError as error:
        log.warning("late write refused", run=str(run_id), execution=fence, wanted=action)
        with unit_of_work(subject) as session:
            record_act(session, "late write refused", "run", run_id, reason=f"{action}: {error.text}")
        raise


def _check_fence(run: models.Run, fence: int) -> None:
    if run.fence != fence:
        raise SupersededError(
            f"Execution {fence} of this calculation was taken over by execution {run.fence}.",
            "Nothing of the older one is kept.",
        )


def store(
    subject: Subject,
    run_id: UUID,
    begun: Begun,
    done: Calculation,
    opinion: SecondOpinion,
    passing: Passing = pass_by,
) -> None:
    """Keep documents, report, second opinion, placements, reasons and manifest of a calculation, all or nothing."""
    with fenced(subject, run_id, begun.fence, "finish calculation") as (session, run):
        passing("before storing")
        outcome = done.outcome
        run.problem, run.problem_sha256 = done.problem, outcome.problem_sha256
        run.outcome, run.outcome_sha256 = done.outcome_bytes, hashlib.sha256(done.outcome_bytes).hexdigest()
        run.greedy = json.dumps([asdict(placement) for placement in done.greedy]).encode()
        run.second_opinion = dict(opinion.document())
        run.summary = {
            "status": outcome.status,
            "objective": list(outcome.objective),
            "bound": list(outcome.bound),
            "reasons": {request: [asdict(one) for one in reasons] for request, reasons in done.reasons.items()},
            "rank": list(begun.rank),
            DAYS: to_document(done.days),
        }
        run.state, run.state_reason = _state(run, done, opinion)
        run.finished_at = session.scalar(func.now().select())
        report = _report(run, done)
        session.add(report)
        held = session.get_one(models.Round, run.round_id)
        run.manifest = dict(
            manifest_of(
                run,
                held,
                session.get_one(models.Policy, held.policy_id),
                done,
                opinion,
                report,
                head=trail_head(session),
                earlier=_earlier(session, run),
            )
        )
        session.flush()
        keys = Keys(session, run)
        session.add_all(placements_of(keys, run, done))
        session.flush()
        keep_verdicts(session, run, keys, done.prepared.verdicts)
        passing("stored, not committed")
    passing("committed")


def _state(run: models.Run, done: Calculation, opinion: SecondOpinion) -> tuple[RunState, str | None]:
    """Where a finished calculation stands, and why it is not checked."""
    if run.state is RunState.CANCELLED or done.outcome.stopped == "cancelled":
        return RunState.CANCELLED, run.state_reason or "cancelled; the plan so far is kept"
    if done.outcome.stopped == "clock" and done.outcome.effort is not None:
        return RunState.FAILED, "not finished in the time it was given"
    if done.report.exit_code != 0:
        return RunState.FAILED, "the independent check found something wrong"
    if opinion.disputed:
        return RunState.DISPUTED, opinion.disputed_because
    return RunState.CHECKED, None


def locked_run(session: Session, run_id: UUID) -> models.Run:
    """Return a run as it is now, locked until the end of the transaction."""
    question = select(models.Run).where(models.Run.id == run_id).with_for_update()
    run = session.scalars(question.execution_options(populate_existing=True)).one_or_none()
    if run is None:
        raise NotVisibleError("There is no such calculation, or you may not see it.")
    return run


def trail_head(session: Session) -> Head | None:
    """Return the head of the trail, also to whoever may not read the trail; None when it is empty."""
    row = session.execute(text("select sequence, hash from trail_head()")).one()
    return None if row.sequence is None else Head(row.sequence, row.hash)


def _earlier(session: Session, run: models.Run) -> tuple[str, ...]:
    question = select(models.Run.id).where(models.Run.round_id == run.round_id, models.Run.created_at < run.created_at)
    return tuple(str(one) for one in session.scalars(question.order_by(models.Run.created_at, models.Run.id)))


def _fail(subject: Subject, run_id: UUID, begun: Begun, reason: str) -> None:
    with fenced(subject, run_id, begun.fence, "break off calculation") as (_, run):
        run.state, run.state_reason = RunState.FAILED, reason


def _report(run: models.Run, done: Calculation) -> models.VerifierReport:
    return models.VerifierReport(
        run_id=run.id,
        problem_sha256=run.problem_sha256 or "",
        outcome_sha256=run.outcome_sha256 or "",
        verdict=ReportVerdict.PASS if done.report.exit_code == 0 else ReportVerdict.FAIL,
        findings=[asdict(finding) for finding in done.report.findings],
        remarks=[{"text": remark} for remark in done.report.remarks],
        verifier_sha256=verifier_sha256(),
    )
