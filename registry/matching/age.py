"""How old the calendars of frozen facts were on the day of the snapshot, for the manifest."""

from collections import Counter
from collections.abc import Mapping
from statistics import median
from typing import Any

from matcher.facts import Facts
from registry.vocabulary.facilities import Freshness, freshness_of


def age_part(facts: Facts) -> Mapping[str, Any]:
    """Return the oldest and the median confirmation of the calendars that took part, and how many did not, in days.

    An age counts no day on which the facility was declared closed. Excluded are those too stale to take part.
    """
    states: Counter[Freshness | None] = Counter()
    ages, days = [], []
    for facility in facts.facilities:
        confirmed = facility.calendar_confirmed_on
        if confirmed is None:
            states[None] += 1
            continue
        age = max(0, (facts.known_on - confirmed).days - facility.calendar_clock_stopped_days)
        state = freshness_of(facility.rhythm, age)
        states[state] += 1
        if state is not Freshness.EXCLUDED:
            ages.append(age)
            days.append(confirmed)
    return {
        "facilities": len(facts.facilities),
        "oldest_on": min(days).isoformat() if days else None,
        "oldest_days": max(ages, default=None),
        "median_days": median(ages) if ages else None,
        "excluded": states[Freshness.EXCLUDED],
        "never_confirmed": states[None],
    }
