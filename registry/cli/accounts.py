"""token create: a key for a machine that acts as a person."""

from datetime import timedelta
from typing import Annotated

import typer

from registry.cli.acting import acting
from registry.cli.console import say

token = typer.Typer(no_args_is_help=True, help="Keys for programs.")


def register(app: typer.Typer) -> None:
    """Add the commands to the console command."""
    token.command("create")(create)
    app.add_typer(token, name="token")


@token.callback()
def keys() -> None:
    """Keys for programs that act as a person."""


def create(
    context: typer.Context,
    person: Annotated[str, typer.Option("--person", help="The account the key acts as, for example coordinator.")],
    days: Annotated[int, typer.Option("--days", min=1, max=366, help="How long the key is good for.")] = 90,
    label: Annotated[str, typer.Option("--label", help="What the key is for.")] = "command line",
) -> None:
    """Make a key for an account and print it, alone, on the last line; it cannot be read again."""
    from sqlalchemy import func, select

    from registry.access.accounts import person_named
    from registry.database import unit_of_work
    from registry.services.accounts import issue_token

    subject = acting(context)
    with unit_of_work(subject, action="make key") as session:
        now = session.scalar(select(func.now()))
        assert now is not None
        key = issue_token(session, subject, person_named(session, person), label, now + timedelta(days=days))
    say(f"A key for {person}, good for {days} days; it is shown only now:")
    typer.echo(key)
