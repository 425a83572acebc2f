"""The pages as an application of their own, mounted beside the API, with error pages instead of problem documents."""

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException

from api.problems import KINDS, ApiError, kind_of
from api.unexpected import Unexpected
from api.web.pages import calendar_answers, directory, home, outlines, plan
from api.web.templating import STATIC, page
from registry.errors import DomainError

TITLES = {
    401: "Please log in",
    403: "Not allowed",
    404: "Not found",
    405: "Not possible here",
    422: "This address cannot be read",
}
BROKEN = "Something went wrong on our side. Nothing was changed; the fault has been noted."


def create_pages() -> FastAPI:
    """Return the pages; the application that mounts them brings the dependencies they ask for."""
    pages = FastAPI(title="GMP Hub pages", openapi_url=None)
    for family in (home, plan, directory, calendar_answers, outlines):
        pages.include_router(family.router)
    pages.mount("/static", StaticFiles(directory=STATIC), name="static")
    pages.add_exception_handler(HTTPException, _refused)
    pages.add_exception_handler(RequestValidationError, _unreadable)
    pages.add_exception_handler(DomainError, _domain)
    pages.add_exception_handler(ApiError, _edge)
    pages.add_middleware(Unexpected, answer=_broken)
    return pages


def _problem(status: int, title: str, detail: str = "") -> HTMLResponse:
    return page("problems/problem.html", status=status, title=title, detail=detail)


def _refused(_request: Request, error: Exception) -> HTMLResponse:
    assert isinstance(error, HTTPException)
    title = TITLES.get(error.status_code, "Not possible")
    detail = "" if error.detail == "Not Found" else error.detail
    return _problem(error.status_code, title, detail)


def _unreadable(_request: Request, _error: Exception) -> HTMLResponse:
    return _problem(422, TITLES[422])


def _domain(_request: Request, error: Exception) -> HTMLResponse:
    assert isinstance(error, DomainError)
    kind = KINDS[kind_of(error)]
    return _problem(kind.status, TITLES.get(kind.status, kind.title))


def _edge(_request: Request, error: Exception) -> HTMLResponse:
    assert isinstance(error, ApiError)
    kind = KINDS[error.code]
    answer = _problem(kind.status, TITLES.get(kind.status, kind.title), error.detail)
    answer.headers.update(error.headers)
    if kind.status == 401:
        answer.headers.setdefault("WWW-Authenticate", "Bearer")
    return answer


def _broken(_request: Request) -> HTMLResponse:
    return _problem(500, "Not available", BROKEN)
