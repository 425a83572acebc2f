"""Processes that end, or stop, at a named point of their work: `python -m tests.registry.matching.dying WHAT KEY POINT`.

They reach the database of the test by DATABASE_URL. WHAT is `execute`, `publish` or `relay`, each as somebody who may,
or `work`, a worker that carries out what is queued; POINT `sleep at …` stops the process with SIGSTOP instead of killing it.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Engine

from matcher.outcome import SolveOptions
from registry import tasks
from registry.access.accounts import subject_named
from registry.access.subject import OPERATOR, Subject
from registry.database import unit_of_work
from registry.matching.publishing import publish
from registry.matching.runs import SupersededError, execute
from registry.notices.outbox import relay
from tests.registry.matching.small import REASON, publication_proof

ROOT = Path(__file__).parents[3]
SLEEP = "sleep at "
SUPERSEDED = 17


def started(engine: Engine, what: str, key: UUID | str, point: str, **environment: str) -> "subprocess.Popen[str]":
    """Start such a process on the database of an engine."""
    address = engine.url.render_as_string(hide_password=False)
    return subprocess.Popen(
        [sys.executable, "-m", "tests.registry.matching.dying", what, str(key), point],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": address, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def killed(engine: Engine, what: str, key: UUID | str, point: str, **environment: str) -> None:
    """Run such a process until it dies at its point."""
    with started(engine, what, key, point, **environment) as process:
        _, said = process.communicate()
    assert process.returncode == -signal.SIGKILL, said[-2000:]


def passing(point: str) -> Callable[[str], None]:
    """What ends or stops this process when it passes a point."""

    def pass_point(passed: str) -> None:
        if passed == point:
            os.kill(os.getpid(), signal.SIGKILL)
        elif f"{SLEEP}{passed}" == point:
            os.kill(os.getpid(), signal.SIGSTOP)

    return pass_point


def main(what: str, key: str, point: str) -> int:
    """Do what is asked; 0 when the point was never passed, 17 when another execution had taken over."""
    if what == "relay":
        relay(passing=passing(point))
    elif what == "work":
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(tasks, "execute", partial(execute, passing=passing(point)))
            tasks.work(until_empty=True)
    elif what == "publish":
        approver = person("approver")
        publish(approver, UUID(key), publication_proof(approver, UUID(key)), reason=REASON, passing=passing(point))
    else:
        try:
            execute(person("coordinator"), UUID(key), SolveOptions(effort=1), passing=passing(point))
        except SupersededError:
            return SUPERSEDED
    return 0


def person(code: str) -> Subject:
    """The subject of an account."""
    with unit_of_work(OPERATOR) as session:
        return subject_named(session, code)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
