"""What a sponsor wishes: facilities it prefers, facilities it does not want, and the lots its batches need.

Each is set as a whole, while the request is a draft or was returned, resting on the version of the request.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from registry.access import visibility
from registry.access.subject import Subject
from registry.models import (
    Facility,
    MaterialLot,
    Request,
    RequestExclusion,
    RequestMaterial,
    RequestPreference,
)
from registry.services.records import check_version, keep, refuse_faults
from registry.services.requests import check_editable, own_request, touch


def set_exclusions(
    session: Session, subject: Subject, request_id: UUID, version: int, facilities: Sequence[UUID]
) -> Request:
    """Name the facilities a sponsor does not want; no reason is asked, and their side never learns of it."""
    request = _editable(session, subject, request_id, version)
    both = _named_in(
        session,
        RequestPreference,
        request,
        facilities,
        "stands in preferences: take it out of preferences or of exclusions",
    )
    refuse_faults([*_facility_faults(session, subject, request, facilities), *both], what="The list")
    session.execute(delete(RequestExclusion).where(RequestExclusion.request_id == request.id))
    session.add_all(RequestExclusion(**_towards(request, key)) for key in facilities)
    return _kept(session, request, "set exclusions")


def set_preferences(
    session: Session, subject: Subject, request_id: UUID, version: int, ranked: Sequence[UUID]
) -> Request:
    """Rank the facilities a sponsor wants, the best first; the first counts 0, the next 1, and so on."""
    request = _editable(session, subject, request_id, version)
    both = _named_in(
        session, RequestExclusion, request, ranked, "stands in exclusions: take it out of preferences or of exclusions"
    )
    refuse_faults([*_facility_faults(session, subject, request, ranked), *both], what="The ranking")
    session.execute(delete(RequestPreference).where(RequestPreference.request_id == request.id))
    session.add_all(RequestPreference(**_towards(request, key), value=value) for value, key in enumerate(ranked))
    return _kept(session, request, "set preferences")


def set_materials(session: Session, subject: Subject, request_id: UUID, version: int, lots: Sequence[UUID]) -> Request:
    """Name the lots the batches of a request need."""
    request = _editable(session, subject, request_id, version)
    known = set(
        session.scalars(
            select(MaterialLot.id).where(
                visibility.of_sponsor(subject, MaterialLot),
                MaterialLot.organisation_id == request.organisation_id,
                MaterialLot.id.in_(lots),
            )
        )
    )
    refuse_faults([*_repeated(lots), *_unknown(lots, known, "is no lot of this sponsor")], what="The list")
    session.execute(delete(RequestMaterial).where(RequestMaterial.request_id == request.id))
    owner = {"organisation_id": request.organisation_id, "request_id": request.id}
    session.add_all(RequestMaterial(**owner, material_lot_id=key) for key in lots)
    return _kept(session, request, "set materials")


def _editable(session: Session, subject: Subject, request_id: UUID, version: int) -> Request:
    request = own_request(session, subject, request_id)
    check_version(request, version)
    check_editable(request)
    return request


def _kept(session: Session, request: Request, action: str) -> Request:
    touch(request)
    keep(session, action, "")
    return request


def _towards(request: Request, facility_id: UUID) -> dict[str, object]:
    return {
        "organisation_id": request.organisation_id,
        "request_id": request.id,
        "data_set": request.data_set,
        "facility_id": facility_id,
    }


def _facility_faults(
    session: Session, subject: Subject, request: Request, facilities: Sequence[UUID]
) -> list[str | None]:
    known = set(
        session.scalars(
            select(Facility.id).where(
                visibility.facilities(subject), Facility.data_set == request.data_set, Facility.id.in_(facilities)
            )
        )
    )
    return [*_repeated(facilities), *_unknown(facilities, known, "is no facility here")]


def _named_in(
    session: Session,
    table: type[RequestExclusion | RequestPreference],
    request: Request,
    facilities: Sequence[UUID],
    what: str,
) -> list[str | None]:
    """Return a fault, with its name, for each facility that stands in the other list of the request."""
    question = select(Facility.id, Facility.name).where(
        Facility.id.in_(select(table.facility_id).where(table.request_id == request.id)), Facility.id.in_(facilities)
    )
    names = {row.id: row.name for row in session.execute(question)}
    return [f"items/{place}: {names[key]} {what}" for place, key in enumerate(facilities) if key in names]


def _repeated(keys: Sequence[UUID]) -> list[str | None]:
    return [f"items/{place}: is named twice" for place, key in enumerate(keys) if key in keys[:place]]


def _unknown(keys: Sequence[UUID], known: set[UUID], what: str) -> list[str | None]:
    return [f"items/{place}: {what}" for place, key in enumerate(keys) if key not in known]
