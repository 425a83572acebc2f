"""What facilities, sponsors and requests of a rehearsal are called, and where they are shown on the map."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from matcher.facts import Place
from registry.rehearsal.chance import Stream
from registry.rehearsal.rules import Range, rules

FEWEST_SHOWN = 5
"""A country is named only when at least so many of its kind stand in it (competition guard)."""

ANYWHERE = "Europe"
KILOMETRES_A_DEGREE = 111.2


def shown_places(countries: Iterable[str]) -> dict[str, str]:
    """Return, per country, the word it is shown by: itself, its region, or "Europe" when a region too has too few."""
    counts = Counter(countries)
    masked = {country: rules().countries[country].region for country in counts if counts[country] < FEWEST_SHOWN}
    in_region: Counter[str] = Counter()
    for country, region in masked.items():
        in_region[region] += counts[country]
    merged = {region for region in in_region if in_region[region] < FEWEST_SHOWN}
    for region, _ in sorted(in_region.items(), key=lambda entry: (entry[1], entry[0])):
        if merged and sum(in_region[name] for name in merged) < FEWEST_SHOWN:
            merged.add(region)
    hidden = {country: ANYWHERE if region in merged else region for country, region in masked.items()}
    return {country: hidden.get(country, country) for country in sorted(counts)}


def numbered(shown: Sequence[str], draws: Stream) -> list[str]:
    """Return "DE-07" for each item shown as "DE"; numbers are drawn, so that they do not follow the file."""
    members: defaultdict[str, list[int]] = defaultdict(list)
    for index, place in enumerate(shown):
        members[place].append(index)
    names = [""] * len(shown)
    for place in sorted(members):
        for number, index in enumerate(draws.shuffled(members[place]), start=1):
            names[index] = f"{place}-{number:02d}"
    return names


def shifted(country: str, latitude: float | None, longitude: float | None, distance: Range, draws: Stream) -> Place:
    """Return the place moved by a drawn distance (km) and bearing; a place not stated begins at the country's middle."""
    middle = rules().countries[country]
    north = middle.latitude if latitude is None else latitude
    east = middle.longitude if longitude is None else longitude
    low, high = distance
    kilometres = low + (high - low) * draws.fraction()
    bearing = 2 * math.pi * draws.fraction()
    moved_north = north + kilometres * math.cos(bearing) / KILOMETRES_A_DEGREE
    width = KILOMETRES_A_DEGREE * max(0.1, math.cos(math.radians(north)))
    moved_east = east + kilometres * math.sin(bearing) / width
    return Place(country, round(max(-90.0, min(90.0, moved_north)), 2), round((moved_east + 180) % 360 - 180, 2))
