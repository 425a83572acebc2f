"""round, replay, diff, bundle, policy: calculations of a round, and what they can be defended with."""

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from registry.cli import policies
from registry.cli.acting import acting
from registry.cli.console import out, say, say_error
from registry.cli.files import ENVIRONMENT, REFUSED, write_whole
from registry.cli.named_runs import RunKey, find_run, kept_run, run_key
from registry.cli.progress import Report, Stopped
from registry.vocabulary.lifecycle import DataSet, RoundKind

if TYPE_CHECKING:
    from matcher.outcome import SolveOptions

rounds = typer.Typer(no_args_is_help=True, help="Rounds and their calculations.")


def register(app: typer.Typer) -> None:
    """Add the commands to the console command."""
    rounds.command("list")(list_rounds)
    rounds.command("open")(open_)
    rounds.command("close")(close)
    rounds.command("run")(run_round)
    rounds.command("cancel")(cancel)
    rounds.command("age")(age)
    app.add_typer(rounds, name="round")
    app.command("replay")(replay_run)
    app.command("diff")(diff_runs)
    app.command("bundle")(bundle_run)
    policies.register(app)


def list_rounds(context: typer.Context) -> None:
    """List every round with its calculations, newest first."""
    from sqlalchemy import select

    from registry.cli.data_age import summary_line
    from registry.database import unit_of_work
    from registry.models import Round, Run
    from registry.queries.data_age import data_age

    subject = acting(context)
    with unit_of_work(subject) as session:
        for held in session.scalars(select(Round).order_by(Round.created_at.desc())):
            weeks = f"{held.horizon_weeks} weeks from {held.origin}"
            out.print(
                f"{held.code}: {held.kind.value}, {held.state.value}, {weeks}, {held.data_set.value}", markup=False
            )
            if held.tie_commitment is not None:
                out.print(f"  ties: commitment {held.tie_commitment}, secret {held.tie_secret or 'not shown yet'}")
            for run in session.scalars(select(Run).where(Run.round_id == held.id).order_by(Run.created_at.desc())):
                reason = f" ({run.state_reason})" if run.state_reason else ""
                out.print(f"  {run.id} {run.state.value}{reason}", markup=False, soft_wrap=True)
                told = data_age(session, subject, run.id)
                if told is not None and told.summary is not None:
                    out.print(f"    {summary_line(told.summary)}", markup=False, soft_wrap=True)


Code = Annotated[str, typer.Argument(metavar="CODE", help="The code of a round.")]
Kind = Annotated[DataSet, typer.Option("--data-set", help="Real use, or a rehearsal.")]


def open_(
    context: typer.Context,
    code: Code,
    policy: Annotated[str, typer.Option("--policy", metavar="CODE", help="The policy it goes by.")],
    origin: Annotated[str, typer.Option("--from", metavar="MONDAY", help="The first day, YYYY-MM-DD.")],
    weeks: Annotated[int, typer.Option("--weeks", min=1, help="How many weeks it covers.")] = 26,
    kind: Annotated[RoundKind, typer.Option("--kind", help="What-if rounds are never published.")] = RoundKind.PERIOD,
    data_set: Kind = DataSet.LIVE,
) -> None:
    """Open a round; an official one commits to the secret that will break its ties."""
    from registry.database import unit_of_work
    from registry.services.policies import policy_named
    from registry.services.records import refuse_faults
    from registry.services.round_dates import round_faults
    from registry.services.rounds import open_round

    try:
        monday = date.fromisoformat(origin)
    except ValueError as error:
        raise typer.BadParameter(f"{origin} is no day; write YYYY-MM-DD") from error
    subject, now = acting(context), datetime.now().astimezone()
    refuse_faults(round_faults(kind, monday, now.date(), None, now), what="The round")
    with unit_of_work(subject, action="open round") as session:
        held = open_round(
            session,
            subject,
            policy_named(session, policy),
            code=code,
            data_set=data_set,
            kind=kind,
            origin=monday,
            horizon_weeks=weeks,
            known_on=now.date(),
        )
        commitment = held.tie_commitment
    out.print(f"{code} is open{f', ties are committed to as {commitment}' if commitment else ''}.", markup=False)


def close(context: typer.Context, code: Code, data_set: Kind = DataSet.LIVE) -> None:
    """Close a round: what is ready by now takes part."""
    from registry.database import unit_of_work
    from registry.services.rounds import close_round, round_named

    subject = acting(context)
    with unit_of_work(subject, action="close round") as session:
        close_round(session, subject, round_named(session, data_set, code).id)
    out.print(f"{code} is closed.", markup=False)


def run_round(
    context: typer.Context,
    code: Code,
    data_set: Kind = DataSet.LIVE,
    effort: Annotated[int, typer.Option(min=1, help="Work allowed, in fixed units.")] = 10,
    queue: Annotated[bool, typer.Option("--queue", help="Leave it to a worker.")] = False,
) -> None:
    """Calculate a round, here or by a worker, and print the key of the calculation."""
    from registry.database import unit_of_work
    from registry.matching.orphans import fail_orphans
    from registry.services.rounds import queue_run, round_named
    from registry.tasks import enqueue_run

    subject = acting(context)
    for orphan in fail_orphans():
        say(f"Calculation {orphan} had ended without a result and is marked as failed.")
    with unit_of_work(subject, action="queue calculation") as session:
        run = queue_run(session, subject, round_named(session, data_set, code).id, data_set)
        if queue:
            enqueue_run(session, run, effort)
        key = run.id
    if not queue:
        from dataclasses import replace

        from matcher.outcome import SolveOptions
        from registry.cli.progress import watch
        from registry.matching.runs import execute

        asked = SolveOptions(effort=effort)
        watch(lambda report, stopped: execute(subject, key, replace(asked, on_progress=report, cancelled=stopped)))
    typer.echo(str(key))


def cancel(context: typer.Context, run: RunKey) -> None:
    """Ask a calculation to stop; the plan so far is kept."""
    from registry.database import unit_of_work
    from registry.services.rounds import cancel_run

    subject = acting(context)
    with unit_of_work(subject, action="cancel calculation") as session:
        cancel_run(session, subject, find_run(session, run).id)
    say("It stops within a second or two.")


def age(context: typer.Context, run: RunKey) -> None:
    """Show how old the calendars were that a calculation rested on, facility by facility and together."""
    from registry.cli.data_age import print_age
    from registry.database import unit_of_work
    from registry.errors import NotVisibleError
    from registry.services.run_age import age_of_run

    key = run_key(run)
    subject = acting(context)
    with unit_of_work(subject) as session:
        told = age_of_run(session, subject, key)
    if told is None:
        raise NotVisibleError(f"There is no calculation {run} with facts, or you may not see it.")
    print_age(told)


def replay_run(context: typer.Context, run: RunKey) -> None:
    """Calculate again from the frozen facts and compare; exits 1 with every difference."""
    from registry.cli.progress import watch
    from registry.matching.replay import replay

    kept = kept_run(context, run)
    found = watch(lambda report, stopped: replay(kept, _watching(report, stopped)))
    for remark in found.remarks:
        say(f"Remark: {remark}")
    for difference in found.differences:
        say_error(f"Differs: {difference}")
    if not found.differences:
        out.print(f"Identical: facts, problem, placements, values and limits (SHA-256 {found.again_sha256}).")
    raise typer.Exit(1 if found.differences else 0)


def _watching(report: Report, stopped: Stopped) -> "SolveOptions":
    from matcher.outcome import SolveOptions

    return SolveOptions(on_progress=report, cancelled=stopped)


def diff_runs(context: typer.Context, first: RunKey, second: RunKey) -> None:
    """Show which placements differ between two calculations, and what was different that may be why; exits 1 if any."""
    from registry.matching.difference import difference

    found = difference(kept_run(context, first), kept_run(context, second))
    for moved in found.moved:
        places = ["not placed" if at is None else f"{at.suite} at {at.start}" for at in (moved.first, moved.second)]
        out.print(f"{moved.request} {moved.batch}: {places[0]}, then {places[1]}", markup=False, soft_wrap=True)
    if found.objective[0] != found.objective[1]:
        out.print(f"objective: {list(found.objective[0])}, then {list(found.objective[1])}", markup=False)
    for name in ("facts", "policy", "params", "software"):
        for line in getattr(found, name):
            out.print(f"{name}: {line}", markup=False, soft_wrap=True)
    if found.unexplained:
        say_error("The plans differ though everything that went in was equal.")
    elif found.same:
        out.print("The plans are the same.")
    raise typer.Exit(0 if found.same else 1)


def bundle_run(
    context: typer.Context,
    run: RunKey,
    audience: Annotated[str, typer.Option("--for", metavar="auditor|party", help="Who reads it.")],
    folder: Annotated[Path, typer.Option("--out", metavar="DIR", help="A folder that is new or empty.")],
) -> None:
    """Write a calculation as a folder: all of it for an auditor, or the own part of the party named with --as."""
    from registry.matching.bundling import auditor_bundle, party_bundle

    if audience not in {"auditor", "party"}:
        raise typer.BadParameter("write --for auditor or --for party")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            say_error(f"{folder} is not empty; name a new folder, so that nothing else is taken for the calculation.")
            raise typer.Exit(REFUSED)
    except OSError as error:
        say_error(f"{folder} cannot be made: {error.strerror}. Name another with --out.")
        raise typer.Exit(ENVIRONMENT) from error
    subject = acting(context)
    files = (auditor_bundle if audience == "auditor" else party_bundle)(subject, run_key(run))
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        write_whole(folder / name, data)
    out.print(f"{len(files)} files written to {folder}.", markup=False, soft_wrap=True)
