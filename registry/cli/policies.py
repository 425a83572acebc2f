"""policy show and policy check: what a round is for, in words, and who would gain or lose."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from registry.cli.acting import acting
from registry.cli.console import out, say_error
from registry.cli.files import REFUSED
from registry.cli.named_runs import kept_run

if TYPE_CHECKING:
    from collections.abc import Iterator

    from registry.matching.replay import Kept
    from registry.matching.shadow import Shadow

NO_GROUP = "without a group"

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
    for line in shadow_lines(name, found):
        out.print(line, markup=False, soft_wrap=True)
    if not found.checked:
        say_error("This plan did not pass the independent check: do not rely on it.")
        raise typer.Exit(1)


def shadow_lines(name: str, found: "Shadow") -> "Iterator[str]":
    """What a shadow run says: the whole, each group as a line of a table, then each request that loses or gains."""
    patients = [sum(one.patients_before for one in found.groups), sum(one.patients_now for one in found.groups)]
    gain, lose = sum(one.gaining for one in found.groups), sum(one.losing for one in found.groups)
    yield f"\nOn {name}: starts placed {found.placed_before} → {found.placed_now}, patients {patients[0]} → {patients[1]}."
    yield f"Of {sum(one.requests for one in found.groups)} requests, {gain} gain, {lose} lose."
    width = max((len(one.group or NO_GROUP) for one in found.groups), default=0)
    yield f"  {'group':<{max(width, 5)}}  requests  patients now  under the tiers  difference  gain  lose"
    for one in sorted(found.groups, key=lambda each: (each.patients_now - each.patients_before, each.group)):
        yield (
            f"  {one.group or NO_GROUP:<{max(width, 5)}}  {one.requests:>8}  {one.patients_before:>12}  "
            f"{one.patients_now:>15}  {one.patients_now - one.patients_before:>+10}  {one.gaining:>4}  {one.losing:>4}"
        )
    for change in found.changes:
        word = "gains" if change.patients_now > change.patients_before else "loses"
        yield f"  {change.label} {word}: patients {change.patients_before} → {change.patients_now}"
