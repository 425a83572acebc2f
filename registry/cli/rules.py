"""rules: the catalogue of eligibility rules with their sources."""

from typing import Annotated

import typer

from registry.cli.console import out


def register(app: typer.Typer) -> None:
    """Add the command to the console command."""
    app.command("rules")(rules)


def rules(markdown: Annotated[bool, typer.Option("--markdown", help="As the page docs/rules.md.")] = False) -> None:
    """Print every rule: what it asks, where it comes from, and whether the source was read."""
    from matcher.eligibility.catalogue import RULES, in_force, markdown_page

    if markdown:
        typer.echo(markdown_page(), nl=False)
        return
    for rule in RULES:
        confirmed = "" if rule.citation.confirmed else " (unconfirmed)"
        out.print(f"[bold]{rule.id}[/bold]  {rule.title}")
        applies = f", {in_force(rule)}" if rule.in_force else ""
        known = f"as valid on {rule.citation.valid_on:%d %b %Y}{confirmed}"
        out.print(f"    {rule.citation.text}, {known}{applies}", style="dim")
