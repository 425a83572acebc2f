"""Who acts in an organisation: read by its people; deputies named, and a role handed over, by whoever holds it."""

from datetime import UTC, date, datetime
from uuid import UUID

from fastapi import APIRouter, Request, Response

from api.dependencies import SignedInDep
from api.idempotency import OnceDep
from api.paging import PageDep, in_pages
from api.preconditions import VersionDep
from api.problems import CHANGING, CREATING, READING, answers
from api.routes.organisations import keeps_organisation
from api.schemas.page import Page
from api.schemas.people import DeputyBody, HandOverBody, MadeMember, Member
from registry.access.permissions import Permission, may
from registry.access.subject import Subject
from registry.queries.people import MemberLine, members_of
from registry.services.memberships import end_deputy, hand_over, name_deputy

router = APIRouter(tags=["organisations"])
MAKING = answers(*CREATING, "not-found")
REMOVING = tuple(code for code in CHANGING if code not in {"malformed-body", "body-too-large", "rule-broken"})


@router.get("/organisations/{organisation_id}/members", responses=answers(*READING, "not-allowed"))
def list_members(
    request: Request, response: Response, organisation_id: UUID, work: SignedInDep, page: PageDep
) -> Page[Member]:
    """List who acts in an organisation, by role and name: for its own people, overseers and administrators."""
    keeps_organisation(work, organisation_id)
    found = members_of(work.session, work.subject, organisation_id, _today())
    shown = in_pages(request, response, page, found, lambda line: (line.role.value, line.person, str(line.id)))
    return Page[Member](items=[member(work.subject, line) for line in shown])


@router.post("/organisations/{organisation_id}/deputies", status_code=201, response_model=MadeMember, responses=MAKING)
def name_a_deputy(organisation_id: UUID, body: DeputyBody, once: OnceDep) -> Response:
    """Let a colleague act in a role one holds."""
    session, subject = once.work.session, once.work.subject

    def make() -> MadeMember:
        made = name_deputy(
            session,
            subject,
            organisation_id,
            body.role,
            body.person_id,
            until=body.until,
            today=_today(),
            reason=body.reason,
        )
        return MadeMember.model_validate(made)

    return once.answer(body, make)


@router.delete("/deputies/{membership_id}", status_code=204, responses=answers(*REMOVING))
def end_a_deputy(membership_id: UUID, work: SignedInDep, seen: VersionDep) -> None:
    """End a deputy's time today."""
    end_deputy(work.session, work.subject, membership_id, seen, today=_today())


@router.post(
    "/organisations/{organisation_id}/hand-overs", status_code=201, response_model=MadeMember, responses=MAKING
)
def hand_a_role_over(organisation_id: UUID, body: HandOverBody, once: OnceDep) -> Response:
    """Pass one's own role on to a colleague: the colleague holds it from today, the caller no longer."""
    session, subject = once.work.session, once.work.subject

    def make() -> MadeMember:
        made = hand_over(
            session, subject, organisation_id, body.role, body.person_id, today=_today(), reason=body.reason
        )
        return MadeMember.model_validate(made)

    return once.answer(body, make)


def member(subject: Subject, line: MemberLine) -> Member:
    """Return a role somebody holds with what the caller may do with it."""
    manages = may(subject, Permission.MANAGE_ACCOUNTS)
    own = (line.role, line.organisation_id) in subject.seats
    actions = ["end"] if manages else []
    if line.deputy and (manages or own):
        actions.append("end_deputy")
    return Member.model_validate(line).model_copy(update={"actions": actions})


def _today() -> date:
    return datetime.now(UTC).date()
