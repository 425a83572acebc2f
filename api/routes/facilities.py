"""Facilities: the rehearsal's while one is loaded, else those in real use; the directory has its own address."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from api.dependencies import AnyoneDep, Work
from api.paging import PageAsked, PageDep, cut, text_and_id
from api.problems import READING, answers
from api.schemas.facilities import PublicFacility
from api.schemas.filters import Country, Text
from api.schemas.page import Page
from registry.errors import NotVisibleError
from registry.queries.facilities import (
    FacilityFilter,
    FacilityLine,
    facilities_of,
    list_facilities,
    one_facility,
    shown_data_set,
)
from registry.queries.organisations import one_organisation
from registry.vocabulary.facilities import ServiceModel
from registry.vocabulary.lifecycle import DataSet

router = APIRouter(tags=["facilities"])

Makes = Annotated[str | None, Query(max_length=40, pattern="^[A-Za-z_]+$", description="Class of product.")]


@router.get("/facilities", responses=answers("not-authenticated", "invalid-input"))
def list_public_facilities(
    request: Request,
    response: Response,
    work: AnyoneDep,
    page: PageDep,
    country: Country = None,
    product_class: Makes = None,
    service_model: ServiceModel | None = None,
    text: Text = None,
) -> Page[PublicFacility]:
    """List facilities by name: those of the rehearsal while one is loaded, else those in real use."""
    narrowed = FacilityFilter(country, product_class, service_model, text)
    return _page(request, response, work, page, shown_data_set(work.session), narrowed)


@router.get("/facilities/{facility_id}", responses=answers("not-authenticated", "not-found", "invalid-input"))
def read_facility(facility_id: UUID, work: AnyoneDep) -> PublicFacility:
    """Read what everybody may know of one facility."""
    line = one_facility(work.session, work.subject, facility_id)
    if line is None:
        raise NotVisibleError("There is no such facility.")
    return PublicFacility.model_validate(line)


@router.get("/organisations/{organisation_id}/facilities", responses=answers(*READING))
def list_facilities_of_organisation(
    request: Request, response: Response, organisation_id: UUID, work: AnyoneDep, page: PageDep
) -> Page[PublicFacility]:
    """List the facilities of an organisation by name: published ones, to its own people and overseers the others, too."""
    if one_organisation(work.session, work.subject, organisation_id) is None:
        raise NotVisibleError("There is no such organisation.")
    after = None if page.after is None else text_and_id(page.after)
    found = facilities_of(work.session, work.subject, organisation_id, after=after, limit=page.limit + 1)
    return _shown(request, response, page, found)


@router.get("/directory", responses=answers("not-authenticated", "invalid-input"))
def list_directory(
    request: Request,
    response: Response,
    work: AnyoneDep,
    page: PageDep,
    country: Country = None,
    product_class: Makes = None,
    service_model: ServiceModel | None = None,
    text: Text = None,
) -> Page[PublicFacility]:
    """List the directory: facilities known from public sources, unverified, by name."""
    narrowed = FacilityFilter(country, product_class, service_model, text)
    return _page(request, response, work, page, DataSet.DIRECTORY, narrowed)


def _page(
    request: Request, response: Response, work: Work, page: PageAsked, data_set: DataSet, narrowed: FacilityFilter
) -> Page[PublicFacility]:
    after = None if page.after is None else text_and_id(page.after)
    found = list_facilities(work.session, work.subject, data_set, narrowed, after=after, limit=page.limit + 1)
    return _shown(request, response, page, found)


def _shown(
    request: Request, response: Response, page: PageAsked, found: Sequence[FacilityLine]
) -> Page[PublicFacility]:
    shown = cut(request, response, page, found, lambda last: (last.name, str(last.id)))
    return Page[PublicFacility](items=[PublicFacility.model_validate(line) for line in shown])
