"""Rounds: opened, closed, calculated."""

from datetime import UTC, datetime
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from api.allowed_calculations import round_shown, runs_shown
from api.dependencies import AnyoneDep, allowed_to
from api.idempotency import Once, OnceDep
from api.paging import PageDep, cut, instant_and_id
from api.preconditions import VersionDep, check_version, tag
from api.problems import CHANGING, CREATING, READING, answers
from api.schemas.page import Page
from api.schemas.rounds import NewRound, NewRun, RoundFull
from api.schemas.runs import RunLine
from api.seen import SeenRound
from registry.access.permissions import Permission
from registry.errors import NotVisibleError
from registry.models import Round
from registry.queries.facilities import shown_data_set
from registry.queries.rounds import list_rounds, one_policy, one_round
from registry.services.records import refuse_faults
from registry.services.round_dates import round_faults
from registry.services.rounds import close_round, open_round, queue_run
from registry.tasks import enqueue_run

router = APIRouter(tags=["rounds"])
Coordinating = Depends(allowed_to(Permission.RUN_ROUND), scope="function")


@router.get("/rounds", responses=answers("not-authenticated", "invalid-input"))
def list_public_rounds(request: Request, response: Response, work: AnyoneDep, page: PageDep) -> Page[RoundFull]:
    """List the rounds, newest first; their times are public."""
    before = None if page.after is None else instant_and_id(page.after)
    found = list_rounds(work.session, work.subject, shown_data_set(work.session), before=before, limit=page.limit + 1)
    shown = cut(request, response, page, found, lambda last: (last.created_at.isoformat(), str(last.id)))
    return Page[RoundFull](items=[round_shown(work.subject, held) for held in shown])


@router.get("/rounds/{round_id}", responses=answers(*READING))
def read_round(round_id: UUID, work: AnyoneDep, response: Response) -> RoundFull:
    """Read a round."""
    held = one_round(work.session, work.subject, round_id)
    if held is None:
        raise NotVisibleError("There is no such round.")
    tag(response, held.version)
    return round_shown(work.subject, held)


@router.post(
    "/rounds",
    status_code=201,
    response_model=RoundFull,
    responses=answers(*CREATING, "not-found", "rule-broken"),
    dependencies=[Coordinating],
)
def create_round(body: NewRound, once: OnceDep) -> Response:
    """Open a round; an official one goes by a policy in force, and its parties stand aside."""
    session, subject = once.work.session, once.work.subject

    def make() -> RoundFull:
        now = datetime.now(UTC)
        refuse_faults(round_faults(body.kind, body.origin, body.known_on, body.closes_at, now), what="The round")
        policy = one_policy(session, body.policy_id)
        if policy is None:
            raise NotVisibleError("There is no such policy.")
        opened = open_round(
            session,
            subject,
            policy,
            code=body.code,
            data_set=shown_data_set(session),
            kind=body.kind,
            origin=body.origin,
            horizon_weeks=body.horizon_weeks,
            known_on=body.known_on,
            closes_at=body.closes_at,
        )
        return round_shown(subject, opened)

    return once.answer(body, make)


@router.post(
    "/rounds/{round_id}/close",
    response_model=RoundFull,
    responses=answers(*CHANGING),
    dependencies=[SeenRound, Coordinating],
)
def close(round_id: UUID, once: OnceDep, seen: VersionDep) -> Response:
    """Close a round: what is ready by now takes part."""
    session, subject = once.work.session, once.work.subject

    def make() -> RoundFull:
        check_version(seen, _round(once, round_id).version)
        return round_shown(subject, close_round(session, subject, round_id))

    return once.answer(None, make, status=200)


@router.post(
    "/rounds/{round_id}/runs",
    status_code=202,
    response_model=RunLine,
    responses=answers(*CREATING, "not-found", "rule-broken"),
    dependencies=[SeenRound, Coordinating],
)
def create_run(round_id: UUID, body: NewRun, once: OnceDep) -> Response:
    """Ask for a calculation of the round: it is queued; poll the address in Location, or follow its events."""
    session, subject = once.work.session, once.work.subject

    def make() -> RunLine:
        held = _round(once, round_id)
        run = queue_run(session, subject, held.id, held.data_set)
        enqueue_run(session, run, body.effort)
        return runs_shown(session, subject, [run])[0]

    return once.answer(body, make, status=202)


def _round(once: Once, round_id: UUID) -> Round:
    held = one_round(once.work.session, once.work.subject, round_id)
    if held is None:
        raise NotVisibleError("There is no such round.")
    return held
