"""The page behind a link of a digest: it says what the link will do, and does it on a second press only.

Programs that look at mail open every link in it, so opening one changes nothing.
"""

from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import HTMLResponse

from api.headers import request_id_of
from api.web.drawing.calendar import written, written_span
from api.web.templating import page
from registry.access.subject import OPERATOR
from registry.database import unit_of_work
from registry.errors import DomainError
from registry.notices.links import Link, LinkAct, facility_of, read_link, use_link
from registry.settings import secret_key

router = APIRouter()

Signed = Annotated[str, Path(max_length=1000, pattern=r"^[A-Za-z0-9_.-]+$")]
TEMPLATE = "calendar_answers/answer.html"
WEEK = timedelta(weeks=1)


@router.get("/calendar-answers/{signed}")
def show_answer(request: Request, signed: Signed) -> HTMLResponse:
    """Say what the link will do; nothing is changed."""
    try:
        with unit_of_work(OPERATOR, correlation=request_id_of(request)) as session:
            link = read_link(_key(), signed, _now())
            name = facility_of(session, OPERATOR, link)
    except DomainError as error:
        return _refusal(error)
    return page(TEMPLATE, facility=name, says=_says(link), until=written(link.expires.date()), done=False)


@router.post("/calendar-answers/{signed}")
def give_answer(request: Request, signed: Signed) -> HTMLResponse:
    """Do what the link says, once, in the name of the person it was sent to."""
    try:
        with unit_of_work(OPERATOR, action="answer by link", correlation=request_id_of(request)) as session:
            link = use_link(session, OPERATOR, _key(), signed, _now())
            name = facility_of(session, OPERATOR, link)
    except DomainError as error:
        return _refusal(error)
    return page(TEMPLATE, facility=name, says=_says(link), until="", done=True)


def _says(link: Link) -> str:
    match link.act:
        case LinkAct.STILL_TRUE:
            return "The calendar is still true as it stands."
        case LinkAct.FULLY_BOOKED:
            assert link.day is not None
            return f"Fully booked until {written(link.day)}: no start is offered before. The rest is still true."
        case LinkAct.CLOSE_WEEK:
            assert link.day is not None
            days = written_span(link.day, link.day + WEEK)
            return f"Closed for the week {days}. The rest is still true."


def _refusal(error: DomainError) -> HTMLResponse:
    details = "; ".join(error.details)
    text = " ".join(part for part in (error.text, details, error.advice) if part)
    return page("problems/problem.html", status=403, title="This link did nothing", detail=text)


def _key() -> bytes:
    return secret_key().encode()


def _now() -> datetime:
    return datetime.now(UTC)
