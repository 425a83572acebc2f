"""Why a request was placed or not: for overseers all of a calculation, for a requester its own, masked; and its letter.

And what a facility could have changed, for its own people.
"""

from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Path, Request, Response

from api.dependencies import SignedInDep, Work, allowed_to
from api.headers import request_id_of
from api.masking import outcome_for, reference
from api.paging import PageDep, in_pages
from api.problems import READING, answers
from api.routes.eligibility import worst
from api.schemas.explanations import ExplainedFacility, SuiteOutcome, Told, WithheldExplanation
from api.schemas.page import Page
from api.seen import SeenRun
from registry.access.permissions import Permission
from registry.database import act_as
from registry.matching.disclosure import Withheld
from registry.matching.explanation import Explanation, Reader
from registry.matching.facility_changes import FacilityChanges, changes_told
from registry.matching.letters import letter_html, letter_json
from registry.matching.telling import (
    explanation_told,
    explanations_told,
    facilities_told,
    letter_told,
    requests_told,
    results_told,
)
from registry.services.disclosing import Disclosure, disclosures_of_request, names_of

router = APIRouter(tags=["runs"])
Overseeing = Depends(allowed_to(Permission.READ_OVERVIEW), scope="function")
LETTER: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The letter, as a page to print for whoever accepts text/html, else as JSON.",
        "content": {
            "application/json": {"schema": {"type": "object"}},
            "text/html": {"schema": {"type": "string"}},
        },
    }
}


@router.get(
    "/runs/{run_id}/explanations",
    responses=answers(*READING, "not-allowed"),
    dependencies=[SeenRun, Overseeing],
)
def list_explanations(
    request: Request, response: Response, run_id: UUID, work: SignedInDep, page: PageDep
) -> Page[Told]:
    """List what is known of every request of a checked calculation, by the request's code, for overseers."""
    codes = in_pages(request, response, page, requests_told(work.subject, run_id), lambda code: (code,))
    told = explanations_told(work.subject, run_id, codes)
    act_as(work.session, work.subject, correlation=request_id_of(request))
    return Page[Told](items=[_told(one) for one in told])


@router.get("/runs/{run_id}/requests/{request_id}/explanation", responses=answers(*READING, "withheld"))
def read_explanation(request: Request, run_id: UUID, request_id: UUID, work: SignedInDep) -> Explanation:
    """Read why a request was placed or not: overseers once it is checked, its own people, masked, once it is published."""
    told = explanation_told(work.subject, run_id, request_id)
    act_as(work.session, work.subject, correlation=request_id_of(request))
    return told


@router.get("/runs/{run_id}/requests/{request_id}/facilities", responses=answers(*READING, "withheld"))
def list_explained_facilities(
    request: Request, response: Response, run_id: UUID, request_id: UUID, work: SignedInDep, page: PageDep
) -> Page[ExplainedFacility]:
    """List the facilities that the explanation and the letter mention: what to call them in calls, who they are once told."""
    told = facilities_told(work.subject, run_id, request_id)
    act_as(work.session, work.subject, correlation=request_id_of(request))
    met = disclosures_of_request(work.session, work.subject, request_id)
    shown = in_pages(request, response, page, told.items(), lambda entry: (f"{len(entry[0]):04}", entry[0]))
    return Page[ExplainedFacility](items=[_facility(work, request_id, name, met.get(key), key) for name, key in shown])


@router.get("/runs/{run_id}/requests/{request_id}/facilities/{facility_ref}", responses=answers(*READING, "withheld"))
def list_rule_outcomes(
    request: Request,
    response: Response,
    run_id: UUID,
    request_id: UUID,
    facility_ref: Annotated[str, Path(pattern="^[0-9a-f]{32}$")],
    work: SignedInDep,
    page: PageDep,
) -> Page[SuiteOutcome]:
    """Read what every rule found about the request and each suite of one facility; masked for the requester."""
    reader, told = results_told(
        work.subject, run_id, request_id, lambda key: reference(request_id, key) == facility_ref
    )
    act_as(work.session, work.subject, correlation=request_id_of(request))
    suites = [
        SuiteOutcome(
            suite=suite if reader is Reader.COORDINATOR else f"Suite {number}",
            status=worst({"status": result.status} for result in results),
            results=[outcome_for(result, masked=reader is Reader.REQUESTER) for result in results],
        )
        for number, (suite, results) in enumerate(sorted(told.items()), start=1)
    ]
    return Page[SuiteOutcome](items=in_pages(request, response, page, suites, lambda one: (one.suite,)))


@router.get(
    "/runs/{run_id}/requests/{request_id}/letter",
    response_class=Response,
    responses={**LETTER, **answers(*READING, "withheld")},
)
def read_letter(
    request: Request,
    run_id: UUID,
    request_id: UUID,
    work: SignedInDep,
    accept: Annotated[str, Header(max_length=200)] = "application/json",
) -> Response:
    """Read the outcome letter of a request, as its requester may read it."""
    letter = letter_told(work.subject, run_id, request_id, datetime.now(UTC).date())
    act_as(work.session, work.subject, correlation=request_id_of(request))
    if prefers_page(accept):
        return Response(letter_html(letter), media_type="text/html", headers={"Vary": "Accept"})
    return Response(letter_json(letter), media_type="application/json", headers={"Vary": "Accept"})


@router.get("/runs/{run_id}/facilities/{facility_id}/changes", responses=answers(*READING))
def read_facility_changes(request: Request, run_id: UUID, facility_id: UUID, work: SignedInDep) -> FacilityChanges:
    """Read what a facility could have changed: overseers once it is checked, its own people once it is published."""
    told = changes_told(work.subject, run_id, facility_id)
    act_as(work.session, work.subject, correlation=request_id_of(request))
    return told


def _facility(work: Work, request_id: UUID, name: str, pair: Disclosure | None, key: UUID) -> ExplainedFacility:
    names = None if pair is None else names_of(work.session, work.subject, pair)
    return ExplainedFacility(
        name=name,
        facility_ref=reference(request_id, key),
        known_as=None if names is None else names.facility,
        you_consent=pair is not None and pair.sponsor_consents,
    )


def prefers_page(accept: str) -> bool:
    """Whether a page is named before JSON in what a caller accepts."""
    wanted = [part.partition(";")[0].strip().lower() for part in accept.split(",")]
    page, json = (wanted.index(kind) if kind in wanted else len(wanted) for kind in ("text/html", "application/json"))
    return page < json


def _told(one: Explanation | Withheld) -> Told:
    if isinstance(one, Withheld):
        return Told(explanation=None, withheld=WithheldExplanation.model_validate(one))
    return Told(explanation=one, withheld=None)
