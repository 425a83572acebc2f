"""Put the commands together, and turn every failure into a sentence and an exit code.

Exit codes: 0 done, 1 a negative verdict or findings, 2 input refused, 3 environment or stopped without a result,
130 interrupted.
"""

import os
import sys
import tempfile
import traceback
from pathlib import Path
from typing import Annotated

import typer
from typer.exceptions import TyperException

from registry.cli import (
    accounts,
    auditing,
    bench,
    database,
    demo,
    facilities,
    letters,
    rounds,
    rules,
    searching,
    serving,
    solving,
)
from registry.cli.console import say, say_error
from registry.cli.files import ENVIRONMENT, REFUSED
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


for family in (
    demo,
    solving,
    facilities,
    searching,
    rounds,
    letters,
    rules,
    serving,
    accounts,
    database,
    auditing,
    bench,
):
    family.register(app)


def main() -> None:
    """Run the command line and leave with its exit code; no traceback reaches a person."""
    try:
        code = app(standalone_mode=False)
    except (KeyboardInterrupt, typer.Abort):
        say_error("Interrupted.")
        code = INTERRUPTED
    except TyperException as error:
        error.show()  # type: ignore[attr-defined]  # usage errors of the click inside typer have it
        code = error.exit_code
    except EnvironmentFault as error:
        say_fault(error)
        code = ENVIRONMENT
    except DomainError as error:
        say_fault(error)
        code = REFUSED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    except Exception as error:  # noqa: BLE001 - the last door: a person gets a sentence, the log the details
        say_error(f"Something went wrong inside GMP Hub ({type(error).__name__}). Nothing was saved by this command.")
        say_error(f"The details for a report are in {write_details(error)}")
        code = ENVIRONMENT
    sys.exit(code if isinstance(code, int) else 0)


def say_fault(error: DomainError) -> None:
    """Print a refusal: what, what to do, and every detail on a line of its own."""
    say_error(str(error))
    for detail in error.details:
        say(f"  {detail}")


def write_details(error: Exception) -> Path:
    """Keep the traceback in a file of its own and return where."""
    handle, name = tempfile.mkstemp(prefix="gmphub-error-", suffix=".txt")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write("".join(traceback.format_exception(error)))
    return Path(name)
