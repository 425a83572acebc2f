"""Closures as days: repeated by their rule (RFC 5545), and counted where they stop the clock of a calendar."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from dateutil.rrule import rrulestr

from registry.models.capacity import Closure
from registry.vocabulary.facilities import TAKEN
from registry.vocabulary.periods import Days, minus

LONGEST_LOOK = timedelta(days=3660)
"""A recurring closure without an end is followed for at most ten years."""


def repeated(first: Days, recurrence: str | None, until: date) -> list[Days]:
    """Return the days `first`, repeated by an RFC 5545 rule up to `until`; a period without end does not repeat."""
    if recurrence is None or first.end is None:
        return [first]
    length = first.end - first.start
    begin = datetime.combine(first.start, time())
    last = datetime.combine(min(until, first.start + LONGEST_LOOK), time())
    rule = rrulestr(recurrence, dtstart=begin)
    return [Days(start.date(), start.date() + length) for start in rule.between(begin, last, inc=True)]


def occurrences(closure: Closure, until: date) -> list[Days]:
    """Return the days a closure takes, repeated by its rule up to `until`."""
    return repeated(Days(closure.starts, closure.ends), closure.recurrence, until)


def stopped_days(closures: Iterable[Closure], confirmed_on: date | None, today: date) -> int:
    """Return the days after the confirmation, up to and including today, on which the whole facility was closed.

    Own use and the repeat reserve are no closure, and a closed suite is not a closed facility: neither stops the clock.
    """
    if confirmed_on is None or today <= confirmed_on:
        return 0
    since = Days(confirmed_on + timedelta(days=1), today + timedelta(days=1))
    closed = [
        days
        for closure in closures
        if closure.suite_id is None and closure.kind not in TAKEN
        for days in occurrences(closure, today)
    ]
    counting = sum((part.end - part.start).days for part in minus(since, closed) if part.end is not None)
    return (today - confirmed_on).days - counting
