"""Whether the service runs, and whether its database answers."""

from fastapi import APIRouter
from sqlalchemy import select

from api.dependencies import AnyoneDep
from api.problems import answers
from api.schemas.health import Health

router = APIRouter(tags=["operations"])


@router.get("/health", responses=answers("not-authenticated", "unavailable"))
def read_health(work: AnyoneDep) -> Health:
    """Say that the service runs and its database answers; 503 while it does not."""
    work.session.execute(select(1))
    return Health(status="ok", database="ok")
