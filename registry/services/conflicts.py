"""A change of the calendar that would meet what is recorded: refused with what blocks it and the first free day."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from registry.access.permissions import Permission
from registry.access.subject import Subject
from registry.errors import DomainError
from registry.models import Opening, Suite
from registry.queries.closed_days import LONGEST_LOOK, repeated
from registry.queries.first_free import Block, closed_in_the_way, first_clear, live_stays, stays_in_the_way
from registry.services.closures import ClosureFacts, OpeningFacts, recurrence_fault
from registry.services.facilities import Seen
from registry.services.records import check_version, facility_for, keep, within
from registry.vocabulary.periods import Days, minus


class BlockedError(DomainError):
    """Something recorded is in the way; `first_free` is the first day from which the same days are free, if there is one."""

    code = "conflict"

    def __init__(
        self, text: str, advice: str = "", blocking: Sequence[Block] = (), first_free: date | None = None
    ) -> None:
        """Keep what blocks apart from the words."""
        super().__init__(text, advice)
        self.blocking = tuple(blocking)
        self.first_free = first_free


def refuse_closing_on_stays(session: Session, subject: Subject, facility_id: UUID, facts: ClosureFacts) -> None:
    """Refuse a closure on days on which stays are held or confirmed.

    The suites are locked until the end of the transaction, so that no stay comes in between. For a closure that comes
    back no first free day is named.
    """
    facility = facility_for(session, subject, facility_id, Permission.EDIT_CALENDAR)
    if (facts.ends is not None and facts.ends <= facts.starts) or recurrence_fault(facts) is not None:
        return
    session.execute(_suites_locked(facility.id))
    wanted = Days(facts.starts, facts.ends)
    periods = repeated(wanted, facts.recurrence, facts.starts + LONGEST_LOOK)
    blocking = stays_in_the_way(session, subject, facility.id, facts.suite_id, periods)
    if not blocking:
        return
    every = live_stays(session, subject, facility.id, facts.suite_id)
    free = first_clear(wanted, every) if facts.recurrence is None else None
    raise BlockedError(
        f"{len(blocking)} stays are held or confirmed on these days.",
        "Choose other days, or send `despite_stays` when it must be closed all the same.",
        blocking,
        free,
    )


def refuse_opening_closed_days(session: Session, subject: Subject, facility_id: UUID, facts: OpeningFacts) -> None:
    """Refuse an opening of which closures leave no day."""
    facility = facility_for(session, subject, facility_id, Permission.EDIT_CALENDAR)
    wanted = Days(facts.starts, facts.ends)
    if facts.ends is not None and facts.ends <= facts.starts:
        return
    blocking = closed_in_the_way(session, subject, facility.id, facts.suite_id, wanted)
    if not blocking or minus(wanted, [Days(block.starts, block.ends) for block in blocking]):
        return
    later = closed_in_the_way(session, subject, facility.id, facts.suite_id, Days(facts.starts, None))
    raise BlockedError(
        "Every one of these days is closed.",
        "Take the closure back first, or open later days.",
        blocking,
        first_clear(wanted, later),
    )


def remove_opening(session: Session, subject: Subject, seen: Seen, *, reason: str = "") -> None:
    """Take an opening back, unless a stay that is held or confirmed rests on one of its days; the trail keeps it."""
    opening = within(session, subject, Opening, seen.id)
    facility = facility_for(session, subject, opening.facility_id, Permission.EDIT_CALENDAR)
    check_version(opening, seen.version)
    session.execute(_suites_locked(facility.id))
    days = Days(opening.starts, opening.ends)
    blocking = stays_in_the_way(session, subject, facility.id, opening.suite_id, [days])
    if blocking:
        raise BlockedError(
            f"{len(blocking)} stays are held or confirmed on these days.", "Move the stays first.", blocking
        )
    session.delete(opening)
    keep(session, "remove opening", reason)


def _suites_locked(facility_id: UUID) -> Select[UUID]:
    return select(Suite.id).where(Suite.facility_id == facility_id).order_by(Suite.id).with_for_update()
