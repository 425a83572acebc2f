"""Figures for monitoring."""

from fastapi import APIRouter, Depends, Request, Response

from api.dependencies import allowed_to
from api.metrics import MEDIA_TYPE, Metrics
from api.problems import answers
from registry.access.permissions import Permission

router = APIRouter(tags=["operations"])


@router.get(
    "/metrics",
    response_class=Response,
    responses={
        200: {"content": {"text/plain": {"schema": {"type": "string"}}}},
        **answers("not-authenticated", "not-allowed"),
    },
    dependencies=[Depends(allowed_to(Permission.MANAGE_ACCOUNTS), scope="function")],
)
def read_metrics(request: Request) -> Response:
    """Read counts and times of requests in the Prometheus text format; for a key of an administrator."""
    metrics: Metrics = request.app.state.metrics
    return Response(metrics.text(), media_type=MEDIA_TYPE)
