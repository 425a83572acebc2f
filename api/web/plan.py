"""The plan a reader may see, as pages ask for it."""

from typing import Annotated

from fastapi import Depends

from registry.queries.plan_view import PlanView


def current_plan() -> PlanView | None:
    """Return the newest plan the caller may see, None when there is none."""
    return None


PlanDep = Annotated[PlanView | None, Depends(current_plan)]
