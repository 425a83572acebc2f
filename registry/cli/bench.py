"""bench: measurements, each in a process of its own, so that nothing of this one disturbs it."""

import subprocess
import sys
from typing import Annotated

import typer

MATCHER_BENCH = "matcher.bench"
REGISTRY_BENCH = "registry.bench"
API_BENCH = "api.bench"
EXPLANATIONS_BENCH = "registry.cli.measuring"

bench = typer.Typer(no_args_is_help=True, help="Measure how good and how fast it is, on invented networks.")


def register(app: typer.Typer) -> None:
    """Add the commands to the console command."""
    app.add_typer(bench, name="bench")


@bench.callback()
def family() -> None:
    """Keep `bench` a family of commands while it has only one."""


@bench.command("matcher")
def matcher(
    size: Annotated[str, typer.Option(help="S, M, L or XL.")] = "S",
    seconds: Annotated[float, typer.Option(min=1.0, help="Time for each plan.")] = 30.0,
    seeds: Annotated[int, typer.Option(min=1, help="How many networks.")] = 5,
    workers: Annotated[int, typer.Option(min=1, help="How many processors to use.")] = 2,
) -> None:
    """Compare the matcher with its own limit, the first-come baseline and a plain CP-SAT model."""
    asked = {"--size": size, "--seconds": str(seconds), "--seeds": str(seeds), "--workers": str(workers)}
    words = [word for pair in asked.items() for word in pair]
    done = subprocess.run([sys.executable, "-m", MATCHER_BENCH, "matcher", *words], check=False)  # noqa: S603  our own module, arguments checked by it
    raise typer.Exit(done.returncode)


@bench.command("eligibility")
def eligibility(
    requests: Annotated[int, typer.Option(min=1, help="How many requests are drawn.")] = 10_000,
    facilities: Annotated[int, typer.Option(min=1, help="How many facilities are drawn.")] = 1_000,
    seed: Annotated[int, typer.Option(help="Seed of the drawn facts.")] = 1,
) -> None:
    """Judge every request at every suite by every rule; prints seconds of processor and wall, exits 1 above 10 s wall."""
    asked = {"--requests": requests, "--facilities": facilities, "--seed": seed}
    words = [str(word) for pair in asked.items() for word in pair]
    done = subprocess.run([sys.executable, "-m", MATCHER_BENCH, "eligibility", *words], check=False)  # noqa: S603  our own module, arguments checked by it
    raise typer.Exit(done.returncode)


@bench.command("explain")
def explain(
    effort: Annotated[
        int, typer.Option(min=0, help="Work for the plan that is explained; 0 explains the first-come plan.")
    ] = 5,
) -> None:
    """Explain every request of a round like size S, then of the whole rehearsal; exits 1 when size S takes above 1 s, or 20 s with what-if."""
    words = [sys.executable, "-m", EXPLANATIONS_BENCH, "--effort", str(effort)]
    done = subprocess.run(words, check=False)  # noqa: S603  our own module, arguments checked by it
    raise typer.Exit(done.returncode)


@bench.command("cancel")
def cancel(
    size: Annotated[str, typer.Option(help="S, M, L or XL.")] = "S",
    seeds: Annotated[int, typer.Option(min=1, help="How many networks.")] = 2,
) -> None:
    """Cancel every way to solve at several moments; exits 1 above 2 s between two words, or 1 s from cancelling to the plan."""
    words = [sys.executable, "-m", MATCHER_BENCH, "cancel", "--size", size, "--seeds", str(seeds)]
    done = subprocess.run(words, check=False)  # noqa: S603  our own module, arguments checked by it
    raise typer.Exit(done.returncode)


@bench.command("search")
def search(
    seed: Annotated[int, typer.Option(help="Seed of the generated facilities.")] = 1,
    facilities: Annotated[int, typer.Option(min=20, help="How many are generated.")] = 1000,
    repeats: Annotated[int, typer.Option(min=3, help="How often each search is measured.")] = 31,
) -> None:
    """Measure the twelve searches of docs/search.md; exits 1 when a median is above 50 ms."""
    asked = {"--seed": seed, "--facilities": facilities, "--repeats": repeats}
    words = [str(word) for pair in asked.items() for word in pair]
    done = subprocess.run([sys.executable, "-m", REGISTRY_BENCH, "search", *words], check=False)  # noqa: S603  our own module, arguments checked by it
    raise typer.Exit(done.returncode)


@bench.command("api")
def api(
    seconds: Annotated[float, typer.Option(min=1.0, help="How long the mix of calls runs.")] = 60.0,
    rate: Annotated[float, typer.Option(min=1.0, help="Calls a second.")] = 30.0,
    size: Annotated[str, typer.Option(help="Network that is solved meanwhile: S, M, L or XL.")] = "M",
) -> None:
    """Compare a list with a bare endpoint, then answer a mix of calls while a plan is calculated; 1 when a limit is missed."""
    words = ["--seconds", str(seconds), "--rate", str(rate), "--size", size]
    done = subprocess.run([sys.executable, "-m", API_BENCH, *words], check=False)  # noqa: S603  our own module, arguments checked by it
    raise typer.Exit(done.returncode)
