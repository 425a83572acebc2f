"""A queued calculation carried out: snapshot, solve, check, store. The solver never runs inside a transaction."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date, timedelta
from importlib.resources import files
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matcher.facts import Facts
from matcher.lookup import lookup
from matcher.outcome import Placement, SolveOptions
from matcher.problem import Problem
from registry import models
from registry.access.subject import Subject
from registry.database import unit_of_work
from registry.errors import NotVisibleError
from registry.matching.calculation import Calculation, calculate, prepare
from registry.matching.documents import canonical
from registry.matching.snapshot import take_snapshot
from registry.matching.snapshot.facilities import full_code
from registry.vocabulary.lifecycle import ReportVerdict, RunState


def execute(subject: Subject, run_id: UUID, options: SolveOptions) -> Calculation:
    """Carry out a queued run and store what came out; a run that breaks off is left marked as failed."""
    facts = begin(subject, run_id)
    try:
        done = calculate(prepare(facts), options)
    except BaseException as error:
        _fail(subject, run_id, "interrupted" if isinstance(error, KeyboardInterrupt) else "stopped by an error")
        raise
    store(subject, run_id, done)
    return done


def begin(subject: Subject, run_id: UUID) -> Facts:
    """Freeze the facts of the run in one consistent look, keep them with the run and return them."""
    with unit_of_work(subject, action="start calculation", isolation="REPEATABLE READ") as session:
        run = _run(session, run_id)
        held = session.get_one(models.Round, run.round_id)
        policy = session.get_one(models.Policy, held.policy_id)
        facts = take_snapshot(
            session,
            run.data_set,
            policy,
            origin=held.origin,
            horizon_weeks=held.horizon_weeks,
            known_on=held.known_on,
        )
        run.facts = canonical(facts)
        run.facts_sha256 = hashlib.sha256(run.facts).hexdigest()
        run.state = RunState.SOLVING
        run.started_at = session.scalar(func.now().select())
    return facts


def store(subject: Subject, run_id: UUID, done: Calculation) -> None:
    """Keep the documents, the verifier's report, the placements and the reasons of a calculation."""
    with unit_of_work(subject, action="finish calculation") as session:
        run = _run(session, run_id)
        outcome = done.outcome
        run.problem, run.problem_sha256 = done.problem, outcome.problem_sha256
        run.outcome, run.outcome_sha256 = done.outcome_bytes, hashlib.sha256(done.outcome_bytes).hexdigest()
        run.greedy = json.dumps([asdict(placement) for placement in done.greedy]).encode()
        run.summary = {
            "status": outcome.status,
            "objective": list(outcome.objective),
            "bound": list(outcome.bound),
            "reasons": {request: [asdict(one) for one in reasons] for request, reasons in done.reasons.items()},
        }
        run.state = _state(done)
        run.finished_at = session.scalar(func.now().select())
        session.add(_report(run, done))
        session.flush()
        session.add_all(_placements(session, run, done))


def _state(done: Calculation) -> RunState:
    if done.outcome.stopped == "cancelled":
        return RunState.CANCELLED
    return RunState.CHECKED if done.report.exit_code == 0 else RunState.FAILED


def _run(session: Session, run_id: UUID) -> models.Run:
    run = session.scalars(select(models.Run).where(models.Run.id == run_id).with_for_update()).one_or_none()
    if run is None:
        raise NotVisibleError("There is no such calculation, or you may not see it.")
    return run


def _fail(subject: Subject, run_id: UUID, reason: str) -> None:
    with unit_of_work(subject, action="break off calculation") as session:
        run = _run(session, run_id)
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


def verifier_sha256() -> str:
    """Return the hash of the verifier's own files: which reader it was that checked."""
    digest = hashlib.sha256()
    for path in sorted(files("matcher.verifier").iterdir(), key=lambda entry: entry.name):
        if path.name.endswith(".py"):
            digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _placements(session: Session, run: models.Run, done: Calculation) -> Iterable[models.Placement]:
    keys = _Keys(session, run)
    origin, problem = done.prepared.facts.origin, done.prepared.formulated.problem
    for plan, placements in (("proposed", done.outcome.placements), ("greedy", done.greedy)):
        for placement in placements:
            yield models.Placement(
                run_id=run.id,
                data_set=run.data_set,
                plan=plan,
                **keys.of(placement),
                **days_of(problem, placement, origin),
            )


def days_of(problem: Problem, placement: Placement, origin: date) -> Mapping[str, date]:
    """Return the days a placement holds its suite: `starts` in, `ends` out, in whole weeks."""
    duration = lookup(problem).options[placement.request, placement.suite].duration
    starts = origin + timedelta(weeks=placement.start)
    return {"starts": starts, "ends": starts + timedelta(weeks=duration)}


class _Keys:
    """From the codes of a problem to the keys of the rows."""

    def __init__(self, session: Session, run: models.Run) -> None:
        request, batch, facility, suite = models.Request, models.Batch, models.Facility, models.Suite
        rows = session.scalars(select(request).where(request.data_set == run.data_set)).all()
        self._requests = {row.code: row for row in rows}
        self._batches = {(row.request_id, row.code): row.id for row in session.scalars(select(batch))}
        self._facilities = {
            row.id: row for row in session.scalars(select(facility).where(facility.data_set == run.data_set))
        }
        self._suites = {
            full_code(self._facilities[row.facility_id], row.code): row
            for row in session.scalars(select(suite))
            if row.facility_id in self._facilities
        }

    def of(self, placement: Placement) -> dict[str, Any]:
        request, suite = self._requests[placement.request], self._suites[placement.suite]
        facility = self._facilities[suite.facility_id]
        return {
            "request_id": request.id,
            "organisation_id": request.organisation_id,
            "batch_id": self._batches[request.id, placement.batch],
            "suite_id": suite.id,
            "facility_id": facility.id,
            "facility_organisation_id": facility.organisation_id,
        }
