"""The sequence of what was found, and the sentences that say why."""

from datetime import date

from registry.queries.search.answer import NO_PLACE, Key
from registry.queries.search.reading import FACTS_COUNTED, Line
from registry.vocabulary.facilities import Freshness

STEP_KM = 50
STALENESS = {
    Freshness.CURRENT: 0,
    Freshness.DUE: 1,
    Freshness.OVERDUE: 2,
    Freshness.EXCLUDED: 3,
}


def rank(line: Line, likeness: int | None, distance_km: float | None, freshness: Freshness, *, near: bool) -> Key:
    """Return the key of a facility: text, then distance in steps, freshness, completeness, distance, name, id."""
    metres = 0 if not near else NO_PLACE if distance_km is None else round(distance_km * 1000)
    return Key(
        unlike=0 if likeness is None else 100 - likeness,
        distance_step=metres // (STEP_KM * 1000),
        staleness=STALENESS[freshness],
        missing=FACTS_COUNTED - line.facts,
        metres=metres,
        name=line.name,
        id=line.id,
    )


def reasons(
    line: Line, key: Key, freshness: Freshness, *, text: str | None, near: bool, today: date, free: int | None
) -> tuple[str, ...]:
    """Return why a facility stands where it stands, the strongest reason first."""
    said = []
    if text is not None:
        said.append(f"like “{text}”: {100 - key.unlike} of 100")
    if near:
        said.append(f"{key.metres / 1000:.0f} km away" if key.placed() else "place not recorded")
    said.append(_age(line.confirmed_on, freshness, today))
    said.append(f"{line.facts} of {FACTS_COUNTED} public facts recorded")
    if free is not None:
        said.append(f"{free} starts free in the period")
    return tuple(said)


def _age(confirmed_on: date | None, freshness: Freshness, today: date) -> str:
    if confirmed_on is None:
        return f"calendar never confirmed: {freshness.value}"
    return f"calendar confirmed {(today - confirmed_on).days} days ago: {freshness.value}"
