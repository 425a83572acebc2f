"""policy show and policy check: what a round is for, in words, and who would gain or lose."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from registry.cli.acting import acting
from registry.cli.console import out, say_error
from registry.cli.files import REFUSED
from registry.cli.named_runs import kept_run

if TYPE_CHECKING:
    from registry.matching.replay import Kept

policies = typer.Typer(no_args_is_help=True, help="What a round is for, in words and by versions.")


def register(app: typer.Typer) -> None:
    """Add the commands to the console command."""
    policies.command("show")(show_policy)
    policies.command("check")(check_policy)
    app.add_typer(policies, name="policy")


def show_policy(
    context: typer.Context,
    code: Annotated[str, typer.Argument(help="The code of a policy.")],
    number: Annotated[int | None, typer.Option("--version", help="Which version; the newest if none.")] = None,
) -> None:
    """Print a policy in plain words, with its version and how far its approval is."""
    from datetime import UTC, datetime

    from registry.database import unit_of_work
    from registry.services.policies import policy_named, state_of
    from registry.services.policy_words import policy_text

    with unit_of_work(acting(context)) as session:
        policy = policy_named(session, code, number)
        state = state_of(policy, datetime.now(UTC))
        since = "" if policy.in_force_from is None else f" from {policy.in_force_from:%Y-%m-%d %H:%M} UTC"
        out.print(f"{policy.title} ({policy.code}, version {policy.number}): {state.value}{since}", markup=False)
        out.print(policy_text(policy.tiers), markup=False, soft_wrap=True)


def check_policy(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Tiers as JSON: a list of objects of term and weight.")],
    on: Annotated[list[str] | None, typer.Option("--on", metavar="RUN", help="Try it on this calculation.")] = None,
) -> None:
    """Check the tiers in a file, print them in words, and on earlier calculations say who would gain or lose."""
    import json

    from registry.services.policy_words import faults_of_tiers, policy_text

    try:
        tiers = json.loads(file.read_bytes())
    except (OSError, ValueError) as error:
        say_error(f"{file} cannot be read as JSON: {error}")
        raise typer.Exit(REFUSED) from error
    shaped = isinstance(tiers, list) and all(isinstance(tier, dict) for tier in tiers)
    faults = faults_of_tiers(tiers) if shaped else ["The file holds no list of objects."]
    for fault in faults:
        say_error(fault)
    if faults:
        raise typer.Exit(1)
    out.print(policy_text(tiers), markup=False, soft_wrap=True)
    for name in on or ():
        _print_shadow(name, kept_run(context, name), tiers)


def _print_shadow(name: str, kept: "Kept", tiers: list[dict[str, int]]) -> None:
    from registry.matching.shadow import shadow

    found = shadow(kept, tiers)
    out.print(f"\nOn {name}: {found.placed_now} starts placed, before {found.placed_before}.", markup=False)
    for group in found.groups:
        out.print(
            f"  {group.group or 'without a group'}: {group.requests} requests, patients {group.patients_before} → "
            f"{group.patients_now}; {group.gaining} gain, {group.losing} lose",
            markup=False,
            soft_wrap=True,
        )
    if not found.checked:
        say_error("This plan did not pass the independent check: do not rely on it.")
        raise typer.Exit(1)
