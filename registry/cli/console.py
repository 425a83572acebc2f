"""Two consoles, results on standard output and everything else on standard error, and how a failure looks."""

from rich.console import Console

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)


def say_error(text: str) -> None:
    """Print what went wrong and what to do, plainly, on standard error."""
    err.print(text, style="bold red", markup=False, soft_wrap=True)


def say(text: str) -> None:
    """Print a line about what is happening on standard error."""
    err.print(text, style="dim", markup=False, soft_wrap=True)
