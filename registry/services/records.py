"""What every use case does around its own step: find what the subject sees, check what it saw, and say what was done."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import fields
from datetime import date
from difflib import get_close_matches
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from registry.access import visibility
from registry.access.permissions import Permission, may, require
from registry.access.subject import OrganisationId, Subject
from registry.database import act_as, seal_trail
from registry.errors import InvalidInputError, NotAllowedError, NotVisibleError, StaleVersionError
from registry.models import Facility
from registry.models.base import Record
from registry.queries.vocabularies import terms_of

Row = TypeVar("Row", bound=Record)


def found(session: Session, table: type[Row], key: UUID, seen: ColumnElement[bool]) -> Row:
    """Return a row the condition lets the subject see; what it may not see is not there."""
    row = session.scalars(select(table).where(table.id == key, seen)).one_or_none()
    if row is None:
        raise NotVisibleError(f"There is no such {table.__tablename__.replace('_', ' ')}, or you may not see it.")
    return row


def facility_for(session: Session, subject: Subject, facility_id: UUID, *permissions: Permission) -> Facility:
    """Return a facility for which the subject holds one of the permissions, locked until the end of the transaction."""
    facility = found(session, Facility, facility_id, visibility.facilities(subject))
    require_any(subject, facility.organisation_id, *permissions)
    session.execute(select(Facility.id).where(Facility.id == facility_id).with_for_update())
    session.refresh(facility)
    return facility


def require_any(subject: Subject, organisation: UUID, *permissions: Permission) -> None:
    """Refuse unless the subject holds one of the permissions for that organisation."""
    place = OrganisationId(organisation)
    if not any(may(subject, permission, place) for permission in permissions):
        require(subject, permissions[0], place)


def within(session: Session, subject: Subject, table: type[Row], key: UUID) -> Row:
    """Return a row inside a facility of the subject's organisations."""
    return found(session, table, key, visibility.inside_facility(subject, table))


def check_version(row: Record, version: int) -> None:
    """Refuse a change that rests on another version than the current one."""
    check_seen(row.version, version)


def check_seen(current: int, seen: int) -> None:
    """Refuse a change that rests on another version than the current one."""
    if current != seen:
        raise StaleVersionError(
            f"This record is at version {current}, your change rests on version {seen}.",
            "Load it again and repeat your change.",
        )


def refuse_faults(faults: Iterable[str | None], *, what: str) -> None:
    """Refuse with every fault at once; None stands for no fault."""
    wrong = tuple(fault for fault in faults if fault is not None)
    if wrong:
        raise InvalidInputError(
            f"{what} cannot be recorded: {'; '.join(wrong)}.", "Correct them and send again.", wrong
        )


def term_fault(session: Session, field: str, vocabulary: str, code: str) -> str | None:
    """Return the fault of a word that is not in its word list; as long as the list is empty, no word is known to be wrong."""
    if not code.strip():
        return f"{field}: name one of the vocabulary"
    known = [term.code for term in terms_of(session, vocabulary)]
    if not known or code in known:
        return None
    near = get_close_matches(code, known, n=3)
    return f"{field}: {code!r} is not in the vocabulary {vocabulary}" + (f"; near: {', '.join(near)}" if near else "")


def reason_fault(reason: str) -> str | None:
    """Return the fault of a change without a reason."""
    return None if reason.strip() else "reason: a change of this record needs one"


def assign(row: Record, facts: Any, *left_out: str) -> None:
    """Give a row the values of a dataclass whose fields are named like its columns; what is equal is left alone."""
    for field in fields(facts):
        value = getattr(facts, field.name)
        value = list(value) if isinstance(value, tuple) else value
        if field.name not in left_out and getattr(row, field.name) != value:
            setattr(row, field.name, value)


def owner_of(facility: Facility) -> dict[str, UUID]:
    """Return the two keys every row of a facility carries."""
    return {"facility_id": facility.id, "organisation_id": facility.organisation_id}


def stand_for(row: Any, subject: Subject, today: date) -> None:
    """QA stands for the fact from today; the version moves even where only lines below the row change."""
    row.confirmed_by, row.confirmed_on = person_of(subject), today
    flag_modified(row, "confirmed_on")


def keep(session: Session, action: str, reason: str) -> None:
    """Write what was changed, and its events, under this action and reason."""
    before = session.execute(
        text("select current_setting('app.action', true), current_setting('app.reason', true)")
    ).one()
    settings = text("select set_config('app.action', :action, true), set_config('app.reason', :reason, true)")
    session.flush()
    session.execute(settings, {"action": action, "reason": reason or before[1] or ""})
    seal_trail(session)
    session.execute(settings, {"action": before[0] or "", "reason": before[1] or ""})


@contextmanager
def acting_for_a_moment(session: Session, subject: Subject, other: Subject) -> Iterator[None]:
    """Read as somebody else, and go on as `subject` under the same action, reason and correlation.

    After an error nobody goes on where the database refuses to switch back, as it does once it has refused anything:
    then the error that came first is what the caller hears.
    """
    seal_trail(session)
    action, reason, correlation = session.execute(
        text(
            "select coalesce(current_setting('app.action', true), ''), coalesce(current_setting('app.reason', true), ''),"
            " coalesce(current_setting('app.correlation', true), '')"
        )
    ).one()
    act_as(session, other)
    try:
        yield
    except BaseException:
        with suppress(SQLAlchemyError):
            act_as(session, subject, action=action, reason=reason, correlation=correlation)
        raise
    act_as(session, subject, action=action, reason=reason, correlation=correlation)


def person_of(subject: Subject) -> UUID:
    """Return the person who acts; nobody unknown stands for a fact."""
    if subject.person is None:
        raise NotAllowedError("Nobody is logged in.", "Log in, so that your name can stand beside this.")
    return subject.person
