"""Wiring, nothing else: the API under /api/v1, the pages beside it, and what both answer with."""

from importlib.metadata import PackageNotFoundError, version

from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import Match, Mount
from starlette.types import Scope

from api import logs, problems
from api.headers import AnswerHeaders
from api.key_limits import ActionsOfKey
from api.limits import BodyLimit
from api.metrics import Metrics
from api.openapi import describe
from api.routes import (
    accounts,
    audit_events,
    calendar,
    closures,
    competence,
    confirmations,
    disclosures,
    eligibility,
    explanations,
    facilities,
    facility_writes,
    feasibility,
    health,
    known,
    licences,
    materials,
    me,
    members,
    metrics,
    oidc,
    organisations,
    policies,
    premises,
    products,
    publishing,
    request_parts,
    requests,
    rounds,
    runs,
    search,
    session,
    sight,
    tokens,
    vocabulary,
    wishes,
)
from api.tracing import Traced, provider_of
from api.unexpected import Unexpected
from api.web.app import create_pages
from registry.settings import Settings, secret_key

LARGEST_BODY = 1_000_000
RESOURCES = (
    organisations,
    members,
    accounts,
    facilities,
    facility_writes,
    search,
    known,
    premises,
    licences,
    competence,
    calendar,
    closures,
    confirmations,
    feasibility,
    products,
    requests,
    request_parts,
    wishes,
    materials,
    disclosures,
    sight,
    eligibility,
    policies,
    rounds,
    runs,
    explanations,
    publishing,
    vocabulary,
    audit_events,
    me,
    session,
    oidc,
    tokens,
    health,
    metrics,
)


def create_app() -> FastAPI:
    """Return the whole application: JSON for programs, pages for people. There is none without a secret key."""
    secret_key()
    logs.configure()
    counted = Metrics()
    app = FastAPI(
        title="GMP Hub",
        version=_version(),
        description="Registry of European GMP facilities for advanced therapies, and proposals who makes what, where and when.",
        docs_url=None,
        redoc_url=None,
        generate_unique_id_function=_operation,
        telemetry={"meter_provider": counted.provider, "tracing": False},
    )
    app.state.metrics = counted
    for resource in RESOURCES:
        app.include_router(resource.router, prefix="/api/v1")
    problems.install(app)
    describe(app)
    app.add_middleware(ActionsOfKey)
    app.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=5)
    app.add_middleware(Unexpected, answer=problems.broken)
    app.add_middleware(BodyLimit, largest=LARGEST_BODY)
    app.add_middleware(Traced, provider=provider_of(Settings().traces))
    app.add_middleware(AnswerHeaders)
    app.router.routes.append(Pages("/", create_pages(), name="pages"))
    return app


class Pages(Mount):
    """Everything that is not the API's, so that an unknown address under /api still answers as a problem document."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Leave the API's addresses to the API."""
        if scope["path"].startswith("/api/") or scope["path"] == "/openapi.json":
            return Match.NONE, {}
        return super().matches(scope)


def _operation(route: APIRoute) -> str:
    """Operations are named as their functions."""
    return route.name


def _version() -> str:
    try:
        return version("gmphub")
    except PackageNotFoundError:
        return "0"
