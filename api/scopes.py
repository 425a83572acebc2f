"""What a key is limited to: `read`, and `TAG:write` for each family of operations; a key without scopes is not limited."""

from typing import Annotated

from fastapi import Request
from fastapi.routing import APIRoute
from pydantic import StringConstraints

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
    route = request.scope.get("route")
    tags = route.tags if isinstance(route, APIRoute) else []
    return READ if request.method in SAFE or not tags else f"{tags[0]}:write"


def check_scopes(request: Request, held: frozenset[str]) -> None:
    """Refuse (403) an operation beyond what the key is limited to."""
    needed = scope_needed(request)
    if held and needed not in held:
        raise ApiError(
            "scope-missing",
            f"The key lacks the scope {needed}.",
            headers={"WWW-Authenticate": f'Bearer error="insufficient_scope", scope="{needed}"'},
        )
