"""The caller's own account."""

from fastapi import APIRouter

from api.dependencies import SignedInDep
from api.problems import answers
from api.schemas.me import Me, Seat
from registry.access.permissions import ROLE_TABLE
from registry.queries.accounts import own_account, own_organisations

router = APIRouter(tags=["account"])


@router.get("/me", responses=answers("not-authenticated"))
def read_me(work: SignedInDep) -> Me:
    """Say who the caller is, in which roles, and what they permit."""
    person = own_account(work.session, work.subject)
    names = own_organisations(work.session, work.subject)
    seats = [
        Seat(role=role, organisation_id=place, organisation=None if place is None else names.get(place))
        for role, place in sorted(work.subject.seats, key=str)
    ]
    may = sorted({permission.value for role in work.subject.roles for permission in ROLE_TABLE[role]})
    return Me(id=person.id, account=person.code, name=person.name, seats=seats, may=may)
