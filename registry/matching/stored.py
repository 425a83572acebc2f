"""A stored calculation read back: its documents, and what a reader sees of it."""

import csv
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.facts import Facts
from matcher.outcome import Outcome, Placement
from matcher.problem import BatchId, Problem, RequestId, SuiteId
from matcher.serialise import read_outcome, read_problem
from registry import models
from registry.matching.age import age_part
from registry.matching.days import PlanDays, read_days
from registry.matching.documents import facts_from_json
from registry.matching.reasons import Reason
from registry.matching.view import Names, plan_view
from registry.queries.plan_view import PlanView
from registry.vocabulary.lifecycle import DataSet, ReportVerdict


@dataclass(frozen=True, slots=True)
class Stored:
    """Everything that was kept of a calculation."""

    run: models.Run
    facts: Facts
    problem: Problem
    outcome: Outcome
    greedy: tuple[Placement, ...]
    reasons: Mapping[str, tuple[Reason, ...]]
    checked: bool
    days: PlanDays


def read_stored(session: Session, run: models.Run) -> Stored:
    """Return what was kept of a finished calculation."""
    if run.facts is None or run.problem is None or run.outcome is None or run.greedy is None:
        raise ValueError(f"run {run.id} is not finished")
    problem = read_problem(run.problem)
    if not isinstance(problem, Problem):
        raise TypeError(f"run {run.id} keeps a problem that no longer reads")
    report = session.scalars(
        select(models.VerifierReport)
        .where(models.VerifierReport.run_id == run.id)
        .order_by(models.VerifierReport.created_at.desc())
        .limit(1)
    ).first()
    return Stored(
        run=run,
        facts=facts_from_json(run.facts),
        problem=problem,
        outcome=read_outcome(run.outcome),
        greedy=tuple(
            Placement(RequestId(row["request"]), BatchId(row["batch"]), SuiteId(row["suite"]), row["start"])
            for row in json.loads(run.greedy)
        ),
        reasons={
            request: tuple(Reason(**reason) for reason in reasons)
            for request, reasons in run.summary["reasons"].items()
        },
        checked=report is not None and report.verdict is ReportVerdict.PASS,
        days=read_days(run.summary),
    )


def view_of(stored: Stored) -> PlanView:
    """Return the calculation as a coordinator sees it."""
    rehearsal = stored.run.data_set is DataSet.REHEARSAL
    finished = stored.run.finished_at
    return plan_view(
        stored.facts,
        stored.problem,
        stored.outcome,
        stored.greedy,
        stored.reasons,
        Names(_regions(stored.facts, rehearsal=rehearsal), family_words()),
        title="Rehearsal" if rehearsal else "Calculation",
        rehearsal=rehearsal,
        checked=stored.checked,
        calculated_on=stored.facts.known_on if finished is None else finished.date(),
        notes=_notes(stored),
        days=stored.days,
    )


def _regions(facts: Facts, *, rehearsal: bool) -> Mapping[str, str]:
    if rehearsal:
        return {facility.id: facility.id.rsplit("-", 1)[0] for facility in facts.facilities}
    return {facility.id: facility.country for facility in facts.facilities}


def _notes(stored: Stored) -> tuple[str, ...]:
    oldest_on = age_part(stored.facts)["oldest_on"]
    oldest = None if oldest_on is None else date.fromisoformat(oldest_on)
    return (
        "It proposes and never awards: holder, Qualified Person, sponsor and authority stay responsible.",
        *(
            ()
            if oldest is None
            else (f"The oldest calendar confirmation it rests on is of {oldest.day} {oldest:%b %Y}.",)
        ),
        *stored.outcome.warnings,
        *(
            f"{one.request} {one.batch}, placed in the week of {one.monday}, has no day: {one.why}."
            for one in stored.days.undated
        ),
    )


@cache
def family_words() -> Mapping[str, str]:
    """Return the process families in plain words, from the vocabulary."""
    text = files("seed_data").joinpath("vocabularies", "process_families.csv").read_text(encoding="utf-8")
    return {row["code"]: row["name"] for row in csv.DictReader(text.splitlines())}
