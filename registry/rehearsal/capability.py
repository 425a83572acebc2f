"""What each modelled facility can make: platforms and operation codes, by the classes of its public wording."""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from registry.rehearsal import aliases
from registry.rehearsal.frame import Frame
from registry.rehearsal.rows import FacilityRow
from registry.rehearsal.rules import rules
from registry.vocabulary.products import ProductClass

WITHOUT_A_TWELFTH = 12
"""Each platform and class in demand is made by at least one facility in so many."""

Needed = Mapping[tuple[str, ProductClass], float]
"""Place-weeks asked for, by platform and product class."""


@dataclass(frozen=True, slots=True)
class Named:
    """A facility row under its alias, with the alias of its organisation and what it can make."""

    row: FacilityRow
    code: str
    organisation: str
    platforms: tuple[str, ...]
    codes: frozenset[str]


def named_facilities(rows: Sequence[FacilityRow], needed: Needed, frame: Frame) -> list[Named]:
    """Return the rows with aliases and capabilities, in the order of the aliases."""
    shown = aliases.shown_places(row.country for row in rows)
    codes = aliases.numbered([shown[row.country] for row in rows], frame.draws("facility names"))
    owners = sorted({row.organisation for row in rows})
    numbers = {owner: n for n, owner in enumerate(frame.draws("organisation names").shuffled(owners), start=1)}
    by_code = dict(sorted(zip(codes, rows, strict=True)))
    platforms = {code: drawn_platforms(row, code, frame) for code, row in by_code.items()}
    scope = {code: drawn_codes(row, code, frame) for code, row in by_code.items()}
    for platform, product_class in sorted(needed):
        give_to_some(platforms, scope, platform, rules().code_of_product[product_class], frame)
    return [
        Named(row, code, f"Organisation {numbers[row.organisation]:03d}", tuple(sorted(platforms[code])), scope[code])
        for code, row in by_code.items()
    ]


def drawn_platforms(row: FacilityRow, code: str, frame: Frame) -> set[str]:
    draws = frame.draws("platforms", code)
    chances: defaultdict[str, float] = defaultdict(float)
    for product_class in sorted(row.classes):
        for platform, chance in rules().platforms_of_class[product_class].items():
            chances[platform] = max(chances[platform], chance)
    drawn = {platform for platform in sorted(chances) if draws.happens(chances[platform])}
    return drawn or {max(sorted(chances), key=lambda platform: chances[platform])}


def drawn_codes(row: FacilityRow, code: str, frame: Frame) -> frozenset[str]:
    """Return the codes of the row's classes; an unknown class may turn out to cover gene therapy."""
    known = rules().codes_of_class
    drawn = known["quality_control"].union(*(known[product_class] for product_class in sorted(row.classes)))
    if "unknown" in row.classes and frame.draws("codes", code).happens(0.4):
        drawn |= known["GTMP_exvivo"]
    return drawn


def give_to_some(
    platforms: dict[str, set[str]], scope: dict[str, frozenset[str]], platform: str, code: str, frame: Frame
) -> None:
    """See to it that some facilities have both the platform and the code; those that lack least come first."""
    wanted = math.ceil(len(platforms) / WITHOUT_A_TWELFTH)
    able = [name for name in platforms if platform in platforms[name] and code in scope[name]]
    order = frame.draws("given", platform, code).shuffled(sorted(set(platforms) - set(able)))
    order.sort(key=lambda name: (platform not in platforms[name]) + (code not in scope[name]))
    for name in order[: max(0, wanted - len(able))]:
        platforms[name].add(platform)
        scope[name] |= {code, code.replace("1.3.1.", "1.3.2.")}
