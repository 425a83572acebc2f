"""Put the commands together, and turn every failure into a sentence and an exit code.

Exit codes: 0 done, 1 a negative verdict or findings, 2 input refused, 3 environment or stopped without a result,
130 interrupted.
"""

import os
import sys
from typing import Annotated

import click
import typer

from registry.cli import accounts, auditing, database, demo, facilities, rules, serving, solving
from registry.cli.console import say_error
from registry.errors import DomainError, EnvironmentFault

INTERRUPTED = 130

app = typer.Typer(
    name="gmphub",
    help="European GMP capacity for advanced therapies: who could make what, where and when, with reasons.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@app.callback()
def options(
    context: typer.Context,
    person: Annotated[
        str | None,
        typer.Option("--as", metavar="NAME", help="Act as this person; otherwise as this machine's operator."),
    ] = None,
) -> None:
    """Remember who acts; every command reads it from the context."""
    context.obj = person


for family in (demo, solving, facilities, rules, serving, accounts, database, auditing):
    family.register(app)


def main() -> None:
    """Run the command line and leave with its exit code."""
    try:
        code = app(standalone_mode=False)
    except click.exceptions.Abort:
        say_error("Interrupted.")
        code = INTERRUPTED
    except KeyboardInterrupt:
        say_error("Interrupted.")
        code = INTERRUPTED
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except EnvironmentFault as error:
        say_error(str(error))
        code = 3
    except DomainError as error:
        say_error(str(error))
        code = 2
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    sys.exit(code if isinstance(code, int) else 0)
