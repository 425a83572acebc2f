"""Organisations of the data set this installation shows; written by administrators and their own QA."""

from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from api.allowed import with_organisation
from api.dependencies import AnyoneDep, SignedInDep, Work, allowed_to
from api.idempotency import OnceDep
from api.masking import may_know
from api.paging import PageDep, cut, text_and_id
from api.preconditions import VersionDep, tag
from api.problems import CHANGING, CREATING, READING, answers
from api.schemas.filters import Country, Text
from api.schemas.organisations import NetworkChoice, OrganisationBody, OrganisationFull, PublicOrganisation
from api.schemas.page import Page
from registry.access.permissions import Permission, may
from registry.errors import NotAllowedError, NotVisibleError
from registry.models import Organisation
from registry.queries.facilities import shown_data_set
from registry.queries.organisations import OrganisationFilter, full_organisation, list_organisations, one_organisation
from registry.services.organisations import add_organisation, edit_organisation, join_network
from registry.vocabulary.facilities import OrganisationKind
from registry.vocabulary.lifecycle import DataSet

router = APIRouter(tags=["organisations"])
Administrator = Depends(allowed_to(Permission.MANAGE_ACCOUNTS), scope="function")


@router.get("/organisations", responses=answers("not-authenticated", "invalid-input"))
def list_public_organisations(
    request: Request,
    response: Response,
    work: AnyoneDep,
    page: PageDep,
    country: Country = None,
    kind: OrganisationKind | None = None,
    text: Text = None,
) -> Page[PublicOrganisation]:
    """List organisations by name."""
    after = None if page.after is None else text_and_id(page.after)
    data_set = shown_data_set(work.session)
    narrowed = OrganisationFilter(country, kind, text)
    found = list_organisations(work.session, work.subject, data_set, narrowed, after=after, limit=page.limit + 1)
    shown = cut(request, response, page, found, lambda last: (last.name, str(last.id)))
    return Page[PublicOrganisation](items=[PublicOrganisation.model_validate(line) for line in shown])


@router.post(
    "/organisations",
    status_code=201,
    response_model=OrganisationFull,
    responses=answers(*CREATING, "rule-broken"),
    dependencies=[Administrator],
)
def create_organisation(body: OrganisationBody, once: OnceDep) -> Response:
    """Record an organisation in real use; its first people are given their roles at `/accounts`."""
    work = once.work

    def make() -> OrganisationFull:
        made = add_organisation(work.session, work.subject, DataSet.LIVE, body.facts(), reason=body.reason)
        return _full(work, made)

    return once.answer(body, make)


@router.get("/organisations/{organisation_id}", responses=answers("not-authenticated", "not-found", "invalid-input"))
def read_organisation(organisation_id: UUID, work: AnyoneDep) -> PublicOrganisation:
    """Read name, kind and country of an organisation."""
    found = one_organisation(work.session, work.subject, organisation_id)
    if found is None:
        raise NotVisibleError("There is no such organisation.")
    return PublicOrganisation.model_validate(found)


@router.get("/organisations/{organisation_id}/record", responses=answers(*READING, "not-allowed"))
def read_organisation_record(organisation_id: UUID, work: SignedInDep, response: Response) -> OrganisationFull:
    """Read the whole record, for the organisation's own people, overseers and administrators; the ETag changes it."""
    keeps_organisation(work, organisation_id)
    found = full_organisation(work.session, work.subject, organisation_id)
    if found is None:
        raise NotVisibleError("There is no such organisation.")
    tag(response, found.version)
    return _full(work, found)


@router.put("/organisations/{organisation_id}", responses=answers(*CHANGING))
def replace_organisation(
    organisation_id: UUID, body: OrganisationBody, work: SignedInDep, seen: VersionDep, response: Response
) -> OrganisationFull:
    """Change what an organisation says of itself; its QA or an administrator."""
    changed = edit_organisation(work.session, work.subject, organisation_id, seen, body.facts(), reason=body.reason)
    tag(response, changed.version)
    return _full(work, changed)


@router.put("/organisations/{organisation_id}/network", responses=answers(*CHANGING))
def choose_network(
    organisation_id: UUID, body: NetworkChoice, work: SignedInDep, seen: VersionDep, response: Response
) -> OrganisationFull:
    """Let the delegates of a network see and act for an organisation, or with null no longer; its QA decides."""
    changed = join_network(work.session, work.subject, organisation_id, seen, body.network_id, reason=body.reason)
    tag(response, changed.version)
    return _full(work, changed)


def keeps_organisation(work: Work, organisation_id: UUID) -> None:
    """Refuse (403) whoever only knows that the organisation exists."""
    if one_organisation(work.session, work.subject, organisation_id) is None:
        raise NotVisibleError("There is no such organisation.")
    if not (may_know(work.subject, organisation_id) or may(work.subject, Permission.MANAGE_ACCOUNTS)):
        raise NotAllowedError("Only the organisation's own people, overseers and administrators read this.")


def _full(work: Work, organisation: Organisation) -> OrganisationFull:
    shown = OrganisationFull.model_validate(organisation)
    return shown.model_copy(update={"actions": with_organisation(work.subject, organisation)})
