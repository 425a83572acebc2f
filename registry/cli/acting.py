"""Who a command acts for."""

import typer

from registry.access.subject import OPERATOR, Subject
from registry.cli.console import say_error
from registry.errors import NotVisibleError


def acting(context: typer.Context) -> Subject:
    """Return the person named with --as, else this machine's operator."""
    name = context.find_root().obj
    if name is None:
        return OPERATOR
    from registry.access.accounts import subject_named
    from registry.database import unit_of_work

    with unit_of_work(OPERATOR) as session:
        try:
            return subject_named(session, name)
        except NotVisibleError as error:
            say_error(f"{error} Accounts of the rehearsal: planner, qa, developer, coordinator, auditor and others.")
            raise typer.Exit(2) from error
