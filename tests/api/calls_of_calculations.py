"""How to call what is about a calculation that was carried out: a small one, made once, kept with each fresh record."""

import json
from dataclasses import asdict
from functools import cache
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.outcome import SolveOptions
from registry.matching.calculation import Calculation, calculate, prepare
from registry.matching.documents import canonical
from registry.matching.manifest import sealed
from registry.models import Organisation, Request, Run, VerifierReport
from registry.vocabulary.lifecycle import ReportVerdict, RequestState, RoundKind, RoundState, RunState
from tests.api import records
from tests.api.sent import FIRST, Call
from tests.api.world import PASSWORD, Caller, World
from tests.factories import facilities
from tests.factories.facilities import added
from tests.registry.matching.small import small_facts

CODE = "R1"
"""The request of the small calculation that calls are about."""

OF_RUN = {
    "list_explanations": "explanations",
    "read_publication": "publication",
}


@cache
def carried_out() -> Calculation:
    """The small calculation, at little effort."""
    return calculate(prepare(small_facts()), SolveOptions(effort=1))


def calculated(session: Session, state: RunState = RunState.CHECKED) -> Run:
    """A calculation of a closed official round with everything that is kept of it."""
    done, facts = carried_out(), canonical(small_facts())
    held = records.round_of(session, kind=RoundKind.PERIOD, state=RoundState.CLOSED)
    snapshot = {
        "sha256": sha256(facts).hexdigest(),
        "taken_at": "2026-11-25T08:00:00+00:00",
        "records_sha256": "0" * 64,
    }
    run = Run(
        data_set=held.data_set,
        round_id=held.id,
        state=RunState.CHECKED,
        facts=facts,
        facts_sha256=snapshot["sha256"],
        problem=done.problem,
        problem_sha256=done.outcome.problem_sha256,
        outcome=done.outcome_bytes,
        outcome_sha256=sha256(done.outcome_bytes).hexdigest(),
        greedy=json.dumps([asdict(placement) for placement in done.greedy]).encode(),
        summary={"reasons": {}, "rank": []},
        manifest=dict(sealed({"snapshot": snapshot, "people": {}, "software": {}})),
    )
    added(session, run)
    report = {"problem_sha256": run.problem_sha256, "outcome_sha256": run.outcome_sha256, "verifier_sha256": "v" * 64}
    added(session, VerifierReport(run_id=run.id, verdict=ReportVerdict.PASS, findings=[], **report))
    if state is RunState.PUBLISHED:
        run.state = state
        session.flush()
    return run


def taking_part(session: Session, owner: Organisation) -> Request:
    """The request of the calculation, of whichever organisation a test asks for."""
    known = session.scalars(select(Request).where(Request.code == CODE)).one_or_none()
    if known is not None:
        return known
    made = records.request_of(session, owner, RequestState.IN_ROUND)
    made.code = CODE
    session.flush()
    return made


def find(
    session: Session, world: World, operation: str, relation: str, owner: Organisation, _caller: Caller
) -> Call | None:
    """Return how to call the operation, None when it is not one of these."""
    if operation in OF_RUN:
        return Call("GET", f"/runs/{calculated(session).id}/{OF_RUN[operation]}")
    match operation:
        case "read_explanation" | "read_letter" | "list_explained_facilities":
            state = RunState.CHECKED if relation.endswith("checked") else RunState.PUBLISHED
            address = f"/runs/{calculated(session, state).id}/requests/{taking_part(session, owner).id}"
            return Call("GET", f"{address}/{operation.removeprefix('read_').removeprefix('list_explained_')}")
        case "read_facility_changes":
            state = RunState.CHECKED if relation.endswith("checked") else RunState.PUBLISHED
            maker = facilities.facility(session, owner)
            return Call("GET", f"/runs/{calculated(session, state).id}/facilities/{maker.id}/changes")
        case "read_data_age":
            state = RunState.PUBLISHED if relation == "published" else RunState.CHECKED
            return Call("GET", f"/runs/{calculated(session, state).id}/data-age")
        case "publish_run":
            body = {"password": PASSWORD, "content_sha256": "0" * 64, "reason": "looked at it and agree"}
            return Call("POST", f"/runs/{calculated(session).id}/publish", body, {"If-Match": FIRST})
        case "take_bundle":
            reader = "party" if relation == "as_party" else "auditor"
            return Call("GET", f"/runs/{calculated(session).id}/bundle?for={reader}")
        case "compare_runs":
            return Call("GET", f"/runs/{calculated(session).id}/difference/{calculated(session).id}")
        case "become_first_administrator":
            body = {"word": "no such word", "password": PASSWORD}
            return Call("POST", "/session/first-administrator", body)
        case "begin_proof":
            return Call("POST", "/session/oidc/signature", {"content_sha256": "0" * 64})
    return None
