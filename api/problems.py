"""Every refusal in one form, RFC 9457: the one place that gives a code its status and its title.

No text of the database or the solver reaches a caller: an error without a code answers as "internal-error".
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from api.headers import request_id_of
from api.schemas.problem import Blocking, FieldFault, Problem
from api.tracing import route_of
from registry.errors import BrokenRuleError, DomainError, EnvironmentFault
from registry.services.conflicts import BlockedError

log = structlog.get_logger()
MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Kind:
    """Status and title of a code."""

    status: int
    title: str


KINDS: Mapping[str, Kind] = {
    "malformed-body": Kind(400, "The body cannot be read as JSON"),
    "not-authenticated": Kind(401, "Please log in or send a key"),
    "not-allowed": Kind(403, "You may see this but not do it"),
    "wrong-password": Kind(403, "The password is wrong"),
    "not-proved": Kind(403, "Prove first who you are"),
    "not-signed": Kind(403, "This is not signed"),
    "cross-site": Kind(403, "This change did not come from a page of this service"),
    "scope-missing": Kind(403, "The key is limited to other things"),
    "recused": Kind(403, "You belong to a party of this"),
    "not-found": Kind(404, "There is no such thing, or you may not see it"),
    "no-provider": Kind(404, "No identity provider is set up on this installation"),
    "method-not-allowed": Kind(405, "This address does not take that method"),
    "conflict": Kind(409, "This conflicts with what is recorded"),
    "wrong-state": Kind(409, "The record stands where this cannot be done"),
    "superseded": Kind(409, "Something newer has taken its place"),
    "already-booked": Kind(409, "This place is taken on one of these days"),
    "not-verified": Kind(409, "The calculation has not passed its independent check"),
    "not-publishable": Kind(409, "This calculation cannot be published"),
    "stale-run": Kind(409, "Facts have changed since this calculation looked at them"),
    "withheld": Kind(409, "This explanation is withheld until somebody has looked into it"),
    "rules-changed": Kind(409, "The rules have changed since this calculation"),
    "rule-broken": Kind(409, "The change breaks a rule of the registry"),
    "stale-version": Kind(412, "Somebody changed this in the meantime; read it again"),
    "body-too-large": Kind(413, "The body is too large"),
    "unsupported-media-type": Kind(415, "Send the body as application/json"),
    "invalid-input": Kind(422, "What was sent has faults"),
    "refused": Kind(422, "This cannot be done"),
    "idempotency-key-reused": Kind(422, "This Idempotency-Key was used for another request"),
    "precondition-required": Kind(428, "Say which version you saw, with If-Match"),
    "too-many-attempts": Kind(429, "Too many attempts; wait before the next"),
    "provider-failed": Kind(502, "The identity provider did not confirm the login"),
    "internal-error": Kind(500, "Something went wrong on our side"),
    "unavailable": Kind(503, "Not available at the moment; try again"),
}

SQLSTATE = re.compile(r"[0-9A-Z]{5}")
SILENT = frozenset({"not-found", "unavailable", "internal-error"})
"""Codes whose details say nothing: what is not visible must look like what does not exist."""

NAMING = frozenset({"invalid-input", "not-allowed", "not-publishable", "not-signed", "stale-run", "wrong-state"})
"""Codes whose details name what was wrong with what was sent, what of it the caller may not know, or what stands in the way."""

OF_STATUS = {
    400: "malformed-body",
    401: "not-authenticated",
    403: "not-allowed",
    404: "not-found",
    405: "method-not-allowed",
    413: "body-too-large",
    415: "unsupported-media-type",
}


class ApiError(Exception):
    """A refusal that is born at the web edge; `code` is a key of KINDS."""

    def __init__(
        self,
        code: str,
        detail: str = "",
        *,
        errors: Sequence[FieldFault] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail or code)
        self.code = code
        self.detail = detail
        self.errors = tuple(errors)
        self.headers = dict(headers or {})


READING = ("not-authenticated", "not-found", "invalid-input")
CREATING = ("malformed-body", "not-authenticated", "not-allowed", "body-too-large", "invalid-input")
"""The refusals of whatever takes a body, made once under an Idempotency-Key."""
CHANGING = (*CREATING, "not-found", "rule-broken", "stale-version", "precondition-required")
"""The refusals of whatever changes a record that is named and has a version."""
REMOVAL = tuple(code for code in CHANGING if code not in {"malformed-body", "body-too-large"})
"""The refusals of whatever takes such a record back: it has no body."""


def answers(*codes: str) -> dict[int | str, dict[str, Any]]:
    """Return the documentation of the refusals an operation may give, for `responses=` of a route."""
    return {
        KINDS[code].status: {
            "description": KINDS[code].title,
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for code in codes
    }


def install(app: FastAPI) -> None:
    """Let every error of `app` that has a code answer as a problem document; `api.unexpected` answers for the others."""
    app.add_exception_handler(ApiError, _api_error)
    app.add_exception_handler(DomainError, _domain_error)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(RequestValidationError, _invalid)


def respond(
    request: Request,
    code: str,
    detail: str = "",
    *,
    errors: Sequence[FieldFault] = (),
    headers: Mapping[str, str] | None = None,
    blocked: BlockedError | None = None,
) -> JSONResponse:
    """Return the problem document for a code; a 401 says how to authenticate, a conflict what is in the way."""
    kind = KINDS[code]
    body = Problem(
        type=f"/problems/{code}",
        code=code,
        title=kind.title,
        status=kind.status,
        detail=detail,
        request_id=request_id_of(request),
        errors=list(errors),
        blocking=None if blocked is None else [Blocking.model_validate(block) for block in blocked.blocking],
        first_free=None if blocked is None else blocked.first_free,
    )
    extra = dict(headers or {})
    if kind.status == 401:
        extra.setdefault("WWW-Authenticate", "Bearer")
    shown = body.model_dump(mode="json", exclude=None if blocked else {"blocking", "first_free"})
    return JSONResponse(shown, kind.status, headers=extra, media_type=MEDIA_TYPE)


def _api_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, ApiError)
    return respond(request, error.code, error.detail, errors=error.errors, headers=error.headers)


def kind_of(error: DomainError) -> str:
    """Return the code under which a domain error is shown.

    Every fault of the surroundings is one and the same. A refusal of the database that names no rule (only its
    SQLSTATE) is our own mistake, not the caller's.
    """
    if isinstance(error, EnvironmentFault):
        return "unavailable"
    if isinstance(error, BrokenRuleError) and all(SQLSTATE.fullmatch(detail) for detail in error.details):
        return "internal-error"
    return error.code


def _domain_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, DomainError)
    code = kind_of(error)
    if KINDS[code].status >= 500:
        log.error("refused by the surroundings", code=error.code, route=route_of(request.scope), exc_info=error)
    if code in SILENT:
        return respond(request, code)
    faults = [_field_fault(detail) for detail in error.details] if code in NAMING else []
    blocked = error if isinstance(error, BlockedError) else None
    return respond(request, code, f"{error.text} {error.advice}".strip(), errors=faults, blocked=blocked)


def _field_fault(detail: str) -> FieldFault:
    """Read a fault of the registry, "field: what is wrong", as one of this API."""
    where, separator, what = detail.partition(": ")
    return FieldFault(where=f"/{where}", what=what) if separator else FieldFault(where="", what=detail)


def _http_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    code = OF_STATUS.get(error.status_code, "internal-error")
    headers = {"Allow": _methods_at(request)} if code == "method-not-allowed" else error.headers
    return respond(request, code, headers=headers)


def _methods_at(request: Request) -> str:
    """Return every method the address takes; the router names only those of the first route it met."""
    paths = request.app.openapi()["paths"].items()
    found = {
        method.upper()
        for template, operations in paths
        if re.fullmatch(re.sub(r"\{[^}]+\}", "[^/]+", template), request.url.path)
        for method in operations
    }
    return ", ".join(sorted(found))


def _invalid(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    found = error.errors()
    if any(fault["type"] == "json_invalid" for fault in found):
        return respond(request, "malformed-body")
    faults = [FieldFault(where=_pointer(fault["loc"]), what=fault["msg"]) for fault in found]
    return respond(request, "invalid-input", errors=faults)


def _pointer(location: Sequence[str | int]) -> str:
    """Return /body/batches/0/weight for a place in the body, query.limit for a parameter."""
    where, *path = location
    if where == "body":
        return "/" + "/".join(str(step) for step in path)
    return ".".join(str(step) for step in location)


def broken(request: Request) -> JSONResponse:
    """Return the answer to an error nobody foresaw."""
    return respond(request, "internal-error")
