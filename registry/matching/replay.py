"""A stored calculation made again from what was kept of it, and compared hash by hash and line by line."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from matcher.outcome import Outcome, SolveOptions
from matcher.serialise import read_outcome
from registry import models
from registry.errors import NotAllowedError
from registry.matching.calculation import Calculation, calculate, prepare
from registry.matching.catalogue import rules_changed
from registry.matching.days import PlanDays, read_days
from registry.matching.documents import facts_from_json, sha256_of, to_document
from registry.matching.manifest import is_sealed, result_sha256, software


@dataclass(frozen=True, slots=True)
class Kept:
    """What a repetition needs of a stored calculation."""

    facts: bytes
    facts_sha256: str
    problem_sha256: str
    outcome: bytes
    outcome_sha256: str
    rank: tuple[str, ...]
    days: PlanDays
    manifest: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Replay:
    """What a repetition found: every difference, none when it gives the same again; `remarks` explain, never excuse."""

    differences: tuple[str, ...]
    remarks: tuple[str, ...]
    kept_sha256: str
    again_sha256: str


def kept_of(session: Session, run: models.Run) -> Kept:
    """Return what was kept of a finished calculation; raises NotAllowedError for one without a result."""
    del session
    if run.facts is None or run.outcome is None or run.problem_sha256 is None:
        raise NotAllowedError(f"The calculation is {run.state.value} and has no result.", "Choose one that has.")
    return Kept(
        facts=run.facts,
        facts_sha256=run.facts_sha256 or "",
        problem_sha256=run.problem_sha256,
        outcome=run.outcome,
        outcome_sha256=run.outcome_sha256 or "",
        rank=tuple(run.summary.get("rank", ())),
        days=read_days(run.summary),
        manifest=dict(run.manifest),
    )


def replay(kept: Kept, options: SolveOptions | None = None) -> Replay:
    """Judge, formulate, solve and check again from the frozen facts, with the seed, effort and workers of then.

    `options` carry progress and cancelling only. A calculation against the clock gives no repetition: that is said.
    """
    before = read_outcome(kept.outcome)
    if before.effort is None:
        return Replay(("It was an exploration against the clock, which cannot be repeated.",), (), "", "")
    asked = options or SolveOptions()
    again = calculate(
        prepare(facts_from_json(kept.facts)),
        SolveOptions(
            effort=before.effort,
            workers=before.workers,
            seed=before.seed,
            on_progress=asked.on_progress,
            cancelled=asked.cancelled,
        ),
        kept.rank,
    )
    if again.outcome.stopped == "cancelled" != before.stopped:
        return Replay(("The repetition was interrupted before its end.",), (), result_sha256(before), "")
    found = (*_tampering(kept), *_differences(before, again), *_other_days(kept, again))
    return Replay(found, tuple(_remarks(before, again, kept)), result_sha256(before), result_sha256(again.outcome))


def _tampering(kept: Kept) -> Iterator[str]:
    """What was changed in the store after the calculation."""
    parts = (
        ("the frozen facts", sha256_of_bytes(kept.facts), kept.facts_sha256),
        ("the outcome", sha256_of_bytes(kept.outcome), kept.outcome_sha256),
        ("the outcome in the manifest", kept.manifest.get("result", {}).get("sha256"), kept.outcome_sha256),
        ("the facts in the manifest", kept.manifest.get("snapshot", {}).get("sha256"), kept.facts_sha256),
    )
    for name, found, stated in parts:
        if found != stated:
            yield f"{name}: SHA-256 {found}, stated {stated}"
    if not is_sealed(kept.manifest):
        yield "the manifest does not carry its own hash"


def sha256_of_bytes(data: bytes) -> str:
    """Return the SHA-256 of bytes, lower-case hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def _differences(before: Outcome, again: Calculation) -> Iterator[str]:
    now = again.outcome
    if now.problem_sha256 != before.problem_sha256:
        yield f"the problem: SHA-256 {now.problem_sha256}, kept {before.problem_sha256}"
    for name in ("status", "objective", "terms", "bound", "proof"):
        found, kept = to_document(getattr(now, name)), to_document(getattr(before, name))
        if found != kept:
            yield f"{name}: {_short(found)}, kept {_short(kept)}"
    for placement in sorted(set(now.placements) - set(before.placements)):
        yield f"now placed: {placement.request} {placement.batch} in {placement.suite} at {placement.start}"
    for placement in sorted(set(before.placements) - set(now.placements)):
        yield f"no longer placed: {placement.request} {placement.batch} in {placement.suite} at {placement.start}"
    if again.report.exit_code != 0:
        yield "the repetition does not pass the independent check"


def _other_days(kept: Kept, again: Calculation) -> Iterator[str]:
    """Days in the store that are not those of the manifest, and days that come out otherwise now."""
    stated = kept.manifest.get("result", {}).get("days_sha256")
    if stated is None:
        return
    if sha256_of(kept.days) != stated:
        yield f"the days: SHA-256 {sha256_of(kept.days)}, stated {stated}"
    then, now = kept.days.starts(), again.days.starts()
    for request, batch in sorted(then.keys() | now.keys()):
        one, other = then.get((request, batch)), now.get((request, batch))
        if one != other:
            yield f"the day of {request} {batch}: {other or 'none'}, kept {one or 'none'}"


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= 120 else f"{text[:80]} … (SHA-256 {sha256_of(value)})"


def _remarks(before: Outcome, again: Calculation, kept: Kept) -> Iterator[str]:
    """Software that differs, and whether the plan of now is worse."""
    then = kept.manifest.get("software", {})
    for name, value in sorted(software().items()):
        if name in then and then[name] != value:
            yield f"{name} was {then[name]} and is {value}"
    yield from (f"the rules differ: {line}" for line in rules_changed(kept.manifest))
    if again.outcome.objective < before.objective:
        yield "the repetition reaches less than the kept plan"
