"""The days of a round that is to be opened, and what can be wrong with them."""

from datetime import date, datetime, timedelta

from registry.vocabulary.lifecycle import RoundKind


def round_faults(
    kind: RoundKind, origin: date, known_on: date, closes_at: datetime | None, now: datetime
) -> list[str | None]:
    """Return what is wrong with the days of a round opened at `now` (UTC), None for what is not.

    An official round plans weeks to come, the present one included, on facts of days that are over or today. A what-if
    round is never published and may look back, or ask how old records would be on a later day.
    """
    today = now.date()
    week = today - timedelta(days=today.weekday())
    monday = origin - timedelta(days=origin.weekday())
    official = kind is not RoundKind.WHAT_IF
    return [
        None
        if origin == monday
        else f"origin: {origin} is a {origin:%A}; a round begins on a Monday, such as {monday + timedelta(weeks=1)}",
        f"origin: {origin} is past; a round plans weeks from {week} on, only a what-if round may look back"
        if official and monday < week
        else None,
        f"known_on: {known_on} is still to come; name today or an earlier day"
        if official and known_on > today
        else None,
        f"known_on: {known_on} is after the round begins on {origin}; name that day or an earlier one"
        if official and known_on > origin
        else None,
        f"closes_at: {closes_at:%Y-%m-%d %H:%M %Z} is past; the round closes after it opens, which is now"
        if closes_at is not None and closes_at <= now
        else None,
    ]
