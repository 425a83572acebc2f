"""Facts that nearly suit: the good ones with some of their values drawn at random, so that many pairs are just allowed."""

from dataclasses import fields, replace
from random import Random
from typing import TypeVar

from matcher.bench.many import any_facility, any_request
from matcher.facts import Authorisation, Facility, Facts, Pair, Product, Request, Site, Suite
from tests.matcher.eligibility.good import FACILITY, FACTS, PRODUCT, READY_PAIR, REQUEST, SITE, SUITE

KEPT = frozenset({"id", "organisation", "sites", "suites", "authorisations", "product", "pairs", "label", "holder"})
Thing = TypeVar("Thing", Facility, Site, Suite, Authorisation, Product, Request, Pair)


def mixed(rng: Random, good: Thing, other: Thing) -> Thing:
    """The good one with about one in twelve of its values from the other."""
    chosen = {one.name for one in fields(good) if one.name not in KEPT and rng.random() < 0.08}
    return replace(good, **{name: getattr(other, name) for name in chosen})


def a_facility(rng: Random, number: int) -> Facility:
    other = any_facility(rng, number)
    there = other.sites[0]
    licences = (*SITE.authorisations, *there.authorisations)
    site = replace(
        mixed(rng, SITE, there),
        id=there.id,
        authorisations=tuple(
            replace(mixed(rng, SITE.authorisations[0], one), id=f"{there.id}-{k}", holder=other.organisation)
            for k, one in enumerate(licences)
        ),
        suites=tuple(replace(mixed(rng, SUITE, suite), id=suite.id) for suite in there.suites),
    )
    return replace(mixed(rng, FACILITY, other), id=other.id, organisation=other.organisation, sites=(site,))


def a_request(rng: Random, number: int, facilities: int) -> Request:
    other = any_request(rng, number, facilities)
    pairs = tuple(replace(mixed(rng, READY_PAIR, one), site=one.site) for one in other.pairs)
    product = replace(mixed(rng, PRODUCT, other.product), id=other.product.id)
    return replace(mixed(rng, REQUEST, other), id=other.id, sponsor=other.sponsor, product=product, pairs=pairs)


def nearly_good(requests: int, facilities: int, seed: int) -> Facts:
    """A round of so many requests and facilities, the same for the same seed."""
    rng = Random(seed)
    made = tuple(a_facility(rng, number) for number in range(facilities))
    asked = tuple(a_request(rng, number, facilities) for number in range(requests))
    return replace(FACTS, facilities=made, requests=asked)
