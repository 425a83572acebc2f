"""token create: a key for a machine that acts as a person; account invite: a word for a person to choose a password."""

from datetime import timedelta
from typing import Annotated

import typer

from registry.cli.acting import acting
from registry.cli.console import say

token = typer.Typer(no_args_is_help=True, help="Keys for programs.")
account = typer.Typer(no_args_is_help=True, help="Accounts of people.")


def register(app: typer.Typer) -> None:
    """Add the commands to the console command."""
    token.command("create")(create)
    app.add_typer(token, name="token")
    account.command("invite")(invite)
    app.add_typer(account, name="account")


@account.callback()
def people() -> None:
    """Accounts of people."""


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


def invite(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="The account whose password is to be chosen.")],
) -> None:
    """Make a word with which a person chooses their password and print it, alone, on the last line; it is shown once."""
    from registry.access.accounts import person_named
    from registry.database import unit_of_work
    from registry.services.invitations import LASTS
    from registry.services.invitations import invite as make

    subject = acting(context)
    with unit_of_work(subject) as session:
        made = make(session, subject, person_named(session, name).id)
    say(f"A word for {name}, good for {LASTS.days} days and used once; an earlier one is withdrawn.")
    say("Hand it to that person alone, who sends account, word and password: POST /api/v1/invitations/accept")
    typer.echo(made.word)
