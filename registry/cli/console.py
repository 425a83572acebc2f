"""Two consoles, results on standard output and everything else on standard error, and how a failure looks."""

import sys

from rich.console import Console

PRINTED_WIDTH = 120
"""Columns when the output goes to a file or a pipe, which has no width of its own."""

out = Console(highlight=False, width=None if sys.stdout.isatty() else PRINTED_WIDTH)
err = Console(stderr=True, highlight=False)


def say_error(text: str) -> None:
    """Print what went wrong and what to do, plainly, on standard error."""
    err.print(text, style="bold red", markup=False, soft_wrap=True)


def say(text: str) -> None:
    """Print a line about what is happening on standard error."""
    err.print(text, style="dim", markup=False, soft_wrap=True)
