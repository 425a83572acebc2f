"""Bringing the database to the schema of this version, also from an installed package."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

import migrations
from registry.database import check_durability, check_schema, owner_engine
from registry.database_errors import unreachable


def configuration() -> Config:
    """Alembic's configuration, with the scripts found where the package lies."""
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent).replace("%", "%%"))
    return config


def head() -> str:
    """The revision this version needs."""
    found = ScriptDirectory.from_config(configuration()).get_current_head()
    assert found is not None
    return found


def migrate(engine: Engine | None = None, revision: str = "head") -> tuple[str | None, str | None]:
    """Migrate up to `revision` as the owner and return the revisions before and after; repeating changes nothing."""
    try:
        with (engine or owner_engine()).connect() as connection:
            before = current(connection)
            config = configuration()
            config.attributes["connection"] = connection
            command.upgrade(config, revision)
            return before, current(connection)
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None):
            raise
        raise unreachable(error) from error


def current(connection: Connection) -> str | None:
    """The revision a database is at, None when it was never migrated."""
    table = connection.execute(text("select to_regclass('alembic_version')")).scalar()
    found = connection.execute(text("select version_num from alembic_version")).scalar() if table else None
    connection.rollback()
    return found


def check_ready() -> None:
    """Refuse to serve from a database that is behind, cannot be reached, or may lose what it acknowledged."""
    try:
        with owner_engine().connect() as connection:
            check_schema(connection, head())
            check_durability(connection)
    except DBAPIError as error:
        raise unreachable(error) from error
