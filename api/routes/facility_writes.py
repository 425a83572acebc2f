"""The whole record of a facility: made and changed by its QA, moved from draft to published and back."""

from datetime import UTC, datetime
from uuid import UUID

from fastapi import APIRouter, Response

from api.allowed import with_facility
from api.dependencies import SignedInDep, Work
from api.facility_records import inside
from api.idempotency import OnceDep
from api.preconditions import VersionDep, tag
from api.problems import CHANGING, CREATING, READING, answers
from api.schemas.facilities import FacilityBody, FacilityFull, Move, Profile, PublicationStep
from registry.errors import NotVisibleError
from registry.models import Facility
from registry.queries.profiles import acceptance_profile, full_facility
from registry.services.facilities import Seen, add_facility, edit_facility
from registry.services.publication import move_publication, possible_moves

router = APIRouter(tags=["facilities"])


@router.post(
    "/organisations/{organisation_id}/facilities",
    status_code=201,
    response_model=FacilityFull,
    responses=answers(*CREATING, "not-found", "rule-broken"),
)
def create_facility(organisation_id: UUID, body: FacilityBody, once: OnceDep) -> Response:
    """Record premises of an organisation, as a draft nobody else sees."""
    work = once.work

    def make() -> FacilityFull:
        return _full(work, add_facility(work.session, work.subject, organisation_id, body.facts(), reason=body.reason))

    return once.answer(body, make)


@router.get("/facilities/{facility_id}/record", responses=answers(*READING, "not-allowed"))
def read_facility_record(facility_id: UUID, work: SignedInDep, response: Response) -> FacilityFull:
    """Read the whole record, for the facility's own people and overseers; the ETag is needed to change it."""
    inside(work, facility_id)
    found = full_facility(work.session, work.subject, facility_id)
    if found is None:
        raise NotVisibleError("There is no such facility.")
    tag(response, found.version)
    return _full(work, found)


@router.get("/facilities/{facility_id}/profile", responses=answers(*READING, "not-allowed"))
def read_profile(facility_id: UUID, work: SignedInDep) -> Profile:
    """Read whom a facility serves and what it accepts, for developers, its own people and overseers."""
    inside(work, facility_id, developers=True)
    return Profile.model_validate(acceptance_profile(work.session, work.subject, facility_id))


@router.put("/facilities/{facility_id}", responses=answers(*CHANGING))
def replace_facility(
    facility_id: UUID, body: FacilityBody, work: SignedInDep, seen: VersionDep, response: Response
) -> FacilityFull:
    """Change what a facility says of itself and whom it serves."""
    changed = edit_facility(work.session, work.subject, Seen(facility_id, seen), body.facts(), reason=body.reason)
    tag(response, changed.version)
    return _full(work, changed)


@router.post("/facilities/{facility_id}/publication", response_model=FacilityFull, responses=answers(*CHANGING))
def publish_facility(facility_id: UUID, body: PublicationStep, once: OnceDep, seen: VersionDep) -> Response:
    """Publish now or on a day, withdraw, or make a draft again; `moves` of the record says what is open."""
    work = once.work

    def make() -> FacilityFull:
        moved = move_publication(
            work.session,
            work.subject,
            Seen(facility_id, seen),
            body.to,
            today=datetime.now(UTC).date(),
            publish_on=body.publish_on,
            reason=body.reason,
        )
        return _full(work, moved)

    return once.answer(body, make, status=200)


def _full(work: Work, facility: Facility) -> FacilityFull:
    moves = possible_moves(work.session, work.subject, facility.id)
    return FacilityFull.model_validate(facility).model_copy(
        update={
            "moves": [Move.model_validate(move) for move in moves],
            "actions": with_facility(work.subject, facility),
        }
    )
