"""How to call what is about the cover by a Qualified Person, and what previews the end of a record."""

from sqlalchemy.orm import Session

from registry.models import Organisation
from tests.api import bodies, records
from tests.api.sent import FIRST, Call
from tests.api.world import Caller, World
from tests.factories.facilities import facility

PREVIEWS = {
    "preview_end_of_certificate": ("certificates", records.certificate_of),
    "preview_end_of_permit": ("permits", records.permit_of),
    "preview_end_of_cover": ("qp-covers", records.cover_of),
}


def find(
    session: Session, _world: World, operation: str, relation: str, owner: Organisation, _caller: Caller
) -> Call | None:
    """Return how to call the operation, None when it is not one of these."""
    if operation in PREVIEWS:
        kind, make = PREVIEWS[operation]
        return Call("POST", f"/{kind}/{make(session, owner).id}/impact", bodies.DAYS)
    if operation not in ("read_qp_cover", "put_qp_cover"):
        return None
    recorded = not relation.endswith("unrecorded")
    of = records.cover_of(session, owner).facility_id if recorded else facility(session, owner).id
    address = f"/facilities/{of}/qp-cover"
    if operation == "read_qp_cover":
        return Call("GET", address)
    return Call("PUT", address, bodies.COVER, {"If-Match": FIRST if recorded else '"v0"'})
