"""Generated rows written in bulk, past triggers and checks of references: for throw-away databases only."""

from collections.abc import Sequence

from psycopg import Connection as PsycopgConnection
from psycopg import sql
from sqlalchemy import Engine

from registry.bench.thousand import PARENTS_FIRST, Generated


def fill(owner: Engine, made: Generated) -> int:
    """Write every row as the owner of the database, bring its statistics up to date, and return how many rows."""
    with owner.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        raw = connection.connection.driver_connection
        assert isinstance(raw, PsycopgConnection)
        raw.execute("set session_replication_role = replica")
        for model in PARENTS_FIRST:
            _copy(raw, model.__tablename__, made.rows[model])
        raw.execute("set session_replication_role = origin")
        raw.execute("vacuum analyze")
    return sum(map(len, made.rows.values()))


def _copy(raw: PsycopgConnection[tuple[object, ...]], table: str, rows: Sequence[dict[str, object]]) -> None:
    if not rows:
        return
    columns = sql.SQL(", ").join(map(sql.Identifier, rows[0]))
    into = sql.SQL("copy {} ({}) from stdin").format(sql.Identifier(table), columns)
    with raw.cursor() as cursor, cursor.copy(into) as copy:
        for row in rows:
            copy.write_row(tuple(row.values()))
