"""A registry with a checked calculation, made once and copied for each test, where commits are real."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import pytest
from sqlalchemy import Engine, make_url
from sqlalchemy.orm import sessionmaker

from matcher.outcome import SolveOptions
from registry import database, embedded
from registry.matching.runs import execute
from registry.vocabulary.lifecycle import RoundKind
from tests.conftest import copied
from tests.registry.matching.small import Small, a_round, queued, small


@dataclass(frozen=True, slots=True)
class Made:
    """The name of a database to copy, and what is in it.

    An official round with a checked calculation and with one that waits in the queue, and a what-if with its own.
    """

    name: str
    official: Small
    waiting: Small
    what_if: Small


@contextmanager
def used(url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """Let the code under test work on a database."""
    engine = database.application_engine(make_url(url))
    monkeypatch.setattr(database, "owner_url", lambda: make_url(url))
    monkeypatch.setattr(database, "engine", lambda: engine)
    monkeypatch.setattr(database, "sessions", lambda: sessionmaker(engine, expire_on_commit=False))
    try:
        yield engine
    finally:
        engine.dispose()


@pytest.fixture(scope="package")
def made(server: embedded.Server, template: str) -> Iterator[Made]:
    """Two rounds with their checked calculations."""
    with copied(server, template) as url:
        with pytest.MonkeyPatch.context() as monkeypatch, used(url, monkeypatch):
            official = small()
            held = a_round(official.coordinator, official.policy, RoundKind.WHAT_IF, code="what if")
            what_if = replace(official, round=held, run=queued(official.coordinator, held))
            for world in (what_if, official):
                execute(world.coordinator, world.run, SolveOptions(effort=1))
            waiting = replace(official, run=queued(official.coordinator, official.round))
        yield Made(make_url(url).database or "", official, waiting, what_if)


@pytest.fixture
def calculated(server: embedded.Server, made: Made, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """A copy of it, and its engine."""
    with copied(server, made.name) as url, used(url, monkeypatch) as engine:
        yield engine


@pytest.fixture
def world(made: Made, calculated: Engine) -> Small:
    """The official round of the copy."""
    return made.official


@pytest.fixture
def what_if(made: Made, calculated: Engine) -> Small:
    """The what-if round of the copy."""
    return made.what_if


@pytest.fixture
def waiting(made: Made, calculated: Engine) -> Small:
    """The official round of the copy, with the calculation that waits in the queue."""
    return made.waiting
