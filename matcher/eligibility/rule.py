"""What a rule is: what it asks of a request, what it reads of a suite, and the plain function that answers.

A rule sees nothing but these two values, so equal values have equal answers: one pair or a million, the same function.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import date
from typing import Any

from matcher.eligibility.dated import Basis, Demand, over
from matcher.eligibility.finding import Finding
from matcher.eligibility.needs import late_days, whole_stay
from matcher.facts import Facility, Pair, Request, Site, Suite
from registry.vocabulary.periods import Days
from registry.vocabulary.results import Citation, RuleResult


@dataclass(frozen=True, slots=True)
class Round:
    """What a rule may know of the round: the day the facts are seen, and every holder of an authorisation."""

    known_on: date
    holders: frozenset[str]


@dataclass(frozen=True, slots=True)
class Where:
    """A suite in its site and facility."""

    facility: Facility
    site: Site
    suite: Suite


@dataclass(frozen=True, slots=True)
class Tie:
    """What already links a request to a facility: the pair at the site, and whether the requester excludes it."""

    pair: Pair | None = None
    excluded: bool = False


NO_TIE = Tie()

Asks = Callable[[Request, Round, Tie], Hashable]
Offers = Callable[[Where, Round], Hashable]
Demands = Callable[[Request], Demand]
Check = Callable[[Any, Any], Finding | Basis]


@dataclass(frozen=True, slots=True)
class Rule:
    """One eligibility rule.

    `check(asked, offered)` answers with a `Finding`, or with the `Basis`: the periods in which something must lie;
    then `demand` says which starts, and for how many days. `tied` rules look at the `Tie` of request and facility.
    `in_force` are the days on which the text applies, where a source states them; None: not sourced, or a rule of the
    platform itself.
    """

    id: str
    title: str
    citation: Citation
    asks: Asks
    offers: Offers
    check: Check
    demand: Demands | None = None
    tied: bool = False
    overridable_by: str | None = None
    in_force: Days | None = None


def basis_of(rule: Rule, circle: Round, request: Request, where: Where, tie: Tie) -> Finding | Basis:
    """What the rule's own function says about one pair."""
    return rule.check(rule.asks(request, circle, tie), rule.offers(where, circle))


def finding_of(rule: Rule, circle: Round, request: Request, where: Where, tie: Tie) -> Finding:
    """The finding of one rule about one pair, dates weighed."""
    found = basis_of(rule, circle, request, where, tie)
    if isinstance(found, Finding):
        return found
    return over(found, demand_of(rule, request, where))


def demand_of(rule: Rule, request: Request, where: Where) -> Demand:
    """What the request demands there: where results come later than it plans, the whole stay ends so much later."""
    if rule.demand is None:
        raise TypeError(f"rule {rule.id} answers with periods but demands no days")
    asked = rule.demand(request)
    if rule.demand is not whole_stay:
        return asked
    return stretched(asked, late_days(request, where.facility.qc_days))


def stretched(demand: Demand, days: int) -> Demand:
    """The demand with some days more after every start."""
    return Demand(demand.windows, demand.span + days) if days else demand


def result_of(rule: Rule, finding: Finding) -> RuleResult:
    """A finding under the name, words and citation of its rule."""
    return RuleResult(
        rule=rule.id,
        title=rule.title,
        status=finding.status,
        actual=finding.actual,
        required=finding.required,
        citation=rule.citation,
        margin=finding.margin,
        unit=finding.unit,
        condition=finding.condition,
        condition_by=finding.condition_by,
        overridable_by=rule.overridable_by,
        source=finding.source,
        source_date=finding.source_date,
    )


def nothing(_where: Where, _circle: Round) -> Hashable:
    """For rules about the request alone."""
    return None
