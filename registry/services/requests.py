"""Requests of a sponsor: drafted, changed while they are its own, then moved along the states by the one table."""

from collections.abc import Mapping
from uuid import UUID, uuid4

from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from registry.access import parts, visibility
from registry.access.permissions import Permission, may, require
from registry.access.subject import OrganisationId, Subject
from registry.errors import WrongStateError
from registry.models import Batch, ProcessVersion, Product, Request, RequestPlace
from registry.services.records import assign, check_version, found, keep, refuse_faults
from registry.services.recusal import RecusedError
from registry.services.request_facts import BatchFacts, RequestFacts, faults_of, submission_faults
from registry.vocabulary.lifecycle import EDITABLE, REQUEST_MOVES, RequestAction, RequestState

PERMISSIONS: Mapping[RequestAction, Permission] = {
    RequestAction.SUBMIT: Permission.SUBMIT_REQUEST,
    RequestAction.WITHDRAW: Permission.SUBMIT_REQUEST,
    RequestAction.ACCEPT: Permission.SCREEN_REQUEST,
    RequestAction.RETURN: Permission.SCREEN_REQUEST,
    RequestAction.CLOSE: Permission.SCREEN_REQUEST,
}
IMPARTIAL = frozenset({Permission.SCREEN_REQUEST, Permission.DECIDE_URGENCY})
WITH_REASON = frozenset({RequestAction.RETURN, RequestAction.CLOSE})


def draft_request(session: Session, subject: Subject, process_id: UUID, facts: RequestFacts) -> Request:
    """Draft a request for the process of a sponsor the subject may act for."""
    process = found(session, ProcessVersion, process_id, visibility.of_sponsor(subject, ProcessVersion))
    require(subject, Permission.EDIT_REQUEST, OrganisationId(process.organisation_id))
    refuse_faults(faults_of(facts), what="The request")
    product = session.get_one(Product, process.product_id)
    request = Request(
        organisation_id=process.organisation_id,
        data_set=product.data_set,
        code=f"R-{uuid4().hex[:12]}",
        product_id=product.id,
        process_version_id=process.id,
        state=RequestState.DRAFT,
    )
    _write(session, request, facts)
    keep(session, "draft request", "")
    return request


def change_request(session: Session, subject: Subject, request_id: UUID, version: int, facts: RequestFacts) -> Request:
    """Replace what a request asks for, while it is a draft or was returned."""
    request = own_request(session, subject, request_id)
    check_version(request, version)
    check_editable(request)
    refuse_faults(faults_of(facts), what="The request")
    _write(session, request, facts)
    touch(request)
    keep(session, "change request", "")
    return request


def act_on_request(
    session: Session, subject: Subject, request_id: UUID, version: int, action: RequestAction, reason: str
) -> Request:
    """Move a request along; who belongs to its sponsor, entered it or submitted it does not screen it."""
    request = _locked(session, subject, request_id)
    _require(session, subject, request, action)
    check_version(request, version)
    before, after = REQUEST_MOVES[action]
    if request.state not in before:
        raise WrongStateError(
            f"The request is {request.state.value}; to {action.value} it, it must be"
            f" {' or '.join(sorted(state.value for state in before))}."
        )
    refuse_faults(_action_faults(session, request, action, reason), what="The step")
    request.state, request.state_reason = after, reason.strip() or None
    keep(session, f"{action.value} request", reason)
    return request


def decide_urgency(
    session: Session, subject: Subject, request_id: UUID, version: int, urgency: int, reason: str
) -> Request:
    """State the urgency class of a programme, with a reason; it is decided when a second reviewer states the same.

    Never by somebody who has part in it. Another class than the first reviewer's takes its place and waits in turn.
    """
    request = _locked(session, subject, request_id)
    _require_impartial(session, subject, request, Permission.DECIDE_URGENCY)
    check_version(request, version)
    refuse_faults([None if reason.strip() else "reason: a decision on urgency needs one"], what="The decision")
    if request.urgency_stated == urgency and request.urgency_stated_by_id not in (None, subject.person):
        request.urgency_decided, request.urgency_stated, request.urgency_stated_by_id = urgency, None, None
    else:
        request.urgency_stated, request.urgency_stated_by_id = urgency, subject.person
    request.urgency_reason = reason
    keep(session, parts.DECIDES_URGENCY, reason)
    return request


def allowed_actions(session: Session, subject: Subject, request: Request) -> list[str]:
    """Return what the subject may do with the request now, so that no client needs to know the states."""
    own = OrganisationId(request.organisation_id)
    wanted = {
        action.value: PERMISSIONS[action] for action, (before, _) in REQUEST_MOVES.items() if request.state in before
    }
    wanted["decide_urgency"] = Permission.DECIDE_URGENCY
    if request.state in EDITABLE:
        wanted["change"] = Permission.EDIT_REQUEST
    open_now = {name: permission for name, permission in wanted.items() if may(subject, permission, own)}
    if not IMPARTIAL.isdisjoint(open_now.values()) and parts.with_part(session, subject, [request.id]):
        return sorted(name for name, permission in open_now.items() if permission not in IMPARTIAL)
    return sorted(open_now)


def own_request(session: Session, subject: Subject, request_id: UUID) -> Request:
    """Return a request the subject may change, locked until the end of the transaction."""
    request = _locked(session, subject, request_id)
    require(subject, Permission.EDIT_REQUEST, OrganisationId(request.organisation_id))
    return request


def touch(request: Request) -> None:
    """Give the request a new version, because something that belongs to it has changed."""
    flag_modified(request, "label")


def check_editable(request: Request) -> None:
    """Refuse to change what is asked for once the request was submitted, until it is returned."""
    if request.state not in EDITABLE:
        raise WrongStateError(
            f"The request is {request.state.value}; it is changed as a draft or when it was returned.",
            "Withdraw it and draft a new one, or ask for its return.",
        )


def _locked(session: Session, subject: Subject, request_id: UUID) -> Request:
    request = found(session, Request, request_id, visibility.requests(subject))
    session.execute(select(Request.id).where(Request.id == request_id).with_for_update())
    session.refresh(request)
    return request


def _require(session: Session, subject: Subject, request: Request, action: RequestAction) -> None:
    permission = PERMISSIONS[action]
    if permission in IMPARTIAL:
        _require_impartial(session, subject, request, permission)
    require(subject, permission, OrganisationId(request.organisation_id))


def _require_impartial(session: Session, subject: Subject, request: Request, permission: Permission) -> None:
    require(subject, permission, OrganisationId(request.organisation_id))
    if parts.with_part(session, subject, [request.id]):
        raise RecusedError(
            "You belong or belonged to the sponsor of this request, or entered or submitted it.",
            "Somebody without part in it decides.",
        )


def _action_faults(session: Session, request: Request, action: RequestAction, reason: str) -> list[str | None]:
    if action in WITH_REASON and not reason.strip():
        return [f"reason: to {action.value} a request needs one"]
    if action is RequestAction.SUBMIT:
        batches = session.scalars(select(Batch).where(Batch.request_id == request.id)).all()
        places = session.scalars(select(RequestPlace).where(RequestPlace.request_id == request.id)).all()
        return submission_faults(batches, places)
    return []


def _write(session: Session, request: Request, facts: RequestFacts) -> None:
    assign(request, facts, "batches", "places", "languages")
    if request.languages != list(facts.languages):
        request.languages = list(facts.languages)
    session.add(request)
    session.flush()
    _write_batches(session, request, facts.batches)
    session.execute(delete(RequestPlace).where(RequestPlace.request_id == request.id))
    for position, place in enumerate(facts.places):
        row = RequestPlace(organisation_id=request.organisation_id, request_id=request.id, position=position)
        assign(row, place)
        session.add(row)


def _write_batches(session: Session, request: Request, batches: tuple[BatchFacts, ...]) -> None:
    """Keep batches under their code, drop those no longer named, and tie each to the one it follows."""
    kept = {batch.code: batch for batch in session.scalars(select(Batch).where(Batch.request_id == request.id))}
    for code in kept.keys() - {batch.code for batch in batches}:
        session.delete(kept.pop(code))
    for position, facts in enumerate(batches):
        row = kept.setdefault(facts.code, Batch(organisation_id=request.organisation_id, request_id=request.id))
        row.position, row.after_id = position, None
        assign(row, facts, "after")
        session.add(row)
    session.flush()
    for facts in batches:
        if facts.after is not None:
            kept[facts.code].after_id = kept[facts.after].id
    session.flush()
