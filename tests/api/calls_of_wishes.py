"""How to call what is about material and what a sponsor wishes."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from registry.models import CollectionCentre, MaterialLot, Organisation, RequestCollaborator
from registry.vocabulary.lifecycle import MaterialState, RequestState
from tests.api import bodies, records
from tests.api.sent import FIRST, Call
from tests.api.world import Caller, World
from tests.factories.facilities import added, facility, numbers

WISHES = ("exclusions", "preferences", "materials")


def lot_of(session: Session, owner: Organisation, **facts: Any) -> MaterialLot:
    """A lot that is ordered."""
    usual = {"code": f"M-{next(numbers)}", "state": MaterialState.ORDERED}
    return added(session, MaterialLot(organisation_id=owner.id, **{**usual, **facts}))


def centre_of(session: Session, owner: Organisation, **facts: Any) -> CollectionCentre:
    """A centre in Germany."""
    usual = {"code": f"C-{next(numbers)}", "name": "Apheresis", "country": "DE"}
    return added(session, CollectionCentre(organisation_id=owner.id, **{**usual, **facts}))


def find(
    session: Session, world: World, operation: str, relation: str, owner: Organisation, _caller: Caller
) -> Call | None:
    """Return how to call the operation, None when it is not one of these."""
    verb, _, noun = operation.partition("_")
    if noun in WISHES:
        return _wish(session, world, verb, noun, relation, owner)
    seen = {"If-Match": FIRST}
    match operation:
        case "list_lots":
            return Call("GET", "/material-lots")
        case "create_lot":
            return Call("POST", "/material-lots", {**bodies.lot(), "organisation_id": str(owner.id)})
        case "read_lot":
            return Call("GET", f"/material-lots/{lot_of(session, owner).id}")
        case "replace_lot":
            return Call("PUT", f"/material-lots/{lot_of(session, owner).id}", bodies.lot(), seen)
        case "delete_lot":
            return Call("DELETE", f"/material-lots/{lot_of(session, owner).id}", None, seen)
        case "list_centres":
            return Call("GET", "/collection-centres")
        case "create_centre":
            return Call("POST", "/collection-centres", {**bodies.centre(), "organisation_id": str(owner.id)})
        case "read_centre":
            return Call("GET", f"/collection-centres/{centre_of(session, owner).id}")
        case "replace_centre":
            return Call("PUT", f"/collection-centres/{centre_of(session, owner).id}", bodies.centre(), seen)
        case "delete_centre":
            return Call("DELETE", f"/collection-centres/{centre_of(session, owner).id}", None, seen)
    return _qualification(session, operation, owner)


def _qualification(session: Session, operation: str, owner: Organisation) -> Call | None:
    if not operation.endswith(("qualification", "qualifications")):
        return None
    address = f"/collection-centres/{centre_of(session, owner).id}/qualifications"
    match operation.partition("_")[0]:
        case "list":
            return Call("GET", address)
        case "put":
            return Call("PUT", f"{address}/{facility(session).id}", {"until": "2027-12-01"})
    return Call("DELETE", f"{address}/{facility(session).id}")


def _wish(session: Session, world: World, verb: str, noun: str, relation: str, owner: Organisation) -> Call:
    state = RequestState.SUBMITTED if relation.endswith("submitted") else RequestState.DRAFT
    made = records.request_of(session, owner, state)
    if relation.endswith("shared"):
        owned = {"request_id": made.id, "organisation_id": made.organisation_id}
        added(session, RequestCollaborator(**owned, collaborator_id=world.own.id))
    address = f"/requests/{made.id}/{noun}"
    if verb == "list":
        return Call("GET", address)
    chosen: UUID = lot_of(session, owner).id if noun == "materials" else facility(session).id
    return Call("PUT", address, {"items": [str(chosen)]}, {"If-Match": FIRST})
