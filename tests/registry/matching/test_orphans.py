"""A calculation whose process was killed does not stay under way for ever; a living one is left alone."""

from uuid import UUID

import pytest
from sqlalchemy import Engine, text

from matcher.outcome import SolveOptions
from registry.access.subject import OPERATOR
from registry.database import unit_of_work
from registry.errors import NotAllowedError
from registry.matching.orphans import KEY, REASON, alive, fail_orphans
from registry.matching.runs import SupersededError, begin, execute, fenced
from registry.models import Run
from registry.tasks import enqueue_run
from registry.vocabulary.lifecycle import RunState
from tests.registry.matching.dying import killed
from tests.registry.matching.small import Small, stored

pytestmark = [pytest.mark.database, pytest.mark.xdist_group("calculations")]


def let_go(run_id: UUID) -> None:
    """Wait until the server has noticed that the process is gone: only then is its lock free."""
    with unit_of_work(OPERATOR) as session:
        session.execute(text(f"select pg_advisory_xact_lock({KEY})"), {"run": str(run_id)})


def test_a_killed_calculation_is_marked_as_failed_with_the_reason(waiting: Small, calculated: Engine) -> None:
    killed(calculated, "execute", waiting.run, "solved")
    assert stored(waiting.run).state is RunState.SOLVING

    let_go(waiting.run)
    assert waiting.run in fail_orphans()
    run = stored(waiting.run)
    assert (run.state, run.state_reason) == (RunState.FAILED, REASON)
    with pytest.raises(NotAllowedError):
        execute(waiting.coordinator, waiting.run, SolveOptions(effort=1))
    assert fail_orphans() == []


def test_a_living_calculation_is_left_alone(waiting: Small) -> None:
    found: list[object] = []

    def look(point: str) -> None:
        if point != "committed":
            found.extend((point, orphan) for orphan in fail_orphans())

    execute(waiting.coordinator, waiting.run, SolveOptions(effort=1), passing=look)
    assert found == []
    assert stored(waiting.run).state is RunState.CHECKED


def test_sabotage_without_its_sign_of_life_it_is_taken_for_dead_and_writes_nothing(waiting: Small) -> None:
    with alive(waiting.run):
        begun = begin(waiting.coordinator, waiting.run)
        assert fail_orphans() == []
    let_go(waiting.run)
    assert fail_orphans() == [waiting.run]
    with pytest.raises(SupersededError), fenced(waiting.coordinator, waiting.run, begun.fence, "note") as (_, run):
        run.state_reason = "too late"
    assert stored(waiting.run).state_reason == REASON


def test_what_a_queue_will_begin_again_is_left_to_it(waiting: Small) -> None:
    with unit_of_work(waiting.coordinator, action="queue calculation") as session:
        enqueue_run(session, session.get_one(Run, waiting.run))
    begin(waiting.coordinator, waiting.run)
    assert fail_orphans() == []
    assert stored(waiting.run).state is RunState.SOLVING
