"""Sponsor and facility are masked from each other until both consent; each step is an event of the trail."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from api.dependencies import SignedInDep, Work
from api.facility_records import inside
from api.idempotency import OnceDep
from api.masking import may_know, numbered, reference
from api.paging import PageDep, in_pages
from api.problems import CREATING, READING, answers
from api.routes.requests import visible_request
from api.schemas.disclosure import ConsentBody, DisclosureLine
from api.schemas.page import Page
from registry.access.permissions import Permission, may
from registry.access.subject import OrganisationId
from registry.errors import NotAllowedError, NotVisibleError
from registry.queries.runs import newest_verdicts, newest_verdicts_of_facility
from registry.services.disclosing import (
    Disclosure,
    Side,
    consent_as_facility,
    consent_as_sponsor,
    disclosures_of_facility,
    disclosures_of_request,
    names_of,
)

router = APIRouter()
STEPPING = answers(*CREATING, "not-found", "wrong-state")


@router.get("/requests/{request_id}/disclosures", responses=answers(*READING, "not-allowed"), tags=["requests"])
def list_disclosures_of_request(
    request: Request, response: Response, request_id: UUID, work: SignedInDep, page: PageDep
) -> Page[DisclosureLine]:
    """List where the sponsor stands with facilities: for its own side and overseers."""
    owner = _sponsor(work, request_id)
    pairs = disclosures_of_request(work.session, work.subject, request_id)
    words = _facilities(work, request_id)
    lines = [_line(work, pair, Side.SPONSOR, owner, words.get(key)) for key, pair in pairs.items()]
    shown = in_pages(request, response, page, lines, lambda line: (line.ref,))
    return Page[DisclosureLine](items=shown)


@router.post("/requests/{request_id}/disclosures", response_model=DisclosureLine, responses=STEPPING, tags=["requests"])
def disclose_sponsor(request_id: UUID, body: ConsentBody, once: OnceDep) -> Response:
    """Consent, as the sponsor, that a masked facility learns who asks, or take it back while it has not consented."""
    work = once.work

    def make() -> DisclosureLine:
        owner = _sponsor(work, request_id)
        words = _facilities(work, request_id)
        known = {*words, *disclosures_of_request(work.session, work.subject, request_id)}
        facility = _referred(request_id, known, body.ref)
        pair = consent_as_sponsor(work.session, work.subject, request_id, facility, consents=body.consents)
        return _line(work, pair, Side.SPONSOR, owner, words.get(facility))

    return once.answer(body, make, status=200)


@router.get("/facilities/{facility_id}/disclosures", responses=answers(*READING, "not-allowed"), tags=["calendar"])
def list_disclosures_of_facility(
    request: Request, response: Response, facility_id: UUID, work: SignedInDep, page: PageDep
) -> Page[DisclosureLine]:
    """List where a facility stands with requests: for its own people and overseers."""
    owner = inside(work, facility_id)
    pairs = disclosures_of_facility(work.session, work.subject, facility_id)
    words = _requests(work, facility_id)
    lines = [_line(work, pair, Side.FACILITY, owner, words.get(key)) for key, pair in pairs.items()]
    shown = in_pages(request, response, page, lines, lambda line: (line.ref,))
    return Page[DisclosureLine](items=shown)


@router.post(
    "/facilities/{facility_id}/disclosures", response_model=DisclosureLine, responses=STEPPING, tags=["calendar"]
)
def disclose_facility(facility_id: UUID, body: ConsentBody, once: OnceDep) -> Response:
    """Consent, as the facility, that a masked sponsor learns which one this is, or take it back meanwhile."""
    work = once.work

    def make() -> DisclosureLine:
        owner = inside(work, facility_id)
        words = _requests(work, facility_id)
        known = {*words, *disclosures_of_facility(work.session, work.subject, facility_id)}
        wanted = _referred(facility_id, known, body.ref)
        pair = consent_as_facility(work.session, work.subject, facility_id, wanted, consents=body.consents)
        return _line(work, pair, Side.FACILITY, owner, words.get(wanted))

    return once.answer(body, make, status=200)


def _sponsor(work: Work, request_id: UUID) -> UUID:
    """Return the sponsor of a request to its own side; a collaborator sees the request, not with whom it speaks."""
    owner = visible_request(work, request_id).organisation_id
    if not may_know(work.subject, owner):
        raise NotAllowedError("Only the sponsor's own people and overseers read this.")
    return owner


def _facilities(work: Work, request_id: UUID) -> dict[UUID, str]:
    """The masked words for the facilities the newest calculation judged."""
    lines = newest_verdicts(work.session, work.subject, request_id)
    found = numbered(request_id, {line.facility_id for line in lines})
    return {key: f"Facility {number}" for key, number in found.items()}


def _requests(work: Work, facility_id: UUID) -> dict[UUID, str]:
    lines = newest_verdicts_of_facility(work.session, work.subject, facility_id)
    found = numbered(facility_id, {line.request_id for line in lines})
    return {key: f"Request {number}" for key, number in found.items()}


def _referred(around: UUID, known: set[UUID], ref: str) -> UUID:
    found = next((key for key in known if reference(around, key) == ref), None)
    if found is None:
        raise NotVisibleError("There is no such other side.")
    return found


def _line(work: Work, pair: Disclosure, side: Side, owner: UUID, word: str | None) -> DisclosureLine:
    sponsor = side is Side.SPONSOR
    around, other = (pair.request_id, pair.facility_id) if sponsor else (pair.facility_id, pair.request_id)
    names = names_of(work.session, work.subject, pair)
    shown = word or ("A facility" if sponsor else "A request")
    if names is not None:
        shown = names.facility if sponsor else f"{names.request}, {names.sponsor}"
    right = Permission.SUBMIT_REQUEST if sponsor else Permission.ANSWER_OFFER
    said = pair.sponsor_consents if sponsor else pair.facility_consents
    open_to = not pair.disclosed and may(work.subject, right, OrganisationId(owner))
    return DisclosureLine(
        ref=reference(around, other),
        other=shown,
        sponsor_consents=pair.sponsor_consents,
        facility_consents=pair.facility_consents,
        disclosed=pair.disclosed,
        actions=[] if not open_to else ["take_back" if said else "consent"],
    )
