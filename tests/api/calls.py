"""How to call each operation about a fresh record in the relation a test asks for."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from registry.access.subject import OPERATOR
from registry.database import act_as
from registry.models import ApiToken, Organisation
from registry.queries.attestation import legal_record
from registry.queries.premises import calendar_version
from registry.services.policies import policy_content
from registry.services.signatures import content_sha256
from registry.vocabulary.lifecycle import Publication, RequestState, RunState
from tests.api import (
    bodies,
    calls_of_calculations,
    calls_of_competence,
    calls_of_disclosures,
    calls_of_people,
    calls_of_premises,
    calls_of_wishes,
    records,
)
from tests.api.sent import FIRST, Call
from tests.api.world import PASSWORD, Caller, World
from tests.factories.facilities import added, authorisation, facility, organisation

ELSEWHERE = (
    calls_of_competence.find,
    calls_of_disclosures.find,
    calls_of_people.find,
    calls_of_premises.find,
    calls_of_wishes.find,
)
PLAIN = {
    "list_public_facilities": "/facilities",
    "list_directory": "/directory",
    "list_public_organisations": "/organisations",
    "list_vocabularies": "/vocabulary",
    "read_vocabulary": "/vocabulary/platforms",
    "list_rules": "/rules",
    "read_health": "/health",
    "list_visible_products": "/products",
    "list_visible_requests": "/requests",
    "list_public_rounds": "/rounds",
    "list_public_policies": "/policies",
    "list_visible_runs": "/runs",
    "list_audit_events": "/audit-events",
    "read_me": "/me",
    "list_own_tokens": "/tokens",
    "read_metrics": "/metrics",
    "begin_oidc": "/session/oidc",
    "finish_oidc": "/session/oidc/callback?code=x&state=y",
}
READS_OF_A_FACILITY = {
    "list_sites": "sites",
    "list_suites": "suites",
    "list_equipment": "equipment",
    "list_authorisations": "authorisations",
    "list_certificates": "certificates",
    "list_non_compliances": "non-compliances",
    "list_permits": "permits",
    "list_experience": "experience",
    "list_qc_methods": "qc-methods",
    "list_stated_starts": "starts",
    "read_capacity": "capacity?first=2026-11-30",
    "list_closed_days": "closures",
    "list_openings": "openings",
    "list_limits": "limits",
    "list_own_verdicts": "verdicts",
    "read_freshness": "freshness",
    "read_legal_record": "legal-record",
}
POSTS_AT_A_FACILITY: dict[str, tuple[str, Any]] = {
    "create_site": ("sites", bodies.SITE),
    "create_closure": ("closures", bodies.CLOSURE),
    "create_experience": ("experience", bodies.EXPERIENCE),
    "create_qc_method": ("qc-methods", bodies.QC_METHOD),
    "create_opening": ("openings", bodies.OPENING),
    "confirm_still_true": ("confirmations", {}),
    "preview_closure": ("impact", bodies.DAYS),
}
POSTS_AT_A_SITE: dict[str, tuple[str, Any]] = {
    "create_suite": ("suites", bodies.SUITE),
    "create_certificate": ("certificates", bodies.CERTIFICATE),
    "create_non_compliance": ("non-compliances", bodies.NON_COMPLIANCE),
    "create_permit": ("permits", bodies.PERMIT),
}
CALENDAR: dict[str, tuple[str, Any]] = {
    "state_weeks": ("starts/closed_automated", bodies.WEEKS),
    "state_line": ("starts/closed_automated/one-line", bodies.LINE),
    "state_weeks_of_a_period": ("starts/closed_automated/period", bodies.PERIOD),
    "put_limit": ("limits", bodies.LIMIT),
}
ONE: dict[str, tuple[str, Callable[[Session, Organisation], Any], Any]] = {
    "site": ("sites", records.site_of, bodies.SITE),
    "suite": ("suites", records.suite_of, bodies.SUITE),
    "equipment": ("equipment", records.equipment_of, bodies.EQUIPMENT),
    "certificate": ("certificates", records.certificate_of, bodies.CERTIFICATE),
    "non_compliance": ("non-compliances", records.non_compliance_of, bodies.NON_COMPLIANCE),
    "permit": ("permits", records.permit_of, bodies.PERMIT),
    "experience": ("experience", records.experience_of, bodies.EXPERIENCE),
    "qc_method": ("qc-methods", records.qc_method_of, bodies.QC_METHOD),
    "closure": ("closures", records.closure_of, bodies.CLOSURE),
    "opening": ("openings", records.opening_of, None),
}


def call(session: Session, world: World, operation: str, relation: str, caller: Caller) -> Call:
    """Make a fresh record and say how to call the operation about it, with every header it may ask for."""
    act_as(session, OPERATOR)
    made = _call(session, world, operation, relation, caller)
    return replace(made, headers={"Idempotency-Key": uuid4().hex, **made.headers})


def _call(session: Session, world: World, operation: str, relation: str, caller: Caller) -> Call:
    owner = world.other if "other" in relation else world.own
    if operation in PLAIN:
        return Call("GET", PLAIN[operation])
    finders = (_of_facility, _one_record, _of_request, _of_coordination, _of_account)
    for find in (calls_of_calculations.find, *ELSEWHERE, *finders):
        found = find(session, world, operation, relation, owner, caller)
        if found is not None:
            return found
    raise LookupError(f"no call is known for {operation}")


def _of_facility(
    session: Session, _world: World, operation: str, relation: str, owner: Organisation, _caller: Caller
) -> Call | None:
    if operation == "read_facility":
        state = Publication.PUBLISHED if relation == "published" else Publication.DRAFT
        return Call("GET", f"/facilities/{facility(session, owner, publication=state).id}")
    if operation in READS_OF_A_FACILITY:
        return Call("GET", f"/facilities/{facility(session, owner).id}/{READS_OF_A_FACILITY[operation]}")
    if operation in POSTS_AT_A_FACILITY:
        path, body = POSTS_AT_A_FACILITY[operation]
        return Call("POST", f"/facilities/{facility(session, owner).id}/{path}", body)
    if operation in CALENDAR:
        path, body = CALENDAR[operation]
        of = facility(session, owner)
        seen = f'"v{calendar_version(session, OPERATOR, of.id)}"'
        return Call("PUT", f"/facilities/{of.id}/{path}", body, {"If-Match": seen})
    if operation == "attest_legal_record":
        of = facility(session, owner)
        record = legal_record(session, OPERATOR, of.id)
        assert record is not None
        body = {"password": PASSWORD, "content_sha256": record.sha256, "reason": "compared with the originals"}
        return Call("POST", f"/facilities/{of.id}/attestations", body)
    return None


def _one_record(
    session: Session, _world: World, operation: str, _relation: str, owner: Organisation, _caller: Caller
) -> Call | None:
    if operation in POSTS_AT_A_SITE:
        path, body = POSTS_AT_A_SITE[operation]
        return Call("POST", f"/sites/{records.site_of(session, owner).id}/{path}", body)
    if operation == "create_equipment":
        return Call("POST", f"/suites/{records.suite_of(session, owner).id}/equipment", bodies.EQUIPMENT)
    if operation == "preview_outage":
        return Call("POST", f"/equipment/{records.equipment_of(session, owner).id}/impact", bodies.DAYS)
    if operation.endswith("_authorisation") or operation == "preview_suspension":
        return _authorisation(session, operation, owner)
    verb, _, noun = operation.partition("_")
    if noun not in ONE:
        return None
    path, make, body = ONE[noun]
    address = f"/{path}/{make(session, owner).id}"
    match verb:
        case "read":
            return Call("GET", address)
        case "replace":
            return Call("PUT", address, body, {"If-Match": FIRST})
    return Call("DELETE", address, None, {"If-Match": FIRST})


def _authorisation(session: Session, operation: str, owner: Organisation) -> Call:
    at = records.site_of(session, owner)
    body = bodies.authorisation(owner.id)
    if operation == "create_authorisation":
        return Call("POST", f"/sites/{at.id}/authorisations", body)
    address = f"/authorisations/{authorisation(session, at).id}"
    if operation == "preview_suspension":
        return Call("POST", f"{address}/impact", bodies.DAYS)
    if operation == "read_authorisation":
        return Call("GET", address)
    return Call("PUT", address, body, {"If-Match": FIRST})


def _of_request(
    session: Session, _world: World, operation: str, relation: str, owner: Organisation, _caller: Caller
) -> Call | None:
    match operation:
        case "create_product":
            return Call("POST", "/products", {**bodies.PRODUCT, "organisation_id": str(owner.id)})
        case "read_product" | "replace_product" | "list_processes" | "create_process":
            return _product(session, operation, owner)
        case "create_request":
            wanted = {**bodies.REQUEST, "process_version_id": str(records.process_of(session, owner).id)}
            return Call("POST", "/requests", wanted)
        case "act":
            action = relation.partition("_")[2] or "submit"
            state = RequestState.DRAFT if action in ("submit", "withdraw") else RequestState.SUBMITTED
            made = records.request_of(session, owner, state)
            step = {"action": action, "reason": "the protocol is missing"}
            return Call("POST", f"/requests/{made.id}/actions", step, {"If-Match": FIRST})
    return _inside_request(session, operation, owner)


def _product(session: Session, operation: str, owner: Organisation) -> Call:
    address = f"/products/{records.process_of(session, owner).product_id}"
    match operation:
        case "replace_product":
            return Call("PUT", address, bodies.PRODUCT, {"If-Match": FIRST})
        case "list_processes":
            return Call("GET", f"{address}/processes")
        case "create_process":
            return Call("POST", f"{address}/processes", bodies.PROCESS)
    return Call("GET", address)


def _inside_request(session: Session, operation: str, owner: Organisation) -> Call | None:
    made = records.request_of(session, owner)
    address, seen = f"/requests/{made.id}", {"If-Match": FIRST}
    match operation:
        case "read_request":
            return Call("GET", address)
        case "replace_request":
            return Call("PUT", address, bodies.REQUEST, seen)
        case "read_eligibility":
            return Call("GET", f"{address}/eligibility")
        case "decide_request_urgency":
            return Call("POST", f"{address}/urgency", {"urgency": 1, "reason": "two reviewers agree"}, seen)
        case "list_attachments" | "list_collaborators":
            return Call("GET", f"{address}/{operation.removeprefix('list_')}")
        case "attach":
            return Call("POST", f"{address}/attachments", {"title": "Protocol"})
        case "detach":
            return Call("DELETE", f"{address}/attachments/{records.attachment_of(session, made).id}", None, seen)
        case "invite":
            return Call("POST", f"{address}/collaborators", {"organisation_id": str(_somebody(session))})
        case "uninvite":
            return Call("DELETE", f"{address}/collaborators/{records.collaborator_of(session, made).id}", None, seen)
    return None


def _somebody(session: Session) -> UUID:
    return organisation(session).id


def _of_coordination(
    session: Session, world: World, operation: str, _relation: str, _owner: Organisation, _caller: Caller
) -> Call | None:
    seen = {"If-Match": FIRST}
    match operation:
        case "read_round":
            return Call("GET", f"/rounds/{records.round_of(session).id}")
        case "create_round":
            return Call("POST", "/rounds", bodies.round_body(records.policy_of(session).id, uuid4().hex[:12]))
        case "close":
            return Call("POST", f"/rounds/{records.round_of(session).id}/close", None, seen)
        case "create_run":
            return Call("POST", f"/rounds/{records.round_of(session).id}/runs", {"effort": 1})
        case "read_run":
            return Call("GET", f"/runs/{records.run_of(session, RunState.QUEUED).id}")
        case "cancel":
            return Call("POST", f"/runs/{records.run_of(session, RunState.QUEUED).id}/cancel", None, seen)
        case "follow_run":
            return Call("GET", f"/runs/{records.run_of(session, RunState.FAILED).id}/events")
        case "read_policy":
            return Call("GET", f"/policies/{records.policy_of(session).id}")
        case "create_policy":
            return Call("POST", "/policies", bodies.POLICY)
        case "approve":
            policy = records.policy_of(session)
            shown = content_sha256(policy_content(policy))
            body = {"password": PASSWORD, "content_sha256": shown, "reason": "agreed in the board"}
            return Call("POST", f"/policies/{policy.id}/approve", body, seen)
        case "let_policy_count":
            policy = records.policy_of(session, (world.stranger, world.second))
            return Call("POST", f"/policies/{policy.id}/in-force", {}, seen)
    return None


def _of_account(
    session: Session, world: World, operation: str, relation: str, _owner: Organisation, caller: Caller
) -> Call | None:
    match operation:
        case "ask_feasibility":
            return Call("POST", "/feasibility", bodies.FEASIBILITY)
        case "read_organisation":
            return Call("GET", f"/organisations/{world.other.id}")
        case "log_in":
            return Call("POST", "/session", {"account": uuid4().hex, "password": "not the password"})
        case "exchange_key":
            form = {"grant_type": "client_credentials", "client_id": str(uuid4()), "client_secret": "no such secret"}
            return Call("POST", "/oauth/token", form=form)
        case "end_login":
            return Call("DELETE", "/session")
        case "make_token":
            return Call("POST", "/tokens", bodies.TOKEN)
        case "read_token" | "end_token":
            owner = world.stranger if relation == "other" or caller.person is None else caller.person
            key = added(session, ApiToken(person_id=owner.id, label="target", secret_sha256=uuid4().hex))
            method = "GET" if operation == "read_token" else "DELETE"
            return Call(method, f"/tokens/{key.id}", None, {"If-Match": FIRST})
    return None
