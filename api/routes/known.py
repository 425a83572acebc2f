"""What ends soon, and the history of records: every change with its reason, and what was known on a day."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from api.dependencies import SignedInDep, Work
from api.facility_records import inside
from api.paging import PageDep, cut, in_pages, text_and_id
from api.problems import READING, answers
from api.schemas.fields import Day
from api.schemas.known import Change, EndingFacility, ExpiryLine, History, KnownRecord, Recorded
from api.schemas.page import Page
from api.trail_pages import link_earlier, reached_by
from registry import models
from registry.errors import NotVisibleError
from registry.models.base import Record
from registry.queries.ending import list_ending
from registry.queries.expiry import expiring
from registry.queries.facilities import shown_data_set
from registry.queries.past import changes_of, sees_record
from registry.services.history import as_known_on as known_at

router = APIRouter(tags=["facilities"])
Within = Annotated[Literal["180", "90", "30", "0"], Query(description="Nearer than so many days; 0 = over.")]
TABLES: Mapping[Recorded, type[Record]] = {
    Recorded.ORGANISATIONS: models.Organisation,
    Recorded.FACILITIES: models.Facility,
    Recorded.SITES: models.Site,
    Recorded.SUITES: models.Suite,
    Recorded.EQUIPMENT: models.Equipment,
    Recorded.AUTHORISATIONS: models.Authorisation,
    Recorded.CERTIFICATES: models.Certificate,
    Recorded.NON_COMPLIANCES: models.NonCompliance,
    Recorded.PERMITS: models.Permit,
    Recorded.EXPERIENCE: models.ProcessExperience,
    Recorded.QC_METHODS: models.QcMethod,
    Recorded.QP_COVERS: models.QpCover,
    Recorded.CLOSURES: models.Closure,
    Recorded.OPENINGS: models.Opening,
    Recorded.LIMITS: models.FacilityLimit,
    Recorded.PRODUCTS: models.Product,
    Recorded.REQUESTS: models.Request,
}


@router.get("/facilities/{facility_id}/expiries", responses=answers(*READING, "not-allowed"))
def list_expiries(
    request: Request, response: Response, facility_id: UUID, work: SignedInDep, page: PageDep, within: Within = "180"
) -> Page[ExpiryLine]:
    """List what of a facility ends within 180, 90 or 30 days or has ended, the next first."""
    inside(work, facility_id)
    found = [one for one in expiring(work.session, work.subject, facility_id, _today()) if one.rung <= int(within)]
    shown = in_pages(
        request, response, page, found, lambda one: (one.on.isoformat(), one.kind, one.name, str(one.record_id))
    )
    return Page[ExpiryLine](items=[ExpiryLine.model_validate(one) for one in shown])


@router.get("/expiries", responses=answers("not-authenticated", "invalid-input"))
def list_all_expiries(
    request: Request, response: Response, work: SignedInDep, page: PageDep, within: Within = "180"
) -> Page[EndingFacility]:
    """List, by name, the facilities the caller is inside of (overseers: all), each with what of it ends."""
    after = None if page.after is None else text_and_id(page.after)
    found = list_ending(
        work.session, work.subject, shown_data_set(work.session), _today(), after=after, limit=page.limit + 1
    )
    shown = cut(request, response, page, found, lambda last: (last.facility, str(last.facility_id)))
    return Page[EndingFacility](
        items=[
            EndingFacility(
                facility_id=one.facility_id,
                facility=one.facility,
                ends=[ExpiryLine.model_validate(end) for end in one.ends if end.rung <= int(within)],
            )
            for one in shown
        ]
    )


@router.get("/{kind}/{record_id}/history", responses=answers(*READING))
def read_history(
    request: Request,
    response: Response,
    kind: Recorded,
    record_id: UUID,
    work: SignedInDep,
    page: PageDep,
    as_known_on: Annotated[
        Day | None, Query(description="How was the record known at the end of this day (UTC)?")
    ] = None,
) -> History:
    """Read the changes of a record, newest first, for whoever reads all of it; overseers read what the trail shows them."""
    table = TABLES[kind]
    if not sees_record(work.session, work.subject, table, record_id):
        raise NotVisibleError("There is no such record.")
    limit = page.limit + 1
    found = changes_of(work.session, work.subject, table, record_id, before=reached_by(page), limit=limit)
    shown = found[: page.limit]
    if len(found) > page.limit:
        link_earlier(request, response, page, [event.occurred_at for event in shown])
    known = None if as_known_on is None else _known(work, table, record_id, as_known_on)
    return History(items=[Change.model_validate(event) for event in shown], known=known)


def _known(work: Work, table: type[Record], record_id: UUID, day: date) -> KnownRecord:
    end = datetime.combine(day + timedelta(days=1), time(), UTC) - timedelta(microseconds=1)
    found = known_at(work.session, work.subject, table.__tablename__, record_id, end)
    if found is None:
        return KnownRecord(columns=None, since=None, action=None, reason=None)
    return KnownRecord(columns=dict(found.columns), since=found.since, action=found.action, reason=found.reason)


def _today() -> date:
    return datetime.now(UTC).date()
