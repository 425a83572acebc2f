"""How the registry reaches its database, and the one place that commits.

The owner's connection (`DATABASE_URL`, else the embedded server) is for migrations only. The application works as
`gmphub_app`, which row-level security binds, and tells the database for each transaction who is acting.
"""

import atexit
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from functools import cache
from typing import Protocol
from uuid import UUID

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.orm import ORMExecuteState, Session, UOWTransaction, sessionmaker
from sqlalchemy.orm.exc import StaleDataError
from sqlalchemy.pool import ConnectionPoolEntry, NullPool

from registry import embedded
from registry.database_errors import refused, stale, unreachable
from registry.errors import DatabaseUnreachableError, SchemaError, UnsafeRoleError, WeakDurabilityError
from registry.settings import Settings, home_folder

APPLICATION_ROLE = "gmphub_app"
SECONDS_TO_CONNECT = 10
ACT = text(
    "select set_config('app.person', :person, true), set_config('app.organisations', :organisations, true),"
    " set_config('app.role', :role, true), set_config('app.action', :action, true),"
    " set_config('app.reason', :reason, true), set_config('app.correlation', :correlation, true)"
)
SEAL = text("set constraints all immediate; set constraints all deferred")
"""Both in one message to the server."""
WROTE = "wrote"
"""What a session remembers once it has sent anything but a question: only then there is something to seal."""


class Acting(Protocol):
    """What the database must know about whoever acts."""

    @property
    def person(self) -> UUID | None: ...
    @property
    def organisations(self) -> AbstractSet[UUID]: ...
    @property
    def roles(self) -> AbstractSet[str]: ...


@cache
def owner_url() -> URL:
    """Return the owner's connection: `DATABASE_URL` if set, else of the embedded server, which is started or joined."""
    settings = Settings()
    if settings.database_url:
        return postgresql_url(settings.database_url)
    server = embedded.start(home_folder(settings))
    atexit.register(server.stop)
    return make_url(server.url)


def postgresql_url(address: str) -> URL:
    """Read an address of a PostgreSQL server, in any of its usual spellings."""
    try:
        url = make_url(address)
    except (ArgumentError, ValueError) as error:
        raise DatabaseUnreachableError(
            "DATABASE_URL is not an address.", "Write postgresql://user@host/name."
        ) from error
    if url.get_backend_name() not in {"postgresql", "postgres"}:
        raise DatabaseUnreachableError(
            f"DATABASE_URL names a {url.get_backend_name()} database; only PostgreSQL will do.",
            "Write postgresql://user@host/name.",
        )
    return url.set(drivername="postgresql+psycopg")


def owner_engine(url: URL | None = None) -> Engine:
    """Connections as the owner, for migrations only; nothing is pooled."""
    return create_engine(url or owner_url(), poolclass=NullPool, connect_args={"connect_timeout": SECONDS_TO_CONNECT})


def application_engine(url: URL) -> Engine:
    """Connections that work as `gmphub_app`, on the owner's address; what is sent stands in no error or log."""
    timeout = {"connect_timeout": SECONDS_TO_CONNECT}
    made = create_engine(url, pool_pre_ping=True, hide_parameters=True, connect_args=timeout)

    @event.listens_for(made, "connect")
    def take_role(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        cursor = connection.cursor()
        cursor.execute(f"set role {APPLICATION_ROLE}")
        cursor.execute("set search_path to public, queue")
        cursor.close()
        connection.commit()

    return made


@cache
def engine() -> Engine:
    """The application's engine, after checking that it may be used."""
    made = application_engine(owner_url())
    atexit.register(made.dispose)
    try:
        with made.connect() as connection:
            check_role(connection)
    except DBAPIError as error:
        raise unreachable(error) from error
    return made


def check_role(connection: Connection) -> None:
    """Refuse to work as a role that row-level security does not bind."""
    name, unbound = connection.execute(
        text("select rolname, rolsuper or rolbypassrls from pg_roles where rolname = current_user")
    ).one()
    if unbound:
        raise UnsafeRoleError(
            f"The application would work as {name}, which row-level security does not bind.",
            f"Take superuser and bypassrls from {name}: alter role {name} nosuperuser nobypassrls.",
        )


def check_durability(connection: Connection) -> None:
    """Refuse to serve writes where an acknowledged one may be lost; every such setting is named."""
    names = ("fsync", "full_page_writes", "synchronous_commit")
    question = text("select current_setting(:name)")
    weak = [name for name in names if connection.execute(question, {"name": name}).scalar_one() == "off"]
    if weak:
        raise WeakDurabilityError(
            f"The database runs with {' and '.join(f'{name} = off' for name in weak)}: what it acknowledged may be lost.",
            f"Turn {', '.join(weak)} on.",
            weak,
        )


def check_schema(connection: Connection, head: str) -> None:
    """Refuse a database that is not at revision `head`."""
    table = connection.execute(text("select to_regclass('alembic_version')")).scalar()
    found = connection.execute(text("select version_num from alembic_version")).scalar() if table else None
    if found != head:
        raise SchemaError(f"The database is at revision {found}, this version needs {head}.", "Run: gmphub migrate")


@cache
def sessions() -> sessionmaker[Session]:
    """The factory of sessions; the tests put their own in its place."""
    return sessionmaker(engine(), expire_on_commit=False)


@contextmanager
def unit_of_work(
    subject: Acting, *, action: str = "", reason: str = "", correlation: str = "", isolation: str | None = None
) -> Iterator[Session]:
    """One transaction as `subject`: committed once at the end, or nothing of it stays.

    `action` and `reason` are written beside every change in the trail, `correlation` is the id of the HTTP request.
    `isolation`, for example "REPEATABLE READ", is the isolation level of a transaction that only reads.
    Refusals of the database come out as domain errors.
    """
    with transaction(isolation=isolation) as session:
        act_as(session, subject, action=action, reason=reason, correlation=correlation)
        yield session


@contextmanager
def transaction(*, isolation: str | None = None) -> Iterator[Session]:
    """One transaction of somebody who is still to be found out; otherwise as `unit_of_work`."""
    with sessions()() as session:
        if isolation is not None:
            session.connection(execution_options={"isolation_level": isolation})
        try:
            yield session
            session.flush()
            if session.info.get(WROTE):
                seal_trail(session)
            session.commit()
        except StaleDataError as error:
            raise stale() from error
        except DBAPIError as error:
            raise refused(error) from error


@event.listens_for(Session, "after_flush")
def _remember_a_flush(session: Session, _context: UOWTransaction) -> None:
    session.info[WROTE] = True


@event.listens_for(Session, "do_orm_execute")
def _remember_a_statement(state: ORMExecuteState) -> None:
    if not state.is_select:
        state.session.info[WROTE] = True


def act_as(session: Session, subject: Acting, *, action: str = "", reason: str = "", correlation: str = "") -> None:
    """Tell the database, until the end of this transaction, who is acting and why."""
    session.connection().execute(
        ACT,
        {
            "person": str(subject.person or ""),
            "organisations": ",".join(sorted(map(str, subject.organisations))),
            "role": ",".join(sorted(subject.roles)),
            "action": action,
            "reason": reason,
            "correlation": correlation,
        },
    )


def seal_trail(session: Session) -> None:
    """Write the events of the changes so far, under the action and reason given for them."""
    session.flush()
    session.execute(SEAL, execution_options={"no_parameters": True})
