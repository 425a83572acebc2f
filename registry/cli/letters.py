"""letters: what every requester is told about a calculation, as pages to print and as JSON."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from registry.cli.console import out, say, say_error
from registry.cli.files import ENVIRONMENT, write_whole
from registry.cli.named_runs import RunKey, find_run

if TYPE_CHECKING:
    from registry.matching.letters import Occasion
    from registry.matching.stored import Stored


def register(app: typer.Typer) -> None:
    """Add the command to the console command."""
    app.command("letters")(letters)


def letters(
    context: typer.Context,
    run: RunKey = "newest",
    folder: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where the letters are written.")] = Path(
        "letters"
    ),
    what_if: Annotated[bool, typer.Option("--what-if/--no-what-if", help="Say what would change it (slower).")] = True,
) -> None:
    """Write the outcome letter of every request, masked as its requester may read it; one that is not true is withheld."""
    from matcher.explain.explaining import explain_all
    from registry.matching.calculation import prepare
    from registry.matching.catalogue import check_problem, check_rules
    from registry.matching.disclosure import Withheld, released
    from registry.matching.explanation import Reader
    from registry.matching.explanations import to_explain
    from registry.matching.letters import letter_html, letter_json, outcome_letter

    stored, occasion = _stored(context, run)
    check_rules(stored.run.manifest)
    _make(folder)
    prepared = prepare(stored.facts)
    check_problem(stored.run.manifest, stored.outcome.problem_sha256, prepared.formulated.problem.sha256)
    done = to_explain(prepared, stored.outcome.placements, stored.days)
    say("Explaining every request …")
    withheld = 0
    for request, explained in explain_all(done, counterfactuals=what_if).items():
        told = released(done, explained, Reader.REQUESTER)
        if isinstance(told, Withheld):
            withheld += 1
            say_error(f"The letter of {request} is withheld: {'; '.join(told.faults)}")
            continue
        letter = outcome_letter(told, occasion)
        write_whole(folder / f"{request}.html", letter_html(letter).encode())
        write_whole(folder / f"{request}.json", letter_json(letter))
    out.print(f"Letters of {len(stored.facts.requests) - withheld} requests in {folder}.", markup=False)
    raise typer.Exit(1 if withheld else 0)


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        say_error(f"The folder {folder} cannot be made ({error.strerror}): name another with --out.")
        raise typer.Exit(ENVIRONMENT) from error


def _stored(context: typer.Context, name: str) -> "tuple[Stored, Occasion]":
    """The calculation that was named, and what its letters say about the round."""
    from registry.cli.acting import acting
    from registry.database import unit_of_work
    from registry.matching.letters import occasion_of
    from registry.matching.stored import read_stored
    from registry.models import Round

    today = datetime.now().astimezone().date()
    with unit_of_work(acting(context)) as session:
        run = find_run(session, name)
        stored = read_stored(session, run)
        published_on = None if run.published_at is None else run.published_at.date()
        code = session.get_one(Round, run.round_id).code
        occasion = occasion_of(code, run.id, stored.facts.known_on, published_on, today)
    return stored, occasion
