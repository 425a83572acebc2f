"""What the rules said: for a request where it could go, for a facility what its own records let it do."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from api.dependencies import SignedInDep, Work
from api.masking import for_facility, for_sponsor, may_know, numbered, reference
from api.paging import PageDep, in_pages
from api.problems import READING, answers
from api.routes.requests import visible_request
from api.schemas.eligibility import Eligibility, FunnelStep, OwnSideVerdict, PairVerdict
from api.schemas.page import Page
from registry.errors import NotAllowedError, NotVisibleError
from registry.queries.facilities import owner_of_facility
from registry.queries.runs import VerdictLine, newest_verdicts, newest_verdicts_of_facility
from registry.services.disclosing import Names, disclosures_of_facility, disclosures_of_request, names_of
from registry.vocabulary.results import Status

router = APIRouter(tags=["eligibility"])
WORST_FIRST = (Status.FAIL, Status.UNKNOWN, Status.CONDITIONAL, Status.PASS)


@router.get("/requests/{request_id}/eligibility", responses=answers(*READING))
def read_eligibility(request_id: UUID, work: SignedInDep) -> Eligibility:
    """Read what every rule said about the request and each suite, and how many suites each rule excludes."""
    found = visible_request(work, request_id)
    lines = newest_verdicts(work.session, work.subject, found.id)
    pairs = sorted(_pairs(work, found.id, lines), key=lambda pair: (len(pair.facility), pair.facility, pair.suite))
    excluded = Counter(rule for line in lines for rule in line.failing)
    funnel = [FunnelStep(rule=rule, suites=count) for rule, count in sorted(excluded.items(), key=_most_first)]
    return Eligibility(pairs=pairs, funnel=funnel)


@router.get("/facilities/{facility_id}/verdicts", responses=answers(*READING, "not-allowed"))
def list_own_verdicts(
    request: Request, response: Response, facility_id: UUID, work: SignedInDep, page: PageDep
) -> Page[OwnSideVerdict]:
    """Read what the rules about a facility's own records said, request by request; for its own people and overseers."""
    owner = owner_of_facility(work.session, work.subject, facility_id)
    if owner is None:
        raise NotVisibleError("There is no such facility.")
    if not may_know(work.subject, owner):
        raise NotAllowedError("Only the facility's own people read what its records allow.")
    lines = newest_verdicts_of_facility(work.session, work.subject, facility_id)
    requests = numbered(facility_id, {line.request_id for line in lines})
    told = [(requests[line.request_id], line, for_facility(line.results)) for line in lines]
    met = disclosures_of_facility(work.session, work.subject, facility_id)
    names = {key: names_of(work.session, work.subject, pair) for key, pair in met.items()}
    return Page[OwnSideVerdict](
        items=[
            OwnSideVerdict(
                request=_named(number, names.get(line.request_id)),
                request_ref=reference(facility_id, line.request_id),
                suite_id=line.suite_id,
                status=worst(results),
                results=list(results),
            )
            for number, line, results in in_pages(
                request, response, page, told, lambda entry: (f"{entry[0]:09}", str(entry[1].suite_id))
            )
        ]
    )


def _named(number: int, names: Names | None) -> str:
    return f"Request {number}" if names is None else f"{names.request}, {names.sponsor}"


def worst(results: Iterable[Mapping[str, Any]]) -> Status:
    """Return the worst status among results; nothing asked is unknown."""
    found = {Status(result["status"]) for result in results}
    return next((status for status in WORST_FIRST if status in found), Status.UNKNOWN)


def _pairs(work: Work, request_id: UUID, lines: Sequence[VerdictLine]) -> Iterable[PairVerdict]:
    met = disclosures_of_request(work.session, work.subject, request_id)
    facilities = numbered(request_id, {line.facility_id for line in lines})
    suites = numbered(request_id, {line.suite_id for line in lines})
    for line in lines:
        known = may_know(work.subject, line.facility_organisation_id)
        named = known or (line.facility_id in met and met[line.facility_id].disclosed)
        yield PairVerdict(
            facility=line.facility if named else f"Facility {facilities[line.facility_id]}",
            facility_ref=reference(request_id, line.facility_id),
            suite=str(line.suite_id) if known else f"Suite {suites[line.suite_id]}",
            status=line.status,
            failing=list(line.failing),
            results=[dict(result) for result in line.results] if known else for_sponsor(line.results),
        )


def _most_first(entry: tuple[str, int]) -> tuple[int, str]:
    rule, count = entry
    return -count, rule
