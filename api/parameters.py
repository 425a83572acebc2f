"""A filter that is misspelt is refused: leaving it out in silence would answer another question."""

from fastapi import Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from pydantic import BaseModel

from api.problems import ApiError
from api.schemas.problem import FieldFault

API = "/api/"


def check_parameters(request: Request) -> None:
    """Refuse (422) every query parameter that an operation of the API does not take, and name those it takes.

    Parameters that stand together in a model are left to the model. Pages let strange ones pass, as a browser may add some.
    """
    route = request.scope.get("route")
    if not (request.query_params and request.url.path.startswith(API) and isinstance(route, APIRoute)):
        return
    taken = _taken(route.dependant)
    if taken is None:
        return
    what = f"Not a parameter of this operation, which takes {', '.join(sorted(taken)) or 'none'}."
    unknown = sorted(set(request.query_params) - taken)
    if unknown:
        raise ApiError("invalid-input", errors=[FieldFault(where=f"query.{name}", what=what) for name in unknown])


def _taken(dependant: Dependant) -> set[str] | None:
    """Return the query parameters of an operation and of all it depends on, None where they stand in a model."""
    taken: set[str] = set()
    for field in dependant.query_params:
        kind = field.field_info.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            return None
        taken.add(field.alias)
    for part in dependant.dependencies:
        below = _taken(part)
        if below is None:
            return None
        taken |= below
    return taken
