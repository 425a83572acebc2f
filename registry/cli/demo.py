"""demo: a European rehearsal in one command, printed, kept, written and served."""

import json
import socket
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from registry.cli.console import err, out, say, say_error
from registry.cli.files import REFUSED, check_writable, write_whole
from registry.cli.plan_report import print_plan
from registry.cli.serving import HOST, PORT, serve_until_interrupted

if TYPE_CHECKING:
    from registry.matching.stored import Stored
    from registry.rehearsing import Sources

EFFORT = 5
"""Work allowed to the rehearsal's calculation: seconds on two processors, and the same plan every time."""


def register(app: typer.Typer) -> None:
    """Add the command to the console command."""
    app.command("demo")(demo)


def demo(
    once: Annotated[bool, typer.Option("--once", help="Stop after printing.")] = False,
    trials: Annotated[Path | None, typer.Option("--trials", help="Another file of trials, same columns.")] = None,
    facilities: Annotated[Path | None, typer.Option("--facilities", help="Another file of facilities.")] = None,
    keep: Annotated[
        Path | None, typer.Option("--keep", metavar="DIR", help="Write problem.json and outcome.json.")
    ] = None,
    json_file: Annotated[Path | None, typer.Option("--json", metavar="FILE", help="Write the figures.")] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Start over.")] = False,
    clear: Annotated[bool, typer.Option("--clear", help="Take the rehearsal away again, and stop.")] = False,
    host: Annotated[str, typer.Option("--host", help="Address to listen on.")] = HOST,
    port: Annotated[int, typer.Option("--port", help="Port to listen on.")] = PORT,
) -> None:
    """Match realistic demand to realistic facilities, under aliases; print the plan with its reasons; serve it."""
    from registry.migrating import migrate
    from registry.rehearsing import Sources, end_rehearsal, one_at_a_time, shipped_sources

    if clear:
        migrate()
        with one_at_a_time():
            end_rehearsal()
        out.print("No rehearsal is loaded: lists show what is in real use.")
        return
    shipped = shipped_sources()
    sources = Sources(facilities or shipped.facilities, trials or shipped.trials)
    _check_first(sources, keep, json_file, None if once else (host, port))
    say("Starting the database …")
    migrate()
    with one_at_a_time():
        stored = _rehearsed(sources, fresh=fresh)
    _show(stored)
    if keep is not None:
        write_whole(keep / "problem.json", stored.run.problem or b"")
        write_whole(keep / "outcome.json", stored.run.outcome or b"")
    if json_file is not None:
        write_whole(json_file, (json.dumps(figures(stored), indent=1, ensure_ascii=False) + "\n").encode())
    if not once:
        from registry.tasks import ask_what_would_help

        ask_what_would_help(stored.run.id)
        raise typer.Exit(serve_until_interrupted(host, port, beside=True))


def _check_first(
    sources: "Sources", keep: Path | None, json_file: Path | None, address: tuple[str, int] | None
) -> None:
    """Say before any work what would stop it at the end."""
    unreadable = [path for path in (sources.facilities, sources.trials) if not path.is_file()]
    for path in unreadable:
        say_error(f"{path} is not a file that can be read.")
    if unreadable:
        raise typer.Exit(REFUSED)
    if keep is not None:
        try:
            keep.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            say_error(f"The folder {keep} cannot be made ({error.strerror}): name another with --keep.")
            raise typer.Exit(3) from error
        check_writable(keep / "problem.json")
    if json_file is not None:
        check_writable(json_file)
    if address is not None:
        _check_port(*address)


def _check_port(host: str, port: int) -> None:
    """Leave with exit code 3 when the address cannot be had, before a minute of work is spent."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(address)
    except (OSError, OverflowError) as fault:
        say_error(f"{host}:{port} cannot be used ({fault}). Choose another with --port, or stop what listens there.")
        raise typer.Exit(3) from fault


def _rehearsed(sources: "Sources", *, fresh: bool) -> "Stored":
    from matcher.outcome import SolveOptions
    from registry.cli.progress import watch
    from registry.rehearsal import UnusableFileError
    from registry.rehearsing import rehearse

    options: SolveOptions = SolveOptions(effort=EFFORT)
    try:
        return watch(
            lambda report, stopped: rehearse(
                sources,
                datetime.now().astimezone().date(),
                replace(options, on_progress=report, cancelled=stopped),
                say,
                fresh=fresh,
            )
        )
    except UnusableFileError as error:
        for fault in error.faults:
            say_error(str(fault))
        raise typer.Exit(REFUSED) from error


def _show(stored: "Stored") -> None:
    from registry.matching.stored import view_of

    print_plan(out, view_of(stored))
    _print_account(stored.run.manifest["account"])


def _print_account(account: dict[str, Any]) -> None:
    """Say what became of every row of the two files; rows are named by number only."""
    for name, noun in (("facilities", "facilities"), ("trials", "requests")):
        part = account[name]
        out.print(f"\n{part['file']}: {part['rows']} rows read, {part['modelled']} modelled as {noun}", markup=False)
        for left_out in part["left_out"]:
            rows = ", ".join(map(str, left_out["rows"]))
            out.print(
                f"  {len(left_out['rows']):>4} not: {left_out['reason']} (rows {rows})", markup=False, soft_wrap=True
            )
        for fault in part["faults"]:
            err.print(f"  row {fault['row']}, {fault['column']}: {fault['text']}", markup=False, soft_wrap=True)


def figures(stored: "Stored") -> dict[str, object]:
    """The figures of a rehearsal as `--json` writes them: counts of batches, one integer per tier, reasons."""
    from matcher.measure import objective

    account = stored.run.manifest["account"]
    placed = {(placement.request, placement.batch) for placement in stored.outcome.placements}
    unplaced = []
    for request in stored.facts.requests:
        count = sum((request.id, batch.id) in placed for batch in request.batches)
        if count < len(request.batches):
            reasons = stored.reasons[request.id]
            unplaced.append(
                {
                    "request": request.label,
                    "batches": len(request.batches),
                    "placed": count,
                    "reasons": [
                        {"rule": reason.rule, "text": reason.text, "facilities": reason.facilities}
                        for reason in reasons
                    ],
                    "assumed": list(request.defaults),
                }
            )
    return {
        "facilities": account["facilities"]["rows"],
        "facilities_matchable": account["facilities"]["modelled"],
        "requests": len(stored.facts.requests),
        "batches": sum(len(request.batches) for request in stored.facts.requests),
        "placed": len(stored.outcome.placements),
        "greedy_placed": len(stored.greedy),
        "objective": list(stored.outcome.objective),
        "greedy_objective": list(objective(stored.problem, stored.greedy)),
        "bound": list(stored.outcome.bound),
        "verified": stored.checked,
        "unplaced": unplaced,
        "rows": account,
    }
