"""migrate and stop: the database itself."""

import typer

from registry.cli.console import out


def register(app: typer.Typer) -> None:
    """Add the commands to the console command."""
    app.command("migrate")(migrate)
    app.command("stop")(stop)


def migrate() -> None:
    """Bring the database to the schema and the word lists of this version; repeating changes nothing."""
    from registry.access.subject import OPERATOR
    from registry.database import unit_of_work
    from registry.migrating import migrate as bring_up
    from registry.seeding import seed_vocabularies

    before, after = bring_up()
    with unit_of_work(OPERATOR, action="load word lists", reason="gmphub migrate") as session:
        seed_vocabularies(session)
    out.print(f"The database is at revision {after}, as before." if before == after else _moved(before, after))


def _moved(before: str | None, after: str | None) -> str:
    return f"The database went from revision {before or 'nothing'} to {after}."


def stop() -> None:
    """Stop the database that comes with GMP Hub, whoever uses it; what was saved stays."""
    from registry import embedded
    from registry.settings import Settings, home_folder

    settings = Settings()
    if settings.database_url:
        out.print("DATABASE_URL names a server of yours; it is left alone.")
        return
    home = home_folder(settings)
    out.print(f"Stopped the database in {home}." if embedded.stop(home) else f"No database was running in {home}.")
