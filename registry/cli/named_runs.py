"""From what a person types to a calculation."""

from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from registry.cli.acting import acting

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from registry.matching.replay import Kept
    from registry.models import Run

RunKey = Annotated[str, typer.Argument(metavar="RUN", help="The key of a calculation, or `newest`.")]


def run_key(name: str) -> UUID:
    """Return the key of the calculation that was named."""
    from registry.access.subject import OPERATOR
    from registry.database import unit_of_work

    with unit_of_work(OPERATOR) as session:
        return find_run(session, name).id


def kept_run(context: typer.Context, name: str) -> "Kept":
    """Return what was kept of the calculation that was named, as far as the person may see it."""
    from registry.database import unit_of_work
    from registry.matching.replay import kept_of

    with unit_of_work(acting(context)) as session:
        return kept_of(session, find_run(session, name))


def find_run(session: "Session", name: str) -> "Run":
    """Return a calculation by its key or by `newest`; raises NotVisibleError when there is none."""
    from sqlalchemy import select

    from registry.errors import NotVisibleError
    from registry.models import Run

    question = select(Run).order_by(Run.finished_at.desc().nulls_last(), Run.created_at.desc()).limit(1)
    if name == "newest":
        question = question.where(Run.outcome.is_not(None))
    else:
        try:
            question = question.where(Run.id == UUID(name))
        except ValueError:
            question = question.where(Run.id.is_(None))
    found = session.scalars(question).one_or_none()
    if found is None:
        raise NotVisibleError(f"There is no calculation {name}, or you may not see it.", "List them: gmphub round list")
    return found
