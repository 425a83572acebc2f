"""A rehearsal from two files to a checked calculation: seeded once, calculated once, shown again as often as asked."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from matcher.outcome import SolveOptions
from registry.access.subject import OPERATOR
from registry.database import owner_engine, unit_of_work
from registry.errors import EnvironmentFault
from registry.matching.documents import to_document
from registry.matching.runs import execute
from registry.matching.stored import Stored, read_stored
from registry.models import Round, Run
from registry.rehearsal import Rehearsal, build_rehearsal, read_facilities, read_trials
from registry.seeding import clear_rehearsal, seed_directory, seed_rehearsal, seed_vocabularies
from registry.services.rounds import ensure_policy, ensure_round, queue_run
from registry.vocabulary.lifecycle import DataSet, RoundKind, RunState

SEED = 20261125
POLICY = "rehearsal"
DOING = 7_246_001
"""The advisory lock that one rehearsal at a time holds."""

Say = Callable[[str], None]


class RehearsalRunning(EnvironmentFault):
    """Another process is setting up or calculating a rehearsal in the same database."""

    code = "rehearsal-running"


@dataclass(frozen=True, slots=True)
class Sources:
    """The two files a rehearsal is modelled on."""

    facilities: Path
    trials: Path


def shipped_sources() -> Sources:
    """The directory and the trials that come with GMP Hub."""
    folder = Path(str(files("seed_data")))
    return Sources(folder / "directory.csv", folder / "trials.csv")


def fingerprint(sources: Sources) -> str:
    """Return what tells one rehearsal from another: both files and the seed."""
    digest = hashlib.sha256(str(SEED).encode())
    for path in (sources.facilities, sources.trials):
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Hold the lock of rehearsals, or raise RehearsalRunning at once; it ends with the process that holds it."""
    with owner_engine().connect() as connection:
        if not connection.scalar(text("select pg_try_advisory_lock(:key)"), {"key": DOING}):
            raise RehearsalRunning(
                "Another demo is being set up in this database.",
                "Wait until it has printed its plan, or set GMPHUB_HOME to another folder.",
            )
        yield


def rehearse(sources: Sources, today: date, options: SolveOptions, say: Say, *, fresh: bool) -> Stored:
    """Return the calculation of the rehearsal modelled on these files; made now unless it is there already.

    `fresh` starts over. Another rehearsal that is loaded gives way, since two are never mixed. Raises
    UnusableFileError for files that give nothing to model.
    """
    mark = fingerprint(sources)
    if not fresh and (known := find(mark)) is not None:
        say("This rehearsal has been calculated before; it is shown again (--fresh starts over).")
        return known
    say("Reading the two files and modelling the rehearsal …")
    rehearsal = build_rehearsal(read_facilities(sources.facilities), read_trials(sources.trials), SEED, today)
    say("Seeding …")
    run_id = seed_round(rehearsal, mark)
    if execute(OPERATOR, run_id, options).outcome.stopped == "cancelled":
        raise KeyboardInterrupt
    found = find(mark)
    if found is None:
        raise EnvironmentFault("The calculation was stopped before it was checked.", "Run the command again.")
    return found


def end_rehearsal() -> None:
    """Take away the rehearsal that is loaded, with its rounds and calculations; accounts and the trail stay."""
    with unit_of_work(OPERATOR, action="clear rehearsal", reason="gmphub demo --clear") as session:
        clear_rehearsal(session)


def find(mark: str) -> Stored | None:
    """Return the checked calculation of the rehearsal with this fingerprint, if there is one."""
    with unit_of_work(OPERATOR) as session:
        run = session.scalars(
            select(Run)
            .join(Round, Round.id == Run.round_id)
            .where(Round.data_set == DataSet.REHEARSAL, Round.code == code_of(mark))
            .where(Run.state.in_((RunState.CHECKED, RunState.PUBLISHED)))
            .order_by(Run.finished_at.desc())
            .limit(1)
        ).first()
        return None if run is None else read_stored(session, run)


def code_of(mark: str) -> str:
    """The code of the round of a rehearsal."""
    return f"rehearsal-{mark[:12]}"


def seed_round(rehearsal: Rehearsal, mark: str) -> Any:
    """Seed everything, open the round and queue its calculation; return the key of the run."""
    with unit_of_work(OPERATOR, action="seed rehearsal", reason="gmphub demo") as session:
        seed_vocabularies(session)
        seed_directory(session)
        clear_rehearsal(session)
        seed_rehearsal(session, rehearsal)
        return _queued(session, rehearsal, mark)


def _queued(session: Session, rehearsal: Rehearsal, mark: str) -> Any:
    facts = rehearsal.facts
    policy = ensure_policy(session, POLICY, "Policy of the rehearsal", facts.tiers)
    held = ensure_round(
        session,
        OPERATOR,
        policy,
        code=code_of(mark),
        data_set=DataSet.REHEARSAL,
        kind=RoundKind.WHAT_IF,
        origin=facts.origin,
        horizon_weeks=facts.horizon_weeks,
        known_on=facts.known_on,
    )
    run = queue_run(session, OPERATOR, held.id, DataSet.REHEARSAL)
    run.manifest = {
        "account": to_document(rehearsal.account),
        "seed": rehearsal.seed,
        "seeded_on": rehearsal.seeded_on.isoformat(),
        "files": mark,
        "invented": list(rehearsal.invented),
    }
    session.flush()
    return run.id
