"""solve, verify, convert, generate: the matcher on files, without a database."""

from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from matcher.generate.sizes import SizeName
from matcher.outcome import Fault, Outcome, SolveOptions
from matcher.problem import LARGEST_INTEGER, Problem
from registry.cli.console import out, say_error
from registry.cli.files import ENVIRONMENT, REFUSED, check_writable, why_unreadable, write_whole
from registry.cli.progress import gap_text, seconds_since_start, watch

INTERRUPTED = 130
_EFFORT = 10
MOST_WORKERS = 1024
_FAULTS_SHOWN = 20

convert = typer.Typer(no_args_is_help=True, help="Turn a file of another format into a problem.")


def register(app: typer.Typer) -> None:
    """Add the commands to the console command."""
    app.command("solve")(solve)
    app.command("verify")(verify)
    app.command("generate")(generate)
    app.add_typer(convert, name="convert")


def solve(
    problem: Annotated[Path, typer.Argument(help="A problem file, format gmphub/problem/1.")],
    out_file: Annotated[Path, typer.Option("--out", metavar="FILE", help="Where the outcome is written.")],
    effort: Annotated[
        int | None,
        typer.Option(min=1, max=LARGEST_INTEGER, help="Work allowed, in fixed units; 10 if nothing is said."),
    ] = None,
    seconds: Annotated[float | None, typer.Option(min=0.001, help="Explore for so long; not repeatable.")] = None,
    workers: Annotated[int, typer.Option(min=1, max=MOST_WORKERS, help="How many processors to use.")] = 1,
    seed: Annotated[int, typer.Option(min=0, max=LARGEST_INTEGER, help="Where choices by chance begin.")] = 0,
) -> None:
    """Place the starts of a problem file and write the outcome.

    With --effort and --seconds the effort decides, and passing the seconds fails the run.
    """
    check_writable(out_file)
    if out_file.exists() and problem.exists() and out_file.samefile(problem):
        say_error(f"{out_file} is the problem itself: name another file for the outcome.")
        raise typer.Exit(REFUSED)
    if effort is None and seconds is None:
        effort = _EFFORT
    options = SolveOptions(effort=effort, seconds=seconds, workers=workers, seed=seed)
    answer = watch(
        lambda report, stopped: _answered(problem, replace(options, on_progress=report, cancelled=stopped)),
        give_up_after=seconds if effort is not None else None,
    )
    if answer.problem is None:
        _write(out_file, answer.outcome)
        _say_refused(problem, answer.outcome.faults)
        raise typer.Exit(REFUSED)
    if _too_late(answer.outcome, options):
        _write(out_file, _without_result(answer.outcome))
        say_error(f"Stopped after {seconds} seconds, before the effort of {effort} was done: no plan is given.")
        raise typer.Exit(ENVIRONMENT)
    _write(out_file, answer.outcome)
    out.print(_summary(answer.problem, answer.outcome, out_file), markup=False, soft_wrap=True)
    raise typer.Exit(_exit_code(answer.outcome))


@dataclass(frozen=True, slots=True)
class Answer:
    """An outcome and the problem that it answers; None when the file is refused."""

    problem: Problem | None
    outcome: Outcome


def _answered(path: Path, options: SolveOptions) -> Answer:
    asked = _read(path)
    if not isinstance(asked, Problem):
        faults, sha256 = asked
        return Answer(None, _rejected(faults, sha256, options))
    from matcher.solve import solve as solve_problem

    if options.seconds is not None:
        options = replace(options, seconds=max(0.001, options.seconds - seconds_since_start()))
    return Answer(asked, solve_problem(asked, options))


def _exit_code(outcome: Outcome) -> int:
    if outcome.stopped == "cancelled":
        return INTERRUPTED
    return {"rejected": REFUSED, "unknown": ENVIRONMENT}.get(outcome.status, 0)


def _read(path: Path) -> Problem | tuple[tuple[Fault, ...], str | None]:
    """The problem in the file, or its faults and the hash of the document if it has one."""
    from matcher.reading.text import too_large
    from matcher.serialise import read_problem

    try:
        refusal = too_large(path.stat().st_size)
        found = None if refusal else read_problem(path.read_bytes())
    except OSError as error:
        return (Fault("$", why_unreadable(path, error)),), None
    if found is None:
        return (Fault("$", refusal or ""),), None
    return found if isinstance(found, Problem) else (found.faults, found.sha256)


def _too_late(outcome: Outcome, options: SolveOptions) -> bool:
    """Whether a run that is decided by effort was ended by its clock."""
    if options.effort is None or options.seconds is None:
        return False
    return outcome.stopped == "clock" or (outcome.stopped == "cancelled" and seconds_since_start() > options.seconds)


def _rejected(faults: tuple[Fault, ...], sha256: str | None, options: SolveOptions) -> Outcome:
    return Outcome(
        problem_sha256=sha256,
        status="rejected",
        placements=(),
        objective=(),
        terms={},
        bound=(),
        stopped="done",
        seed=options.seed,
        effort=options.effort,
        workers=options.workers,
        seconds=round(seconds_since_start(), 3),
        faults=faults,
        versions={"gmphub": version("gmphub")},
    )


def _without_result(outcome: Outcome) -> Outcome:
    return replace(
        outcome, status="unknown", placements=(), objective=(), terms={}, bound=(), proof=None, stopped="clock"
    )


def _write(path: Path, outcome: Outcome) -> None:
    from matcher.serialise import outcome_json

    write_whole(path, outcome_json(outcome))


def _say_refused(path: Path, faults: tuple[Fault, ...]) -> None:
    say_error(f"{path} is refused, {len(faults)} fault{'s' if len(faults) > 1 else ''}:")
    for fault in faults[:_FAULTS_SHOWN]:
        say_error(f"  {fault.path}: {fault.text}")
    if len(faults) > _FAULTS_SHOWN:
        say_error(f"  … and {len(faults) - _FAULTS_SHOWN} more; all of them are in the outcome file")


def _summary(problem: Problem, outcome: Outcome, path: Path) -> str:
    batches = sum(len(request.batches) for request in problem.requests)
    served = len({placement.request for placement in outcome.placements})
    gap = gap_text(outcome.objective, outcome.bound)
    lines = [
        f"{outcome.status}: {len(outcome.placements)} of {batches} batches placed, in {outcome.seconds:.1f} s",
        f"{served} of {len(problem.requests)} requests served",
        f"objective {list(outcome.objective)}, bound {list(outcome.bound)}, gap {gap or 'not known'}",
        *(f"warning: {warning}" for warning in outcome.warnings),
        f"written to {path}",
    ]
    return "\n".join(lines)


def verify(
    problem: Annotated[Path | None, typer.Argument(help="A problem file.")] = None,
    outcome: Annotated[Path | None, typer.Argument(help="The outcome that answers it.")] = None,
    bundle: Annotated[Path | None, typer.Option(metavar="DIR", help="A bundle instead of two files.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
) -> None:
    """Check an outcome independently of the solver: every rule and every number."""
    from matcher.verifier import verify_bytes

    if bundle is not None and problem is None and outcome is None:
        from matcher.verifier.bundle import verify_bundle

        report = verify_bundle(bundle)
    elif bundle is None and problem is not None and outcome is not None:
        report = verify_bytes(_bytes(problem), _bytes(outcome))
    else:
        raise typer.BadParameter("name a problem file and an outcome file, or --bundle DIR")
    typer.echo(report.as_json() if as_json else report.as_text())
    raise typer.Exit(report.exit_code)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        say_error(why_unreadable(path, error))
        raise typer.Exit(REFUSED) from error


@convert.command("gap")
def convert_gap(
    file: Annotated[Path, typer.Argument(help="A generalised assignment instance: m n, costs, sizes, capacities.")],
    out_file: Annotated[Path, typer.Option("--out", metavar="FILE", help="Where the problem is written.")],
) -> None:
    """Turn a generalised assignment instance into a problem: agents become facilities, jobs become requests."""
    from matcher.convert import UnreadableInstance, gap_problem
    from matcher.writing import readable_json

    check_writable(out_file)
    try:
        document = gap_problem(_bytes(file).decode("ascii", errors="replace"))
    except UnreadableInstance as error:
        say_error(f"{file} is refused: {error}")
        raise typer.Exit(REFUSED) from error
    write_whole(out_file, readable_json(document))
    typer.echo(f"written to {out_file}")


def generate(
    size: Annotated[SizeName, typer.Argument(help="How large: S 300 batches, M 3,000, L 20,000, XL 100,000.")],
    out_file: Annotated[Path, typer.Option("--out", metavar="FILE", help="Where the problem is written.")],
    seed: Annotated[int, typer.Option(min=0, help="Which network of this size.")] = 0,
) -> None:
    """Write an invented network of facilities and requests as a problem file."""
    from matcher.generate import network
    from matcher.serialise import problem_json

    check_writable(out_file)
    write_whole(out_file, problem_json(network(size, seed)))
    typer.echo(f"written to {out_file}")
