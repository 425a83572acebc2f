"""Judging: every rule on one pair, or on all pairs of a round."""

from collections.abc import Iterator

from matcher.eligibility.catalogue import RULES
from matcher.eligibility.quarantine import set_aside
from matcher.eligibility.rule import Round, Tie, Where, finding_of, result_of
from matcher.eligibility.verdicts import Verdicts
from matcher.facts import Facility, Facts, Request, Site, Suite
from registry.vocabulary.results import RuleResult


def judge(facts: Facts) -> Verdicts:
    """The verdicts on all pairs of a request and a suite; requests with missing or contradictory facts are set aside."""
    quarantined = set_aside(facts)
    aside = {one.request for one in quarantined}
    requests = [request for request in facts.requests if request.id not in aside]
    return Verdicts(RULES, circle_of(facts), requests, list(places_of(facts)), quarantined)


def judge_pair(facts: Facts, request: Request, facility: Facility, site: Site, suite: Suite) -> tuple[RuleResult, ...]:
    """What every rule says about one request and one suite, in the order of the catalogue."""
    circle, where = circle_of(facts), Where(facility, site, suite)
    pair = next((pair for pair in request.pairs if pair.site == site.id), None)
    tie = Tie(pair, excluded=facility.id in request.excluded)
    return tuple(result_of(rule, finding_of(rule, circle, request, where, tie)) for rule in RULES)


def circle_of(facts: Facts) -> Round:
    """What the rules may know of the round."""
    holders = {a.holder for facility in facts.facilities for site in facility.sites for a in site.authorisations}
    return Round(facts.known_on, frozenset(holders))


def places_of(facts: Facts) -> Iterator[Where]:
    """Every suite in its site and facility, in the order of the facts."""
    return (
        Where(facility, site, suite)
        for facility in facts.facilities
        for site in facility.sites
        for suite in site.suites
    )
