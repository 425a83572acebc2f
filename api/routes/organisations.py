"""Organisations of the data set this installation shows."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from api.dependencies import AnyoneDep
from api.paging import PageDep, link_next, text_and_id
from api.problems import answers
from api.schemas.organisations import PublicOrganisation
from api.schemas.page import Page
from registry.errors import NotVisibleError
from registry.queries.facilities import shown_data_set
from registry.queries.organisations import list_organisations, one_organisation

router = APIRouter(tags=["organisations"])


@router.get("/organisations", responses=answers("not-authenticated", "invalid-input"))
def list_public_organisations(
    request: Request, response: Response, work: AnyoneDep, page: PageDep
) -> Page[PublicOrganisation]:
    """List organisations by name."""
    after = None if page.after is None else text_and_id(page.after)
    data_set = shown_data_set(work.session)
    found = list_organisations(work.session, work.subject, data_set, after=after, limit=page.limit + 1)
    shown = found[: page.limit]
    if len(found) > page.limit:
        link_next(request, response, (shown[-1].name, str(shown[-1].id)))
    return Page[PublicOrganisation](items=[PublicOrganisation.model_validate(line) for line in shown])


@router.get("/organisations/{organisation_id}", responses=answers("not-authenticated", "not-found", "invalid-input"))
def read_organisation(organisation_id: UUID, work: AnyoneDep) -> PublicOrganisation:
    """Read name, kind and country of an organisation."""
    found = one_organisation(work.session, work.subject, organisation_id)
    if found is None:
        raise NotVisibleError("There is no such organisation.")
    return PublicOrganisation.model_validate(found)
