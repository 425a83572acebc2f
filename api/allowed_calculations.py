"""What the caller may do with a round or a calculation now, and calculations as they are shown."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from api.schemas.rounds import RoundFull
from api.schemas.runs import RunLine
from registry.access.permissions import Permission, may
from registry.access.subject import Subject
from registry.models import Round, Run
from registry.queries.rounds import rounds_of
from registry.services.rounds import UNFINISHED, is_official
from registry.vocabulary.lifecycle import RoundState, RunState


def with_round(subject: Subject, held: Round) -> list[str]:
    """What may be done with a round; who belongs to one of its parties is refused when it tries (recusal)."""
    if not may(subject, Permission.RUN_ROUND):
        return []
    close = held.state is RoundState.OPEN
    calculate = held.state is RoundState.CLOSED or not is_official(held)
    return sorted([*["close"] * close, *["calculate"] * calculate])


def with_run(subject: Subject, run: Run, held: Round) -> list[str]:
    """What may be done with a calculation: whoever started it, or opened its round, does not publish it."""
    cancel = run.state in UNFINISHED and may(subject, Permission.RUN_ROUND)
    publish = (
        run.state is RunState.CHECKED
        and held.state is RoundState.CLOSED
        and is_official(held)
        and subject.person not in (run.created_by, held.started_by_id)
        and may(subject, Permission.PUBLISH_RUN)
    )
    return sorted([*["cancel"] * cancel, *["publish"] * publish])


def round_shown(subject: Subject, held: Round) -> RoundFull:
    """A round with what the caller may do with it."""
    plain = {name: getattr(held, name) for name in RoundFull.model_fields if hasattr(held, name)}
    return RoundFull.model_validate({**plain, "actions": with_round(subject, held)})


def runs_shown(session: Session, subject: Subject, runs: Sequence[Run]) -> list[RunLine]:
    """Calculations with how old what they rest on is, and what the caller may do with them."""
    rounds = rounds_of(session, subject, runs)
    return [_run_shown(subject, run, rounds[run.round_id]) for run in runs]


def _run_shown(subject: Subject, run: Run, held: Round) -> RunLine:
    plain = {name: getattr(run, name) for name in RunLine.model_fields if hasattr(run, name)}
    taken = run.manifest.get("snapshot", {}).get("taken_at")
    return RunLine.model_validate(
        {
            **plain,
            "round": held.code,
            "known_on": held.known_on,
            "facts_taken_at": None if taken is None else datetime.fromisoformat(taken),
            "actions": with_run(subject, run, held),
        }
    )
