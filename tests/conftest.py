"""One server a test run, one migrated template, one database per worker, a transaction per test.

`session` acts as the operator inside a transaction that is rolled back; `unit_of_work` in the code under test joins
it. `committed` is a database of its own, for tests where committing itself matters.
"""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import hypothesis
import pytest
from sqlalchemy import Engine, make_url, text
from sqlalchemy.orm import Session, sessionmaker

from registry import database, embedded
from registry.access.subject import OPERATOR
from registry.migrating import migrate

PREFIX = "gmphub-tests-"
os.environ.setdefault("GMPHUB_SECRET_KEY", "the secret key of the tests, long enough for production")

hypothesis.settings.register_profile("ordinary", deadline=None, derandomize=True)
hypothesis.settings.register_profile("deep", deadline=None, print_blob=True)
hypothesis.settings.load_profile("ordinary")


@pytest.fixture(scope="session")
def server() -> Iterator[embedded.Server]:
    """The server of this run, shared by its workers; the last one out removes it."""
    folder = Path(tempfile.gettempdir())
    sweep(folder)
    home = folder / f"{PREFIX}{os.environ.get('PYTEST_XDIST_TESTRUNUID', str(os.getpid()))}"
    running = embedded.start(home, durable=False)
    yield running
    if running.stop():
        shutil.rmtree(home, ignore_errors=True)


def sweep(folder: Path) -> None:
    """Remove what test runs that were killed left behind."""
    for home in folder.glob(f"{PREFIX}*"):
        try:
            with (home / "users.lock").open() as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                embedded.stop(home)
        except OSError:
            continue
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def template(server: embedded.Server) -> str:
    """The name of a migrated database that others are copied from, made by the worker that comes first."""
    with (server.folders.home / "template.lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        if run_as_owner(server, "select 1 from pg_database where datname = 'migrated'") is None:
            run_as_owner(server, "create database migrating")
            migrate(database.owner_engine(make_url(server.url_of("migrating"))))
            run_as_owner(server, "alter database migrating rename to migrated")
    return "migrated"


def run_as_owner(server: embedded.Server, statement: str) -> object:
    """Run one statement outside any transaction and return the first value of its answer."""
    engine = database.owner_engine(make_url(server.url_of("postgres")))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        answer = connection.execute(text(statement))
        return answer.scalar() if answer.returns_rows else None


@contextmanager
def copied(server: embedded.Server, template: str) -> Iterator[str]:
    """A database of its own, copied from the template: its owner's address."""
    name = f"test_{uuid4().hex}"
    run_as_owner(server, f"create database {name} template {template}")
    try:
        yield server.url_of(name)
    finally:
        run_as_owner(server, f"drop database {name} with (force)")


@pytest.fixture(scope="session")
def database_url(server: embedded.Server, template: str) -> Iterator[str]:
    """The owner's address of this worker's database."""
    with copied(server, template) as url:
        yield url


@pytest.fixture(scope="session")
def application(database_url: str) -> Iterator[Engine]:
    """The engine of the application on this worker's database."""
    engine = database.application_engine(make_url(database_url))
    yield engine
    engine.dispose()


@pytest.fixture
def session(application: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    """A session of the operator; nothing of the test stays."""
    with application.connect() as connection, connection.begin() as whole:
        make = sessionmaker(connection, join_transaction_mode="create_savepoint", expire_on_commit=False)
        monkeypatch.setattr(database, "sessions", lambda: make)
        with make() as opened:
            database.act_as(opened, OPERATOR)
            yield opened
        whole.rollback()


@pytest.fixture
def committed(server: embedded.Server, template: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """A database where commits are real: the application's engine, which `unit_of_work` uses too."""
    with copied(server, template) as url:
        engine = database.application_engine(make_url(url))
        monkeypatch.setattr(database, "owner_url", lambda: make_url(url))
        monkeypatch.setattr(database, "engine", lambda: engine)
        monkeypatch.setattr(database, "sessions", lambda: sessionmaker(engine, expire_on_commit=False))
        yield engine
        engine.dispose()
