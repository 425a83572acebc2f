"""What an execution tells while it works, and whether it should stop; nothing of it once another execution took over."""

import time
from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from sqlalchemy import func, select, update

from matcher.outcome import Progress, SolveOptions
from registry.access.subject import OPERATOR
from registry.database import unit_of_work
from registry.models import Run, RunProgress
from registry.vocabulary.lifecycle import RunState

SECONDS_BETWEEN_REPORTS = 1.0


def watched(options: SolveOptions, run_id: UUID, fence: int) -> SolveOptions:
    """Return the options with progress written to the run as its heartbeat, and cancelling looked up there.

    What the options report to and ask already is kept.
    """
    report, ask = reporter(run_id, fence), asker(run_id, fence)
    also_report, also_ask = options.on_progress, options.cancelled

    def on_progress(progress: Progress) -> None:
        report(progress)
        if also_report is not None:
            also_report(progress)

    def cancelled() -> bool:
        return (also_ask is not None and also_ask()) or ask()

    return replace(options, on_progress=on_progress, cancelled=cancelled)


def reporter(run_id: UUID, fence: int) -> Callable[[Progress], None]:
    """Write the latest progress of an execution, at most once a second."""
    said = float("-inf")

    def report(progress: Progress) -> None:
        nonlocal said
        if time.monotonic() - said < SECONDS_BETWEEN_REPORTS:
            return
        said = time.monotonic()
        values = {
            "phase": progress.phase,
            "objective": list(progress.objective),
            "bound": [{"tier": tier, "limit": limit} for tier, limit in enumerate(progress.bound)],
            "seconds": progress.seconds,
        }
        with unit_of_work(OPERATOR) as session:
            current = select(Run.id).where(Run.id == run_id, Run.fence == fence)
            if session.scalar(current) is None:
                return
            known = update(RunProgress).where(RunProgress.run_id == run_id).returning(RunProgress.run_id)
            if session.scalar(known.values(reported_at=func.now(), **values)) is None:
                session.add(RunProgress(run_id=run_id, **values))

    return report


def asker(run_id: UUID, fence: int) -> Callable[[], bool]:
    """Whether somebody cancelled the run or took it over; looked up at most twice a second."""
    asked, answer = float("-inf"), False

    def cancelled() -> bool:
        nonlocal asked, answer
        if not answer and time.monotonic() - asked > SECONDS_BETWEEN_REPORTS / 2:
            asked = time.monotonic()
            with unit_of_work(OPERATOR) as session:
                found = session.execute(select(Run.state, Run.fence).where(Run.id == run_id)).one_or_none()
            answer = found is None or found.state is RunState.CANCELLED or found.fence != fence
        return answer

    return cancelled
