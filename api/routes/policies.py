"""Policies: public, drafted by coordinators, approved by the signatures of two."""

from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from api.dependencies import AnyoneDep, allowed_to
from api.idempotency import Once, OnceDep
from api.paging import PageDep, cut, text_and_number
from api.preconditions import VersionDep, check_version, tag
from api.problems import CHANGING, CREATING, READING, answers
from api.schemas.page import Page
from api.schemas.rounds import Approval, InForce, NewPolicy, PolicyFull, PolicyToRead
from api.seen import SeenPolicy
from api.signing import prove
from registry.access.permissions import Permission
from registry.errors import NotVisibleError
from registry.models import Policy
from registry.queries.rounds import list_policies, one_policy
from registry.services.policies import approve_policy, bring_into_force, draft_policy, policy_content
from registry.services.signatures import content_sha256

router = APIRouter(tags=["policies"])
Approver = Depends(allowed_to(Permission.APPROVE_POLICY), scope="function")


@router.get("/policies", responses=answers("not-authenticated", "invalid-input"))
def list_public_policies(request: Request, response: Response, work: AnyoneDep, page: PageDep) -> Page[PolicyFull]:
    """List every version of every policy by code, newest first."""
    after = None if page.after is None else text_and_number(page.after)
    found = list_policies(work.session, after=after, limit=page.limit + 1)
    shown = cut(request, response, page, found, lambda last: (last.code, str(last.number)))
    return Page[PolicyFull](items=[PolicyFull.model_validate(policy) for policy in shown])


@router.get("/policies/{policy_id}", responses=answers(*READING))
def read_policy(policy_id: UUID, work: AnyoneDep, response: Response) -> PolicyToRead:
    """Read a version of a policy, in plain words and as the solver reads it, with the hash of what is signed."""
    policy = one_policy(work.session, policy_id)
    if policy is None:
        raise NotVisibleError("There is no such policy.")
    tag(response, policy.version)
    return _to_read(policy)


@router.post(
    "/policies",
    status_code=201,
    response_model=PolicyToRead,
    responses=answers(*CREATING, "rule-broken"),
    dependencies=[Depends(allowed_to(Permission.EDIT_POLICY), scope="function")],
)
def create_policy(body: NewPolicy, once: OnceDep) -> Response:
    """Draft the next version of a policy."""

    def make() -> PolicyToRead:
        made = draft_policy(
            once.work.session,
            once.work.subject,
            code=body.code,
            title=body.title,
            tiers=[dict(tier) for tier in body.tiers],
        )
        return _to_read(made)

    return once.answer(body, make)


@router.post(
    "/policies/{policy_id}/approve",
    response_model=PolicyToRead,
    responses=answers(*CHANGING, "too-many-attempts"),
    dependencies=[SeenPolicy, Approver],
)
def approve(request: Request, policy_id: UUID, body: Approval, once: OnceDep, seen: VersionDep) -> Response:
    """Approve a version with a signature: what is signed is what was shown, named by its hash."""

    def make() -> PolicyToRead:
        policy = _seen(once, policy_id, seen)
        proof = prove(request, once.work, body.password, body.content_sha256)
        approve_policy(once.work.session, once.work.subject, policy_id, proof, reason=body.reason)
        return _to_read(policy)

    return once.answer(body.without_secrets(), make, status=200)


@router.post(
    "/policies/{policy_id}/in-force",
    response_model=PolicyToRead,
    responses=answers(*CHANGING),
    dependencies=[SeenPolicy, Approver],
)
def let_policy_count(policy_id: UUID, body: InForce, once: OnceDep, seen: VersionDep) -> Response:
    """Let an approved version count from now or a later instant on."""

    def make() -> PolicyToRead:
        _seen(once, policy_id, seen)
        return _to_read(bring_into_force(once.work.session, once.work.subject, policy_id, body.since))

    return once.answer(body, make, status=200)


def _seen(once: Once, policy_id: UUID, seen: int) -> Policy:
    policy = one_policy(once.work.session, policy_id)
    if policy is None:
        raise NotVisibleError("There is no such policy.")
    check_version(seen, policy.version)
    return policy


def _to_read(policy: Policy) -> PolicyToRead:
    plain = PolicyFull.model_validate(policy)
    return PolicyToRead(**plain.model_dump(), content_sha256=content_sha256(policy_content(policy)))
