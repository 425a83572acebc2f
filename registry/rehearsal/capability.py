"""What each modelled facility can make: platforms and operation codes, by the classes of its public wording."""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from registry.rehearsal import aliases
from registry.rehearsal.frame import Frame
from registry.rehearsal.rows import FacilityRow
from registry.rehearsal.rules import rules
from registry.vocabulary.facilities import OrganisationKind, ServiceModel
from registry.vocabulary.products import ProductClass

ONE_IN = 12
"""Each market is served by at least one facility in so many."""

OPEN_SHARE = 0.8
"""Invented: share of the facilities not run by companies that are open to companies."""


@dataclass(frozen=True, slots=True, order=True)
class Market:
    """Requests that the same facilities can serve: platform, product class, and whether companies ask."""

    platform: str
    product_class: ProductClass
    company: bool

    @property
    def code(self) -> str:
        """The operation code the class needs."""
        return rules().code_of_product[self.product_class]


@dataclass(frozen=True, slots=True)
class Need:
    """What a market asks for: place-weeks, and how many requests."""

    place_weeks: float
    requests: int


@dataclass(frozen=True, slots=True)
class Named:
    """A facility row under its alias, with the alias of its organisation and what it can make for whom."""

    row: FacilityRow
    code: str
    organisation: str
    platforms: tuple[str, ...]
    codes: frozenset[str]
    open_to_companies: bool

    def serves(self, market: Market) -> bool:
        """Whether requests of the market can be made here."""
        welcome = not market.company or serves_companies(self.row, self.open_to_companies)
        return welcome and market.platform in self.platforms and market.code in self.codes


def serves_companies(row: FacilityRow, welcome: bool) -> bool:
    """Whether companies can be served: welcome, and the service model is not for academic collaborations only."""
    return welcome and row.service_model is not ServiceModel.ACADEMIC_COLLABORATION


def named_facilities(rows: Sequence[FacilityRow], needs: Mapping[Market, Need], frame: Frame) -> list[Named]:
    """Return the rows with aliases and capabilities, in the order of the aliases."""
    shown = aliases.shown_places(row.country for row in rows)
    codes = aliases.numbered([shown[row.country] for row in rows], frame.draws("facility names"))
    owners = sorted({row.organisation for row in rows})
    numbers = {owner: n for n, owner in enumerate(frame.draws("organisation names").shuffled(owners), start=1)}
    named = [
        drawn(row, code, f"Organisation {numbers[row.organisation]:03d}", frame)
        for row, code in zip(rows, codes, strict=True)
    ]
    named.sort(key=lambda one: one.code)
    for market in sorted(needs):
        named = given_to_some(named, market, frame)
    return named


def drawn(row: FacilityRow, code: str, organisation: str, frame: Frame) -> Named:
    """Return one row with what it can make by the classes of its public wording."""
    welcome = row.kind is OrganisationKind.COMPANY or frame.draws("companies", code).happens(OPEN_SHARE)
    platforms = tuple(sorted(drawn_platforms(row, code, frame)))
    return Named(row, code, organisation, platforms, drawn_codes(row, code, frame), welcome)


def drawn_platforms(row: FacilityRow, code: str, frame: Frame) -> set[str]:
    """Return the platforms a facility is given: drawn among those that fit its classes."""
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


def given_to_some(named: Sequence[Named], market: Market, frame: Frame) -> list[Named]:
    """Return the facilities so that some serve the market; those that lack least come first."""
    wanted = math.ceil(len(named) / ONE_IN)
    able = sum(one.serves(market) for one in named)
    order = frame.draws("given", market.platform, market.product_class, market.company).shuffled(named)
    others = [
        one
        for one in order
        if not one.serves(market) and (not market.company or serves_companies(one.row, one.open_to_companies))
    ]
    others.sort(key=lambda one: (market.platform not in one.platforms) + (market.code not in one.codes))
    given = {one.code for one in others[: max(0, wanted - able)]}
    return [with_market(one, market) if one.code in given else one for one in named]


def with_market(one: Named, market: Market) -> Named:
    """Return the facility with whom it serves, so that companies too find somebody."""
    codes = {market.code, market.code.replace("1.3.1.", "1.3.2.")}
    return replace(one, platforms=tuple(sorted({*one.platforms, market.platform})), codes=one.codes | codes)
