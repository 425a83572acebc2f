"""How Alembic reaches the database: as its owner, one at a time, and never waiting long for a lock."""

from alembic import context
from sqlalchemy import Connection, text

from registry.database import owner_engine
from registry.models import Base

ONE_AT_A_TIME = 7_046_041
"""Key of the advisory lock two migrating processes meet at."""


def migrate(connection: Connection) -> None:
    """Run the asked-for migrations on an owner's connection, each in its own transaction."""
    connection.execute(text("select pg_advisory_lock(:key)"), {"key": ONE_AT_A_TIME})
    connection.execute(text("set lock_timeout = '5s'"))
    connection.execute(text("set statement_timeout = '120s'"))
    connection.commit()
    try:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            transaction_per_migration=True,
            compare_server_default=True,
        )
        with context.begin_transaction():
            context.run_migrations()
    finally:
        connection.rollback()
        connection.execute(text("select pg_advisory_unlock(:key)"), {"key": ONE_AT_A_TIME})
        connection.execute(text("reset lock_timeout"))
        connection.execute(text("reset statement_timeout"))
        connection.commit()


given = context.config.attributes.get("connection")
if given is not None:
    migrate(given)
else:
    with owner_engine().connect() as own:
        migrate(own)
