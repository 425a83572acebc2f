"""How to call what is about organisations and facilities as a whole."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.access.subject import OPERATOR
from registry.models import Organisation
from registry.queries.premises import suites_version
from registry.vocabulary.facilities import ServiceModel
from registry.vocabulary.lifecycle import Publication
from tests.api import bodies, records
from tests.api.sent import FIRST, Call
from tests.api.world import Caller, World
from tests.factories.facilities import facility, site


def find(
    session: Session, world: World, operation: str, relation: str, owner: Organisation, _caller: Caller
) -> Call | None:
    """Return how to call the operation, None when it is not one of these."""
    version = session.scalar(select(Organisation.version).where(Organisation.id == owner.id))
    seen = {"If-Match": f'"v{version}"'}
    match operation:
        case "create_organisation":
            return Call("POST", "/organisations", bodies.organisation())
        case "read_organisation_record":
            return Call("GET", f"/organisations/{owner.id}/record")
        case "replace_organisation":
            return Call("PUT", f"/organisations/{owner.id}", {**bodies.organisation(), "code": owner.code}, seen)
        case "choose_network":
            body = {"network_id": str(world.own.network_id), "reason": "agreed"}
            return Call("PUT", f"/organisations/{owner.id}/network", body, seen)
        case "list_facilities_of_organisation":
            return Call("GET", f"/organisations/{owner.id}/facilities")
        case "create_facility":
            return Call("POST", f"/organisations/{owner.id}/facilities", bodies.facility())
        case "search_facilities":
            facility(session, owner)
            return Call("GET", "/search?grade=B" if relation.endswith("inside") else "/search?q=facility")
        case "list_all_expiries":
            return Call("GET", "/expiries")
        case "read_history":
            kind = relation.partition("_")[2] or "suites"
            return Call("GET", f"/{kind}/{MAKERS[kind](session, owner).id}/history?as_known_on=2026-11-25")
    return _facility(session, operation, owner)


MAKERS: dict[str, Callable[[Session, Organisation], Any]] = {
    "organisations": lambda _session, owner: owner,
    "facilities": facility,
    "sites": records.site_of,
    "suites": records.suite_of,
    "certificates": records.certificate_of,
    "experience": records.experience_of,
    "qc-methods": records.qc_method_of,
    "qp-covers": records.cover_of,
    "requests": records.request_of,
}


def _facility(session: Session, operation: str, owner: Organisation) -> Call | None:
    match operation:
        case "read_facility_record":
            return Call("GET", f"/facilities/{facility(session, owner).id}/record")
        case "confirm_suites":
            rooms = records.suite_of(session, owner)
            seen = {"If-Match": f'"v{suites_version(session, OPERATOR, rooms.facility_id)}"'}
            return Call("POST", f"/facilities/{rooms.facility_id}/suite-confirmations", {}, seen)
        case "read_first_free":
            address = f"/suites/{records.suite_of(session, owner).id}/first-free"
            return Call("GET", f"{address}?earliest=2026-12-07&days=12")
        case "list_expiries":
            return Call("GET", f"/facilities/{facility(session, owner).id}/expiries")
        case "read_profile":
            return Call("GET", f"/facilities/{facility(session, owner).id}/profile")
        case "replace_facility":
            return Call("PUT", f"/facilities/{facility(session, owner).id}", bodies.facility(), {"If-Match": FIRST})
        case "publish_facility":
            made = facility(session, owner, service_model=ServiceModel.CONTRACT, publication=Publication.PUBLISHED)
            site(session, made)
            step = {"to": "withdrawn", "reason": "rebuilding"}
            return Call("POST", f"/facilities/{made.id}/publication", step, {"If-Match": FIRST})
    return None
