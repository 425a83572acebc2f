"""How to call what is about disclosure, and who can see and who saw."""

from sqlalchemy.orm import Session

from api.masking import reference
from registry.models import Facility, Organisation, Request, RequestCollaborator, Verdict
from registry.vocabulary.lifecycle import RunState
from registry.vocabulary.results import Status
from tests.api import records
from tests.api.sent import Call
from tests.api.world import Caller, World
from tests.factories.facilities import added, facility, site, suite

OF_REQUEST = {
    "list_disclosures_of_request": "disclosures",
    "list_viewers_of_request": "who-can-see",
    "list_sightings_of_request": "who-saw",
}
OF_FACILITY = {
    "list_disclosures_of_facility": "disclosures",
    "list_viewers_of_facility": "who-can-see",
    "list_sightings_of_facility": "who-saw",
}


def judged(session: Session, asked: Request, premises: Facility) -> Verdict:
    """What a calculation said of a request and a suite of a facility."""
    rooms = suite(session, site(session, premises))
    run = records.run_of(session, RunState.CHECKED)
    row = Verdict(
        data_set=asked.data_set,
        run_id=run.id,
        organisation_id=asked.organisation_id,
        request_id=asked.id,
        facility_organisation_id=premises.organisation_id,
        facility_id=premises.id,
        suite_id=rooms.id,
        status=Status.PASS,
        failing=[],
        results=[],
    )
    return added(session, row)


def find(
    session: Session, world: World, operation: str, relation: str, owner: Organisation, _caller: Caller
) -> Call | None:
    """Return how to call the operation, None when it is not one of these."""
    if operation in OF_FACILITY:
        return Call("GET", f"/facilities/{facility(session, owner).id}/{OF_FACILITY[operation]}")
    if operation == "disclose_facility":
        premises, asked = facility(session, owner), records.request_of(session, world.other)
        judged(session, asked, premises)
        body = {"ref": reference(premises.id, asked.id), "consents": True}
        return Call("POST", f"/facilities/{premises.id}/disclosures", body)
    if operation not in OF_REQUEST and operation != "disclose_sponsor":
        return None
    asked = records.request_of(session, owner)
    if relation.endswith("shared"):
        owned = {"request_id": asked.id, "organisation_id": asked.organisation_id}
        added(session, RequestCollaborator(**owned, collaborator_id=world.own.id))
    if operation in OF_REQUEST:
        return Call("GET", f"/requests/{asked.id}/{OF_REQUEST[operation]}")
    premises = facility(session)
    judged(session, asked, premises)
    return Call(
        "POST", f"/requests/{asked.id}/disclosures", {"ref": reference(asked.id, premises.id), "consents": True}
    )
