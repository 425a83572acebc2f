"""Clear words and exit code 3 when the database is not as needed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text

from registry.database import check_durability, check_schema, postgresql_url
from registry.embedded import Server, start
from registry.errors import DatabaseUnreachableError, SchemaError, WeakDurabilityError
from registry.migrating import head
from registry.settings import Settings, home_folder
from tests.conftest import run_as_owner

ROOT = Path(__file__).parents[2]


def gmphub(*words: str, **surroundings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from registry.cli import main; main()", *words],
        cwd=ROOT,
        env={**os.environ, **surroundings},
        capture_output=True,
        text=True,
        check=False,
    )


def test_an_unreachable_database_is_named(tmp_path: Path) -> None:
    said = gmphub("migrate", DATABASE_URL=f"postgresql://nobody@/nowhere?host={tmp_path}")
    assert said.returncode == 3
    assert "The database cannot be reached" in said.stderr
    assert "Traceback" not in said.stderr


def test_another_kind_of_database_is_refused() -> None:
    said = gmphub("migrate", DATABASE_URL="mysql://somebody@example.org/x")
    assert said.returncode == 3
    assert "only PostgreSQL will do" in said.stderr


def test_migrate_twice_and_stop(tmp_path_factory: pytest.TempPathFactory) -> None:
    home = str(tmp_path_factory.mktemp("home") / "inner")
    first, again = gmphub("migrate", GMPHUB_HOME=home), gmphub("migrate", GMPHUB_HOME=home)
    assert (first.returncode, again.returncode) == (0, 0)
    assert first.stdout == f"The database went from revision nothing to {head()}.\n"
    assert again.stdout == f"The database is at revision {head()}, as before.\n"
    stopped = gmphub("stop", GMPHUB_HOME=home)
    assert (stopped.returncode, stopped.stdout.split()[:3]) == (0, ["No", "database", "was"])


@pytest.mark.parametrize("spelling", ["postgres", "postgresql", "postgresql+psycopg", "postgresql+psycopg2"])
def test_usual_spellings_of_an_address(spelling: str) -> None:
    url = postgresql_url(f"{spelling}://jane@example.org:5433/hub")
    assert str(url) == "postgresql+psycopg://jane@example.org:5433/hub"


def test_what_is_no_address() -> None:
    with pytest.raises(DatabaseUnreachableError, match="not an address"):
        postgresql_url("hub")


def test_an_empty_database_has_to_be_migrated(server: Server, application: Engine) -> None:
    with application.connect() as connection:
        check_schema(connection, head())
        with pytest.raises(SchemaError, match="Run: gmphub migrate"):
            check_schema(connection, "9999")
    run_as_owner(server, "create database empty")
    said = gmphub("audit", "verify", DATABASE_URL=server.url_of("empty"))
    assert said.returncode == 3
    run_as_owner(server, "drop database empty with (force)")


def test_weak_durability_is_refused_and_every_setting_named(application: Engine) -> None:
    with application.connect() as connection:
        connection.execute(text("set local synchronous_commit = off"))
        with pytest.raises(WeakDurabilityError, match="may be lost") as refusal:
            check_durability(connection)
    assert refusal.value.details == ("fsync", "full_page_writes", "synchronous_commit")


def test_a_server_that_keeps_its_word_may_serve_until_one_setting_is_weakened(tmp_path: Path) -> None:
    for folder in (tmp_path, *list(tmp_path.parents)[:2]):
        folder.chmod(0o755)
    server = start(tmp_path / "home")
    try:
        engine = create_engine(server.url)
        with engine.connect() as connection:
            check_durability(connection)
            connection.execute(text("set local synchronous_commit = off"))
            with pytest.raises(WeakDurabilityError) as refusal:
                check_durability(connection)
        engine.dispose()
    finally:
        server.stop()
    assert refusal.value.details == ("synchronous_commit",)


def test_homes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GMPHUB_HOME", str(tmp_path))
    assert home_folder(Settings()) == tmp_path
    monkeypatch.delenv("GMPHUB_HOME")
    usual = home_folder(Settings())
    assert usual == Path("/var/lib/gmphub") if os.geteuid() == 0 else usual.name == "gmphub"
