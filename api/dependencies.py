"""What endpoints and pages ask for: who is calling, and one transaction that is theirs.

Every operation names one of the guards below, so that a test can list the routes and refuse one without.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy.orm import Session

from api.authentication import identify
from api.crossing import check_same_site
from api.headers import request_id_of
from api.parameters import check_parameters
from api.problems import ApiError
from api.tracing import route_of
from registry.access.permissions import Permission, require
from registry.access.subject import Subject
from registry.database import act_as, transaction
from registry.models.base import BY
from registry.vocabulary.lifecycle import Source


@dataclass(frozen=True, slots=True)
class Work:
    """One transaction and the subject it belongs to; it is committed before the answer leaves."""

    session: Session
    subject: Subject
    part: str = ""
    """The part of a record that the address names, in words: "closures" of a facility."""


def anyone(request: Request) -> Iterator[Work]:
    """Guard of public operations; a key that is sent must be good even there."""
    with identified(request) as work:
        check_parameters(request)
        yield work


@contextmanager
def identified(request: Request) -> Iterator[Work]:
    """One transaction as whoever sends the request now."""
    with transaction() as session:
        if request.scope["path"].startswith("/api/"):
            session.info[BY] = Source.API
        subject = identify(request, session)
        act_as(session, subject, correlation=request_id_of(request))
        yield Work(session, subject, part_named(request))


def part_named(request: Request) -> str:
    """Return the last word of the address where it names a part of a record, empty where it names a record itself."""
    last = route_of(request.scope).rpartition("/")[2]
    return "" if "{" in last else last.replace("-", " ")


AnyoneDep = Annotated[Work, Depends(anyone, scope="function")]


def knocking(request: Request) -> None:
    """Guard of logging in: nobody is known yet, but another site must not log its visitors in."""
    if "sec-fetch-site" in request.headers:
        check_same_site(request)


KnockingDep = Annotated[None, Depends(knocking)]


def signed_in(work: AnyoneDep) -> Work:
    """Guard of operations for everybody with an account."""
    if work.subject.person is None:
        raise ApiError("not-authenticated")
    return work


SignedInDep = Annotated[Work, Depends(signed_in, scope="function")]


def allowed_to(permission: Permission) -> Callable[[Work], Work]:
    """Guard of operations that need a permission somewhere; for which organisation is checked with the record."""

    def guard(work: SignedInDep) -> Work:
        require(work.subject, permission)
        return work

    return guard
