"""What a key is limited to: `read`, and `TAG:write` for each family of operations; a key without scopes is not limited."""

from typing import Annotated

from fastapi import Request
from fastapi.routing import APIRoute
from pydantic import StringConstraints
from starlette.types import Scope as StarletteScope

from api.problems import ApiError

READ = "read"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
FAMILIES = (
    "account",
    "accounts",
    "calendar",
    "competence",
    "confirmations",
    "facilities",
    "licences",
    "organisations",
    "policies",
    "premises",
    "products",
    "requests",
    "rounds",
    "runs",
)
SCOPES = (READ, *(f"{family}:write" for family in FAMILIES))
Scope = Annotated[str, StringConstraints(pattern=f"^({'|'.join(SCOPES)})$")]


def scope_needed(request: Request) -> str:
    """Return the scope the operation asks of a limited key."""
    family = family_of(request.scope)
    return READ if request.method in SAFE or not family else f"{family}:write"


def family_of(scope: StarletteScope) -> str:
    """Return the family of the operation that answers, empty for none."""
    route = scope.get("route")
    return str(route.tags[0]) if isinstance(route, APIRoute) and route.tags else ""


def check_scopes(request: Request, held: frozenset[str]) -> None:
    """Refuse (403) an operation beyond what the key is limited to."""
    needed = scope_needed(request)
    if held and needed not in held:
        raise ApiError(
            "scope-missing",
            f"The key lacks the scope {needed}.",
            headers={"WWW-Authenticate": f'Bearer error="insufficient_scope", scope="{needed}"'},
        )
