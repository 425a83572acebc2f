"""Calculations whose process died and that no job begins again: every worker breaks them off, at its start and each minute."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from registry import tasks
from registry.matching.orphans import REASON
from registry.vocabulary.lifecycle import RunState
from tests.registry.matching.conftest import calculated, made, waiting
from tests.registry.matching.dying import killed
from tests.registry.matching.small import Small, stored
from tests.registry.matching.test_orphans import let_go

__all__ = ["calculated", "made", "waiting"]
pytestmark = [pytest.mark.database, pytest.mark.xdist_group("calculations")]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of its own, for the mailbox."""
    monkeypatch.setenv("GMPHUB_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def orphan(calculated: Engine, waiting: Small) -> Small:
    """A calculation whose process was killed."""
    killed(calculated, "execute", waiting.run, "solved")
    let_go(waiting.run)
    assert stored(waiting.run).state is RunState.SOLVING
    return waiting


def test_a_worker_that_starts_breaks_it_off(orphan: Small) -> None:
    tasks.work(until_empty=True)
    run = stored(orphan.run)
    assert (run.state, run.state_reason) == (RunState.FAILED, REASON)


def test_a_worker_at_work_looks_each_minute(orphan: Small) -> None:
    looking = [one for one in tasks.queue.periodic_registry.periodic_tasks.values() if one.task.name == "fail orphans"]
    assert [one.cron for one in looking] == ["* * * * *"]
    looking[0].task(timestamp=0)
    assert stored(orphan.run).state is RunState.FAILED


def test_sabotage_a_worker_that_does_not_look_leaves_it_under_way(
    orphan: Small, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "fail_orphans", list)
    tasks.work(until_empty=True)
    assert stored(orphan.run).state is RunState.SOLVING
