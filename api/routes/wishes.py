"""What a sponsor wishes for a request: facilities it prefers, facilities it does not want, lots its batches need."""

from uuid import UUID

from fastapi import APIRouter, Response

from api.dependencies import SignedInDep, Work
from api.masking import may_know
from api.preconditions import VersionDep, tag
from api.problems import CHANGING, READING, answers
from api.routes.requests import visible_request
from api.schemas.materials import Chosen, ChosenList
from registry.errors import NotAllowedError
from registry.models import Request
from registry.queries.wishes import excluded_by, lots_of, preferred_by
from registry.services.wishes import set_exclusions, set_materials, set_preferences

router = APIRouter(prefix="/requests/{request_id}", tags=["requests"])


@router.get("/exclusions", responses=answers(*READING, "not-allowed"))
def list_exclusions(request_id: UUID, work: SignedInDep, response: Response) -> ChosenList:
    """List the facilities the sponsor does not want: for its own side, never for theirs."""
    tag(response, _own_side(work, request_id).version)
    return ChosenList(items=excluded_by(work.session, work.subject, request_id))


@router.put("/exclusions", responses=answers(*CHANGING, "wrong-state"))
def put_exclusions(
    request_id: UUID, body: Chosen, work: SignedInDep, seen: VersionDep, response: Response
) -> ChosenList:
    """Name all facilities the sponsor does not want; no reason is asked."""
    tag(response, set_exclusions(work.session, work.subject, request_id, seen, body.items).version)
    return ChosenList(items=excluded_by(work.session, work.subject, request_id))


@router.get("/preferences", responses=answers(*READING, "not-allowed"))
def list_preferences(request_id: UUID, work: SignedInDep, response: Response) -> ChosenList:
    """List the facilities the sponsor prefers, the best first: for its own side."""
    tag(response, _own_side(work, request_id).version)
    return ChosenList(items=preferred_by(work.session, work.subject, request_id))


@router.put("/preferences", responses=answers(*CHANGING, "wrong-state"))
def put_preferences(
    request_id: UUID, body: Chosen, work: SignedInDep, seen: VersionDep, response: Response
) -> ChosenList:
    """Rank the facilities the sponsor prefers, the best first."""
    tag(response, set_preferences(work.session, work.subject, request_id, seen, body.items).version)
    return ChosenList(items=preferred_by(work.session, work.subject, request_id))


@router.get("/materials", responses=answers(*READING))
def list_materials(request_id: UUID, work: SignedInDep, response: Response) -> ChosenList:
    """List the lots the batches of a request need."""
    tag(response, visible_request(work, request_id).version)
    return ChosenList(items=lots_of(work.session, work.subject, request_id))


@router.put("/materials", responses=answers(*CHANGING, "wrong-state"))
def put_materials(
    request_id: UUID, body: Chosen, work: SignedInDep, seen: VersionDep, response: Response
) -> ChosenList:
    """Name all lots the batches of a request need; each is recorded at `/material-lots`."""
    tag(response, set_materials(work.session, work.subject, request_id, seen, body.items).version)
    return ChosenList(items=lots_of(work.session, work.subject, request_id))


def _own_side(work: Work, request_id: UUID) -> Request:
    """Return the request for its sponsor's side; a collaborator sees the request, not what its sponsor wishes."""
    found = visible_request(work, request_id)
    if not may_know(work.subject, found.organisation_id):
        raise NotAllowedError("Only the sponsor's own people and overseers read this.")
    return found
